"""Pages of cases: those whose rows stand as at the instant asked for, and among them those that have to be folded again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

import msgspec

from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_domain.instants import Instant
from tiendo_event_store.driver import driver_of
from tiendo_query.breakdowns.figure_parts import FigurePart, part_conditions
from tiendo_query.cases.case_folding import BATCH_SIZE
from tiendo_query.cases.single_cases import CaseView, seen_case
from tiendo_query.figures.figure_lists import COUNTED, Figure
from tiendo_query.names.directory_names import DirectoryNames
from tiendo_query.names.known_officers import known_officer, officer_key
from tiendo_query.names.known_units import known_subtree
from tiendo_query.names.searching import text_search
from tiendo_query.quality.quality_conditions import quality_conditions
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.periods import asked_period
from tiendo_read_models.queries.cases.conditions import seen_whole
from tiendo_read_models.queries.cases.listed_cases import (
    CaseFilter,
    CaseRecord,
    CaseSums,
    DueWithin,
    ids_up_to,
    matching_cases,
    sums_of_cases,
)
from tiendo_read_models.queries.cases.live_case import KnownCase, live_case
from tiendo_read_models.queries.cases.refolding import cases_to_fold
from tiendo_read_models.queries.cases.relations import Exactness, FoldedCase, folded, folded_case, stored
from tiendo_read_models.queries.cases.text_search import TextSearch
from tiendo_read_models.queries.periods import AsAt
from tiendo_read_models.rows import case_rows

_FOLDED_AT_ONCE_MAX: Final = 2_000
_WITH_PART_MAX: Final = 1_000
_ALL: Final = CaseFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCases:
    """What was asked of cases, and which page."""

    limit: int
    cursor: str | None = None
    sort: str | None = None
    """One of `CASE_SORTS`; None: the order in which each list is usually read."""
    as_of: Instant | None = None
    text: str | None = None
    people: bool = True
    """Whether the text is looked for in the names of officers too."""
    unit: str | None = None
    officer: str | None = None
    procedure: str | None = None
    field: str | None = None
    channel: str | None = None
    state: str | None = None
    class_: str | None = None
    open: bool | None = None
    overdue: bool | None = None
    lateness_min: int | None = None
    due_within_hours: int | None = None
    received_from: date | Instant | None = None
    received_to: date | Instant | None = None
    from_: date | Instant | None = None
    to: date | Instant | None = None
    figure: Figure | None = None
    quality: str | None = None
    doubtful: bool | None = None
    late_entry_candidate: bool | None = None
    source: str | None = None
    responsible: str | None = None
    month: str | None = None
    began_at: Instant | None = None
    part: FigurePart | None = None
    """The part of a figure whose cases are asked for."""

    @property
    def asks_of_a_period(self) -> bool:
        """Whether the cases are those of a period, or of all time up to `as_of`: finished in it or open at its end."""
        members = (
            self.from_,
            self.to,
            self.figure,
            self.quality,
            self.doubtful,
            self.late_entry_candidate,
            self.month,
            self.part,
        )
        return any(member is not None for member in members)

    @property
    def asks_of_a_figure(self) -> bool:
        """Whether the cases are those that a figure counts, or a part of one."""
        members = (
            self.figure,
            self.part,
            self.quality,
            self.doubtful,
            self.source,
            self.responsible,
            self.month,
            self.began_at,
        )
        return any(member is not None for member in members)

    @property
    def question(self) -> dict[str, object]:
        """What a cursor is bound to: everything but the page."""
        return {name: getattr(self, name) for name in self.__slots__ if name not in {"limit", "cursor"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOfCases:
    """One page of records, each as at the instant that `as_of_text` shows."""

    records: Sequence[CaseRecord]
    next: str | None
    as_of_text: str
    total: int | None = None
    """How many cases match on all pages, where that was counted."""
    previous: str | None = None
    """The cursor of the page before, where that was asked for; None: it is the first one, or there is none."""
    is_first: bool = True


async def case_page(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, *, both_ways: bool = False, now: datetime | None = None
) -> PageOfCases:
    """The page that was asked for, with `both_ways` also where the one before begins; raises the refusal of a cursor that belongs to another question.

    `now` is the present instant to go by on the first page; None: that of the call.
    """
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, asked.question, kinds=(str,))
    now = (now or side.now()) if cursor is None else parse_instant(cursor.as_of)
    seen = asked_period(asked.from_, asked.to, as_of=asked.as_of, now=now, zone=snapshot.zone)
    at = seen.period.as_at
    where = await case_filter(side, snapshot, asked, now)
    after = "" if cursor is None else str(cursor.after[0])
    found = await _matching(side, snapshot, where, at, after=after, limit=asked.limit + 1)
    records = await _as_at(snapshot, found[: asked.limit], at)
    following = None
    if len(found) > asked.limit:
        following = cursors.written(
            Cursor(after=(records[-1]["case_id"],), as_of=now.astimezone(UTC).isoformat()), asked.question
        )
    named = DirectoryNames.of(snapshot)
    records = [named.case(record, seen.period.last_moment) for record in records]
    previous = None
    if both_ways and after:
        begins = await _page_before(snapshot, where, at, after, asked.limit)
        previous = begins and cursors.written(
            Cursor(after=(begins,), as_of=now.astimezone(UTC).isoformat()), asked.question
        )
    return PageOfCases(
        records=records, next=following, as_of_text=seen.as_of_text, previous=previous, is_first=not after
    )


async def _page_before(snapshot: Snapshot, where: CaseFilter, at: AsAt, last: str, limit: int) -> str | None:
    """Behind which case id the page begins that ends with `last`; None for the first one.

    Of very many cases between them that have to be folded none counts: the page then ends earlier, and its next goes on there.
    """
    connection, build, as_of = snapshot.reader.connection, snapshot.reader.build, at.as_of
    found = await ids_up_to(connection, stored(build, as_of, where.exactness), where, last=last, limit=limit + 1)
    waiting = await cases_to_fold(
        connection,
        build,
        as_of,
        where.exactness,
        where="c.case_id > :first AND c.case_id <= :last",
        parameters={"first": found[-1] if len(found) > limit else "", "last": last},
        limit=_FOLDED_AT_ONCE_MAX,
    )
    if len(waiting) < _FOLDED_AT_ONCE_MAX:
        async for rows in snapshot.folding.batches(waiting, snapshot.view(at), wanted=where.may_match):
            again = await matching_cases(connection, folded(build, as_of, rows), where, limit=max(1, len(rows)))
            found += [record["case_id"] for record in again]
    before = sorted(found, reverse=True)
    return before[limit] if len(before) > limit else None


async def sums_over(side: QuerySide, snapshot: Snapshot, asked: AskedCases, now: datetime) -> CaseSums:
    """What all cases that match come to as at `now`, on all pages; it reads every one of them."""
    where = await case_filter(side, snapshot, asked, now)
    at = asked_period(asked.from_, asked.to, as_of=asked.as_of, now=now, zone=snapshot.zone).period.as_at
    found = CaseSums()
    async for relation in snapshot.relations(at, Exactness.MINUTES, in_part=True):
        found += await sums_of_cases(snapshot.reader.connection, relation, where)
    return found


async def one_case(side: QuerySide, snapshot: Snapshot, case_id: str, at: AsAt) -> CaseRecord:
    """The record of one case as at an instant, also one at which nothing of it has begun; raises the refusal of an unknown case."""
    connection, build, as_of = snapshot.reader.connection, snapshot.reader.build, at.as_of
    known = None if "\x00" in case_id else await _known(snapshot, case_id)
    if known is None:
        raise await side.missing_case_in(snapshot, case_id)
    relation = stored(build, as_of, Exactness.MINUTES, where="c.case_id = :case_id")
    relation = replace(relation, parameters={**relation.parameters, "case_id": known.case_id})
    for record in await matching_cases(connection, relation, _ALL, limit=1):
        return DirectoryNames.of(snapshot).case(record, as_of)
    seen = await seen_case(side, snapshot, case_id, known, CaseView(as_of=as_of, explained_by=at.explained_by))
    # Lists say nothing of what does not fit in a case that is seen in part.
    rows = case_rows(seen.events, seen.timeline if seen.whole else msgspec.structs.replace(seen.timeline, anomalies=()))
    (record,) = await matching_cases(connection, folded(build, as_of, [folded_case(rows)]), _ALL, limit=1)
    return DirectoryNames.of(snapshot).case(record, as_of)


async def _known(snapshot: Snapshot, case_id: str) -> KnownCase | None:
    found = await live_case(await driver_of(snapshot.reader.connection), snapshot.reader.build, case_id)
    return None if found is None else found.known


async def case_filter(side: QuerySide, snapshot: Snapshot, asked: AskedCases, now: datetime) -> CaseFilter:
    """The conditions that were asked for; raises the refusal of a unit or officer whom nothing names."""

    def seen(start: date | Instant | None, end: date | Instant | None) -> tuple[datetime | None, datetime | None]:
        period = asked_period(start, end, as_of=asked.as_of, now=now, zone=snapshot.zone).period
        return (None if start is None else period.start), (None if end is None else period.end)

    period = asked_period(asked.from_, asked.to, as_of=asked.as_of, now=now, zone=snapshot.zone).period
    units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, period)
    key = None if asked.officer is None else officer_key(asked.officer, snapshot.rules)
    if key is not None:
        await known_officer(snapshot, key, field="officer")
    received_from, received_before = seen(asked.received_from, asked.received_to)
    return CaseFilter(
        text=await text_search(snapshot, asked.text, people=asked.people),
        units=units,
        officer_key=key,
        procedure_id=asked.procedure,
        field_id=asked.field,
        channel=asked.channel,
        state=asked.state,
        case_class=asked.class_,
        open=asked.open,
        overdue=asked.overdue,
        lateness_min=asked.lateness_min,
        received_from=received_from,
        received_before=received_before,
        period=period if asked.asks_of_a_period else None,
        counted=() if asked.figure is None else COUNTED[asked.figure],
        conditions=(
            # Figures count what is seen whole, and so has the list behind one.
            *([seen_whole(snapshot.reader.build)] if asked.asks_of_a_figure else []),
            *await quality_conditions(side, snapshot, asked, officer_key=key, now=now),
            *await part_conditions(snapshot, asked.part, period),
        ),
        due_within=None
        if asked.due_within_hours is None
        else _due_within(snapshot, period.as_of, asked.due_within_hours * 60),
    )


def _due_within(snapshot: Snapshot, as_of: datetime, minutes: int) -> DueWithin:
    calendars = {name: calendar.working_calendar for name, calendar in snapshot.rules.calendars.items()}
    return DueWithin(
        as_of=as_of,
        until={name: calendar.due(as_of, minutes) for name, calendar in calendars.items()},
        otherwise=snapshot.rules.default_calendar.due(as_of, minutes),
    )


async def _matching(
    side: QuerySide, snapshot: Snapshot, where: CaseFilter, at: AsAt, *, after: str, limit: int
) -> list[CaseRecord]:
    """The first `limit` matching cases behind `after`, in stretches in which at most so many cases are folded."""
    found: list[CaseRecord] = []
    while len(found) < limit:
        records, reached = await _stretch(side, snapshot, where, at, after=after, limit=limit - len(found))
        found += records
        if reached is None:
            break
        after = reached
    return found[:limit]


async def _stretch(
    side: QuerySide, snapshot: Snapshot, where: CaseFilter, at: AsAt, *, after: str, limit: int
) -> tuple[list[CaseRecord], str | None]:
    """Matching cases behind `after` by case id, and the case id up to which all were looked at; None: to the end."""
    connection, build, as_of = snapshot.reader.connection, snapshot.reader.build, at.as_of
    search = where.text
    among = await _with_part(side, snapshot, search, after)
    where = replace(where, case_ids=among)
    standing = await matching_cases(connection, stored(build, as_of, where.exactness), where, after=after, limit=limit)
    until = among[-1] if among is not None and len(among) == _WITH_PART_MAX else None
    if len(standing) == limit:
        until = standing[-1]["case_id"]
    waiting = await cases_to_fold(
        connection,
        build,
        as_of,
        where.exactness,
        where=f"""c.case_id > :after AND (CAST(:until AS text) IS NULL OR c.case_id <= :until)
            AND {"TRUE" if search is None else search.condition(holds=f"{build.schema_name}.holds")}
            AND (CAST(:case_ids AS text[]) IS NULL OR c.case_id = ANY(CAST(:case_ids AS text[])))""",
        parameters={
            **({} if search is None else search.parameters),
            "after": after,
            "until": until,
            "case_ids": among,
        },
        limit=_FOLDED_AT_ONCE_MAX,
    )
    if len(waiting) == _FOLDED_AT_ONCE_MAX:
        until = waiting[-1].case_id
        standing = [record for record in standing if record["case_id"] <= until]
    found = list(standing)
    rows: list[FoldedCase] = []
    looked_at = 0
    async for batch in snapshot.folding.batches(waiting, snapshot.view(at), wanted=where.may_match):
        rows += batch
        looked_at += BATCH_SIZE
        reached = waiting[min(looked_at, len(waiting)) - 1].case_id
        if looked_at < len(waiting) and len(rows) + _up_to(reached, found) < limit:
            continue  # Even if all of them match they do not fill the page: they are shown to the database with those that come.
        if rows:
            found += await matching_cases(connection, folded(build, as_of, rows), where, after=after, limit=limit)
            rows = []
        if looked_at < len(waiting) and _up_to(reached, found) >= limit:
            # Enough for the page: what lies behind `reached` is the next stretch's.
            found, until = [record for record in found if record["case_id"] <= reached], reached
            break
    return sorted(found, key=lambda record: str(record["case_id"])), until


def _up_to(case_id: str, records: Sequence[CaseRecord]) -> int:
    return sum(record["case_id"] <= case_id for record in records)


async def _with_part(side: QuerySide, snapshot: Snapshot, search: TextSearch | None, after: str) -> list[str] | None:
    """The first case ids behind `after` in which the part of a code stands; None where all are to be looked at."""
    if search is None or side.codes is None or not search.is_by_code_alone:
        return None
    return await side.codes.with_part(snapshot.reader, search.text, after=after, limit=_WITH_PART_MAX)


async def _as_at(snapshot: Snapshot, records: Sequence[CaseRecord], at: AsAt) -> list[CaseRecord]:
    """The records with the minutes of open cases as at the instant."""
    connection, build, as_of = snapshot.reader.connection, snapshot.reader.build, at.as_of
    open_ids = [record["case_id"] for record in records if record["open"]]
    waiting = await cases_to_fold(
        connection,
        build,
        as_of,
        Exactness.MINUTES,
        where="c.case_id = ANY(:case_ids)",
        parameters={"case_ids": open_ids},
    )
    fresh: dict[str, CaseRecord] = {}
    async for rows in snapshot.folding.batches(waiting, snapshot.view(at)):
        again = await matching_cases(connection, folded(build, as_of, rows), _ALL, limit=len(rows))
        fresh.update({record["case_id"]: record for record in again})
    return [fresh.get(record["case_id"], record) for record in records]
