"""Every figure counted once more in plain Python from the timelines of all cases: what the answers must agree with."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import Basis, CaseClass, CaseTimeline, PartyKind, State
from tiendo_event_store import EventLog
from tiendo_read_models.folding import decoded

OVERDUE = {CaseClass.ACTUAL, CaseClass.LATE_ENTRY, CaseClass.UNPROVEN}
CLOSED = {State.SUBMITTED, State.COMPLETED, State.DELIVERED, State.DECLINED, State.WITHDRAWN}


@dataclass(frozen=True, kw_only=True)
class Known:
    """All events of the log by case, and the rules."""

    events: Mapping[str, list[CaseEvent]]
    rules: RuleBook

    def timelines(self, as_of: datetime, *, basis: Basis = Basis.OCCURRED) -> dict[str, CaseTimeline]:
        """The timeline of every case of which something had happened."""
        return {
            case_id: case_timeline(events, self.rules, as_of=as_of, basis=basis)
            for case_id, events in self.events.items()
            if min(event.occurred_at.at for event in events) <= as_of
        }

    def line(self, unit_id: str | None) -> list[str]:
        """The unit and its configured ancestors."""
        found: list[str] = []
        while unit_id is not None and unit_id not in found:
            found.append(unit_id)
            unit_id = self.rules.parent_of(unit_id, {})
        return found


async def everything_known(engine: AsyncEngine) -> Known:
    """What the log holds."""
    log = EventLog(engine)
    by_case = defaultdict(list)
    for event in await log.read_after(0, 1_000_000):
        if event.shard is not None:
            by_case[event.subject].append(event)
    events = {case_id: decoded(stored) for case_id, stored in by_case.items()}
    return Known(events=events, rules=RuleBook.fold(await log.directory_facts()))


def is_open(timeline: CaseTimeline) -> bool:
    """Received and not finished."""
    return timeline.state not in CLOSED


def counts_as_overdue(timeline: CaseTimeline) -> bool:
    """Late or recorded late by its class, or open and late (rule C)."""
    return timeline.case_class in OVERDUE or (is_open(timeline) and timeline.overdue is True)


def finished_in(timeline: CaseTimeline, start: datetime, end: datetime) -> bool:
    """Whether the finish was recorded in [start, end)."""
    recorded = timeline.finish_recorded_at
    return timeline.finished_at is not None and recorded is not None and start <= recorded.at < end


def counted(timelines: Mapping[str, CaseTimeline], start: datetime, end: datetime) -> Counter[str]:
    """The figures of a report over [start, end) from the timelines as at its end."""
    counts: Counter[str] = Counter()
    for timeline in timelines.values():
        if finished_in(timeline, start, end) and timeline.completed_at is not None:
            counts["resolved"] += 1
            counts["resolved_overdue"] += timeline.case_class in OVERDUE
            for name in ("actual", "late-entry", "unproven", "pause-not-respected"):
                counts[name.replace("-", "_")] += timeline.case_class == name
        counts["open"] += is_open(timeline)
        counts["open_overdue"] += is_open(timeline) and timeline.overdue is True
        for state in (State.DECLINED, State.WITHDRAWN):
            counts[state.value] += finished_in(timeline, start, end) and timeline.state is state
    return counts


Officer = tuple[str | None, str | None, str | None]
"""Id; without one, name and unit id."""


def officer_sums(timelines: Mapping[str, CaseTimeline], start: datetime, end: datetime) -> dict[str, Counter[str]]:
    """Officer id -> totals over the cases finished in [start, end) or open at its end."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for timeline in timelines.values():
        if not (finished_in(timeline, start, end) or is_open(timeline)):
            continue
        here: dict[str, Counter[str]] = defaultdict(Counter)
        for hold in timeline.holds:
            if hold.party.kind is PartyKind.OFFICER and hold.party.id is not None:
                here[hold.party.id]["overrun_minutes"] += hold.overrun_minutes or 0
        for share in timeline.attributions:
            if share.party.kind is PartyKind.OFFICER and share.party.id is not None:
                here[share.party.id]["attributed_minutes"] += share.minutes
        late = timeline.late_entry_party
        if timeline.late_entry_minutes and late is not None and late.kind is PartyKind.OFFICER and late.id is not None:
            here[late.id]["late_entry_minutes"] += timeline.late_entry_minutes
        for officer_id, found in here.items():
            is_late = found["attributed_minutes"] > 0 or found["late_entry_minutes"] > 0
            sums[officer_id].update(found)
            sums[officer_id].update(cases=1, late_cases=int(is_late))
    return sums
