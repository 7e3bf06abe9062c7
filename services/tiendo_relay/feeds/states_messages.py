"""What is said of a case over Kafka, from the rows that the read models hold of it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from typing import Final, TypeVar

import structlog
from pydantic import ValidationError

from tiendo_contracts.messages import CaseState, CaseTimelineState, DelayAttributionsState
from tiendo_contracts.messages.states import HoldOfCase, LateEntryOfCase, ShareOfLateness
from tiendo_domain.timeline.shares import order_of_borne
from tiendo_read_models.members import Plain, Stored
from tiendo_read_models.published import ChangedCase
from tiendo_read_models.tables import ATTRIBUTION, CASE, HOLD

_State = TypeVar("_State", bound=CaseState)
_journal = structlog.get_logger("tiendo.relay")


def timeline_state(changed: ChangedCase) -> CaseTimelineState:
    """The timeline of the case. Of one that could not be folded, or that is told of under another code, it says that alone."""
    if changed.case is None:
        return _untold(CaseTimelineState, changed)
    members = {
        **_members(changed.case, CaseTimelineState),
        "holds": [HOLD.read(row, HoldOfCase.model_fields) for row in changed.holds],
        **borne_in(changed.attributions),
    }
    return _checked(CaseTimelineState, members)


def shares_of(timeline: CaseTimelineState) -> DelayAttributionsState:
    """What a timeline says of the lateness alone."""
    said = {name: getattr(timeline, name) for name in CaseState.model_fields}
    return DelayAttributionsState.model_construct(
        **said, attributions=timeline.attributions, attributions_by_rule=timeline.attributions_by_rule
    )


def attributions_state(changed: ChangedCase, borne: Plain | None = None, **seen: Plain) -> DelayAttributionsState:
    """All shares of the case's lateness. Of a case that could not be folded it says that alone.

    `borne` and further members in `seen` take the place of what the rows say: what somebody may see of it.
    """
    if changed.case is None:
        return _untold(DelayAttributionsState, changed)
    members = _members(changed.case, DelayAttributionsState) | (borne or borne_in(changed.attributions))
    return _checked(DelayAttributionsState, members | seen)


def borne_in(rows: Sequence[Stored]) -> dict[str, list[Plain]]:
    """What the parties of a case bear, by the members that say it, each party in its place (rule A5)."""
    return {member: list(_of_each_party(rows, minutes, told)) for member, (minutes, told) in _BORNE.items()}


def _of_each_party(rows: Sequence[Stored], minutes: str, told: Callable[[Stored], Plain]) -> Iterator[Plain]:
    bearing = [row for row in rows if row[minutes] > 0]
    bearing.sort(key=lambda row: order_of_borne(row[minutes], row["party_kind"], row["party_id"], row["party_key"]))
    yield from map(told, bearing)


def _share(row: Stored) -> Plain:
    received = row["received_by_decision_minutes"] - row["late_entry_received_minutes"]
    return ATTRIBUTION.read(row, ShareOfLateness.model_fields) | {"received_by_decision_minutes": received}


def _share_by_rule(row: Stored) -> Plain:
    rule, event_ids = row["rule_by_rule"], row["event_ids_by_rule"]
    return _share(row) | {
        "minutes": row["by_rule_minutes"],
        "rule": row["rule"] if rule is None else rule,
        "event_ids": row["event_ids"] if event_ids is None else event_ids,
        "received_by_decision_minutes": 0,
    }


def _late_entry(row: Stored) -> Plain:
    return ATTRIBUTION.read(row, LateEntryOfCase.model_fields) | {
        "minutes": row["late_entry_minutes"],
        "received_by_decision_minutes": row["late_entry_received_minutes"],
    }


_BORNE: Final = {
    "attributions": ("minutes", _share),
    "attributions_by_rule": ("by_rule_minutes", _share_by_rule),
    "late_entries": ("late_entry_minutes", _late_entry),
}
"""Members of states -> the minutes of a row that they tell, where it has any, and how."""


def _untold(model: type[_State], changed: ChangedCase) -> _State:
    """The state of a code of which nothing is said."""
    return model(case_id=changed.case_id, fault=changed.faulty, joined_to=changed.joined_to)


def _checked(model: type[_State], members: Plain) -> _State:
    """The state; that of a fault where the contract has no room for what the rows hold, so that one case keeps no other from being told."""
    try:
        return model.model_validate(members)
    except ValidationError as error:
        _journal.exception("case cannot be told", case_id=members["case_id"], error=str(error.errors()[0]))
        return model(case_id=members["case_id"], fault=True)


def _members(row: Stored, model: type[CaseState]) -> Plain:
    """What a state of the model says of the case as a whole."""
    members = CASE.read(row, model.model_fields)
    return members | {"as_of": row["last_event_at"].astimezone(UTC).isoformat()}
