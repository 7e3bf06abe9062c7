"""The timeline of one case as the outside sees it."""

from typing import Any, Final

from pydantic import ConfigDict, Field

from tiendo_contracts.answers.anomaly_messages import anomaly_message
from tiendo_contracts.answers.cases import CaseMembers
from tiendo_contracts.answers.common import (
    Answer,
    Bearer,
    Holder,
    InstantText,
    Marked,
    Minutes,
    ShownName,
    notice_of,
)
from tiendo_contracts.answers.explanations import (
    DecisionAnswer,
    ExplanationAnswer,
    LateEntryAnswer,
    decision_answers,
    explanation_answers,
)
from tiendo_contracts.problems.problem_documents import Language
from tiendo_domain.facts import Mark
from tiendo_domain.timeline_types import Basis, CaseTimeline


class ClockAnswer(Answer):
    """One clock of a case (rule C)."""

    started_at: InstantText
    due_at: InstantText | None
    ended_at: InstantText | None = Field(description="null while the clock runs")
    working_minutes: Minutes
    lateness_minutes: Minutes | None = Field(description="null without a due")


class ClocksAnswer(Answer):
    """The three clocks of a case; null where one never started. Only the resolution clock makes lateness, class and shares."""

    acceptance: ClockAnswer | None
    resolution: ClockAnswer | None
    pick_up: ClockAnswer | None


class HoldAnswer(Answer):
    """One stretch of the case with one holder, [started_at, ended_at) (rules H1 to H9, A2, A6)."""

    party: Holder
    step: ShownName
    started_at: InstantText
    ended_at: InstantText | None = Field(description="null for the last hold of an open case")
    working_minutes: Minutes
    allotted_minutes: Minutes | None
    overrun_minutes: Minutes | None
    lateness_in_minutes: int | None = Field(description="negative: time in hand")
    lateness_out_minutes: int | None = Field(description="negative: time in hand")
    paused: bool = Field(description="whether the clock stands during the hold")
    inferred: bool = Field(
        description="a part of it is derived from who worked until when, not stated by a handover (rule H12)"
    )
    absent: bool = Field(description="the unit holds it in place of an officer who was away (rule H10)")
    marks: list[Mark] = Field(description="what translators said of the hold's events, beside what the source said")
    event_ids: list[str] = Field(description="the events that began and ended the hold")


class AttributionAnswer(Answer):
    """One party's share of the lateness (rules A3 to A5)."""

    party: Bearer
    minutes: Minutes
    rule: str = Field(description="the policy with its rule numbers, E4 where a decision changed or made the share")
    received_by_decision_minutes: Minutes = Field(description="of these, moved here by decisions (rule E4)")
    event_ids: list[str]


class AnomalyAnswer(Answer):
    """Something in the facts that does not fit (rule C)."""

    kind: str = Field(examples=["unknown-holder"])
    event_ids: list[str]
    message: str = Field(description="in English or Vietnamese, by Accept-Language")


def _with_example(schema: dict[str, Any]) -> None:
    from tiendo_contracts.answers.examples import timeline_example  # noqa: PLC0415 - which is made of this answer

    schema["examples"] = [timeline_example()]


class TimelineAnswer(CaseMembers, Marked):
    """Who held a case for how long, against which due, and whose share of its lateness is whose."""

    model_config = ConfigDict(json_schema_extra=_with_example)

    late_entry_party: Holder | None = Field(
        description="who held the case at its finish, where it was entered late, and bears that by rule"
    )
    late_entries: list[LateEntryAnswer] = Field(description="who bears how much of the late entry, after decisions")
    basis: Basis
    as_of: InstantText
    known_at: InstantText | None = Field(description="as asked for; null: everything that the log holds")
    clocks: ClocksAnswer
    holds: list[HoldAnswer]
    attributions: list[AttributionAnswer] = Field(description="what holds after decisions")
    attributions_by_rule: list[AttributionAnswer] = Field(description="the same without any decision (rule E1)")
    explanations: list[ExplanationAnswer]
    decisions: list[DecisionAnswer]
    anomalies: list[AnomalyAnswer]


_WRITTEN_OUT: Final = frozenset({"simulated", "notice", "as_of", "known_at", "explanations", "decisions", "anomalies"})
_OF_EQUAL_NAME: Final = tuple(name for name in TimelineAnswer.model_fields if name not in _WRITTEN_OUT)


def timeline_answer(
    timeline: CaseTimeline, *, language: Language, as_of: str, known_at: str | None, simulated: bool
) -> TimelineAnswer:
    """The answer that shows the timeline, member by member of equal name; `as_of` and `known_at` as they are to be shown."""
    return TimelineAnswer.model_validate(
        {
            **{name: getattr(timeline, name) for name in _OF_EQUAL_NAME},
            "simulated": simulated,
            "notice": notice_of(simulated=simulated),
            "as_of": as_of,
            "known_at": known_at,
            "explanations": explanation_answers(timeline.explanations),
            "decisions": decision_answers(timeline.decisions),
            "anomalies": [
                {
                    "kind": anomaly.kind,
                    "event_ids": anomaly.event_ids,
                    "message": anomaly_message(anomaly.kind, language),
                }
                for anomaly in timeline.anomalies
            ],
        }
    )
