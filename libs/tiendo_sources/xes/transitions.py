"""Who holds a case by the transitions of its activities, in a log that tells when they start (rule X2).

A case has one holder. So activities that overlap are taken one after the other as the events come: who starts one holds the case, and when any is
complete nobody is known to hold it until the next is started, assigned, reassigned or resumed. Of what the rule leaves open: an activity that is
aborted or withdrawn ends the hold of who took it up, and the suspension if it was the one suspended; that of another activity says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from tiendo_sources.xes.reader import Attributes

START = "start"
SUSPEND = "suspend"
COMPLETE = "complete"
WITHDRAW = "withdraw"
ABORT = "abort"
ABORT_OF_THE_CASE = "pi_abort"
TAKING_UP = frozenset({START, "assign", "reassign", "resume"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event of a trace that bears a time: at which `place` in the trace (from 1) it stands, and what it says.

    `transition` is None where the event bears none: it is then a completion. `after_undated` and `before_undated`: events without a time
    stand in the trace between it and the happening before or after it in time (rule X3).
    """

    place: int
    at: datetime
    transition: str | None
    activity: str | None
    resource: str | None
    group: str | None
    after_undated: bool = False
    before_undated: bool = False

    @property
    def completes(self) -> bool:
        """Whether its activity is complete."""
        return self.transition in {None, COMPLETE}


class Effect(Enum):
    """What a happening does to the holder of its case."""

    TAKES_UP = auto()
    """Its resource holds from now on; a suspension ends."""
    PASSES = auto()
    """Likewise, but at the same instant nobody is known to hold any more."""
    LEAVES = auto()
    """From now on nobody is known to hold; a suspension ends."""
    SUSPENDS = auto()
    """A suspension begins."""
    WORKS = auto()
    """Its resource was there; who holds the case is as before."""
    SAYS_NOTHING = auto()
    """Who holds the case is as before."""


def transition_of(event: Attributes, key: str) -> str | None:
    """The transition of the event as the standard writes it; None where it bears none."""
    return event.get(key, "").strip().casefold() or None


def effects(happenings: Sequence[Happening]) -> list[Effect]:
    """What each of the happenings, given in order of time and place, does to the holder."""
    course = _Course()
    found = [course.take(happening) for happening in happenings]
    left_at: datetime | None = None
    for index in range(len(found) - 1, -1, -1):
        if found[index] is Effect.LEAVES:
            left_at = happenings[index].at
        elif found[index] is Effect.TAKES_UP and left_at == happenings[index].at:
            found[index] = Effect.PASSES
    return found


@dataclass(slots=True)
class _Course:
    """Where a case stands: whether somebody took an activity up and holds it, which, and the activities that are suspended."""

    held: bool = False
    taken_up: str | None = None
    suspended: set[str | None] = field(default_factory=set)

    def take(self, happening: Happening) -> Effect:
        transition = happening.transition
        if happening.before_undated or transition == ABORT_OF_THE_CASE:
            return self._leave()
        if transition in TAKING_UP:
            self.held, self.taken_up = True, happening.activity
            self.suspended.clear()
            return Effect.TAKES_UP
        if transition == SUSPEND:
            begins = not self.suspended
            self.suspended.add(happening.activity)
            return Effect.SUSPENDS if begins else Effect.WORKS
        if happening.completes:
            return self._end(happening.activity) or (Effect.WORKS if self.suspended else self._leave())
        if transition == WITHDRAW or ABORT in (transition or ""):
            return self._end(happening.activity) or Effect.SAYS_NOTHING
        return Effect.SAYS_NOTHING

    def _end(self, activity: str | None) -> Effect | None:
        """The activity ends: what that does if it was the one that was going on, or the last of the suspended ones."""
        if self.suspended:
            goes_on = self.suspended - {activity}
            ends = not goes_on
            self.suspended = goes_on
        else:
            ends = self.held and self.taken_up == activity
        return self._leave() if ends else None

    def _leave(self) -> Effect:
        self.held, self.taken_up = False, None
        self.suspended.clear()
        return Effect.LEAVES
