"""What became of an event that was given to the log."""

from msgspec import Struct


class Appended(Struct, frozen=True, gc=False):
    """The event was new and is durable at `position`."""

    position: int


class AlreadyAppended(Struct, frozen=True, gc=False):
    """The log had the same content under the same source and id already, at `position`."""

    position: int


class Conflict(Struct, frozen=True, gc=False):
    """The log has other content under the same source and id, at `position`; the event was not stored."""

    position: int


class Unstorable(Struct, frozen=True, gc=False):
    """The database refuses this one event, whatever is tried: a fault of the product, since events are checked before they come here."""

    reason: str


Outcome = Appended | AlreadyAppended | Conflict | Unstorable
