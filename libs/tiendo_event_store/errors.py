"""Errors of the event log.

EventStoreError
├── LogUnavailable     the log cannot be read or written now, or the answer is not known: nothing is claimed, send again later
├── WriterOverloaded   as much waits to be written, in events or in characters, as the writer may hold: send again later
├── FollowedElsewhere  another process has stored more of the followed partitions: abandon the batch, go on from there
├── PollerReplaced     another poller of the source has begun: this one writes nothing more
├── StepTaken          another step of the unit's monthly list came first: look at the list again
├── RedactionRefused   what is to be redacted is not there, or is nothing that may be
├── SigningRefused     what was signed before is no part of the log any more, or the key is another: nothing is signed until somebody looks
└── RelayAtWork        the log cannot be renamed while a relay sends what it holds
"""

from collections.abc import Sequence


class EventStoreError(Exception):
    """Any error of the event log."""


class LogUnavailable(EventStoreError):  # noqa: N818 - a state of the system that the caller waits out
    """The log cannot be reached, or what became of an append is not known; whatever is sent again is recognised by its key."""


class WriterOverloaded(EventStoreError):  # noqa: N818 - the caller may send again
    """With the events of the call more would wait than the writer may hold, in `unit` "events" or "characters"; nothing of the call was taken."""

    def __init__(self, *, waiting: int, waiting_max: int, unit: str) -> None:
        super().__init__(f"{waiting} {unit} wait to be written, of at most {waiting_max}; send again later")
        self.waiting = waiting
        self.waiting_max = waiting_max
        self.unit = unit


class FollowedElsewhere(EventStoreError):  # noqa: N818 - not a fault: somebody else was quicker
    """Another process has moved on in partitions that this one believed its own; what it read of them is abandoned."""

    def __init__(self, topic: str, partitions: Sequence[int]) -> None:
        super().__init__(f"another process has moved on in the partitions {list(partitions)} of {topic}")
        self.topic = topic
        self.partitions = partitions


class PollerReplaced(EventStoreError):  # noqa: N818 - not a fault: there is another
    """Another poller of the source has begun since; what this one wanted to write it leaves."""

    def __init__(self, source: str) -> None:
        super().__init__(f"another poller of {source} has begun on this database")
        self.source = source


class RelayAtWork(EventStoreError):  # noqa: N818 - the operator stops it
    """A relay sends what the log holds, under its present name."""

    def __init__(self) -> None:
        super().__init__("a relay is at work on this log: stop `tiendo up`, or `tiendo serve relay`, and try again")


class SigningRefused(EventStoreError):  # noqa: N818 - what somebody has to look into
    """No checkpoint is signed: the message says what contradicts, or what is missing, and what to do."""


class RedactionRefused(EventStoreError):  # noqa: N818 - the caller names something else
    """What is to be redacted is not there, is redacted already, or is nothing that may be redacted."""


class StepTaken(EventStoreError):  # noqa: N818 - not a fault: somebody else was quicker
    """Somebody took another step of the unit's list of the month meanwhile."""

    def __init__(self, unit_id: str, period: str) -> None:
        super().__init__(f"another step was taken meanwhile with the list of {unit_id} for {period}: look at it again")
        self.unit_id = unit_id
        self.period = period
