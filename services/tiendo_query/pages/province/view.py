"""What the first page shows: the province's figures over a period, its worst units and officers, open cases overdue."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.answers.reports import Report, UnitFigures
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.quality_words import VERDICT_WORDS
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.cases.case_pages import AskedCases
from tiendo_query.cases.late_pages import late_page
from tiendo_query.figures.figure_lists import Figure
from tiendo_query.figures.ranking import AskedOfficers, RankedOfficer, ranking
from tiendo_query.figures.reporting import AskedReport, report
from tiendo_query.pages.cases.case_rows import CaseRow, case_rows
from tiendo_query.pages.charts import Chart
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.province.dispatch_sentence import dispatch_sentence
from tiendo_query.pages.province.pictures import province_pictures
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.latest import years_of_events
from tiendo_read_models.queries.units import UnitTree

WORST_MAX: Final = 10
OPEN_CASES_MAX: Final = 20
YEARS_MAX: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceView:
    """The figures, and the worst of them first; `tree` says where a unit belongs."""

    report: Report
    quality_word: Words
    units: list[UnitFigures]
    officers: list[RankedOfficer]
    cases: list[CaseRow]
    tree: UnitTree
    course: Chart
    hours: Chart
    causes: Chart
    years: list[int]
    """The years in which anything happened, the newest first: a default period never hides the others."""
    sentence: Words
    """That of the dispatch, with the figures of the period."""

    def above(self, unit_id: str | None) -> str:
        """The path of the unit's parents, from above, as files for clerks show it; empty where there is nothing to tell apart."""
        node = None if unit_id is None else self.tree.nodes.get(unit_id)
        path = None if node is None else self.tree.path(node.id)
        return "" if node is None or path is None else path.removesuffix(node.name or node.id).rstrip(" ›")


async def province_view(
    side: QuerySide, snapshot: Snapshot, asked: LookingParameters, days: tuple[date, date], *, names: bool
) -> ProvinceView:
    """The page over the period, both days inclusive; open cases as at its end, or at `as_of` if that is earlier."""
    (start, end), as_of = days, asked.as_of
    pictures = await province_pictures(side, snapshot, asked.looking, AskedTime(start=start, end=end, as_of=as_of))
    figures = await report(side, snapshot, AskedReport(start=start, end=end, as_of=as_of))
    officers = await ranking(side, snapshot, AskedOfficers(start=start, end=end, as_of=as_of))
    overdue = AskedCases(limit=OPEN_CASES_MAX, from_=start, to=end, as_of=as_of, figure=Figure.OPEN_OVERDUE)
    cases = await late_page(side, snapshot, overdue)
    return ProvinceView(
        report=figures,
        quality_word=VERDICT_WORDS[figures.quality.verdict],
        units=_worst_units(figures.units),
        officers=[officer for officer in officers.officers[:WORST_MAX] if officer.sums.attributed_minutes],
        cases=case_rows(cases.records, names=names),
        tree=officers.tree,
        course=pictures.course,
        hours=pictures.hours,
        causes=pictures.causes,
        years=await _years(side, snapshot),
        sentence=dispatch_sentence(figures, start, end, figures.as_of),
    )


async def _years(side: QuerySide, snapshot: Snapshot) -> list[int]:
    reader = snapshot.reader
    return await years_of_events(reader.connection, reader.build, side.now(), zone=snapshot.zone.key, most=YEARS_MAX)


def _worst_units(units: list[UnitFigures]) -> list[UnitFigures]:
    """The units with most overdue cases, resolved and open; a unit whose only part is one unit below it stands once, as the one below."""
    late = [unit for unit in units if unit.resolved_overdue + unit.open_overdue > 0]
    counts = {unit.id: _late(unit) for unit in late}
    repeated = {unit.parent for unit in late if unit.parent is not None and counts.get(unit.parent) == _late(unit)}
    shown = [unit for unit in late if unit.id not in repeated]
    return sorted(shown, key=lambda unit: (-sum(_late(unit)), unit.id or ""))[:WORST_MAX]


def _late(unit: UnitFigures) -> tuple[int, int]:
    return unit.resolved_overdue, unit.open_overdue
