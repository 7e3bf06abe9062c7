"""What an agency may see of a case: all of the cases that its part of the organisation answers for, of others what concerns its own people.

Who lies in an agency's part is told by `tiendo_domain.rules.UnitLines`, as for readers of the query side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tiendo_contracts.messages import DelayAttributionsState
from tiendo_domain.rules import UnitLines
from tiendo_read_models.members import Plain, Stored
from tiendo_read_models.published import ChangedCase
from tiendo_read_models.tables import CASE
from tiendo_relay.feeds.states_messages import attributions_state, borne_in

_WITHHELD: Plain = {"key": None, "id": None, "name": None, "position": None, "unit": None, "withheld": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtrees:
    """The units that have an agency of their own, and the tree that says which units lie below them."""

    units: frozenset[str]
    lines: UnitLines

    def above(self, unit_id: str | None, parents: Mapping[str, str]) -> frozenset[str]:
        """The units with an agency at or above a unit, where `parents` (child -> parent) is what the events of the case say."""
        return self.units.intersection(self.lines.line(unit_id, parents))


def views_of(changed: ChangedCase, subtrees: Subtrees) -> dict[str, DelayAttributionsState]:
    """The state of a case as each agency may see it, by the agency's unit; none for agencies that it is no concern of.

    Of a case that could not be folded nothing is known, also not whose it is.
    """
    if changed.case is None:
        return {}
    seen = _SeenCase(changed, changed.case, subtrees)
    views = {unit: seen.by_another(unit) for unit in seen.concerned - seen.responsible}
    if seen.responsible:
        views |= dict.fromkeys(seen.responsible, attributions_state(changed))
    return views


class _SeenCase:
    """A case, and which agencies it concerns."""

    def __init__(self, changed: ChangedCase, case: Stored, subtrees: Subtrees) -> None:
        self._changed = changed
        self._case = case
        self._subtrees = subtrees
        self._parents = CASE.read(case, ["unit_parents"])["unit_parents"]
        self.responsible = self._above(case["unit_id"])
        self._of_late_entry = self._above(case["late_entry_unit_id"])
        # Whoever bears anything is concerned, also who bore it before a decision took it.
        self._of_parties = {row["party_key"]: self._above(row["party_unit_id"]) for row in changed.attributions}
        self.concerned = self.responsible.union(self._of_late_entry, *self._of_parties.values())

    def by_another(self, unit: str) -> DelayAttributionsState:
        """The state for an agency that does not answer for the case: of parties that are not its own the kind, and the minutes."""
        borne = {
            member: [self._seen_by(unit, row) for row in rows]
            for member, rows in borne_in(self._changed.attributions).items()
        }
        bearer = CASE.read(self._case, ["late_entry_party"])["late_entry_party"]
        if bearer is None or unit in self._of_late_entry:
            return attributions_state(self._changed, borne)
        return attributions_state(self._changed, borne, late_entry_party=_withheld(bearer))

    def _seen_by(self, unit: str, row: Plain) -> Plain:
        if unit in self._of_parties[row["party"]["key"]]:
            return row
        # The ids of events are the source's own words, and may say more than it seems.
        withheld = {"party": _withheld(row["party"]), "event_ids": []}
        return row | {name: value for name, value in withheld.items() if name in row}

    def _above(self, unit_id: str | None) -> frozenset[str]:
        return self._subtrees.above(unit_id, self._parents)


def _withheld(party: Plain) -> Plain:
    """Of a party its kind alone; one that names nobody is as it is."""
    names_somebody = any(party[name] is not None for name in _NAMING)
    return {**_WITHHELD, "kind": party["kind"]} if names_somebody else party


_NAMING: Sequence[str] = ("id", "name", "position", "unit")
