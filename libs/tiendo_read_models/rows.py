"""The rows of one case, from its events and its timeline. Pure: the same facts give the same rows, whatever the order of delivery."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tiendo_domain.facts import CaseEvent
from tiendo_domain.instants import Instant
from tiendo_domain.overdue import is_open
from tiendo_domain.timeline.counted import recorded_instant
from tiendo_domain.timeline_types import Attribution, CaseTimeline, Hold, Party
from tiendo_read_models import tables
from tiendo_read_models.statements import Said, UnitStatement, said_by

ROWS_VERSION = 3
"""Raised whenever the same facts and rules give other rows: builds of another version are made anew when a projector starts."""

_SIMULATED_SOURCES = "/simulation/"
_ONE_MINUTE = timedelta(minutes=1)
_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode

CASE_COLUMNS = tuple(column.name for column in tables.cases.columns)
HOLD_COLUMNS = tuple(column.name for column in tables.holds.columns)
ATTRIBUTION_COLUMNS = tuple(column.name for column in tables.attributions.columns)

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRows:
    """Everything that the read models hold of one case; the tuples are in the order of the tables' columns."""

    case_id: str
    shard: int
    case: Row
    holds: tuple[Row, ...]
    attributions: tuple[Row, ...]
    units: tuple[UnitStatement, ...]
    event_count: int
    last_position: int


def latest_event_at(events: Sequence[CaseEvent]) -> datetime:
    """The latest instant that the events name as their `time` or `recordedat`: the one at which a row is folded.

    So the row depends on the facts alone, and is final on both bases once the case has finished.
    """
    return max(recorded_instant(event).at for event in events)


def is_simulated(events: Sequence[CaseEvent]) -> bool:
    """Whether simulated events are among them: then everything that rests on them says so."""
    return any(event.source.startswith(_SIMULATED_SOURCES) for event in events)


def case_rows(shard: int, events: Sequence[CaseEvent], timeline: CaseTimeline) -> CaseRows:
    """The rows of the case that `timeline` is about, folded at the latest instant of `events`."""
    said = said_by(events)
    return CaseRows(
        case_id=timeline.case_id,
        shard=shard,
        case=_case_row(shard, events, timeline, said),
        holds=tuple(_hold_row(timeline.case_id, ordinal, hold) for ordinal, hold in enumerate(timeline.holds)),
        attributions=tuple(
            _attribution_row(timeline.case_id, ordinal, share) for ordinal, share in enumerate(timeline.attributions)
        ),
        units=said.units,
        event_count=timeline.event_count,
        last_position=timeline.last_position,
    )


def needs_fold(timeline: CaseTimeline) -> bool:
    """Whether the row changes as time goes on in a way that no closed form tells.

    An open case's judged due still moves: the clock stands since the judged due or before (rule D2). A pause that begins later moves nothing;
    the minute's distance covers the cutting of instants (rule T2). Or the case is not open, but has no finish in the order in which its events
    were recorded (rule T4), so that its system lateness grows.
    """
    if not is_open(timeline):
        return timeline.system_provisional and timeline.system_lateness_minutes is not None
    if timeline.judged_due_at is None:
        return False
    began_at: datetime | None = None
    for hold in reversed(timeline.holds):
        if not hold.paused:
            break
        began_at = hold.started_at.at
    return began_at is not None and began_at - _ONE_MINUTE <= timeline.judged_due_at.at


def _overdue_after(timeline: CaseTimeline) -> datetime | None:
    if not is_open(timeline) or needs_fold(timeline) or timeline.judged_due_at is None:
        return None
    return timeline.judged_due_at.at


def _sent(instant: Instant | None) -> tuple[datetime | None, str | None]:
    return (None, None) if instant is None else (instant.at, instant.text)


def _party(party: Party | None) -> Row:
    if party is None:
        return (None,) * 7
    unit = party.unit
    unit_names = (None, None) if unit is None else (unit.id, unit.name)
    return (party.key, party.kind.value, party.id, party.name, party.position, *unit_names)


def _current_holder(timeline: CaseTimeline) -> Party | None:
    return timeline.holds[-1].party if timeline.holds and is_open(timeline) else None


def _anomalies(timeline: CaseTimeline) -> str:
    return _json([{"kind": anomaly.kind.value, "event_ids": anomaly.event_ids} for anomaly in timeline.anomalies])


def _case_row(shard: int, events: Sequence[CaseEvent], timeline: CaseTimeline, said: Said) -> Row:
    return (
        timeline.case_id,
        shard,
        timeline.source,
        is_simulated(events),
        *_subject(timeline),
        timeline.state.value,
        None if timeline.case_class is None else timeline.case_class.value,
        timeline.accepted,
        timeline.provisional,
        *_instants(timeline),
        timeline.overdue,
        _overdue_after(timeline),
        needs_fold(timeline),
        timeline.lateness_minutes,
        timeline.system_lateness_minutes,
        timeline.late_entry_minutes,
        *_party(timeline.late_entry_party),
        *_party(_current_holder(timeline)),
        timeline.policy.value,
        timeline.calendar_version,
        timeline.event_count,
        min(event.occurred_at.at for event in events),
        latest_event_at(events),
        timeline.last_position,
        _anomalies(timeline),
        _json(said.parents),
        said.holder_names,
    )


def _subject(timeline: CaseTimeline) -> Iterator[str | None]:
    for named in (timeline.unit, timeline.procedure, timeline.field):
        yield None if named is None else named.id
        yield None if named is None else named.name
    yield timeline.channel


def _instants(timeline: CaseTimeline) -> Row:
    return (
        *_sent(timeline.submitted_at),
        *_sent(timeline.received_at),
        *_sent(timeline.due_at),
        *_sent(timeline.due_recomputed_at),
        *_sent(timeline.judged_due_at),
        *_sent(timeline.completed_at),
        *_sent(timeline.finished_at),
        None if timeline.finish_recorded_at is None else timeline.finish_recorded_at.at,
        *_sent(timeline.delivered_at),
    )


def _hold_row(case_id: str, ordinal: int, hold: Hold) -> Row:
    step = hold.step
    return (
        case_id,
        ordinal,
        *_party(hold.party),
        None if step is None else step.id,
        None if step is None else step.name,
        *_sent(hold.started_at),
        *_sent(hold.ended_at),
        hold.working_minutes,
        hold.allotted_minutes,
        hold.overrun_minutes,
        hold.lateness_in_minutes,
        hold.lateness_out_minutes,
        hold.paused,
        hold.inferred,
        hold.event_ids,
    )


def _attribution_row(case_id: str, ordinal: int, share: Attribution) -> Row:
    return (case_id, ordinal, *_party(share.party), share.minutes, share.rule, share.event_ids)
