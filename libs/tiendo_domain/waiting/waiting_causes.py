"""What of the time that an officer held a case is known to have been waiting, and for what.

The causes are those of Lashkevich, Milani, Chapela-Campa, Suvorau and Dumas, "Why am I Waiting? Data-Driven Analysis of Waiting Times in Business
Processes" (CAiSE 2023); what is not known here, when work on a case began, is estimated as docs/waiting.md says.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.calendar.minutes import minute_of
from tiendo_domain.waiting.finishes import Finishes, StretchPlaced


class HeldStretch(Struct, frozen=True, kw_only=True):
    """One hold of an officer, [started_at, ended_at), whatever the case; `ended_at` is None while it is open.

    `step` tells steps apart, None where none is stated; `allotted_minutes` is what its account had left at the start, None where nothing is allotted.
    `acted`: the officer ended it; else something else did, and nothing says that they worked on it.
    """

    started_at: datetime
    ended_at: datetime | None
    step: str | None = None
    allotted_minutes: int | None = None
    acted: bool = True


class WaitingCauses(Struct, frozen=True, kw_only=True):
    """The working minutes of a hold, or of several: those in which it may have been worked on, and why it waited in the others.

    `contention`: the officer was on cases that had come before; `prioritisation`: on cases that came later; `batching`: it waited for others with
    which it was finished in one minute; `absence`: the officer was away; `unknown`: nothing says what for. `…_holds` count the other holds.
    """

    handling_minutes: int = 0
    contention_minutes: int = 0
    prioritisation_minutes: int = 0
    batching_minutes: int = 0
    absence_minutes: int = 0
    unknown_minutes: int = 0
    contention_holds: int = 0
    prioritisation_holds: int = 0
    batching_holds: int = 0

    @property
    def waiting_minutes(self) -> int:
        """All of them but those of handling: the sum of the five causes."""
        causes = (self.contention_minutes, self.prioritisation_minutes, self.batching_minutes, self.absence_minutes)
        return sum(causes) + self.unknown_minutes


NOTHING_WAITED = WaitingCauses()


def absent_all_along(working_minutes: int) -> WaitingCauses:
    """Those of a hold of the unit in place of an officer who was away (rule H10)."""
    return WaitingCauses(absence_minutes=working_minutes)


def nothing_known(working_minutes: int) -> WaitingCauses:
    """Those of a hold of which nothing is known but how long it was."""
    return WaitingCauses(unknown_minutes=working_minutes)


def summed(causes: Iterable[WaitingCauses]) -> WaitingCauses:
    """The causes of several holds together."""
    names = WaitingCauses.__struct_fields__
    totals = dict.fromkeys(names, 0)
    for one in causes:
        for name in names:
            totals[name] += getattr(one, name)
    return WaitingCauses(**totals)


def waiting_causes(
    held: Sequence[HeldStretch], calendar: WorkingCalendar, as_of: datetime
) -> tuple[WaitingCauses, ...]:
    """The causes of each of one officer's holds, in their order, in working minutes of `calendar`; open ones run to `as_of`.

    Handling and waiting of a hold add up to its working minutes. Holds that ended before another began, or begin after its end, say nothing of it,
    and need not be among `held`. In O(n log n).
    """
    placed = [_placed(number, one, calendar, as_of) for number, one in enumerate(held)]
    finishes = Finishes([one for one in placed if one.finishes])
    found: dict[int, WaitingCauses] = {}
    in_order = sorted(placed, key=lambda one: one.start_minute)
    for _, began_together in groupby(in_order, key=lambda one: one.start_minute):
        together = list(began_together)
        for one in together:
            finishes.let_come(one)
        for one in together:
            found[one.number] = _causes(one, finishes)
    return tuple(found[number] for number in range(len(held)))


def _placed(number: int, held: HeldStretch, calendar: WorkingCalendar, as_of: datetime) -> StretchPlaced:
    start = calendar.coordinate(held.started_at)
    ended_at = held.ended_at or as_of
    # Working time counts forwards alone: what begins after `as_of` has no minutes yet.
    end = max(start, calendar.coordinate(ended_at))
    return StretchPlaced(
        number=number,
        start_minute=minute_of(held.started_at),
        end_minute=minute_of(ended_at),
        start=start,
        end=end,
        step=held.step,
        allotted_minutes=held.allotted_minutes,
        finishes=held.acted and held.ended_at is not None and end > start,
    )


def _causes(one: StretchPlaced, finishes: Finishes) -> WaitingCauses:
    """The parts of [start, end): up to `ready` others of its batch had not come, from `begun` on it may have been worked on."""
    behind = finishes.behind(one)
    ready, begun = finishes.ready(one), finishes.begun(one)
    contention, contention_later = finishes.come_before(one.start, behind), finishes.come_before(ready, behind)
    prioritisation = finishes.all_of(ready, behind) - contention_later
    batching = ready - one.start - (contention - contention_later)
    handling = one.end - begun
    known = handling + contention + prioritisation + batching
    before = finishes.count_before(one.start, behind)
    return WaitingCauses(
        handling_minutes=handling,
        contention_minutes=contention,
        prioritisation_minutes=prioritisation,
        batching_minutes=batching,
        unknown_minutes=one.end - one.start - known,
        contention_holds=before,
        prioritisation_holds=finishes.count_all(ready, behind) - finishes.count_before(ready, behind),
        batching_holds=finishes.came_later(one),
    )
