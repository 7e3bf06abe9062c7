"""What is explained and decided about the lateness of a case: facts beside its course, which they never change (section E).

Declared as the facts of the course are (`facts`). One class per event type `vn.tiendo.explanation.<kind>.v1`.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, assert_never

from msgspec import Meta, Struct, field

from tiendo_domain.facts import EventKey, LoggedFact, Person, SignedDocument, Unit
from tiendo_domain.instants import Instant, Moment
from tiendo_domain.member_rules import (
    DOCUMENTS_MAX,
    EFFECTS_MAX,
    Identifier,
    IntegerRule,
    ListRule,
    NamedRule,
    Reason,
    SaidText,
    Statement,
    Text,
)


class Difficulty(StrEnum):
    """Why it was late, by those who explain it (rule E6)."""

    FORCE_MAJEURE = "force-majeure"
    APPLICANT = "applicant"
    CONSULTED_UNIT = "consulted-unit"
    OVERLOAD = "overload"
    ABSENCE = "absence"
    WRONG_ASSIGNMENT = "wrong-assignment"
    SYSTEM_FAULT = "system-fault"
    SYNC_FAULT = "sync-fault"
    OTHER = "other"


class EffectKind(StrEnum):
    """What an explanation asks for, and a decision does (rules E2, E3, E4)."""

    LATE_ENTRY = "late-entry"
    LATE_SYNC = "late-sync"
    MOVE = "move"


class Outcome(StrEnum):
    """What was decided."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class MovedFigure(StrEnum):
    """Of which minutes of a party a move takes (rule E4)."""

    SHARE = "share"
    LATE_ENTRY = "late-entry"


class BearerKind(StrEnum):
    """Who bears a share, from which a move may take."""

    OFFICER = "officer"
    UNIT = "unit"
    CONSULTED_UNIT = "consulted-unit"
    UNKNOWN = "unknown"
    ORGANISATION = "organisation"


class ReceiverKind(StrEnum):
    """To whom minutes may be moved: never to a person (rule E4)."""

    ORGANISATION = "organisation"
    APPLICANT = "applicant"
    SUSPENSION = "suspension"
    UNIT = "unit"
    CONSULTED_UNIT = "consulted-unit"


class _Stated(Struct, frozen=True, kw_only=True, gc=False):
    """An object in an event."""


class NumberedDocument(SignedDocument, frozen=True, kw_only=True):
    """A document of which both the number and when it was signed are known."""

    document_number: Annotated[SaidText, Meta(description="number of the document")]
    signed_at: Annotated[
        Moment, Meta(description="when it was signed: RFC 3339 with an offset, or a local date such as 2022-08-15")
    ]


class TitledDocument(NumberedDocument, frozen=True, kw_only=True):
    """A document that an explanation refers to."""

    title: Annotated[Text | None, Meta(description="what it is about (trích yếu)")] = None


class GivingParty(_Stated, frozen=True, kw_only=True):
    """The party whose minutes are moved; an officer or unit by `id`, without one by name."""

    kind: Annotated[BearerKind, Meta(description="what it is")]
    id: Annotated[Identifier | None, Meta(description="code of the officer or unit")] = None
    name: Annotated[Text | None, Meta(description="name of the officer or unit")] = None
    unit: Annotated[Unit | None, Meta(description="the officer's unit, where the officer has no `id`")] = None


class TakingParty(_Stated, frozen=True, kw_only=True):
    """The party that minutes are moved to; a unit by `id`, without one by name."""

    kind: Annotated[ReceiverKind, Meta(description="what it is; `suspension` is force majeure")]
    id: Annotated[Identifier | None, Meta(description="code of the unit")] = None
    name: Annotated[Text | None, Meta(description="name of the unit")] = None


class LateEntryEffect(_Stated, frozen=True, kw_only=True, tag_field="kind", tag=EffectKind.LATE_ENTRY.value):
    """The case was finished in time and only entered late (rule E2)."""

    evidence: Annotated[NumberedDocument, Meta(description="the document that shows it")]
    finished_at: Annotated[
        Instant | None,
        Meta(description="when it was finished, for a case that is late by its own events: RFC 3339 with an offset"),
    ] = None


class LateSyncEffect(_Stated, frozen=True, kw_only=True, tag_field="kind", tag=EffectKind.LATE_SYNC.value):
    """The source had recorded the finish in time and only sent it late (rule E3)."""

    recorded_at_source: Annotated[Instant, Meta(description="when the source recorded it: RFC 3339 with an offset")]


