"""The parties that a decision names (rules E4, H3)."""

from typing import assert_never

from tiendo_domain.explanations import BearerKind, ExplanationFiled, GivingParty, ReceiverKind, TakingParty
from tiendo_domain.facts import Person, Unit
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.parties import (
    APPLICANT,
    ORGANISATION,
    SUSPENSION,
    UNKNOWN,
    named_holder,
    named_unit,
    unit_name,
)
from tiendo_domain.timeline_types import Party, PartyKind


def bearer_key(bearer: GivingParty, rules: RuleBook) -> str:
    """The key of the party whose minutes a decision moves."""
    match bearer.kind:
        case BearerKind.OFFICER:
            return named_holder(Person(id=bearer.id, name=bearer.name, unit=bearer.unit), rules).key
        case BearerKind.UNIT:
            return _unit(PartyKind.UNIT, bearer).key
        case BearerKind.CONSULTED_UNIT:
            return _unit(PartyKind.CONSULTED_UNIT, bearer).key
        case BearerKind.UNKNOWN:
            return UNKNOWN.key
        case BearerKind.ORGANISATION:
            return ORGANISATION.key
        case _:
            assert_never(bearer.kind)


def explained_party(said: ExplanationFiled, rules: RuleBook) -> Party:
    """Whose lateness is explained, as the explanation names them."""
    return named_holder(said.officer if said.unit is None else Person(unit=said.unit), rules).party


def receiver(named: TakingParty) -> Party:
    """The party that minutes are moved to."""
    match named.kind:
        case ReceiverKind.ORGANISATION:
            return ORGANISATION
        case ReceiverKind.APPLICANT:
            return APPLICANT.party
        case ReceiverKind.SUSPENSION:
            return SUSPENSION.party
        case ReceiverKind.UNIT:
            return _unit(PartyKind.UNIT, named)
        case ReceiverKind.CONSULTED_UNIT:
            return _unit(PartyKind.CONSULTED_UNIT, named)
        case _:
            assert_never(named.kind)


def _unit(kind: PartyKind, named: GivingParty | TakingParty) -> Party:
    unit = unit_name(Unit(id=named.id, name=named.name))
    return UNKNOWN.party if unit is None else named_unit(kind, unit).party
