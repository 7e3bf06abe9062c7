"""What the page of a decision shows: what is claimed, what the events say, what can be decided, and what it would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tiendo_contracts.explanation import ANOMALY_WORDS, CLASS_WORDS, number_in_words
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.accountability import Objection
from tiendo_domain.explanations import (
    EffectKind,
    ExplanationDecided,
    LateEntryEffect,
    LateSyncEffect,
    MoveEffect,
    NumberedDocument,
    Outcome,
    ReceiverKind,
)
from tiendo_domain.instants import LocalDate
from tiendo_domain.timeline_types import AnomalyKind, Party, UnitName
from tiendo_query.desk.decision_form import Choices, ChosenEffect, DecisionButton, Receiver, choices
from tiendo_query.desk.drafting import Member, UnsentEvent
from tiendo_query.desk.previewing import Bearing, Preview
from tiendo_query.desk.said_of_one import Explained, SaidOfOne
from tiendo_query.pages.case.picture import Picture, picture_of
from tiendo_query.pages.desk.view import SaidRow, said_row
from tiendo_query.pages.explained import ASKS_WORDS, ToldExplanation, told_explanations
from tiendo_query.pages.sent_forms import NO_FAULTS, Faults
from tiendo_query.pages.showing import Said, party_detail, party_label

OBJECTIONS: Final[Mapping[Objection, Words]] = {
    Objection.BEARS_SOMETHING: Words(
        vi="ông/bà chịu một phần trong hồ sơ này, do cấp trên quyết định",
        en="you bear a part in this case: whoever is above you decides",
    ),
    Objection.NOT_OF_THEIR_UNITS: Words(
        vi="người giải trình không thuộc đơn vị của ông/bà", en="who explains is not of your units"
    ),
    Objection.NOT_THEIR_OWN: Words(vi="không phải giải trình của ông/bà", en="this is not yours to explain"),
    Objection.ANOTHER_DECIDES: Words(vi="người khác quyết định", en="somebody else decides"),
}
RECEIVERS: Final[Mapping[ReceiverKind, Words]] = {
    ReceiverKind.ORGANISATION: Words(vi="cơ quan (tổ chức hoặc quy trình)", en="the organisation or plan"),
    ReceiverKind.APPLICANT: Words(vi="người nộp hồ sơ", en="the applicant"),
    ReceiverKind.SUSPENSION: Words(vi="bất khả kháng", en="force majeure"),
    ReceiverKind.UNIT: Words(vi="đơn vị", en="unit"),
    ReceiverKind.CONSULTED_UNIT: Words(vi="đơn vị được xin ý kiến", en="consulted unit"),
}
FIELDS: Final[Mapping[str, str]] = {
    "data.effects.0.minutes": "minutes",
    "data.effects.0.to": "to",
    "data.effects.0.evidence.document_number": "evidence_number",
    "data.effects.0.evidence.signed_at": "evidence_signed",
    "data.effects.0.finished_at": "finished_at",
    "data.effects.0.recorded_at_source": "recorded_at_source",
    "data.document.document_number": "document_number",
    "data.document.signed_at": "document_signed",
    "data.text": "text",
    "data.decided_by": "position",
}
"""Which field of the form a member of the event stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """Who held the case, from when until when, in which step, and what of the step was used."""

    holder: Said
    detail: Said
    step: str | None
    started_at: object
    ended_at: object
    working_minutes: int
    overrun_minutes: int | None
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideView:
    """The form; `objection` says why whoever looks may not decide."""

    row: SaidRow
    explained: ToldExplanation
    who: Said
    detail: Said
    picture: Picture | None
    holds: Sequence[HoldRow]
    offered: Choices
    objection: Words | None
    values: Mapping[str, str] = field(default_factory=dict)
    faults: Faults = NO_FAULTS

    @property
    def effects(self) -> Sequence[tuple[str, Words]]:
        """The effects that there are to choose from."""
        return [(kind.value, ASKS_WORDS[kind]) for kind in self.offered.effects]

    @property
    def receivers(self) -> Sequence[tuple[str, object]]:
        """Where minutes can go."""
        return [(one.value, _receiver(one)) for one in self.offered.receivers]

    def value(self, name: str) -> str:
        """What was filled in."""
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class BearingRow:
    """What one party bears now and then."""

    who: Said
    detail: Said
    bearing: Bearing


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """The second step: what the decision would do, and the fields that are sent again. `changed`: figures are others than when it was shown."""

    row: SaidRow
    explained: ToldExplanation
    who: Said
    bearings: Sequence[BearingRow]
    class_now: Words | None
    class_then: Words | None
    marks: Sequence[Words]
    preview: Preview
    refused: bool
    changed: bool
    fields: Mapping[str, str]
    effects: Sequence[Words]
    """What will happen, to whom."""
    said: ExplanationDecided
    """What will be sent, as the door has read it."""


