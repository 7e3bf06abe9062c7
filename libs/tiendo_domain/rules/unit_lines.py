"""Who is below whom: the one place where it is decided which unit a unit of a case hangs below, for agencies' topics and for readers alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tiendo_domain.rules.dated import valid_or_ended
from tiendo_domain.rules.definitions import UnitRule
from tiendo_domain.rules.rule_book import RuleBook
from tiendo_domain.rules.units import merged_into

Parents = Mapping[str, str]
"""Child unit id -> parent unit id, as the events of one case say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLines:
    """The tree of units as `rules` configure it on the local date `on`; of units that they do not know, a case's own events say it.

    What the rules know of a unit holds alone: its successor once it was merged, else its parent, else it is at the top. So no sender of events
    moves a unit that is configured, and what the events of one case say opens no other.
    """

    rules: RuleBook
    on: date

    def parent_of(self, unit_id: str, parents: Parents) -> str | None:
        """The unit that a unit of a case hangs below; `parents` is what the events of the case say."""
        known = self.known(unit_id)
        return parents.get(unit_id) if known is None else self._above(known)

    def line(self, unit_id: str | None, parents: Parents) -> Iterator[str]:
        """The unit and all above it, from the unit upwards, each once; a circle is followed once round."""
        seen: set[str] = set()
        while unit_id is not None and unit_id not in seen:
            seen.add(unit_id)
            yield unit_id
            unit_id = self.parent_of(unit_id, parents)

    def known(self, unit_id: str) -> UnitRule | None:
        """What holds of a unit now: the newest rule that is valid, else the newest that has ended; None of one that the rules do not know (yet)."""
        return valid_or_ended(self.rules.unit_rules.get(unit_id, ()), self.on)

    def parents(self) -> dict[str, str | None]:
        """The units of which something holds now, with the unit that each hangs below."""
        known = ((unit_id, self.known(unit_id)) for unit_id in self.rules.unit_rules)
        return {unit_id: self._above(rule) for unit_id, rule in known if rule is not None}

    def _above(self, rule: UnitRule) -> str | None:
        """The successor once the unit was merged, else the parent."""
        return merged_into(self.rules.unit_rules[rule.id], self.on) or rule.parent
