"""The tree of units as it stands on a day (section R): on which days it changes, and which units carry others on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tiendo_domain.rules.dated import begun
from tiendo_domain.rules.definitions import UnitRule

UnitRules = Mapping[str, Sequence[UnitRule]]
"""Unit id -> all that was said of it, newest first."""


def merged_into(rules: Sequence[UnitRule], on: date | None) -> str | None:
    """The unit that carries on, on the local date `on`, the one of which `rules` speak; None while it goes on itself.

    A rule with a `valid_to` is merged from that day on, one without from its first; for None what the newest rule ends in.
    """
    rule = begun(rules, on) if on is not None else next(iter(rules), None)
    if rule is None or (on is not None and rule.valid_to is not None and on < rule.valid_to):
        return None
    return rule.merged_into


def carried_on_by(unit_rules: UnitRules, unit_id: str, on: date | None) -> str:
    """The unit that goes on with a unit's open cases on `on`: mergers followed to their end, and a circle of them once round; itself where none was."""
    seen = {unit_id}
    while (successor := merged_into(unit_rules.get(unit_id, ()), on)) is not None and successor not in seen:
        seen.add(successor)
        unit_id = successor
    return unit_id


def days_of_change(unit_rules: UnitRules) -> tuple[date, ...]:
    """The local dates on which the tree may change, rising: first days, and first days on which something holds no longer."""
    return tuple(sorted(set(_days(rule for rules in unit_rules.values() for rule in rules))))


def _days(rules: Iterable[UnitRule]) -> Iterable[date]:
    return (day for rule in rules for day in (rule.valid_from, rule.valid_to) if day is not None)
