"""What the page of a unit shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tiendo_contracts.answers.breakdowns import CauseOfLateness, FlowHandover, LostStep
from tiendo_contracts.answers.reports import Figures
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_contracts.quality_words import VERDICT_WORDS
from tiendo_domain.instants import Instant
from tiendo_domain.vietnamese_order import text_order
from tiendo_query.answering.breakdowns import (
    cause_answers,
    handover_answers,
    hour_answers,
    lost_step_answers,
    name_of_place,
    stretch_answers,
)
from tiendo_query.breakdowns.case_links import CaseLinks
from tiendo_query.breakdowns.cause_sums import cause_sums, lateness_causes
from tiendo_query.breakdowns.daily_course import daily_course, day_sums
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.breakdowns.procedure_steps import step_losses, step_sums
from tiendo_query.breakdowns.procedures import counted_procedures, procedure_sum
from tiendo_query.breakdowns.unit_flows import Stayed, UnitFlow, unit_flow
from tiendo_query.cases.case_pages import AskedCases, case_page
from tiendo_query.cases.late_pages import late_page
from tiendo_query.figures.counting import Tally, figures
from tiendo_query.figures.figure_lists import Figure
from tiendo_query.figures.ranking import AskedOfficers, RankedOfficer, ranking
from tiendo_query.names.known_units import known_subtree
from tiendo_query.pages.cases.case_rows import CaseRow, case_rows
from tiendo_query.pages.charts import Chart
from tiendo_query.pages.figure_charts import case_links, cause_chart, course_chart, hours_chart
from tiendo_query.pages.looking import Looking
from tiendo_query.pages.officers.view import OFFICERS_SORTED
from tiendo_query.pages.sorted_columns import COUNTED_FALLING, SortedColumns, counted_columns
from tiendo_query.pages.unit.earlier_periods import period_before, year_before
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.tallies import AskedTally, found_tally
from tiendo_read_models.queries.tree_spans import CountedUnits
from tiendo_read_models.queries.units import UnitNode

STEPS_SHOWN: Final = 10
PROCEDURES_SHOWN: Final = 15
OFFICERS_SHOWN: Final = 20
CASES_SHOWN: Final = 10
HANDOVERS_SHOWN: Final = 8
SOON_HOURS: Final = 24
CHILDREN_SHOWN: Final = 40

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRow:
    """Something with the figures of a period; `id` is None where it has none."""

    id: str | None
    name: str
    counts: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """The figures of an earlier period."""

    start: date
    end: date
    words: Words
    counts: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedHandover:
    """A handover with the name of the other place."""

    name: str | Words
    unit: str | None
    found: FlowHandover


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitView:
    """The unit with all that its page shows; `above` are the units above it, the highest first."""

    unit: UnitNode
    start: date
    end: date
    above: Sequence[UnitNode]
    counts: Figures
    own: Figures
    against: Sequence[Against]
    quality_word: Words
    doubtful_share: float | None
    simulated: bool
    causes: Sequence[CauseOfLateness]
    causes_chart: Chart
    course: Chart
    hours: Chart
    children: Sequence[CountedRow]
    procedures: Sequence[CountedRow]
    steps: Sequence[LostStep]
    officers: Sequence[RankedOfficer]
    officer_count: int
    stay: Stayed | None
    inherited: Sequence[PlacedHandover]
    passed_on: Sequence[PlacedHandover]
    overdue: Sequence[CaseRow]
    soon: Sequence[CaseRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSorts:
    """In which order each table of the page is; None: its usual one."""

    children: str | None = None
    procedures: str | None = None
    steps: str | None = None
    officers: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedUnit:
    """What the page is asked: the unit, and both days of the period."""

    unit: str
    start: date
    end: date
    as_of: Instant | None
    looking: Looking
    names: bool
    sorts: UnitSorts

    @property
    def time(self) -> AskedTime:
        """The period."""
        return AskedTime(start=self.start, end=self.end, as_of=self.as_of)


async def unit_view(side: QuerySide, snapshot: Snapshot, asked: AskedUnit) -> UnitView:
    """The page; raises the refusal of a unit that nothing names, or that the caller does not see."""
    found = await found_tally(side, snapshot, AskedTally(start=asked.start, end=asked.end, as_of=asked.as_of))
    period, tally, key = found.period, found.tally, (asked.unit, None)
    units = await known_subtree(snapshot, asked.unit, period.period, field="unit_id")
    links = case_links(asked.looking, period, asked.start, asked.end, asked.unit)
    causes = lateness_causes(await cause_sums(side, snapshot, asked.time), units=units)
    told = cause_answers(causes, links, Language.VIETNAMESE)
    days = await day_sums(side, snapshot, asked.time)
    course = daily_course(
        days, asked.start, min(asked.end, period.period.last_moment.astimezone(snapshot.zone).date()), units
    )
    flow = await unit_flow(side, snapshot, asked.time, asked.unit, whole=True)
    ranked = await ranking(side, snapshot, AskedOfficers(start=asked.start, end=asked.end, as_of=asked.as_of))
    officers = ranked.of_units(units.at_the_end())
    counts = _figures(tally.by_unit[key])
    return UnitView(
        unit=tally.node(key),
        start=asked.start,
        end=asked.end,
        above=[tally.tree.nodes[one] for one in list(tally.tree.line(asked.unit))[:0:-1]],
        counts=counts,
        own=_figures(tally.by_own_unit[key]),
        against=await _against(side, snapshot, asked),
        quality_word=VERDICT_WORDS[counts.quality.verdict],
        doubtful_share=counts.quality.doubtful_share,
        simulated=tally.by_unit[key]["simulated"] > 0,
        causes=told,
        causes_chart=cause_chart(told),
        course=course_chart(stretch_answers(course, links, period.period, snapshot.zone)),
        hours=hours_chart(hour_answers(course, links), links),
        children=_children(tally, asked),
        procedures=await _procedures(side, snapshot, asked, units),
        steps=await _steps(side, snapshot, asked, units, links),
        officers=OFFICERS_SORTED.in_order(officers, asked.sorts.officers)[:OFFICERS_SHOWN],
        officer_count=len(officers),
        stay=flow.stays.get(asked.unit),
        inherited=_placed(flow, asked, links, comes=True),
        passed_on=_placed(flow, asked, links, comes=False),
        overdue=await _overdue(side, snapshot, asked),
        soon=await _soon(side, snapshot, asked),
    )


async def _against(side: QuerySide, snapshot: Snapshot, asked: AskedUnit) -> list[Against]:
    """The period before, and the same days of the year before, as at the instant looked at; of a period before anything happened nothing."""
    found = []
    for (start, end), words in (
        (period_before(asked.start, asked.end), Words(vi="kỳ trước", en="the period before")),
        (year_before(asked.start, asked.end), Words(vi="cùng kỳ năm trước", en="the same period of the year before")),
    ):
        tally = (await found_tally(side, snapshot, AskedTally(start=start, end=end, as_of=asked.as_of))).tally
        counts = tally.by_unit.get((asked.unit, None), Counter())
        if counts["concerned"]:
            found.append(Against(start=start, end=end, words=words, counts=_figures(counts)))
    return found


COUNTED_SORTED: Final[SortedColumns[CountedRow]] = SortedColumns(
    keys={"name": lambda row: text_order(row.name), **counted_columns(lambda row: row.counts)},
    falling=COUNTED_FALLING,
    usual="-overdue",
)
STEPS_SORTED: Final[SortedColumns[LostStep]] = SortedColumns(
    keys={
        "step": lambda row: None if row.step is None else text_order(row.step.name or row.step.id),
        "procedure": lambda row: text_order(row.procedure.name or row.procedure.id),
        "cases": lambda row: row.cases,
        "overran": lambda row: row.overran_cases,
        "overrun": lambda row: row.overrun_minutes,
    },
    falling=frozenset({"cases", "overran", "overrun"}),
    usual="-overrun",
)


def _children(tally: Tally, asked: AskedUnit) -> list[CountedRow]:
    """The units directly below, those with most overdue cases first unless asked otherwise."""
    rows = [
        _row(child, tally.node((child, None)).name, tally.by_unit[child, None])
        for child in tally.tree.children.get(asked.unit, ())
    ]
    return COUNTED_SORTED.in_order(sorted(rows, key=_most_overdue), asked.sorts.children)[:CHILDREN_SHOWN]


async def _procedures(side: QuerySide, snapshot: Snapshot, asked: AskedUnit, units: CountedUnits) -> list[CountedRow]:
    found = counted_procedures((await procedure_sum(side, snapshot, asked.time)).total, units)
    rows = [_row(one.id, one.name, one.counts) for one in found]
    return COUNTED_SORTED.in_order(sorted(rows, key=_most_overdue), asked.sorts.procedures)[:PROCEDURES_SHOWN]


def _row(identity: str | None, name: str | None, counts: Counts) -> CountedRow:
    return CountedRow(id=identity, name=name or identity or "", counts=_figures(counts))


def _most_overdue(row: CountedRow) -> tuple[int, int, str]:
    return -row.counts.resolved_overdue, -row.counts.open_overdue, row.id or ""


def _figures(counts: Counts) -> Figures:
    """The figures of the counts; the page leads to their quality by itself."""
    return Figures.model_validate(figures(counts, ""))


async def _steps(
    side: QuerySide, snapshot: Snapshot, asked: AskedUnit, units: CountedUnits, links: CaseLinks
) -> list[LostStep]:
    lost = [one for one in step_losses(await step_sums(side, snapshot, asked.time), units) if one.overrun_minutes]
    shown = lost if asked.sorts.steps else lost[:STEPS_SHOWN]
    return STEPS_SORTED.in_order(lost_step_answers(shown, links), asked.sorts.steps)[:STEPS_SHOWN]


def _placed(flow: UnitFlow, asked: AskedUnit, links: CaseLinks, *, comes: bool) -> list[PlacedHandover]:
    """What came in, or went out, most inherited minutes first."""
    everywhere = CaseLinks(cases=links.cases, period=links.period, as_of=links.as_of)
    handed = flow.into(asked.unit) if comes else flow.out_of(asked.unit)
    shown = handover_answers(replace(flow, handed=tuple(handed[:HANDOVERS_SHOWN])), everywhere)
    return [_named(flow, one, one.giver if comes else one.receiver) for one in shown]


def _named(flow: UnitFlow, found: FlowHandover, place: str) -> PlacedHandover:
    return PlacedHandover(
        name=PLACE_WORDS.get(place) or name_of_place(flow, place) or place,
        unit=None if place in PLACE_WORDS else place,
        found=found,
    )


PLACE_WORDS: Final[Mapping[str, Words]] = {
    "(applicant)": Words(vi="người nộp hồ sơ", en="the applicant"),
    "(suspension)": Words(vi="tạm dừng", en="suspension"),
    "(unnamed)": Words(vi="không rõ đơn vị", en="no unit named"),
}
"""Places of a flow that are no unit."""


async def _overdue(side: QuerySide, snapshot: Snapshot, asked: AskedUnit) -> list[CaseRow]:
    question = AskedCases(
        limit=CASES_SHOWN,
        from_=asked.start,
        to=asked.end,
        as_of=asked.as_of,
        unit=asked.unit,
        figure=Figure.OPEN_OVERDUE,
    )
    return case_rows((await late_page(side, snapshot, question)).records, names=asked.names)


async def _soon(side: QuerySide, snapshot: Snapshot, asked: AskedUnit) -> list[CaseRow]:
    """Open cases that are due within so many working hours of the moment that is looked at."""
    question = AskedCases(
        limit=CASES_SHOWN,
        from_=asked.start,
        to=asked.end,
        as_of=asked.as_of,
        unit=asked.unit,
        due_within_hours=SOON_HOURS,
    )
    return case_rows((await case_page(side, snapshot, question)).records, names=asked.names)
