"""What a change of the rules touches: the cases to fold anew (rule T6)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tiendo_domain.rules.calendars import Calendars
from tiendo_domain.rules.definitions import ProcedureRule, UnitRule
from tiendo_domain.rules.procedures import without_local_suffix

_Value = TypeVar("_Value")


class _Rules(Protocol):
    """What is compared of a rule book."""

    @property
    def calendars(self) -> Calendars: ...
    @property
    def unit_calendars(self) -> Mapping[str, str]: ...
    @property
    def units(self) -> Mapping[str, UnitRule]: ...
    @property
    def procedures(self) -> Mapping[str, tuple[ProcedureRule, ...]]: ...
    @property
    def placeholders(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """The cases that a change may show otherwise; never too few, sometimes more.

    `all_cases`: every one. Else those whose timeline used one of `calendars` (ids), whose procedure id is one of
    `procedures` with or without its local suffix, or whose responsible unit is one of `units` or lies below one,
    by configured parents (already in `units`) or by those that events name (for the caller to follow).
    """

    all_cases: bool = False
    calendars: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether no case is touched."""
        return not (self.all_cases or self.calendars or self.procedures or self.units)

    def concerns(self, *, calendar_version: str, procedure_id: str | None, unit_line: Collection[str]) -> bool:
        """Whether a case is touched: its `calendar_version` as folded before, its procedure, and its responsible unit with all known ancestors."""
        return (
            self.all_cases
            or calendar_version.rpartition("/")[0] in self.calendars
            or (procedure_id is not None and not self.procedures.isdisjoint(procedure_keys(procedure_id)))
            or not self.units.isdisjoint(unit_line)
        )


def procedure_keys(procedure_id: str) -> frozenset[str]:
    """The ids under which a procedure's rules may be configured: the whole one and the national code."""
    return frozenset({procedure_id, without_local_suffix(procedure_id)})


def touched_between(previous: _Rules, current: _Rules) -> Touched:
    """What a case folded with `previous` may show otherwise under `current`."""
    return Touched(
        all_cases=set(previous.placeholders) != set(current.placeholders),
        calendars=_changed_calendars(previous.calendars, current.calendars),
        procedures=_differing(previous.procedures, current.procedures),
        units=_changed_units(previous, current),
    )


def _changed_calendars(previous: Calendars, current: Calendars) -> frozenset[str]:
    # A calendar that is new was used by no case; its units are told apart as units.
    return _differing(
        {identity: (calendar.version, calendar.working_time) for identity, calendar in previous.items()},
        {identity: (calendar.version, calendar.working_time) for identity, calendar in current.items()},
    ) & frozenset(previous)


def _changed_units(previous: _Rules, current: _Rules) -> frozenset[str]:
    """The units that may have another calendar, with all below them by the parents that either book knows."""
    if not previous.unit_calendars and not current.unit_calendars:
        return frozenset()
    parents_before, parents_now = _parents(previous.units), _parents(current.units)
    changed = _differing(previous.unit_calendars, current.unit_calendars) | _differing(parents_before, parents_now)
    return _with_descendants(changed, [*parents_before.items(), *parents_now.items()])


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


def _parents(units: Mapping[str, UnitRule]) -> dict[str, str]:
    return {unit.id: unit.parent for unit in units.values() if unit.parent is not None}


def _differing(previous: Mapping[str, _Value], current: Mapping[str, _Value]) -> frozenset[str]:
    """The keys whose values differ, or that only one of the two has."""
    return frozenset(key for key in previous.keys() | current.keys() if previous.get(key) != current.get(key))
