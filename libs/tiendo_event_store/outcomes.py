"""What became of an event that was given to the log."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Appended:
    """The event was new and is durable at `position`."""

    position: int


@dataclass(frozen=True, slots=True)
class AlreadyAppended:
    """The log had the same content under the same source and id already, at `position`."""

    position: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """The log has other content under the same source and id, at `position`; the event was not stored."""

    position: int


@dataclass(frozen=True, slots=True)
class Unstorable:
    """The database refuses this one event, whatever is tried: a fault of the product, since events are checked before they come here."""

    reason: str


Outcome = Appended | AlreadyAppended | Conflict | Unstorable
