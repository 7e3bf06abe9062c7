"""What one officer finished, minute by minute of the clock, and how much of a stretch of working time that accounts for.

All is counted in W, the working minutes up to an instant. What was finished in one minute is one finish: its members may have been worked on from
the finish before it, or from when they came, until then, so that of any of them together the time is from the earliest such beginning to the finish.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import groupby

from msgspec import Struct

from tiendo_domain.waiting.running_sums import RunningSums


class StretchPlaced(Struct, frozen=True, kw_only=True):
    """A hold by the clock's minutes and by W; `finishes`: its end says that the officer had done with it."""

    number: int
    start_minute: int
    end_minute: int
    start: int
    end: int
    step: str | None
    allotted_minutes: int | None
    finishes: bool


class _Finish(Struct, kw_only=True):
    """What was finished in one minute, at W `at`; `begun` is where the earliest of its members may have been begun, `come` of those come so far."""

    at: int
    begun: int
    come: int


class Finishes:
    """The finishes of one officer, of which members come one after the other (`let_come`) in the order in which their holds began."""

    def __init__(self, finished: Sequence[StretchPlaced]) -> None:
        in_order = sorted(finished, key=lambda one: one.end_minute)
        self._finishes: list[_Finish] = []
        self._place: dict[int, int] = {}
        self._ready: dict[int, int] = {}
        self._begun: dict[int, int] = {}
        self._came_later: dict[int, int] = {}
        members: list[int] = []
        for _, together in groupby(in_order, key=lambda one: one.end_minute):
            members.append(self._add(list(together)))
        self._ends = [finish.at for finish in self._finishes]
        self._all = _sums_before([finish.at - finish.begun for finish in self._finishes])
        self._members = _sums_before(members)
        self._come = RunningSums(len(self._finishes))
        self._come_members = RunningSums(len(self._finishes))

    def _add(self, together: list[StretchPlaced]) -> int:
        """Take up what was finished in one minute after all others; how many they are."""
        at = together[0].end
        before = self._finishes[-1].at if self._finishes else None
        for step in {one.step for one in together}:
            batch = [one for one in together if one.step == step]
            starts = sorted(one.start_minute for one in batch)
            last = max(one.start for one in batch)
            for one in batch:
                alone = step is None
                self._ready[one.number] = one.start if alone else last
                self._came_later[one.number] = 0 if alone else len(starts) - bisect_right(starts, one.start_minute)
        for one in together:
            self._place[one.number] = len(self._finishes)
            # Nobody works on a case before it has come, or on two at once, or, as far as a step has an allotment, for longer than that.
            bounds = [self._ready[one.number]]
            bounds += [] if before is None else [before]
            bounds += [] if one.allotted_minutes is None else [at - one.allotted_minutes]
            self._begun[one.number] = max(bounds)
        self._finishes.append(_Finish(at=at, begun=min(self._begun[one.number] for one in together), come=at))
        return len(together)

    def let_come(self, one: StretchPlaced) -> None:
        """From now on the hold is among those that came before."""
        place = self._place.get(one.number)
        if place is None:
            return
        finish = self._finishes[place]
        self._come_members.add(place, 1)
        self._come.add(place, max(0, finish.come - self._begun[one.number]))
        finish.come = min(finish.come, self._begun[one.number])

    def behind(self, one: StretchPlaced) -> int:
        """How many finishes lie before the end of the hold."""
        place = self._place.get(one.number)
        return bisect_right(self._ends, one.end) if place is None else place

    def ready(self, one: StretchPlaced) -> int:
        """Where the last of those had come with which the hold was finished: its own start for one that was finished alone, or not at all."""
        return self._ready.get(one.number, one.start)

    def begun(self, one: StretchPlaced) -> int:
        """Where work on it may have begun; its end for one that was not finished."""
        return self._begun.get(one.number, one.end)

    def came_later(self, one: StretchPlaced) -> int:
        """How many of those with which it was finished came after it."""
        return self._came_later.get(one.number, 0)

    def come_before(self, start: int, behind: int) -> int:
        """The minutes from `start` on in which, up to the finish `behind`, the officer may have been on a hold that has come."""
        return self._within(start, behind, self._come.between, lambda finish: finish.come)

    def all_of(self, start: int, behind: int) -> int:
        """The same for all holds."""
        return self._within(start, behind, lambda a, b: self._all[b] - self._all[a], lambda finish: finish.begun)

    def count_before(self, start: int, behind: int) -> int:
        """How many that have come were finished after `start`, up to the finish `behind`."""
        return self._come_members.between(bisect_right(self._ends, start), behind)

    def count_all(self, start: int, behind: int) -> int:
        """The same for all holds."""
        first = bisect_right(self._ends, start)
        return self._members[behind] - self._members[first] if first < behind else 0

    def _within(
        self, start: int, behind: int, between: Callable[[int, int], int], begun: Callable[[_Finish], int]
    ) -> int:
        """The minutes of the finishes after `start`; the first of them may have been begun before."""
        first = bisect_right(self._ends, start)
        if first >= behind:
            return 0
        finish = self._finishes[first]
        return finish.at - max(start, begun(finish)) + between(first + 1, behind)


def _sums_before(numbers: Sequence[int]) -> list[int]:
    sums = [0]
    for number in numbers:
        sums.append(sums[-1] + number)
    return sums