def decide_view(
    said: SaidOfOne,
    one: Explained,
    objection: Objection | None,
    values: Mapping[str, str],
    faults: Faults = NO_FAULTS,
) -> DecideView:
    """The form about one explanation."""
    label, detail = party_label(names=True), party_detail(names=True)
    party = _party(said)
    return DecideView(
        row=said_row(said),
        explained=_told(said, one),
        who=label(party) if party is not None else "",
        detail=detail(party) if party is not None else "",
        picture=picture_of(said.timeline, label, detail),
        holds=[
            HoldRow(
                holder=label(hold.party),
                detail=detail(hold.party),
                step=None if hold.step is None else hold.step.name or hold.step.id,
                started_at=hold.started_at,
                ended_at=hold.ended_at,
                working_minutes=hold.working_minutes,
                overrun_minutes=hold.overrun_minutes,
                own=hold.party.key == said.key,
            )
            for hold in said.timeline.holds
        ],
        offered=choices(said),
        objection=None if objection is None else OBJECTIONS[objection],
        values=_defaults(one, said) | dict(values),
        faults=faults,
    )


def preview_view(
    said: SaidOfOne,
    one: Explained,
    found: Preview,
    unsent: UnsentEvent,
    fields: Mapping[str, str],
    *,
    changed: bool = False,
) -> PreviewView:
    """The second step."""
    fact = unsent.event.fact
    assert isinstance(fact, ExplanationDecided)  # noqa: S101 - what this form makes
    label, detail = party_label(names=True), party_detail(names=True)
    party = _party(said)
    return PreviewView(
        row=said_row(said),
        explained=_told(said, one),
        who=label(party) if party is not None else "",
        bearings=[BearingRow(who=label(row.party), detail=detail(row.party), bearing=row) for row in found.bearings],
        class_now=None if found.now.case_class is None else CLASS_WORDS[found.now.case_class],
        class_then=None if found.then.case_class is None else CLASS_WORDS[found.then.case_class],
        marks=[ANOMALY_WORDS[AnomalyKind(mark.value)] for mark in found.marks],
        preview=found,
        refused=fact.outcome is Outcome.REFUSED,
        changed=changed,
        said=fact,
        fields=fields,
        effects=[*(effect_words(label(row.party), row) for row in found.bearings if row.changes), _TOLD],
    )


_TOLD: Final = Words(
    vi="Người giải trình đọc được ngay kết quả, số và ngày văn bản, người quyết định và nội dung này.",
    en="Who explained reads the outcome, the document, who decided and this text at once.",
)


