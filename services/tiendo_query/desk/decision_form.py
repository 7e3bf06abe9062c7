"""What can be decided on an explanation: which effects there are to choose from, and the effect that a form asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tiendo_domain.explanations import BearerKind, EffectKind, ExplanationFiled, ReceiverKind
from tiendo_domain.timeline_types import CaseClass, CaseTimeline, PartyKind, UnitName
from tiendo_query.desk.said_of_one import SaidOfOne

_CLASS_MAY_CHANGE = frozenset({CaseClass.ACTUAL, CaseClass.UNPROVEN, CaseClass.LATE_ENTRY})


class DecisionButton(StrEnum):
    """The three buttons."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Where minutes can go: to no person, and of units to those alone that had to do with the case (rule E4)."""

    kind: ReceiverKind
    unit: UnitName | None = None

    @property
    def value(self) -> str:
        """How a form names it."""
        return str(self.kind) if self.unit is None else f"{self.kind} {self.unit.id or self.unit.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What there is to choose from: the effects, the receivers of a move, and the minutes that can be moved at the most."""

    effects: Sequence[EffectKind]
    receivers: Sequence[Receiver]
    of_late_entry: bool
    minutes_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenEffect:
    """What a form says of the effect; texts as they were typed, empty where nothing was."""

    verdict: DecisionButton
    kind: EffectKind
    minutes: str = ""
    to: str = ""
    evidence_number: str = ""
    evidence_signed_at: str = ""
    finished_at: str = ""
    recorded_at_source: str = ""


def choices(said: SaidOfOne) -> Choices:
    """What can be decided for the party."""
    class_effects = [EffectKind.LATE_ENTRY, EffectKind.LATE_SYNC]
    of_late_entry = said.share.by_rule == 0 and said.late_entry.by_rule > 0
    minutes = said.late_entry.by_rule if of_late_entry else said.share.by_rule
    may_change = said.timeline.class_by_rule in _CLASS_MAY_CHANGE or said.timeline.class_by_rule is None
    return Choices(
        effects=[*(class_effects if may_change else ()), *([EffectKind.MOVE] if minutes else ())],
        receivers=list(_receivers(said.timeline)),
        of_late_entry=of_late_entry,
        minutes_max=minutes,
    )


def _receivers(timeline: CaseTimeline) -> Iterator[Receiver]:
    yield from (
        Receiver(kind=kind) for kind in (ReceiverKind.ORGANISATION, ReceiverKind.APPLICANT, ReceiverKind.SUSPENSION)
    )
    units: dict[tuple[ReceiverKind, str], Receiver] = {}
    for hold in timeline.holds:
        asked = hold.party.kind is PartyKind.CONSULTED_UNIT
        kind = ReceiverKind.CONSULTED_UNIT if asked else ReceiverKind.UNIT
        unit = hold.party.unit
        if unit is not None and hold.party.kind in {PartyKind.UNIT, PartyKind.CONSULTED_UNIT, PartyKind.OFFICER}:
            units.setdefault((kind, unit.id or unit.name or ""), Receiver(kind=kind, unit=unit))
    yield from units.values()


def effects_of(chosen: ChosenEffect, said: SaidOfOne, filed: ExplanationFiled) -> list[dict[str, Any]]:
    """The effects that the form asks for, as an event has them; none of a refusal. What is missing is left to the door to ask for."""
    match chosen.verdict, chosen.kind:
        case DecisionButton.REFUSED, _:
            return []
        case _, EffectKind.LATE_ENTRY:
            evidence = {"document_number": chosen.evidence_number, "signed_at": chosen.evidence_signed_at}
            at = _local(chosen.finished_at, said.timeline)
            return [{"kind": "late-entry", "evidence": evidence, **({"finished_at": at} if at else {})}]
        case _, EffectKind.LATE_SYNC:
            return [{"kind": "late-sync", "recorded_at_source": _local(chosen.recorded_at_source, said.timeline)}]
        case _:
            return [_move(chosen, said, filed)]


def _move(chosen: ChosenEffect, said: SaidOfOne, filed: ExplanationFiled) -> dict[str, Any]:
    """The whole share where all is accepted, else the minutes stated; what the share was when it was decided stands beside (rule E5)."""
    offered = choices(said)
    to = next((one for one in offered.receivers if one.value == chosen.to), None)
    move = {
        "kind": "move",
        "from": bearer(filed),
        "to": {"kind": chosen.to or None} if to is None else _receiver(to),
        "minutes": offered.minutes_max if chosen.verdict is DecisionButton.ACCEPTED else _whole(chosen.minutes),
        "share_minutes": offered.minutes_max,
    }
    return {**move, "of": "late-entry"} if offered.of_late_entry else move


def bearer(filed: ExplanationFiled) -> dict[str, Any]:
    """Whose minutes are moved: who explains."""
    officer, unit = filed.officer, filed.unit
    if officer is None:
        return {"kind": str(BearerKind.UNIT), **_named(unit)}
    own = {"kind": str(BearerKind.OFFICER), **_named(officer)}
    return own if officer.id is not None or officer.unit is None else {**own, "unit": _named(officer.unit)}


def _receiver(to: Receiver) -> dict[str, Any]:
    return {"kind": str(to.kind), **_named(to.unit)}


def _named(thing: Any) -> Mapping[str, str]:  # noqa: ANN401 - a person, a unit or the name of one
    """Its id and name, as far as they are known."""
    found = {"id": getattr(thing, "id", None), "name": getattr(thing, "name", None)}
    return {name: value for name, value in found.items() if value is not None}


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _local(text: str, timeline: CaseTimeline) -> str:
    """The instant of a form's local date and time, in the zone of the case's calendar; other texts as they are, for the door to refuse."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timeline.calendar.zone).isoformat()
    except ValueError:
        return text
