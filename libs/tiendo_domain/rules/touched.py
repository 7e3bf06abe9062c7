"""What a change of the rules touches: the cases to fold anew (rule T6)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from tiendo_domain.rules.calendars import Calendars
from tiendo_domain.rules.definitions import AbsenceRule, OfficerRule, ProcedureRule, StepRule, UnitRule
from tiendo_domain.rules.procedures import procedure_keys

_Value = TypeVar("_Value")


class _Rules(Protocol):
    """What is compared of a rule book."""

    @property
    def calendars(self) -> Calendars: ...
    @property
    def unit_calendars(self) -> Mapping[str, str]: ...
    @property
    def unit_rules(self) -> Mapping[str, tuple[UnitRule, ...]]: ...
    @property
    def procedures(self) -> Mapping[str, tuple[ProcedureRule, ...]]: ...
    @property
    def steps(self) -> Mapping[str, tuple[StepRule, ...]]: ...
    @property
    def officers(self) -> Mapping[str, tuple[OfficerRule, ...]]: ...
    @property
    def absences(self) -> Mapping[str, tuple[AbsenceRule, ...]]: ...
    @property
    def placeholders(self) -> tuple[str, ...]: ...
    def officer_id(self, officer_id: str, /) -> str: ...
    def absences_of(self, officer_id: str, /) -> tuple[AbsenceRule, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """The cases that a change may show otherwise; never too few, sometimes more.

    `all_cases`: every one. Else those whose timeline used one of `calendars` (ids), whose procedure id is one of
    `procedures` with or without its local suffix, or whose responsible unit is one of `units` or lies below one,
    by configured parents (already in `units`) or by those that events name (for the caller to follow), or in which
    an officer of `officers` (ids as events name them) occurs as holder or actor.
    """

    all_cases: bool = False
    calendars: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    officers: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether no case is touched."""
        return not (self.all_cases or self.calendars or self.procedures or self.units or self.officers)

    def concerns(
        self,
        *,
        calendar_version: str,
        procedure_id: str | None,
        unit_line: Collection[str],
        officers: Collection[str] = (),
    ) -> bool:
        """Whether a case is touched.

        By its `calendar_version` as folded before, its procedure, its responsible unit with all known ancestors, and the officers that occur in it.
        """
        return (
            self.all_cases
            or calendar_version.rpartition("/")[0] in self.calendars
            or (procedure_id is not None and not self.procedures.isdisjoint(procedure_keys(procedure_id)))
            or not self.units.isdisjoint(unit_line)
            or not self.officers.isdisjoint(officers)
        )


def touched_between(previous: _Rules, current: _Rules) -> Touched:
    """What a case folded with `previous` may show otherwise under `current`."""
    return Touched(
        all_cases=set(previous.placeholders) != set(current.placeholders),
        calendars=_changed_calendars(previous.calendars, current.calendars),
        procedures=_differing(previous.procedures, current.procedures) | _differing(previous.steps, current.steps),
        units=_changed_units(previous, current),
        officers=_changed_officers(previous, current),
    )


def _changed_calendars(previous: Calendars, current: Calendars) -> frozenset[str]:
    # A calendar that is new was used by no case; its units are told apart as units.
    return _differing(
        {identity: calendar.versions for identity, calendar in previous.items()},
        {identity: calendar.versions for identity, calendar in current.items()},
    ) & frozenset(previous)


def _changed_units(previous: _Rules, current: _Rules) -> frozenset[str]:
    """The units that may have another calendar, with all below them by the parents that either book knows."""
    if not previous.unit_calendars and not current.unit_calendars:
        return frozenset()
    parents_before, parents_now = _parents(previous.unit_rules), _parents(current.unit_rules)
    changed = _differing(previous.unit_calendars, current.unit_calendars) | _differing(parents_before, parents_now)
    return _with_descendants(changed, [*_pairs(parents_before), *_pairs(parents_now)])


def _changed_officers(previous: _Rules, current: _Rules) -> frozenset[str]:
    """The ids that are another person's than before, or whose person was away at other times (rules H10, H11)."""
    if not (previous.officers or current.officers or previous.absences or current.absences):
        return frozenset()
    known = {*previous.officers, *current.officers, *previous.absences, *current.absences}
    known |= {book.officer_id(identity) for book in (previous, current) for identity in known}
    return frozenset(
        identity
        for identity in known
        if previous.officer_id(identity) != current.officer_id(identity)
        or previous.absences_of(identity) != current.absences_of(identity)
    )


def _with_descendants(units: frozenset[str], child_and_parent: Iterable[tuple[str, str]]) -> frozenset[str]:
    children: dict[str, set[str]] = {}
    for child, parent in child_and_parent:
        children.setdefault(parent, set()).add(child)
    found = set(units)
    pending = list(units)
    while pending:
        below = children.get(pending.pop(), set()) - found
        found |= below
        pending.extend(below)
    return frozenset(found)


_Parents = Mapping[str, tuple[tuple[date | None, date | None, str | None], ...]]
"""Unit id -> its configured parents with the days on which they hold, of units that ever had one."""


def _parents(units: Mapping[str, tuple[UnitRule, ...]]) -> _Parents:
    stated = {
        identity: tuple((rule.valid_from, rule.valid_to, rule.parent) for rule in rules)
        for identity, rules in units.items()
    }
    return {identity: rules for identity, rules in stated.items() if any(parent is not None for *_, parent in rules)}


def _pairs(parents: _Parents) -> Iterator[tuple[str, str]]:
    """Every child with each of its parents."""
    return ((child, parent) for child, rules in parents.items() for *_, parent in rules if parent is not None)


def _differing(previous: Mapping[str, _Value], current: Mapping[str, _Value]) -> frozenset[str]:
    """The keys whose values differ, or that only one of the two has."""
    return frozenset(key for key in previous.keys() | current.keys() if previous.get(key) != current.get(key))
