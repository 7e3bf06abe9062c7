"""What is explained and decided of a case, as the outside sees it (section E)."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from pydantic import BeforeValidator, Field

from tiendo_contracts.answers.common import Answer, Bearer, InstantText, Marked, Minutes, ShownName
from tiendo_domain.accountability import Objection
from tiendo_domain.explanations import (
    BearerKind,
    Difficulty,
    Effect,
    EffectKind,
    MovedFigure,
    Outcome,
    ReceiverKind,
    effect_kind,
)
from tiendo_domain.instants import Instant, LocalDate
from tiendo_domain.timeline_types import CaseClass, Decision, DecisionMark, Explanation, ExplanationState


def _moment(moment: object) -> object:
    match moment:
        case Instant(text=text):
            return text
        case LocalDate(on=on):
            return on.isoformat()
        case _:
            return moment


_MomentText = Annotated[
    str,
    BeforeValidator(_moment),
    Field(description="RFC 3339 with an offset, or a local date, as sent", examples=["2022-08-15"]),
]


class DocumentAnswer(Answer):
    """A numbered document and when it was signed."""

    document_number: str = Field(examples=["123/QĐ-STNMT"])
    signed_at: _MomentText


class TitledDocumentAnswer(DocumentAnswer):
    """A document that an explanation refers to."""

    title: str | None


_EnteredBy = Annotated[
    str | None,
    Field(description="who entered it: the id of a key, or who had signed in; null where that is not known"),
]


class PersonAnswer(Answer):
    """A person as named in an explanation or a decision."""

    id: str | None
    name: str | None
    position: str | None
    unit: ShownName


class EventKeyAnswer(Answer):
    """The idempotency key of an explanation."""

    source: str
    id: str


class MovedFrom(Answer):
    """Whose minutes are moved, as the decision names it."""

    kind: BearerKind
    id: str | None
    name: str | None
    unit: ShownName


class MovedTo(Answer):
    """To whom minutes are moved, as the decision names it."""

    kind: ReceiverKind
    id: str | None
    name: str | None


class EffectAnswer(Answer):
    """What a decision changes; members of other kinds are null (rules E2, E3, E4)."""

    kind: EffectKind
    evidence: DocumentAnswer | None
    finished_at: InstantText | None
    recorded_at_source: InstantText | None
    of: MovedFigure | None
    from_: MovedFrom | None = Field(alias="from")
    to: MovedTo | None
    minutes: int | None
    share_minutes: int | None


class ExplanationAnswer(Answer):
    """An explanation, and what has become of it (rule E6)."""

    source: str
    id: str
    filed_at: InstantText
    state: ExplanationState
    officer: PersonAnswer | None
    unit: ShownName
    reason: Difficulty
    text: str
    asks: EffectKind | EffectAnswer | None = Field(
        description="the kind of the effect that is asked for, or the effect"
    )
    documents: list[TitledDocumentAnswer]
    entered_by: _EnteredBy


class DecisionAnswer(Answer):
    """A decision on an explanation or without one (rules E1 to E5)."""

    source: str
    id: str
    decided_at: InstantText
    stands: bool = Field(
        description="whether any of it still holds: nothing later replaces all of it; `marks` say where it has no effect"
    )
    marks: list[DecisionMark] = Field(description="why it does not do all that it says, or no longer fits")
    explanation: EventKeyAnswer | None
    outcome: Outcome
    effects: list[EffectAnswer]
    decided_by: PersonAnswer
    document: DocumentAnswer
    text: str
    entered_by: _EnteredBy


class ListedExplanationAnswer(ExplanationAnswer):
    """An explanation in the list over all cases, with the case and what whoever explains bears in it."""

    case_id: str
    aliases: list[str] = Field(description="the case's other codes (rule N4)")
    simulated: bool
    whole: bool = Field(description="whether the caller sees the case whole; else others are shown by kind and unit")
    procedure: ShownName
    responsible_unit: ShownName
    received_at: InstantText | None
    judged_due_at: InstantText | None
    finished_at: InstantText | None
    case_class: CaseClass | None = Field(alias="class")
    class_by_rule: CaseClass | None
    party: Bearer = Field(description="whose lateness is explained, as the case names them")
    had_part: bool = Field(description="whether they held the case or bear something in it by rule")
    minutes: Minutes = Field(description="their share of the lateness, after decisions")
    by_rule_minutes: Minutes = Field(description="the same without any decision (rule E1)")
    late_entry_minutes: Minutes = Field(description="their minutes of a late entry, after decisions")
    late_entry_by_rule_minutes: Minutes = Field(description="the same without any decision")
    decisions: list[DecisionAnswer] = Field(description="the decisions on it, by rule T1")
    pending_days: int | None = Field(
        ge=0, description="whole days since it was filed, in the calendar of the case; null unless it is pending"
    )
    may_decide: bool = Field(
        description="whether the caller may decide on it: has the scope, for parties of units below theirs, and bears nothing in the case"
    )
    may_not_decide: Objection | None = Field(description="why not, where the caller has the scope")


class ExplanationPage(Marked):
    """A page of explanations, the oldest first."""

    items: list[ListedExplanationAnswer]
    next: str | None


class LateEntryAnswer(Answer):
    """One party's part of the minutes by which a finish in time was entered late (rules C, E2)."""

    party: Bearer
    minutes: Minutes
    received_by_decision_minutes: Minutes = Field(description="of these, moved here by decisions (rule E4)")


def explanation_answers(explanations: Iterable[Explanation]) -> list[ExplanationAnswer]:
    """The explanations, by rule T1."""
    return [
        ExplanationAnswer.model_validate(
            {
                **_members(one.said),
                "source": one.source,
                "id": one.id,
                "filed_at": one.filed_at,
                "state": one.state,
                "asks": _asked(one.said.asks),
                "documents": list(one.said.documents or ()),
                "entered_by": one.entered_by,
            }
        )
        for one in explanations
    ]


def decision_answers(decisions: Iterable[Decision]) -> list[DecisionAnswer]:
    """The decisions, by rule T1."""
    return [
        DecisionAnswer.model_validate(
            {
                **_members(one.said),
                "source": one.source,
                "id": one.id,
                "decided_at": one.decided_at,
                "stands": one.stands,
                "marks": one.marks,
                "effects": [_effect(effect) for effect in one.said.effects or ()],
                "entered_by": one.entered_by,
            }
        )
        for one in decisions
    ]


def _asked(asks: EffectKind | Effect | None) -> EffectKind | dict[str, Any] | None:
    return asks if asks is None or isinstance(asks, EffectKind) else _effect(asks)


def _effect(effect: Effect) -> dict[str, Any]:
    nothing = dict.fromkeys(field.alias or name for name, field in EffectAnswer.model_fields.items())
    return {**nothing, "kind": effect_kind(effect), **_members(effect)}


def _members(said: msgspec.Struct) -> dict[str, Any]:
    """The members of what was said, by the names that events give them."""
    return {member.encode_name: getattr(said, member.name) for member in msgspec.structs.fields(said)}
