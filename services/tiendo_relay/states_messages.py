"""What is said of a case over Kafka, from the rows that the read models hold of it."""

import json
from collections.abc import Sequence
from datetime import UTC
from typing import Any, TypeVar

import structlog
from pydantic import ValidationError

from tiendo_contracts.messages import CaseState, CaseTimelineState, DelayAttributionsState
from tiendo_read_models.published import ChangedCase, StoredRow

Plain = dict[str, Any]
"""A part of a message before it is checked: its members by name. The whole is checked at once."""

_State = TypeVar("_State", bound=CaseState)
_journal = structlog.get_logger("tiendo.relay")


def timeline_state(changed: ChangedCase) -> CaseTimelineState:
    """The timeline of the case. Of one that could not be folded it says that alone."""
    if changed.case is None:
        return CaseTimelineState(case_id=changed.case_id, fault=True)
    members = {
        **_members(changed.case),
        "holds": [_hold(row) for row in changed.holds],
        "attributions": [share(row) for row in changed.attributions],
        "anomalies": _anomalies(changed.case.anomalies),
    }
    return _checked(CaseTimelineState, members)


def shares_of(timeline: CaseTimelineState) -> DelayAttributionsState:
    """What a timeline says of the lateness alone."""
    said = {name: getattr(timeline, name) for name in CaseState.model_fields}
    return DelayAttributionsState.model_construct(**said, attributions=timeline.attributions)


def attributions_state(
    changed: ChangedCase, shares: Sequence[Plain] | None = None, **seen: Plain
) -> DelayAttributionsState:
    """All shares of the case's lateness. Of a case that could not be folded it says that alone.

    `shares` and further members in `seen` take the place of what the rows say: what somebody may see of it.
    """
    if changed.case is None:
        return DelayAttributionsState(case_id=changed.case_id, fault=True)
    if shares is None:
        shares = [share(row) for row in changed.attributions]
    return _checked(DelayAttributionsState, {**_members(changed.case), "attributions": shares, **seen})


def party_in(row: StoredRow, prefix: str) -> Plain:
    """The party in the columns `<prefix>_kind` and so on."""
    return {
        "key": getattr(row, f"{prefix}_key"),
        "kind": getattr(row, f"{prefix}_kind"),
        "id": getattr(row, f"{prefix}_id"),
        "name": getattr(row, f"{prefix}_name"),
        "position": getattr(row, f"{prefix}_position"),
        "unit": _named(getattr(row, f"{prefix}_unit_id"), getattr(row, f"{prefix}_unit_name")),
    }


def share(row: StoredRow) -> Plain:
    """One share of the lateness."""
    return {"party": party_in(row, "party"), "minutes": row.minutes, "rule": row.rule, "event_ids": row.event_ids}


def _checked(model: type[_State], members: Plain) -> _State:
    """The state; that of a fault where the contract has no room for what the rows hold, so that one case keeps no other from being told."""
    try:
        return model.model_validate(members)
    except ValidationError as error:
        _journal.exception("case cannot be told", case_id=members["case_id"], error=str(error.errors()[0]))
        return model(case_id=members["case_id"], fault=True)


def _members(row: StoredRow) -> Plain:
    """What both states say of the case as a whole."""
    return {
        "case_id": row.case_id,
        "simulated": row.simulated,
        "source": row.source,
        "unit": _named(row.unit_id, row.unit_name),
        "procedure": _named(row.procedure_id, row.procedure_name),
        "field": _named(row.field_id, row.field_name),
        "channel": row.channel,
        "state": row.state,
        "case_class": row.case_class,
        "overdue": row.overdue,
        "provisional": row.provisional,
        "accepted": row.accepted,
        "submitted_at": row.submitted_text,
        "received_at": row.received_text,
        "due_at": row.due_text,
        "due_recomputed_at": row.due_recomputed_text,
        "judged_due_at": row.judged_due_text,
        "completed_at": row.completed_text,
        "finished_at": row.finished_text,
        "delivered_at": row.delivered_text,
        "lateness_minutes": row.lateness_minutes,
        "system_lateness_minutes": row.system_lateness_minutes,
        "late_entry_minutes": row.late_entry_minutes,
        "late_entry_party": None if row.late_entry_kind is None else party_in(row, "late_entry"),
        "policy": row.policy,
        "as_of": row.last_event_at.astimezone(UTC).isoformat(),
        "calendar_version": row.calendar_version,
        "event_count": row.event_count,
        "last_position": row.last_position,
    }


def _named(identity: str | None, name: str | None) -> Plain | None:
    return None if identity is None and name is None else {"id": identity, "name": name}


def _hold(row: StoredRow) -> Plain:
    return {
        "party": party_in(row, "party"),
        "step": _named(row.step_id, row.step_name),
        "started_at": row.started_text,
        "ended_at": row.ended_text,
        "working_minutes": row.working_minutes,
        "allotted_minutes": row.allotted_minutes,
        "overrun_minutes": row.overrun_minutes,
        "lateness_in_minutes": row.lateness_in_minutes,
        "lateness_out_minutes": row.lateness_out_minutes,
        "paused": row.paused,
        "inferred": row.inferred,
        "event_ids": row.event_ids,
    }


def _anomalies(stored: str | Sequence[Plain]) -> Sequence[Plain]:
    """As they come from the database: as text unless the driver has read it."""
    anomalies: Sequence[Plain] = json.loads(stored) if isinstance(stored, str) else stored
    return anomalies
