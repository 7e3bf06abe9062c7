"""Who an event names (rules H2, H3)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Plain = dict[str, Any]


@dataclass(frozen=True)
class Party:
    """A party; two are the same when their `identity` is."""

    kind: str
    id: str | None = None
    name: str | None = None
    position: str | None = None
    unit: tuple[str | None, str | None] | None = None
    identity: tuple[str | None, ...] = field(default=())


APPLICANT = Party("applicant", identity=("applicant",))
SUSPENSION = Party("suspension", identity=("suspension",))
ORGANISATION = Party("organisation", identity=("organisation",))
UNKNOWN = Party("unknown", identity=("unknown",))


def text(value: str | None) -> str | None:
    """The text, or None where it says nothing."""
    return value if value and value.strip() else None


def unit_names(unit: Plain | None) -> tuple[str | None, str | None] | None:
    """Id and name of a unit, as far as stated; None where no unit is given."""
    return None if unit is None else (text(unit.get("id")), text(unit.get("name")))


def unit_party(kind: str, unit: Plain) -> Party:
    """The unit as a holder: told apart by id, without one by name."""
    identity, name = text(unit.get("id")), text(unit.get("name"))
    return Party(kind, identity, name, None, (identity, name), (kind, identity, None if identity else name))


def is_placeholder(name: str, placeholders: Sequence[str]) -> bool:
    """Whether the name is on the list, after NFC, trimming and case folding."""
    return folded(name) in {folded(placeholder) for placeholder in placeholders}


def folded(name: str) -> str:
    """A name as placeholders are compared."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).strip().casefold())


def named(holder: Plain | None, placeholders: Sequence[str]) -> tuple[Party | None, list[str]]:
    """The party that `data.holder` names, with the anomalies of how it does; None where it names nobody."""
    if holder is None:
        return None, []
    identity, name, position = (text(holder.get(member)) for member in ("id", "name", "position"))
    unit = unit_names(holder.get("unit"))
    shown_unit = unit if unit and any(unit) else None
    placeholder = name is not None and is_placeholder(name, placeholders)
    oddities = ["placeholder-holder"] if placeholder else []
    if identity is not None:
        shown_name = None if placeholder else name
        return Party("officer", identity, shown_name, position, shown_unit, ("officer", identity)), oddities
    if placeholder:
        return Party("unknown", unit=shown_unit, identity=("unknown",)), oddities
    if name is not None:
        key = ("officer", None, name, unit[0] if unit else None)
        return Party("officer", None, name, position, shown_unit, key), ["holder-without-id"]
    if shown_unit is not None:
        return unit_party("unit", holder["unit"]), []
    return None, []
