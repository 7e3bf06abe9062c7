"""Cases counted for the statistical forms: each folded on basis recorded as at the period's last moment, and judged by the domain one by one."""

import asyncio
from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.form_standings import COUNT_NAMES, FormPeriod, counted, form_case
from tiendo_domain.timeline_types import Basis, CaseTimeline
from tiendo_query.cases.case_histories import CaseHistories
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.counted_views import CASES_FOR_PROCESSES, counting_in_processes
from tiendo_query.sums.grouped_sums import Sums, added
from tiendo_read_models.folding import StoredText
from tiendo_read_models.queries.cases.refolding import ToFold, View, case_count, cases_concerned, fold_timelines
from tiendo_read_models.queries.counts import CountedFor
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans
from tiendo_runtime.bounded_work import work_through

_CASES_AT_ONCE: Final = 500
SIMULATED: Final = "simulated"
NAMES: Final = (*COUNT_NAMES, SIMULATED)
"""What is counted, in this order."""

FormSums = Mapping[CountedFor, tuple[int, ...]]
"""By responsible unit, field and span of the tree: how many cases are what, in the order of `NAMES`."""

_journal = structlog.get_logger("tiendo.query")


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedForm:
    """What is counted: the cases of the `units` over the period, as they show at a position of the log, by what was known at `known_at`.

    Local days are those of `zone`; `known_at` None: everything is known.
    """

    period: Period
    zone: str
    spans: TreeSpans
    units: CountedUnits | None
    position: int
    known_at: datetime | None

    async def of(self, side: QuerySide, connection: AsyncConnection, cases: Sequence[ToFold]) -> Sums:  # noqa: ARG002 - as counted views are asked
        """The counts of the cases, by responsible unit, field and span of the tree, in the order of `NAMES`."""
        return await self.counted(side.histories, cases)

    async def counted(self, histories: CaseHistories, cases: Sequence[ToFold]) -> Sums:
        """The same. A case that cannot be folded is told of in the journal and counts nowhere, as in every list."""
        view = await self.view(histories)
        found: Sums = {}
        for group, stored, by_rules in await histories.cases(cases, view):
            sums, faults = await asyncio.to_thread(partial(_counted, group, stored, by_rules, self))
            found = added(found, sums)
            for case_id, cause in faults.items():
                _journal.error("case cannot be folded", case_id=case_id, cause=cause)
        return found

    async def view(self, histories: CaseHistories) -> View:
        """How the cases are folded."""
        return View(
            as_of=self.period.last_moment,
            rules=await histories.rules(self.position, known_at=self.known_at),
            position=self.position,
            known_at=self.known_at,
            basis=Basis.RECORDED,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfForm:
    """A case as a form counts it; `counts` has what is not zero."""

    case_id: str
    counted_for: CountedFor
    counts: Mapping[str, int]


async def form_cases(snapshot: Snapshot, form: CountedForm) -> list[CaseOfForm]:
    """The cases that `form_sums` counts, by case id."""
    histories = snapshot.histories
    view = await form.view(histories)
    found: list[CaseOfForm] = []
    async for cases in _cases(snapshot, form):
        for group, stored, by_rules in await histories.cases(cases, view):
            listed, _ = await asyncio.to_thread(partial(_listed, group, stored, by_rules, form))
            found += listed
    return sorted(found, key=lambda one: one.case_id)


async def form_sums(side: QuerySide, snapshot: Snapshot, form: CountedForm, *, processes: int = 1) -> FormSums:
    """The counts of all cases, worked out by so many `processes`: further ones, where there is enough for more than one."""
    sums = await _sums(side, snapshot, form, processes)
    return {key: counts for key, counts in sums.items() if isinstance(key, CountedFor)}


async def _sums(side: QuerySide, snapshot: Snapshot, form: CountedForm, processes: int) -> Sums:
    found: Sums = {}
    reader = snapshot.reader
    if processes == 1 or await case_count(reader.connection, reader.build) < CASES_FOR_PROCESSES:
        async for cases in _cases(snapshot, form):
            found = added(found, await form.counted(snapshot.histories, cases))
        return found

    def take(_: Sequence[ToFold], sums: Sums) -> None:
        nonlocal found
        found = added(found, sums)

    async with counting_in_processes(side, form, processes) as count:
        await work_through(_cases(snapshot, form), count, take, at_once=2 * processes)
    return found


async def _cases(snapshot: Snapshot, form: CountedForm) -> AsyncIterator[Sequence[ToFold]]:
    """The cases that may count: what was known once may be other than what is known now, so that then all are looked at."""
    after, reader = "", snapshot.reader
    units = None if form.units is None or form.known_at is not None else form.units.ever
    start = None if form.known_at is not None else form.period.start
    while cases := await cases_concerned(
        reader.connection,
        reader.build,
        start=start,
        end=form.period.end,
        units=units,
        after=after,
        limit=_CASES_AT_ONCE,
    ):
        yield cases
        after = cases[-1].case_id


def _counted(
    cases: Sequence[ToFold], stored: Mapping[str, Sequence[StoredText]], view: View, form: CountedForm
) -> tuple[Sums, dict[str, str]]:
    found: dict[CountedFor, Counter[str]] = {}
    listed, faults = _listed(cases, stored, view, form)
    for one in listed:
        found.setdefault(one.counted_for, Counter()).update(one.counts)
    return {key: tuple(counts[name] for name in NAMES) for key, counts in found.items()}, faults


def _listed(
    cases: Sequence[ToFold], stored: Mapping[str, Sequence[StoredText]], view: View, form: CountedForm
) -> tuple[list[CaseOfForm], dict[str, str]]:
    """The cases that count, each as it counts, and the causes for which others cannot be folded."""
    found = []
    zone = ZoneInfo(form.zone)
    period = FormPeriod(start=form.period.start, end=form.period.end, seen_at=form.period.as_of, zone=zone)
    timelines, faults = fold_timelines(cases, stored, view)
    for timeline, simulated in timelines:
        case = form_case(timeline, period)
        key = _counted_for(timeline, form, zone)
        if case is None or (form.units is not None and not form.units.holds(key.unit_id, key.span)):
            continue
        counts = dict(zip(NAMES, (*counted(case), int(simulated)), strict=True))
        some = {name: count for name, count in counts.items() if count}
        found.append(CaseOfForm(case_id=timeline.case_id, counted_for=key, counts=some))
    return found, faults


def _counted_for(timeline: CaseTimeline, form: CountedForm, zone: ZoneInfo) -> CountedFor:
    unit, sector = timeline.unit, timeline.field
    return CountedFor(
        unit_id=None if unit is None else unit.id,
        unit_name=None if unit is None else unit.name,
        field_id=None if sector is None else sector.id,
        field_name=None if sector is None else sector.name,
        span=_span(timeline, form.spans, zone),
    )


def _span(timeline: CaseTimeline, spans: TreeSpans, zone: ZoneInfo) -> int:
    """The span of the tree to which the case belongs: that of its finish, of an open one that of the period's end."""
    if timeline.finished_at is None:
        return spans.last
    return bisect_right(spans.days, timeline.finished_at.at.astimezone(zone).date())
