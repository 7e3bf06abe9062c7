"""Pages of cases by any of their columns, both ways, at any instant: no page reads more of the list than it shows."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_query.cases.case_pages import AskedCases, PageOfCases, case_filter, case_page
from tiendo_query.cases.case_segments import (
    KeySegment,
    LateSegment,
    Segment,
    SegmentPlace,
    TooManyToSortError,
    folded_places,
)
from tiendo_query.cases.case_sorts import CaseSort, SortColumn
from tiendo_query.cases.late_pages import is_by_lateness, late_page, late_places, records_of
from tiendo_query.names.directory_names import DirectoryNames
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_read_models.queries.cases.listed_cases import CaseFilter, CaseRecord
from tiendo_read_models.queries.cases.sorted_cases import (
    WITH_MINUTES,
    WITHOUT_MINUTES,
    CasePlace,
    IndexedColumn,
    KeyOrder,
)
from tiendo_read_models.queries.periods import AsAt

_CURSOR_KINDS: Final = (int, str, str)
_MOST_LATE_FIRST: Final = CaseSort(column=SortColumn.LATENESS, descending=True)
_KEYS: Final = {
    SortColumn.CASE: IndexedColumn.CASE,
    SortColumn.PROCEDURE: IndexedColumn.PROCEDURE,
    SortColumn.UNIT: IndexedColumn.UNIT,
    SortColumn.RECEIVED: IndexedColumn.RECEIVED,
    SortColumn.DUE: IndexedColumn.DUE,
}

_Place = tuple[int, SegmentPlace]
"""In which segment, and where there."""


def is_costly(asked: AskedCases) -> bool:
    """Whether the page may have to fold many cases before it knows which come first."""
    return is_by_lateness(asked) or (asked.sort is not None and asked.sort != SortColumn.CASE)


async def page_of_list(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, *, both_ways: bool = False, now: datetime | None = None
) -> PageOfCases:
    """The page in the order that was asked for; without one as people read a list: overdue cases most late first, others by case id.

    `now` is the present instant to go by on the first page; None: that of the call. Raises, besides what `case_page` does, the refusal of a sort
    where too many cases would have to be folded to know it.
    """
    if _goes_by_id(asked):
        return await case_page(side, snapshot, asked, both_ways=both_ways, now=now)
    sort = _sort_of(asked)
    if sort == _MOST_LATE_FIRST and is_by_lateness(asked):
        return await late_page(side, snapshot, asked, both_ways=both_ways, now=now)
    with _refused_where_too_many():
        return await _sorted_page(side, snapshot, asked, sort, both_ways=both_ways, now=now)


async def all_of_list(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, now: datetime
) -> AsyncIterator[Sequence[CaseRecord]]:
    """All cases of that list as at `now`, `asked.limit` of them at a time; whatever orders them is worked out once. Raises what `page_of_list` does."""
    asked = replace(asked, cursor=None)
    if _goes_by_id(asked):
        async for records in _all_by_id(side, snapshot, asked, now):
            yield records
        return
    seen = asked_period(asked.from_, asked.to, as_of=asked.as_of, now=now, zone=snapshot.zone)
    with _refused_where_too_many():
        segments = await _all_segments(side, snapshot, asked, now)
    after: _Place | None = None
    while places := await _walk(segments, after, asked.limit, back=False):
        yield await _records(snapshot, places, seen)
        after = places[-1]


async def _all_by_id(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, now: datetime
) -> AsyncIterator[Sequence[CaseRecord]]:
    cursor: str | None = None
    while True:
        found = await case_page(side, snapshot, replace(asked, cursor=cursor), now=now)
        yield found.records
        if found.next is None:
            return
        cursor = found.next


async def _all_segments(side: QuerySide, snapshot: Snapshot, asked: AskedCases, now: datetime) -> Sequence[Segment]:
    sort = _sort_of(asked)
    if sort == _MOST_LATE_FIRST and is_by_lateness(asked):
        late = await late_places(side, snapshot, asked, now)
        return [LateSegment(places=sorted(late.places), descending=True)]
    return await (await _sorted_cases(side, snapshot, asked, sort, now)).segments()


def _goes_by_id(asked: AskedCases) -> bool:
    return asked.sort == SortColumn.CASE or (asked.sort is None and not is_by_lateness(asked))


def _sort_of(asked: AskedCases) -> CaseSort:
    """The order of a list that does not go by id."""
    return _MOST_LATE_FIRST if asked.sort is None else CaseSort.read(asked.sort)


@contextmanager
def _refused_where_too_many() -> Iterator[None]:
    try:
        yield
    except TooManyToSortError:
        raise Refusal(ProblemKind.SORT_UNAVAILABLE, field="sort") from None


async def _sorted_page(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, sort: CaseSort, *, both_ways: bool, now: datetime | None
) -> PageOfCases:
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, asked.question, kinds=_CURSOR_KINDS)
    now = (now or side.now()) if cursor is None else parse_instant(cursor.as_of)
    seen = asked_period(asked.from_, asked.to, as_of=asked.as_of, now=now, zone=snapshot.zone)
    segments = await (await _sorted_cases(side, snapshot, asked, sort, now)).segments()
    after = None if cursor is None else _place(cursor, segments)
    try:
        behind = await _walk(segments, after, asked.limit + 1, back=False)
        before = await _walk(segments, after, asked.limit + 1, back=True) if both_ways and after is not None else []
    except ValueError:
        raise Refusal(ProblemKind.CURSOR_INVALID, field="cursor") from None

    def cursor_behind(place: _Place) -> str:
        number, within = place
        return cursors.written(Cursor(after=(number, *within), as_of=now.astimezone(UTC).isoformat()), asked.question)

    shown = behind[: asked.limit]
    return PageOfCases(
        records=await _records(snapshot, shown, seen),
        next=cursor_behind(shown[-1]) if len(behind) > asked.limit else None,
        as_of_text=seen.as_of_text,
        previous=cursor_behind(before[-1]) if len(before) > asked.limit else None,
        is_first=after is None,
    )


async def _records(snapshot: Snapshot, places: Sequence[_Place], seen: AskedPeriod) -> Sequence[CaseRecord]:
    records = await records_of(snapshot, [case_id for _, (_, case_id) in places], seen.period.as_at)
    named = DirectoryNames.of(snapshot)
    return [named.case(record, seen.period.last_moment) for record in records]


def _place(cursor: Cursor, segments: Sequence[Segment]) -> _Place:
    number, value, case_id = cursor.after
    if not 0 <= int(number) < len(segments):
        raise Refusal(ProblemKind.CURSOR_INVALID, field="cursor")
    return int(number), (str(value), str(case_id))


async def _walk(segments: Sequence[Segment], start: _Place | None, limit: int, *, back: bool) -> list[_Place]:
    """The first `limit` places behind `start` over all segments; with `back` the other way, `start` among them."""
    number, within = (0, None) if start is None else start
    found: list[_Place] = []
    for index in range(number, -1, -1) if back else range(number, len(segments)):
        found += [(index, place) for place in await segments[index].read(within, limit - len(found), back=back)]
        if len(found) == limit:
            break
        within = None
    return found


async def _sorted_cases(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, sort: CaseSort, now: datetime
) -> "_SortedCases":
    return _SortedCases(
        side=side,
        snapshot=snapshot,
        asked=asked,
        sort=sort,
        now=now,
        at=asked_period(asked.from_, asked.to, as_of=asked.as_of, now=now, zone=snapshot.zone).period.as_at,
        where=await case_filter(side, snapshot, asked, now),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SortedCases:
    """The cases that were asked for, as at `now` or whatever instant the question names, and the order."""

    side: QuerySide
    snapshot: Snapshot
    asked: AskedCases
    sort: CaseSort
    now: datetime
    at: AsAt
    where: CaseFilter

    async def segments(self) -> Sequence[Segment]:
        """The stretches that the list is made of."""
        if self.sort.column is SortColumn.LATENESS:
            return await self._by_lateness()
        key, falls = _KEYS[self.sort.column], self.sort.descending
        places = await self._folded(self.where, key, "all")
        by_value = self._of(self.where, KeyOrder(key=key, descending=falls), places)
        if key is IndexedColumn.CASE:
            return [by_value]
        return [by_value, self._of(self.where, KeyOrder(key=key, descending=falls, unsaid=True), places)]

    async def _by_lateness(self) -> Sequence[Segment]:
        """First those that show minutes, most first, then all others by their ids; rising, the other way round."""
        falls = self.sort.descending
        late = await late_places(self.side, self.snapshot, self.asked, self.now, also=(WITH_MINUTES,))
        others = replace(self.where, conditions=(*self.where.conditions, WITHOUT_MINUTES))
        places = await self._folded(others, IndexedColumn.CASE, "without minutes")
        segments: list[Segment] = [
            LateSegment(places=sorted(late.places), descending=falls),
            self._of(others, KeyOrder(key=IndexedColumn.CASE, descending=not falls), places),
        ]
        return segments if falls else segments[::-1]

    async def _folded(self, where: CaseFilter, key: IndexedColumn, which: str) -> Sequence[CasePlace]:
        question = (which, replace(self.asked, sort=None, limit=0, cursor=None))
        return await folded_places(self.side, self.snapshot, where, self.at, key=key, question=question)

    def _of(self, where: CaseFilter, order: KeyOrder, places: Sequence[CasePlace]) -> Segment:
        folded = [place for place in places if (place[0] is None) is order.unsaid]
        return KeySegment(snapshot=self.snapshot, where=where, at=self.at, order=order, folded=folded)