def effect_words(who: Said, bearing: Bearing) -> Words:
    """What would change for one party, such as `B: 540 → 440 phút`."""
    said = {language: who.spoken(language) if isinstance(who, Words) else who for language in Language}

    def changes(language: Language, share: str, entry: str) -> str:
        parts = [
            f"{words} {number_in_words(now, language)} → {number_in_words(then, language)}"
            for words, now, then in (
                (share, bearing.share_now, bearing.share_then),
                (entry, bearing.late_entry_now, bearing.late_entry_then),
            )
            if now != then
        ]
        return f"{said[language]}: {'; '.join(parts)}"

    return Words(
        vi=f"{changes(Language.VIETNAMESE, 'phần chậm', 'quên thao tác')} phút",
        en=f"{changes(Language.ENGLISH, 'share', 'late entry')} minutes",
    )


def chosen_effect(fields: Mapping[str, str], said: SaidOfOne) -> ChosenEffect:
    """What the form says of the effect; what it does not know counts as the first that there is to choose from."""
    offered = choices(said).effects
    verdict = fields.get("verdict", "")
    kind = fields.get("effect", "")
    return ChosenEffect(
        verdict=DecisionButton(verdict) if verdict in set(DecisionButton) else DecisionButton.REFUSED,
        kind=EffectKind(kind) if kind in set(EffectKind) else (offered[0] if offered else EffectKind.LATE_ENTRY),
        minutes=fields.get("minutes", ""),
        to=fields.get("to", ""),
        evidence_number=fields.get("evidence_number", ""),
        evidence_signed_at=fields.get("evidence_signed", ""),
        finished_at=fields.get("finished_at", ""),
        recorded_at_source=fields.get("recorded_at_source", ""),
    )


def decider_of(name: str, officer_id: str | None, position: str) -> Member:
    """Who decides, as the event names them."""
    return {"id": officer_id, "name": name, "position": position}


def _defaults(one: Explained, said: SaidOfOne) -> dict[str, str]:
    """What the form begins with: what was asked for, as far as it was said, else the document that was named."""
    filed, offered = one.said.said, choices(said)
    kind = filed.asked_kind
    found = {} if kind not in offered.effects or kind is None else {"effect": kind.value}
    zone = said.timeline.calendar.zone
    match filed.asks:
        case LateEntryEffect(evidence=evidence, finished_at=finished_at):
            finished = None if finished_at is None else finished_at.at.astimezone(zone)
            return found | _evidence(evidence) | {"finished_at": _typed(finished)}
        case LateSyncEffect(recorded_at_source=recorded_at):
            return found | {"recorded_at_source": _typed(recorded_at.at.astimezone(zone))}
        case MoveEffect(minutes=minutes, to=to):
            asked_for = Receiver(kind=to.kind, unit=None if to.id is None else UnitName(id=to.id, name=to.name)).value
            return found | {"minutes": "" if minutes is None else str(minutes), "to": asked_for}
        case _:
            papers = filed.documents or ()
            return found | (_evidence(papers[0]) if papers else {})


def _evidence(paper: NumberedDocument) -> dict[str, str]:
    on = paper.signed_at.on.isoformat() if isinstance(paper.signed_at, LocalDate) else ""
    return {"evidence_number": paper.document_number, "evidence_signed": on}


def _typed(at: datetime | None) -> str:
    """As a field of date and time has it."""
    return "" if at is None else f"{at:%Y-%m-%dT%H:%M}"


def _told(said: SaidOfOne, one: Explained) -> ToldExplanation:
    return next(told for told in told_explanations(said) if (told.source, told.id) == (one.said.source, one.said.id))


def _party(said: SaidOfOne) -> Party | None:
    timeline = said.timeline
    parties = (
        *(row.party for row in (*timeline.attributions_by_rule, *timeline.attributions)),
        *(hold.party for hold in timeline.holds),
        *(entry.party for entry in timeline.late_entries),
    )
    return next((party for party in parties if party.key == said.key), None)


def _receiver(one: Receiver) -> Words:
    words = RECEIVERS[one.kind]
    if one.unit is None:
        return words
    name = one.unit.name or one.unit.id or ""
    return Words(vi=f"{words.vi} {name}", en=f"{words.en} {name}")
