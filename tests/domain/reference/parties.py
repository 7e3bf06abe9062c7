"""Who an event names, and which names are one party (rules H2, H3, H11)."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Plain = dict[str, Any]
Identity = tuple[str | None, ...]
UnitNames = tuple[str | None, str | None]


@dataclass(frozen=True)
class Party:
    """A party; two are the same when their `identity` is."""

    kind: str
    id: str | None = None
    name: str | None = None
    position: str | None = None
    unit: UnitNames | None = None
    identity: Identity = field(default=())


APPLICANT = Party("applicant", identity=("applicant",))
SUSPENSION = Party("suspension", identity=("suspension",))
ORGANISATION = Party("organisation", identity=("organisation",))
UNKNOWN = Party("unknown", identity=("unknown",))


def compared(name: str) -> str:
    """A name as names are compared: without characters of category Cf, then NFC, white space of any kind trimmed and its runs made one space (rule H3)."""
    kept = [character for character in name if unicodedata.category(character) != "Cf"]
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def text(value: str | None) -> str | None:
    """The text as sent, or None where it says nothing. Reading: a text of invisible characters and white space alone says nothing."""
    return value if value is not None and compared(value) else None


def unit_names(unit: Plain | None) -> UnitNames | None:
    """Id and name of a unit, as far as stated; None where neither is."""
    if unit is None:
        return None
    names = text(unit.get("id")), text(unit.get("name"))
    return names if any(names) else None


def unit_identity(kind: str, names: UnitNames) -> Identity:
    """What tells a unit apart: its id, without one its name (rule H3)."""
    identity, name = names
    return kind, identity, None if identity or name is None else compared(name)


def unit_party(kind: str, names: UnitNames) -> Party:
    """The unit as a holder."""
    return Party(kind, *names, None, names, unit_identity(kind, names))


@dataclass(frozen=True)
class Names:
    """What is known of names: the placeholders, and which officer ids are joined to which (rule H11)."""

    placeholders: Sequence[str]
    joined: Mapping[str, str]

    def person(self, identity: str) -> str:
        """The id under which an officer is one party: `same_as` followed to its end."""
        while identity in self.joined:
            identity = self.joined[identity]
        return identity

    def is_placeholder(self, name: str) -> bool:
        """Whether the name is on the list: compared as names are, with case folding besides."""
        return _folded(name) in {_folded(placeholder) for placeholder in self.placeholders}

    def named(self, holder: Plain | None) -> tuple[Party | None, list[str]]:
        """The party that `data.holder` names, with the anomalies of how it does; None where it names nobody at all."""
        if holder is None:
            return None, []
        identity, name, position = (text(holder.get(member)) for member in ("id", "name", "position"))
        unit = unit_names(holder.get("unit"))
        placeholder = name is not None and self.is_placeholder(name)
        oddities = ["placeholder-holder"] if placeholder else []
        if identity is not None:
            person = self.person(identity)
            return Party(
                "officer", person, None if placeholder else name, position, unit, ("officer", person)
            ), oddities
        if placeholder:
            return Party("unknown", unit=unit, identity=("unknown",)), oddities
        if name is not None:
            of_unit = unit_identity("unit", unit) if unit else ()
            return Party("officer", None, name, position, unit, ("officer", None, compared(name), *of_unit)), [
                "holder-without-id"
            ]
        return (unit_party("unit", unit) if unit else None), []


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", compared(name).casefold())


def names_somebody(party: Party | None) -> bool:
    """Whether an officer or a unit is named; a placeholder without id names nobody."""
    return party is not None and party.kind != "unknown"
