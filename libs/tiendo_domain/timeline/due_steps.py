"""What the course of a case says to its dues, step by step: the same on both bases, as long as the events are the same in the same order.

Steps name events, not instants: those are what the bases differ in.
"""

from msgspec import Struct

from tiendo_domain.facts import DeadlineExtended, DeadlineRestated
from tiendo_domain.instants import Instant
from tiendo_domain.rules import PauseMode
from tiendo_domain.timeline.placed import Placed


class Begun(Struct, frozen=True):
    """The reception, with the due that it states or the norm (rule D1)."""

    by: Placed
    due_at: Instant | None
    norm_minutes: int | None


class PauseBegun(Struct, frozen=True):
    """The clock stands from the event on; further pauses inside it are no step."""

    by: Placed


class PauseEnded(Struct, frozen=True):
    """The clock runs again, perhaps with a new due; `by` is None where no event ended the pause and it is only counted up to `as_of` (rule D2).

    `mode` None is that of the procedure.
    """

    by: Placed | None
    due_at: Instant | None = None
    mode: PauseMode | None = None


class PauseDueStated(Struct, frozen=True):
    """One of several overlapping pauses ends with a new due: the rest of the pause moves it by its own part only."""

    by: Placed
    due_at: Instant


class Restated(Struct, frozen=True):
    """An extension or restatement (rule D3)."""

    by: Placed
    fact: DeadlineRestated | DeadlineExtended


DueStep = Begun | PauseBegun | PauseEnded | PauseDueStated | Restated
