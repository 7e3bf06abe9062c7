"""What the first page shows: the province's figures over a period, its worst units and officers, open cases overdue."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tiendo_contracts.answers.reports import Report, UnitFigures
from tiendo_contracts.instants import parse_instant
from tiendo_contracts.problem_kinds import Words
from tiendo_domain.instants import Instant
from tiendo_query.case_pages import AskedCases, PageOfCases, case_page
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.ranking import AskedOfficers, RankedOfficer, ranking
from tiendo_query.refusals import refused
from tiendo_query.reporting import AskedReport, report
from tiendo_read_models.queries.latest import latest_event_at

FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
_A_DAY: Final = Words(en="a date of the years 1970 to 2199", vi="một ngày trong các năm 1970 đến 2199")
WORST_MAX: Final = 10
OPEN_CASES_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPage:
    """The figures, and the worst of them first."""

    report: Report
    units: list[UnitFigures]
    officers: list[RankedOfficer]
    cases: PageOfCases


async def shown_period(snapshot: Snapshot, start: date | None, end: date | None, *, now: datetime) -> tuple[date, date]:
    """The local dates asked for; without them the year up to the last day on which anything happened.

    Raises the refusal of a date outside the years in which events can be.
    """
    for name, day in (("from", start), ("to", end)):
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise refused(name, _A_DAY)
    if end is None:
        latest = await latest_event_at(snapshot.reader.connection, snapshot.reader.build, now)
        end = max((latest or now).astimezone(snapshot.zone).date(), start or FIRST_DAY)
    return start or date(end.year, 1, 1), end


async def first_page(side: QuerySide, snapshot: Snapshot, start: date, end: date) -> FirstPage:
    """The page over the period, both days inclusive; open cases as at its end."""
    asked = AskedReport(start=start, end=end)

    async def work_out() -> Report:
        return await report(side, snapshot, asked)

    figures = await side.remembered(("report", asked), snapshot, work_out)
    officers = await ranking(side, snapshot, AskedOfficers(start=start, end=end))
    as_of = Instant(parse_instant(figures.as_of), figures.as_of)
    cases = await case_page(side, snapshot, AskedCases(limit=OPEN_CASES_MAX, as_of=as_of, open=True, overdue=True))
    return FirstPage(
        report=figures,
        units=_worst_units(figures.units),
        officers=[officer for officer in officers.officers[:WORST_MAX] if officer.sums.attributed_minutes],
        cases=cases,
    )


def _worst_units(units: list[UnitFigures]) -> list[UnitFigures]:
    """The units with most overdue cases, resolved and open; a unit whose only part is one unit below it stands once, as the one below."""
    late = [unit for unit in units if unit.resolved_overdue + unit.open_overdue > 0]
    counts = {unit.id: _late(unit) for unit in late}
    repeated = {unit.parent for unit in late if unit.parent is not None and counts.get(unit.parent) == _late(unit)}
    shown = [unit for unit in late if unit.id not in repeated]
    return sorted(shown, key=lambda unit: (-sum(_late(unit)), unit.id or ""))[:WORST_MAX]


def _late(unit: UnitFigures) -> tuple[int, int]:
    return unit.resolved_overdue, unit.open_overdue
