"""Errors of the client.

ClientError
├── ConsumerError
│   ├── TopicMissing         the cluster has no such topic, or does not show it to this user
│   ├── MessageUnreadable    a record is no message of its topic: it is neither handed over nor passed over
│   ├── ChainContradicted    two messages of one log cannot both stand in the partition
│   ├── BatchNotSaved        the next batch was asked for before the one in hand was saved
│   ├── PositionsMoved       somebody else has taken over the partitions: nothing of the batch may stand, roll back
│   └── PositionsUnusable    the positions cannot be kept where they should be
│       └── PositionsInUse   another process keeps its positions in the same file
└── ApiError
    ├── ApiUnreachable       no answer came, or none that could be read
    ├── ApiProblem           the service refused, with a problem document (RFC 9457)
    │   ├── AccessDenied     401 or 403: no key, a bad one, or one without the scope
    │   ├── NotFound         404: unknown
    │   ├── NotYet           404 or 503 or 504 with the word to come again later, and it did not come in time
    │   └── RequestInvalid   400 or 422: a parameter cannot be used
    └── StubUnresolved       what the HTTP API gives for a stub is not what its digest or place says
"""

from pathlib import Path
from uuid import UUID


class ClientError(Exception):
    """Any error of the client."""


class ConsumerError(ClientError):
    """Any error of a consumer of topics."""


class TopicMissing(ConsumerError):  # noqa: N818 - a state of the cluster
    """The cluster has no such topic, or this user may not see it."""

    def __init__(self, topic: str, bootstrap_servers: str) -> None:
        super().__init__(
            f"there is no topic {topic} at {bootstrap_servers}, or this user may not see it: "
            "check the name, or ask who runs tiendo to create it or to let you read it"
        )
        self.topic = topic


class MessageUnreadable(ConsumerError):  # noqa: N818 - it says what the message is
    """A record is no message of its topic. The consumer stands before it until it is put right or named in `pass_over`."""

    def __init__(self, topic: str, partition: int, offset: int, reason: str) -> None:
        super().__init__(
            f"topic {topic}, partition {partition}, offset {offset}: no message that can be read ({reason}); tell who runs tiendo. "
            "To go on without it name it in the consumer's pass_over"
        )
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.reason = reason


class ChainContradicted(ConsumerError):  # noqa: N818 - it says what the chain is
    """Two messages of one log cannot both stand in the partition: one names a predecessor that the other rules out."""

    def __init__(self, *, topic: str, partition: int, offset: int, log_id: UUID, reason: str) -> None:
        super().__init__(
            f"topic {topic}, partition {partition}, offset {offset}, log {log_id}: {reason}; tell who runs tiendo"
        )
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.log_id = log_id


class BatchNotSaved(ConsumerError):  # noqa: N818 - a mistake of the caller, told by what it left undone
    """The next batch was asked for before the one in hand was saved."""

    def __init__(self) -> None:
        super().__init__("the batch in hand was not saved: call `await batch.save(…)` before the next one is asked for")


class PositionsMoved(ConsumerError):  # noqa: N818 - it says what happened
    """The positions are not those that the batch began at: somebody else took over the partitions. Roll back; the next batch begins at theirs."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"{detail}: another consumer has taken over; roll back and go on with the next batch")


class PositionsUnusable(ConsumerError):  # noqa: N818 - a state of the store
    """The positions cannot be kept where they should be."""


class PositionsInUse(PositionsUnusable):
    """Another process keeps its positions in the same file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is in use by another process: stop it, or name another file")
        self.path = path
