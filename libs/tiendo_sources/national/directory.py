"""Names as rows and messages write them, matched with what the directory knows (rule N3)."""

from collections import defaultdict
from datetime import date
from typing import Any

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.facts import Mark
from tiendo_domain.names import name_key
from tiendo_domain.rules import NationalRule, OfficerRule, RuleBook
from tiendo_sources.national.texts import identifier, line, present

Matched = tuple[dict[str, Any], tuple[Mark, ...]]
"""A party as events name it, and what is to be known of how it was read."""

_SUFFIX = "/national"
_LEVELS_MAX = 64


class NameDirectory:
    """What is configured, ready to be asked by name; made anew for every new rule book."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._units: defaultdict[str, set[str]] = defaultdict(set)
        self._officers: defaultdict[str, set[str]] = defaultdict(set)
        for unit in (rule for rules in book.unit_rules.values() for rule in rules):
            self._units[name_key(unit.name or "")].add(unit.id)
        for officer in (rule for rules in book.officers.values() for rule in rules):
            self._officers[name_key(officer.name or "")].add(officer.id)

    def rule(self, source: str) -> NationalRule:
        """How the source is read; configured under its own name, or under that of the key's prefix."""
        found = self._book.national.get(source) or self._book.national.get(source.removesuffix(_SUFFIX))
        return found or NationalRule(source=source)

    def is_placeholder(self, name: str) -> bool:
        """Whether the name names nobody (rule H3)."""
        return self._book.is_placeholder(name)

    def calendar(self, unit_code: str | None, on: date) -> WorkingCalendar:
        """The calendar of the unit that sends."""
        return self._book.calendar_of(unit_code, {}, on)

    def unit(self, text: str, under: str | None, on: date) -> Matched:
        """The unit of that name, with its id if just one unit bears the name on that day: below `under`, else at all."""
        name = line(text)
        if name is None:
            return {}, ()
        bearing = [unit for unit in self._units.get(name_key(name), ()) if self._is_called(unit, name, on)]
        below = [unit for unit in bearing if under is not None and self._lies_under(unit, under, on)]
        found = below or bearing
        if len(found) != 1:
            return {"name": name}, ()
        return {"id": found[0], "name": name}, (Mark.MATCHED_BY_DIRECTORY,)

    def officer(self, text: str, position: str, unit: Matched, on: date) -> Matched:
        """The officer of that name, with an id if the unit has just one of the name on that day; without a name the unit alone."""
        named, marks = unit
        name = line(text)
        person = present(name=name, position=line(position) if name else None, unit=named)
        if name is None or "id" not in named or self.is_placeholder(name):
            return person, marks
        rules = (rule for identity in self._officers.get(name_key(name), ()) for rule in self._book.officers[identity])
        ids = {self._book.officer_id(rule.id) for rule in rules if _is(rule, name, named["id"], on)}
        if len(ids) != 1:
            return person, marks
        return {"id": ids.pop(), **person}, (Mark.MATCHED_BY_DIRECTORY,)

    def _is_called(self, unit: str, name: str, on: date) -> bool:
        rule = self._book.unit(unit, on)
        return rule is not None and name_key(rule.name or "") == name_key(name)

    def _lies_under(self, unit: str, above: str, on: date) -> bool:
        current: str | None = unit
        for _ in range(_LEVELS_MAX):
            if current == above:
                return True
            if current is None:
                return False
            current = self._book.parent_of(current, {}, on)
        return False


def unit_code(text: str) -> str | None:
    """The code of the unit that sends, as the directory may know it."""
    return identifier(text)


def _is(rule: OfficerRule, name: str, unit: str, on: date) -> bool:
    """Whether the rule holds on the day, and says that an officer of the name belongs to the unit."""
    holds = (rule.valid_from is None or rule.valid_from <= on) and (rule.valid_to is None or on < rule.valid_to)
    return holds and rule.unit == unit and name_key(rule.name or "") == name_key(name)
