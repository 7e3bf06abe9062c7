"""The page of the head of a unit: what has to be prevented now, and what the month says of the unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from tiendo_contracts.answers.reports import Figures
from tiendo_domain.facts import DeadlineExtended
from tiendo_domain.months import Month
from tiendo_query.desk.folded_cases import seen_cases
from tiendo_query.figures.reporting import AskedReport, report
from tiendo_query.names.known_units import known_subtree, known_trees
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.latest_days import last_day
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_read_models.queries.cases.relations import Exactness
from tiendo_read_models.queries.open_in_units import BorneByKind, CaseUnderWay, OpenList, borne_by_kind, open_in_units
from tiendo_read_models.queries.periods import AsAt
from tiendo_read_models.queries.tree_spans import CountedUnits

LIST_MAX: Final = 50
APOLOGIES_MAX: Final = 20
DUE_WORKING_DAYS: Final = 3
_DAY_MINUTES: Final = 480
_APOLOGY_AHEAD: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """An open case of a list, with the working minutes by the calendar of its unit that are left, and for which its holder has had it.

    Instants are in the zone of that calendar.
    """

    case: CaseUnderWay
    due_at: datetime | None
    held_since: datetime
    left_minutes: int | None
    held_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCases:
    """The first cases of a list, and how many there are."""

    rows: Sequence[OpenRow]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfUnit:
    """The figures of the unit's subtree in a month and in the one before, and who bears the lateness of the cases that ended in it."""

    month: Month
    period: AskedPeriod
    figures: Figures
    before: Figures
    borne: Sequence[BorneByKind]
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitWork:
    """The page. `apologies` are due today: at least a day before the due, for cases whose due was never extended (rule D3)."""

    unit_id: str
    unit_name: str | None
    due_soon: OpenCases
    queued: OpenCases
    consulting: OpenCases
    apologies: Sequence[OpenRow]
    month: MonthOfUnit
    simulated: bool
    position: int


async def unit_work(
    side: QuerySide, snapshot: Snapshot, unit_id: str, month: Month | None, *, now: datetime
) -> UnitWork:
    """The page about the unit at the instant; without a month, that of the last day on which anything happened to its cases.

    Raises the refusal of a unit that the caller does not know.
    """
    units = await known_subtree(
        snapshot, unit_id, asked_period(None, None, as_of=None, now=now, zone=snapshot.zone).period
    )
    shown = month or Month.of(await last_day(snapshot, now=now, unit=unit_id))
    open_now = await _open(snapshot, units, now)
    nodes = (await known_trees(snapshot)).of_span(units.spans.last).nodes
    figures = await _month(side, snapshot, unit_id, shown, now)
    return UnitWork(
        unit_id=unit_id,
        unit_name=nodes[unit_id].name if unit_id in nodes else None,
        due_soon=_first(open_now[OpenList.DUE_SOON]),
        queued=_first(open_now[OpenList.QUEUED]),
        consulting=_first(open_now[OpenList.CONSULTING]),
        apologies=await _apologies(side, snapshot, open_now[OpenList.DUE_SOON], now),
        month=figures,
        simulated=figures.simulated or any(row.case.simulated for rows in open_now.values() for row in rows),
        position=snapshot.reader.position,
    )


def _first(rows: Sequence[OpenRow]) -> OpenCases:
    return OpenCases(rows=rows[:LIST_MAX], total=len(rows))


async def consulting_now(snapshot: Snapshot, units: CountedUnits, now: datetime) -> list[OpenRow]:
    """All cases of the units that wait for a consulted unit, those first that have waited longest."""
    return (await _open(snapshot, units, now, (OpenList.CONSULTING,)))[OpenList.CONSULTING]


async def _open(
    snapshot: Snapshot, units: CountedUnits, now: datetime, lists: Sequence[OpenList] = tuple(OpenList)
) -> dict[OpenList, list[OpenRow]]:
    """The lists: soon due by due, the others by how long they have waited."""
    until = snapshot.rules.default_calendar.due(now, DUE_WORKING_DAYS * _DAY_MINUTES)
    found: dict[OpenList, list[OpenRow]] = {which: [] for which in lists}
    async for relation in snapshot.relations(AsAt(now), Exactness.COUNTS, in_part=True):
        for which, rows in found.items():
            cases = await open_in_units(snapshot.reader.connection, relation, units, which, until=until)
            rows += [_row(snapshot, one, now) for one in cases]
    for which, rows in found.items():
        if which is OpenList.DUE_SOON:
            rows.sort(key=lambda row: (row.case.judged_due_at or now, row.case.case_id))
        else:
            rows.sort(key=lambda row: (row.case.held_since, row.case.case_id))
    return found


def _row(snapshot: Snapshot, case: CaseUnderWay, now: datetime) -> OpenRow:
    calendar = snapshot.rules.calendar_of(case.unit_id, {}, now.astimezone(snapshot.zone).date())
    due = case.judged_due_at
    return OpenRow(
        case=case,
        due_at=None if due is None else due.astimezone(calendar.zone),
        held_since=case.held_since.astimezone(calendar.zone),
        left_minutes=None if due is None else calendar.working_minutes(now, due),
        held_minutes=calendar.working_minutes(case.held_since, now),
    )


async def _apologies(side: QuerySide, snapshot: Snapshot, due_soon: Sequence[OpenRow], now: datetime) -> list[OpenRow]:
    """The cases whose apology and new due have to be signed today: a day ahead of the due it will be too late on the next working day (rule D3)."""
    calendar = snapshot.rules.default_calendar
    following = calendar.next_working_day(now.astimezone(calendar.zone).date() + timedelta(days=1))
    too_late = datetime.combine(following, time(), calendar.zone) + _APOLOGY_AHEAD
    today = [
        row
        for row in due_soon
        if row.case.judged_due_at is not None and now + _APOLOGY_AHEAD <= row.case.judged_due_at < too_late
    ][:APOLOGIES_MAX]
    seen = await seen_cases(side, snapshot, [row.case.case_id for row in today], now)
    extended = {
        one.timeline.case_id for one in seen if any(isinstance(event.fact, DeadlineExtended) for event in one.events)
    }
    return [row for row in today if row.case.case_id not in extended]


async def _month(side: QuerySide, snapshot: Snapshot, unit_id: str, month: Month, now: datetime) -> MonthOfUnit:
    period = asked_period(month.start, month.end, as_of=None, now=now, zone=snapshot.zone)
    units = await known_subtree(snapshot, unit_id, period.period)
    borne = dict[str, BorneByKind]()
    async for relation in snapshot.relations(period.period.as_at, Exactness.COUNTS, in_part=False):
        for one in await borne_by_kind(snapshot.reader.connection, relation, units, period.period):
            borne[one.kind] = one if one.kind not in borne else _together(borne[one.kind], one)
    figures, before = [
        await report(side, snapshot, AskedReport(start=one.start, end=one.end, unit=unit_id))
        for one in (month, month.before)
    ]
    return MonthOfUnit(
        month=month,
        period=period,
        figures=figures,
        before=before,
        simulated=figures.simulated or before.simulated,
        borne=sorted(borne.values(), key=lambda one: (-one.minutes, one.kind)),
    )


def _together(one: BorneByKind, other: BorneByKind) -> BorneByKind:
    return BorneByKind(
        kind=one.kind,
        minutes=one.minutes + other.minutes,
        by_rule_minutes=one.by_rule_minutes + other.by_rule_minutes,
        late_entry_minutes=one.late_entry_minutes + other.late_entry_minutes,
        late_entry_by_rule_minutes=one.late_entry_by_rule_minutes + other.late_entry_by_rule_minutes,
    )
