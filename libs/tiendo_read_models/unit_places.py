"""Where units of cases hang, by numbers that the rows of cases bear and the policies compare."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tiendo_domain.facts import Unit
from tiendo_domain.timeline_types import Party, UnitName

_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class UnitPlace(NamedTuple):
    """A unit, and the parents (child unit id -> parent unit id) that the events of a case name: it alone says where the unit hangs there.

    The number follows from both, so that processes give the same one without asking each other; two of one number are not to be found.
    """

    place_id: int
    unit_id: str
    parents: Mapping[str, str]


class CasePlaces:
    """The places of one case, whose events name `parents`."""

    def __init__(self, parents: Mapping[str, str]) -> None:
        self._parents = parents
        self._written = _json(parents)
        self._known: dict[str, int] = {}

    def of_unit(self, unit: Unit | UnitName | None) -> int | None:
        """The number of the unit's place; None for nobody's, and for a unit without id, which hangs nowhere."""
        return None if unit is None or unit.id is None else self._number(unit.id)

    def of_party(self, party: Party | None) -> int | None:
        """That of the unit which stands beside the party, or is the party."""
        return None if party is None else self.of_unit(party.unit)

    def of_parties(self, parties: Iterable[Party | None]) -> list[int]:
        """Those of all the parties, each once, rising."""
        return sorted({number for party in parties if (number := self.of_party(party)) is not None})

    def used(self) -> tuple[UnitPlace, ...]:
        """All places that were asked for."""
        return tuple(UnitPlace(number, unit_id, self._parents) for unit_id, number in self._known.items())

    def _number(self, unit_id: str) -> int:
        number = self._known.get(unit_id)
        if number is None:
            digest = hashlib.sha256(f"{_json(unit_id)}{self._written}".encode()).digest()
            number = self._known[unit_id] = int.from_bytes(digest[:8], "big", signed=True)
        return number
