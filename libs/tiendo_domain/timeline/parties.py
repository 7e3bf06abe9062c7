"""Who is named: from what an event says to a party, told apart by its key (rules H2, H3, H11).

Here alone it is decided which party is which; whoever compares parties compares `Party.key`.
"""

import json
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from tiendo_domain.facts import Person, Unit
from tiendo_domain.names import name_key
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline_types import AnomalyKind, Party, PartyKind, UnitName

_REMEMBERED_MAX = 1 << 14
_json = json.JSONEncoder(ensure_ascii=False).encode


class NamedParty(Struct, frozen=True, kw_only=True):
    """A party, and the anomaly that its naming shows."""

    party: Party
    anomaly: AnomalyKind | None = None

    @property
    def key(self) -> str:
        """The key by which the party is told apart."""
        return self.party.key


def _nameless(kind: PartyKind, unit: UnitName | None = None) -> Party:
    """A party of which a case has one at the most, whatever unit stands beside it."""
    return Party(key=_json([kind.value]), kind=kind, unit=unit)


ORGANISATION = _nameless(PartyKind.ORGANISATION)
APPLICANT = NamedParty(party=_nameless(PartyKind.APPLICANT))
SUSPENSION = NamedParty(party=_nameless(PartyKind.SUSPENSION))
UNKNOWN = NamedParty(party=_nameless(PartyKind.UNKNOWN))
UNNAMED = replace(UNKNOWN, anomaly=AnomalyKind.UNKNOWN_HOLDER)


def names_somebody(person: Person | None) -> bool:
    """Whether the event says anything of a holder: an id, a name (a placeholder too) or a unit."""
    return person is not None and (
        person.id is not None or _said(person.name) is not None or unit_name(person.unit) is not None
    )


def named_holder(person: Person | None, rules: RuleBook) -> NamedParty:
    """The party that `data.holder` names; nobody, with the anomaly, where it must name one and does not."""
    if person is None:
        return UNNAMED
    unit, name = unit_name(person.unit), _said(person.name)
    if name is not None and rules.is_placeholder(name):
        if person.id is None:
            unknown = _nameless(PartyKind.UNKNOWN, unit)
            return NamedParty(party=unknown, anomaly=AnomalyKind.PLACEHOLDER_HOLDER)
        return NamedParty(party=_officer(person, None, unit, rules), anomaly=AnomalyKind.PLACEHOLDER_HOLDER)
    if person.id is not None:
        return NamedParty(party=_officer(person, name, unit, rules))
    if name is not None:
        return NamedParty(party=_officer(person, name, unit, rules), anomaly=AnomalyKind.HOLDER_WITHOUT_ID)
    return UNNAMED if unit is None else named_unit(PartyKind.UNIT, unit)


@lru_cache(maxsize=_REMEMBERED_MAX)
def named_unit(kind: PartyKind, unit: UnitName) -> NamedParty:
    """A unit as a party: told apart by its id, without one by its name."""
    return NamedParty(
        party=Party(key=_json([kind.value, *_unit_key(unit)]), kind=kind, id=unit.id, name=unit.name, unit=unit)
    )


def unit_name(unit: Unit | None) -> UnitName | None:
    """The unit by id and name; None where it has neither."""
    if unit is None:
        return None
    name = _said(unit.name)
    return None if unit.id is None and name is None else UnitName(id=unit.id, name=name)


def _officer(person: Person, name: str | None, unit: UnitName | None, rules: RuleBook) -> Party:
    """By the id; without one by name and unit, so that no two people are ever taken for one."""
    officer_id = None if person.id is None else rules.officer_id(person.id)
    key = _key_by_name(name, unit) if officer_id is None else _key_by_id(officer_id)
    return Party(key=key, kind=PartyKind.OFFICER, id=officer_id, name=name, position=person.position, unit=unit)


@lru_cache(maxsize=_REMEMBERED_MAX)
def _key_by_id(officer_id: str) -> str:
    return _json([PartyKind.OFFICER.value, officer_id])


def _key_by_name(name: str | None, unit: UnitName | None) -> str:
    named = None if name is None else name_key(name)
    return _json([PartyKind.OFFICER.value, None, named, *([] if unit is None else _unit_key(unit))])


def _unit_key(unit: UnitName) -> list[str | None]:
    return [unit.id] if unit.id is not None or unit.name is None else [None, name_key(unit.name)]


def _said(name: str | None) -> str | None:
    """A name that holds anything but white space and invisible characters."""
    return name if name is not None and name_key(name) else None