class MoveEffect(_Stated, frozen=True, kw_only=True, tag_field="kind", tag=EffectKind.MOVE.value):
    """Minutes of one party's share go to another that is no person (rule E4)."""

    of: Annotated[MovedFigure | None, Meta(description="of which minutes; absent: of the share")] = None
    from_: Annotated[GivingParty, Meta(description="whose minutes")] = field(name="from")
    to: Annotated[TakingParty, Meta(description="whose they are from now on")]
    minutes: Annotated[
        Annotated[int, IntegerRule(least=1)] | None, Meta(description="how many; absent: `share_minutes`")
    ] = None
    share_minutes: Annotated[
        Annotated[int, IntegerRule(least=0)] | None, Meta(description="the minutes as they were when it was decided")
    ] = None


Effect = LateEntryEffect | LateSyncEffect | MoveEffect


def effect_kind(effect: Effect) -> EffectKind:
    """What kind of effect it is."""
    return EffectKind(str(effect.__struct_config__.tag))


class ExplanationFiled(LoggedFact, frozen=True, kw_only=True):
    """An officer or a unit explains its lateness in a case (rule E1)."""

    kind: ClassVar[str] = "explanation.filed"
    officer: Annotated[Annotated[Person, NamedRule()] | None, Meta(description="whose lateness is explained")] = None
    unit: Annotated[
        Annotated[Unit, NamedRule()] | None, Meta(description="whose lateness is explained, where it is a unit's")
    ] = None
    reason: Annotated[Difficulty, Meta(description="why it was late (rule E6)")]
    text: Annotated[Statement, Meta(description="what is said of it")]
    asks: Annotated[
        EffectKind | LateEntryEffect | LateSyncEffect | MoveEffect | None,
        Meta(description="the effect that is asked for: its kind, or the whole of it"),
    ] = None
    documents: Annotated[
        Annotated[tuple[TitledDocument, ...], ListRule(most=DOCUMENTS_MAX)] | None,
        Meta(description="the documents it rests on"),
    ] = None

    @property
    def asked_kind(self) -> EffectKind | None:
        """The kind of effect that is asked for, however much is said of it."""
        if self.asks is None or isinstance(self.asks, EffectKind):
            return self.asks
        return effect_kind(self.asks)


class ExplanationWithdrawn(LoggedFact, frozen=True, kw_only=True):
    """An explanation is withdrawn; after a decision on it that changes nothing (rule E6)."""

    kind: ClassVar[str] = "explanation.withdrawn"
    explanation: Annotated[EventKey, Meta(description="the explanation")]
    reason: Annotated[Reason | None, Meta(description="why")] = None


class ExplanationDecided(LoggedFact, frozen=True, kw_only=True):
    """A named person decides, with a document, on an explanation or without one (rules E1 to E5)."""

    kind: ClassVar[str] = "explanation.decided"
    explanation: Annotated[EventKey | None, Meta(description="the explanation that is decided on")] = None
    outcome: Annotated[Outcome, Meta(description="`accepted` has effects, `refused` has none")]
    effects: Annotated[
        Annotated[tuple[Effect, ...], ListRule(most=EFFECTS_MAX)] | None, Meta(description="what is changed by it")
    ] = None
    decided_by: Annotated[Annotated[Person, NamedRule(by_name=True)], Meta(description="who decided")]
    document: Annotated[NumberedDocument, Meta(description="the document of the decision")]
    text: Annotated[Statement, Meta(description="why")]


ExplanationFact = ExplanationFiled | ExplanationWithdrawn | ExplanationDecided
EXPLANATION_FACTS = (ExplanationFiled, ExplanationWithdrawn, ExplanationDecided)
"""The classes of the same, for telling them from the facts of the course."""


def persons_named(fact: ExplanationFact) -> list[Person]:
    """The officers that it names: who explains, who decided, whose minutes are moved."""
    match fact:
        case ExplanationFiled(officer=officer):
            return [] if officer is None else [officer]
        case ExplanationDecided(decided_by=decided_by, effects=effects):
            moved = [effect.from_ for effect in effects or () if isinstance(effect, MoveEffect)]
            officers = [each for each in moved if each.kind is BearerKind.OFFICER]
            return [decided_by, *(Person(id=each.id, name=each.name, unit=each.unit) for each in officers)]
        case ExplanationWithdrawn():
            return []
        case _:
            assert_never(fact)
