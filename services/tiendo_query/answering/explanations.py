"""Explanations of the list as answers."""

from datetime import datetime

from tiendo_contracts.answers.explanations import ListedExplanationAnswer, decision_answers, explanation_answers
from tiendo_domain.accountability import Author, objection_to_deciding_on
from tiendo_domain.timeline_types import CaseTimeline, Decision, Explanation, ExplanationState
from tiendo_query.accountability.explained_cases import ListedExplanation
from tiendo_read_models.burdens import Burden, burdens
from tiendo_runtime.authentication import Caller, Scope


def listed_explanation(
    one: ListedExplanation, caller: Caller, author: Author, now: datetime
) -> ListedExplanationAnswer:
    """The explanation with its case, for the caller."""
    explanation, timeline = one.explanation, one.seen.timeline
    [said] = explanation_answers([explanation])
    decides = Scope.DECIDE in caller.scopes
    found = objection_to_deciding_on(author, explanation.said, one.case) if decides else None
    burden = _burden(explanation, timeline)
    return ListedExplanationAnswer.model_validate(
        {
            **said.model_dump(by_alias=True),
            "case_id": timeline.case_id,
            "aliases": list(timeline.aliases),
            "simulated": one.seen.simulated,
            "whole": one.seen.whole,
            "procedure": timeline.procedure,
            "responsible_unit": timeline.unit,
            "received_at": timeline.received_at,
            "judged_due_at": timeline.judged_due_at,
            "finished_at": timeline.finished_at,
            "class": timeline.case_class,
            "class_by_rule": timeline.class_by_rule,
            "party": explanation.party,
            "had_part": explanation.had_part,
            "minutes": 0 if burden is None else burden.minutes,
            "by_rule_minutes": 0 if burden is None else burden.by_rule_minutes,
            "late_entry_minutes": 0 if burden is None else burden.late_entry_minutes,
            "late_entry_by_rule_minutes": 0 if burden is None else burden.late_entry_by_rule_minutes,
            "decisions": [
                answer.model_dump(by_alias=True) for answer in decision_answers(decisions_on(explanation, timeline))
            ],
            "pending_days": _pending_days(explanation, timeline, now),
            "may_decide": decides and found is None,
            "may_not_decide": found,
        }
    )


def decisions_on(explanation: Explanation, timeline: CaseTimeline) -> list[Decision]:
    """The decisions that answer the explanation, by rule T1."""
    key = (explanation.source, explanation.id)
    return [
        one
        for one in timeline.decisions
        if one.said.explanation is not None and (one.said.explanation.source, one.said.explanation.id) == key
    ]


def _burden(explanation: Explanation, timeline: CaseTimeline) -> Burden | None:
    return next((one for one in burdens(timeline) if one.party.key == explanation.party.key), None)


def _pending_days(explanation: Explanation, timeline: CaseTimeline, now: datetime) -> int | None:
    if explanation.state is not ExplanationState.PENDING:
        return None
    zone = timeline.calendar.zone
    return max(0, (now.astimezone(zone).date() - explanation.filed_at.at.astimezone(zone).date()).days)
