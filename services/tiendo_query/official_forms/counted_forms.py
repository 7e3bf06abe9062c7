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

from tiendo_domain.form_standings import COUNT_NAMES, FormPeriod, counted, form_case
from tiendo_domain.timeline_types import Basis, CaseTimeline
from tiendo_query.query_side import Snapshot
from tiendo_read_models.folding import StoredText
from tiendo_read_models.queries.counts import CountedFor
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.refolding import ToFold, View, cases_concerned, fold_timelines
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans

_CASES_AT_ONCE: Final = 500
SIMULATED: Final = "simulated"
NAMES: Final = (*COUNT_NAMES, SIMULATED)
"""What is counted, in the order of `FormSums`."""

FormSums = Mapping[CountedFor, tuple[int, ...]]
"""By responsible unit, field and span of the tree: how many cases are what."""

_journal = structlog.get_logger("tiendo.query")


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedForm:
    """What is counted: the cases of the `units` over the period, by what was known at `known_at` (None: everything)."""

    period: Period
    zone: ZoneInfo
    spans: TreeSpans
    units: CountedUnits | None
    known_at: datetime | None


async def form_sums(snapshot: Snapshot, form: CountedForm) -> FormSums:
    """The counts. A case that cannot be folded is told of in the journal and counts nowhere, as in every list."""
    found: dict[CountedFor, Counter[str]] = {}
    rules = await snapshot.histories.rules(snapshot.reader.position, known_at=form.known_at)
    view = View(
        as_of=form.period.last_moment,
        rules=rules,
        position=snapshot.reader.position,
        known_at=form.known_at,
        basis=Basis.RECORDED,
    )
    async for cases in _cases(snapshot, form):
        for group, stored, by_rules in await snapshot.histories.cases(cases, view):
            counts, faults = await asyncio.to_thread(partial(_counted, group, stored, by_rules, form))
            for key, more in counts.items():
                found.setdefault(key, Counter()).update(more)
            for case_id, cause in faults.items():
                _journal.error("case cannot be folded", case_id=case_id, cause=cause)
    return {key: tuple(more[name] for name in NAMES) for key, more in found.items()}


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
) -> tuple[dict[CountedFor, Counter[str]], dict[str, str]]:
    found: dict[CountedFor, Counter[str]] = {}
    period = FormPeriod(start=form.period.start, end=form.period.end, seen_at=form.period.as_of, zone=form.zone)
    timelines, faults = fold_timelines(cases, stored, view)
    for timeline, simulated in timelines:
        case = form_case(timeline, period)
        key = _counted_for(timeline, form)
        if case is None or (form.units is not None and not form.units.holds(key.unit_id, key.span)):
            continue
        counts = dict(zip(NAMES, (*counted(case), int(simulated)), strict=True))
        found.setdefault(key, Counter()).update({name: count for name, count in counts.items() if count})
    return found, faults


def _counted_for(timeline: CaseTimeline, form: CountedForm) -> CountedFor:
    unit, sector = timeline.unit, timeline.field
    return CountedFor(
        unit_id=None if unit is None else unit.id,
        unit_name=None if unit is None else unit.name,
        field_id=None if sector is None else sector.id,
        field_name=None if sector is None else sector.name,
        span=_span(timeline, form),
    )


def _span(timeline: CaseTimeline, form: CountedForm) -> int:
    """The span of the tree to which the case belongs: that of its finish, of an open one that of the period's end."""
    if timeline.finished_at is None:
        return form.spans.last
    return bisect_right(form.spans.days, timeline.finished_at.at.astimezone(form.zone).date())
