"""Who is named: from what an event says to a party, told apart by its key (rules H2, H3)."""

from dataclasses import dataclass

from tiendo_domain.facts import Person, Unit
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline_types import AnomalyKind, Party, PartyKind, UnitName

PartyKey = tuple[PartyKind, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A party, the key by which it is told apart within its case, and the anomaly that its naming shows."""

    party: Party
    key: PartyKey
    anomaly: AnomalyKind | None = None


_NOBODY: PartyKey = (PartyKind.UNKNOWN, None, None, None)
APPLICANT = Named(party=Party(kind=PartyKind.APPLICANT), key=(PartyKind.APPLICANT, None, None, None))
SUSPENSION = Named(party=Party(kind=PartyKind.SUSPENSION), key=(PartyKind.SUSPENSION, None, None, None))
UNKNOWN = Named(party=Party(kind=PartyKind.UNKNOWN), key=_NOBODY)
UNNAMED = Named(party=Party(kind=PartyKind.UNKNOWN), key=_NOBODY, anomaly=AnomalyKind.UNKNOWN_HOLDER)


def names_somebody(person: Person | None) -> bool:
    """Whether the event says anything of a holder: an id, a name (a placeholder too) or a unit."""
    return person is not None and (
        person.id is not None or person.name is not None or unit_name(person.unit) is not None
    )


def named_holder(person: Person | None, rules: RuleBook) -> Named:
    """The party that `data.holder` names; nobody, with the anomaly, where it must name one and does not."""
    if person is None:
        return UNNAMED
    unit = unit_name(person.unit)
    if person.name is not None and rules.is_placeholder(person.name):
        if person.id is None:
            unknown = Party(kind=PartyKind.UNKNOWN, unit=unit)
            return Named(party=unknown, key=_NOBODY, anomaly=AnomalyKind.PLACEHOLDER_HOLDER)
        return _officer(person, None, unit, AnomalyKind.PLACEHOLDER_HOLDER)
    if person.id is not None:
        return _officer(person, person.name, unit, None)
    if person.name is not None:
        return _officer(person, person.name, unit, AnomalyKind.HOLDER_WITHOUT_ID)
    return UNNAMED if unit is None else named_unit(PartyKind.UNIT, unit)


def named_unit(kind: PartyKind, unit: UnitName) -> Named:
    """A unit as a party: told apart by its id, without one by its name."""
    party = Party(kind=kind, id=unit.id, name=unit.name, unit=unit)
    return Named(party=party, key=(kind, unit.id, unit.name if unit.id is None else None, None))


def unit_name(unit: Unit | None) -> UnitName | None:
    """The unit by id and name; None where it has neither."""
    if unit is None or (unit.id is None and unit.name is None):
        return None
    return UnitName(id=unit.id, name=unit.name)


def _officer(person: Person, name: str | None, unit: UnitName | None, anomaly: AnomalyKind | None) -> Named:
    party = Party(kind=PartyKind.OFFICER, id=person.id, name=name, position=person.position, unit=unit)
    if person.id is not None:
        return Named(party=party, key=(PartyKind.OFFICER, person.id, None, None), anomaly=anomaly)
    unit_id = None if unit is None else unit.id
    return Named(party=party, key=(PartyKind.OFFICER, None, name, unit_id), anomaly=anomaly)
