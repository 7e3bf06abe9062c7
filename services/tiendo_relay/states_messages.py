"""What is said of a case over Kafka, from the rows that the read models hold of it."""

from collections.abc import Sequence
from datetime import UTC
from typing import TypeVar

import structlog
from pydantic import ValidationError

from tiendo_contracts.messages import CaseState, CaseTimelineState, DelayAttributionsState
from tiendo_contracts.messages.states import HoldOfCase, ShareOfLateness
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
        "attributions": [share(row) for row in shares_above_zero(changed)],
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
        return _untold(DelayAttributionsState, changed)
    if shares is None:
        shares = [share(row) for row in shares_above_zero(changed)]
    return _checked(
        DelayAttributionsState, {**_members(changed.case, DelayAttributionsState), "attributions": shares, **seen}
    )


def shares_above_zero(changed: ChangedCase) -> Sequence[Stored]:
    """The rows of the parties that bear a share: others bear late-entry minutes alone, or nothing after decisions."""
    return [row for row in changed.attributions if row["minutes"] > 0]


def share(row: Stored) -> Plain:
    """One share of the lateness."""
    return ATTRIBUTION.read(row, ShareOfLateness.model_fields)


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
