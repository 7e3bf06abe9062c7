"""The rows of what is explained of a case, from its timeline."""

from tiendo_domain.overdue import is_open
from tiendo_domain.timeline_types import (
    CaseTimeline,
    DecisionMark,
    Explanation,
    ExplanationState,
    PartyKind,
)
from tiendo_read_models.members import Row
from tiendo_read_models.tables import EXPLANATION
from tiendo_read_models.unit_places import CasePlaces


def explanation_rows(timeline: CaseTimeline, places: CasePlaces, place_id: int | None) -> tuple[Row, ...]:
    """One row an explanation, by rule T1; `place_id` is the place of the responsible unit.

    What an explanation itself says of an officer's unit opens it to nobody: only who had part in the case has a place in it.
    """
    return tuple(
        EXPLANATION.row(
            one,
            case_id=timeline.case_id,
            ordinal=ordinal,
            case_place_id=place_id,
            party_place_id=places.of_party(one.party) if one.had_part or one.party.kind is PartyKind.UNIT else None,
            open=is_open(timeline),
            outcome=_outcome(one, timeline),
            reason=one.said.reason.value,
        )
        for ordinal, one in enumerate(timeline.explanations)
    )


def _outcome(explanation: Explanation, timeline: CaseTimeline) -> str | None:
    """What the last decision on it says that counts; None while it is not decided."""
    if explanation.state is not ExplanationState.DECIDED:
        return None
    key = (explanation.source, explanation.id)
    outcomes = [
        one.said.outcome.value
        for one in timeline.decisions
        if one.said.explanation is not None
        and (one.said.explanation.source, one.said.explanation.id) == key
        and DecisionMark.DECIDED_BY_PARTY not in one.marks
    ]
    return outcomes[-1]
