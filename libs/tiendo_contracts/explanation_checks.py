"""What the door asks of objects as a whole in what is explained and decided (CONTRACT, explanations; rules E2, E4)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct
from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from tiendo_domain.explanations import (
    BearerKind,
    ExplanationDecided,
    ExplanationFiled,
    GivingParty,
    MoveEffect,
    Outcome,
    ReceiverKind,
    TakingParty,
)
from tiendo_domain.names import name_key

_NAMED_BEARERS: Final = {BearerKind.OFFICER, BearerKind.UNIT, BearerKind.CONSULTED_UNIT}
_NAMED_RECEIVERS: Final = {ReceiverKind.UNIT, ReceiverKind.CONSULTED_UNIT}


def is_named(party: BaseModel, *members: str) -> bool:
    """Whether one of the members, `id` and `name` unless others are asked for, says anything (rule H3)."""
    return any(_said(name, getattr(party, name)) for name in members or ("id", "name"))


def _said(member: str, text: str | None) -> str:
    """The text as parties are told apart by it; empty where it says nothing: blank, or a name of invisible characters alone."""
    if member == "name":
        return name_key(text or "")
    return "" if text is None or text.isspace() else text


def _one_bearer(data: Any) -> object:  # noqa: ANN401 - a model made of ExplanationFiled
    if (data.officer is None) == (data.unit is None):
        raise PydanticCustomError("one_bearer", "exactly one of officer and unit")
    return data


def _effects_fit(data: Any) -> object:  # noqa: ANN401 - a model made of ExplanationDecided
    if (data.outcome == Outcome.ACCEPTED) != bool(data.effects):
        raise PydanticCustomError("effects_and_outcome", "effects exactly where it is accepted")
    return data


def _bearer_named(bearer: Any) -> object:  # noqa: ANN401 - a model made of GivingParty
    if bearer.kind in _NAMED_BEARERS and not is_named(bearer):
        raise PydanticCustomError("unnamed", "with an id or a name")
    return bearer


def _receiver_named(receiver: Any) -> object:  # noqa: ANN401 - a model made of TakingParty
    if receiver.kind in _NAMED_RECEIVERS and not is_named(receiver):
        raise PydanticCustomError("unnamed", "with an id or a name")
    return receiver


def _move_fits(move: Any) -> object:  # noqa: ANN401 - a model made of MoveEffect
    if move.minutes is None and move.share_minutes is None:
        raise PydanticCustomError("minutes_missing", "minutes, or share_minutes")
    if _told_apart_by(getattr(move, "from")) == _told_apart_by(move.to):
        raise PydanticCustomError("same_party", "to another party")
    return move


def _told_apart_by(party: Any) -> tuple[str, ...]:  # noqa: ANN401 - a bearer or a receiver
    """What tells parties apart that are named alike: a unit by its id, without one by its name (rule H3)."""
    if party.kind not in {*_NAMED_BEARERS, *_NAMED_RECEIVERS}:
        return (party.kind,)
    unit_id = _said("id", party.id)
    return (party.kind, "id", unit_id) if unit_id else (party.kind, "name", _said("name", party.name))


OBJECT_CHECKS: Final[Mapping[type[Struct], Callable[[Any], object]]] = {
    ExplanationFiled: _one_bearer,
    ExplanationDecided: _effects_fit,
    GivingParty: _bearer_named,
    TakingParty: _receiver_named,
    MoveEffect: _move_fits,
}
"""The check of a whole object by the class that declares it; raises PydanticCustomError."""
