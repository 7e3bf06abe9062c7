"""The stretches that a sorted list of cases is made of, one behind the other, each read both ways from any place in it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.cases.changes import revisions_of
from tiendo_read_models.queries.cases.listed_cases import CaseFilter, Lateness, matching_cases
from tiendo_read_models.queries.cases.refolding import cases_to_fold
from tiendo_read_models.queries.cases.relations import folded, stored
from tiendo_read_models.queries.cases.sorted_cases import CasePlace, IndexedColumn, KeyOrder, places_in_order
from tiendo_read_models.queries.periods import AsAt

FOLDED_MAX: Final = 10_000
"""Where more cases than these have to be folded before it is known where they stand, there is no order but that of the codes."""

KEPT_MAX: Final = 5_000
"""More places than these are not kept from page to page."""

SegmentPlace = tuple[str, str]
"""A place as a cursor bears it: what the column says, as text, and the case id."""


class TooManyToSortError(Exception):
    """More than `FOLDED_MAX` cases would have to be folded."""


class Segment(Protocol):
    """A stretch of a list."""

    async def read(self, start: SegmentPlace | None, limit: int, *, back: bool) -> list[SegmentPlace]:
        """The first `limit` places behind `start`, None: from the first on; with `back` the other way, `start` itself among them, None: from the last on.

        Raises ValueError for a place that nobody wrote.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LateSegment:
    """Cases that show minutes, by these; `places` rise."""

    places: Sequence[Lateness]
    descending: bool

    async def read(self, start: SegmentPlace | None, limit: int, *, back: bool) -> list[SegmentPlace]:
        """As the protocol says: most minutes first is the way in which places rise."""
        place = None if start is None else _lateness(start)
        if self.descending is not back:
            first = 0 if place is None else (bisect_left if back else bisect_right)(self.places, place)
            found = self.places[first : first + limit]
        else:
            end = len(self.places) if place is None else (bisect_right if back else bisect_left)(self.places, place)
            found = self.places[max(0, end - limit) : end][::-1]
        return [(f"{late} {entry}", case_id) for late, entry, case_id in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySegment:
    """Cases by a column: those whose rows stand are read by its index, and among them stand those that were folded."""

    snapshot: Snapshot
    where: CaseFilter
    at: AsAt
    order: KeyOrder
    folded: Sequence[CasePlace]

    async def read(self, start: SegmentPlace | None, limit: int, *, back: bool) -> list[SegmentPlace]:
        """As the protocol says."""
        order = self.order.reversed if back else self.order
        after = None if start is None else self._place(start)
        reader = self.snapshot.reader
        standing = await places_in_order(
            reader.connection,
            stored(reader.build, self.at.as_of, self.where.exactness),
            self.where,
            order,
            after=after,
            inclusive=back,
            limit=limit,
        )
        among = [place for place in self.folded if after is None or self._lies_behind(place, after, order, back=back)]
        merged = sorted([*standing, *among], key=self._key, reverse=order.descending)
        return [(_text(value), case_id) for value, case_id in merged[:limit]]

    def _key(self, place: CasePlace) -> Any:  # noqa: ANN401 - values of one column, comparable among themselves
        by_id_alone = self.order.unsaid or self.order.key is IndexedColumn.CASE
        return (place[1],) if by_id_alone else place

    def _lies_behind(self, place: CasePlace, after: CasePlace, order: KeyOrder, *, back: bool) -> bool:
        one, other = self._key(place), self._key(after)
        return bool(one < other if order.descending else one > other) or (back and one == other)

    def _place(self, start: SegmentPlace) -> CasePlace:
        value, case_id = start
        if self.order.unsaid:
            return None, case_id
        if self.order.key in {IndexedColumn.RECEIVED, IndexedColumn.DUE}:
            return parse_instant(value), case_id
        return value, case_id


async def folded_places(
    side: QuerySide, snapshot: Snapshot, where: CaseFilter, at: AsAt, *, key: IndexedColumn, question: object
) -> Sequence[CasePlace]:
    """Where the matching cases stand by the column whose rows do not stand; kept for the other pages. Raises TooManyToSortError."""
    reader = snapshot.reader
    if side.kept is None:
        return await _folded_places(snapshot, where, at, key)
    revisions = await revisions_of(reader.connection, reader.build)
    asked = ("places", key, question, reader.build.build_id, revisions, id(snapshot.rules), at)
    async with side.answering(asked):
        kept = side.sums.get(asked)
        if isinstance(kept, _Folded):
            return kept.places
        found = await _folded_places(snapshot, where, at, key)
        if len(found) <= KEPT_MAX:
            side.keep_sum(asked, _Folded(places=found, rules=snapshot.rules))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folded:
    places: Sequence[CasePlace]
    rules: object
    """Held, so that no other rule book has its id meanwhile."""


async def _folded_places(snapshot: Snapshot, where: CaseFilter, at: AsAt, key: IndexedColumn) -> list[CasePlace]:
    connection, build, as_of = snapshot.reader.connection, snapshot.reader.build, at.as_of
    search = where.text
    waiting = await cases_to_fold(
        connection,
        build,
        as_of,
        where.exactness,
        where="TRUE" if search is None else search.condition(holds=f"{build.schema_name}.holds"),
        parameters={} if search is None else search.parameters,
        limit=FOLDED_MAX + 1,
    )
    if len(waiting) > FOLDED_MAX:
        raise TooManyToSortError
    view = snapshot.view(at)
    # Who sees everything is told nothing here but figures, which many questions of one minute fold once.
    view = replace(view, figures_alone=view.viewer is None)
    found: list[CasePlace] = []
    async for rows in snapshot.folding.batches(waiting, view):
        matching = await matching_cases(connection, folded(build, as_of, rows), where, limit=len(rows))
        found += [(record[key], record["case_id"]) for record in matching]
    return found


def _text(value: datetime | str | None) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value or ""


def _lateness(start: SegmentPlace) -> Lateness:
    late, _, entry = start[0].partition(" ")
    return int(late), int(entry), start[1]
