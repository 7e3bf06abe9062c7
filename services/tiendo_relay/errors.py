"""Errors of the relay.

RelayError
├── RelayRefused           topic and log do not belong together: it stops, and an operator decides (also a RuntimeFault)
│   ├── TopicAhead         the topic holds positions that the log does not have: a restored log
│   ├── EventDiffers       the topic holds another event at a position: a restored log that has grown since
│   ├── TopicShared        the topic holds messages of another log, or of another program
│   ├── PartitionsChanged  the topic has another number of partitions than when the feed began
│   └── LogRenamed         the log has another name than when the feed began
├── KafkaFault             passes: the relay closes its producer, waits, looks where it stands and goes on
│   ├── KafkaAway          no broker answers, or they do not let the relay in
│   ├── TopicsMissing      topics that have to be made first
│   ├── BatchFailed        a batch was not acknowledged: what became of it is not known
│   ├── TopicRewound       the topic ends before what it had acknowledged
│   └── TopicIntruded      somebody else has written to the topic: what, is seen when it is compared with the log
└── LockLost               the connection that holds the relay's lock is gone: another relay may be at work
"""

from collections.abc import Sequence
from uuid import UUID

from tiendo_runtime.errors import RuntimeFault

_NEW_GENERATION = "fill a new generation of topics: set TIENDO_KAFKA_GENERATION to the next number, run `tiendo topics apply` and start the relay again"


class RelayError(Exception):
    """Any error of the relay."""


class RelayRefused(RelayError, RuntimeFault):  # noqa: N818 - what an operator has to decide
    """The relay does not go on: `found` says what and where, `remedy` how to mend it."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(f"the relay does not go on: {found}. To mend it: {remedy}")
        self.found = found
        self.remedy = remedy


class TopicAhead(RelayRefused):
    """The topic holds positions that the log does not have."""

    def __init__(self, where: str, position: int, head: int) -> None:
        super().__init__(
            f"{where} holds position {position:,} of this log, which ends at {head:,}: "
            "the log was restored from a backup that is older than the topic",
            f"run `tiendo log renew-id --yes`, for this is another log from here on, and {_NEW_GENERATION}",
        )
        self.position = position
        self.head = head


class EventDiffers(RelayRefused):
    """The topic holds another event at a position."""

    def __init__(self, where: str, position: int) -> None:
        super().__init__(
            f"{where} holds another event than the log at position {position:,}: "
            "the log was restored from a backup and has grown differently since",
            f"run `tiendo log renew-id --yes`, for this is another log from there on, and {_NEW_GENERATION}",
        )
        self.position = position


class TopicShared(RelayRefused):
    """The topic holds messages of another log, or of another program; `log_id` is None for the latter."""

    def __init__(self, where: str, log_id: UUID | None) -> None:
        if log_id is None:
            found, remedy = (
                "that tiendo did not send",
                f"see that nobody else may write to the topics, and {_NEW_GENERATION}",
            )
        else:
            found = f"of another log, {log_id}"
            remedy = (
                f"after `tiendo log renew-id`, and where two logs met by mistake, {_NEW_GENERATION}; "
                "only if several logs are meant to share these topics set TIENDO_KAFKA_SHARED_TOPICS=true"
            )
        super().__init__(f"{where} holds a message {found}", remedy)
        self.log_id = log_id


class PartitionsChanged(RelayRefused):
    """The topic has another number of partitions than when the feed began."""

    def __init__(self, topic: str, found: int, began_with: int | None) -> None:
        began = "another number" if began_with is None else str(began_with)
        super().__init__(
            f"{topic} has {found} partitions and was begun with {began}: a case's later events would go elsewhere than its earlier ones",
            f"the number of partitions of a topic is fixed; for more of them {_NEW_GENERATION}",
        )
        self.partitions = found
        self.began_with = began_with


class LogRenamed(RelayRefused):
    """The log has another name than when the feed began."""

    def __init__(self, feed: str, log_id: UUID, began_with: UUID) -> None:
        super().__init__(
            f"the feed {feed} was begun from the log {began_with}, and this is the log {log_id}: it was restored from a backup",
            _NEW_GENERATION,
        )
        self.log_id = log_id
        self.began_with = began_with


class KafkaFault(RelayError):  # noqa: N818 - the house's word for what somebody can mend
    """What passes, by itself or when somebody mends the brokers; the relay waits and comes back to it."""


class KafkaAway(KafkaFault):
    """No broker answers, or they do not let the relay in; the message says why."""


class TopicsMissing(KafkaFault):
    """Topics that have to be made first; the relay makes none."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"missing, or not shown to this user: {', '.join(names)}; `tiendo topics apply` makes them, and gives the relay its rights"
        )
        self.names = names


class BatchFailed(KafkaFault):
    """A batch was not acknowledged; what became of it only the topic knows."""


class TopicRewound(KafkaFault):
    """The topic ends before what it had acknowledged: it was made anew, or its brokers lost something."""

    def __init__(self, topic: str, partition: int, offset: int, expected: int) -> None:
        super().__init__(
            f"{topic}, partition {partition}: offset {offset:,} where {expected:,} was to come; the topic was made anew or cut off"
        )


class TopicIntruded(KafkaFault):
    """Somebody else has written to the topic: a relay that has lost its lock, and then it is repeats, or one of another log."""

    def __init__(self, topic: str, partition: int, offset: int, expected: int) -> None:
        super().__init__(
            f"{topic}, partition {partition}: offset {offset:,} where {expected:,} was to come; somebody else has written there"
        )


class LockLost(RelayError):  # noqa: N818 - a state that the relay's loop acts on
    """The connection that holds the relay's lock is gone, and perhaps the lock."""
