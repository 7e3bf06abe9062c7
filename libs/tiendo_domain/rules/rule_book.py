"""The rule book: everything configured, as it stood after some directory fact (section R, rule T6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Self

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.rules.calendars import Calendars, KnownCalendar, assignments, built_in_calendars
from tiendo_domain.rules.dated import valid_on
from tiendo_domain.rules.definitions import (
    DEFAULT_CALENDAR,
    AbsenceRule,
    Definition,
    DirectoryFact,
    NationalRule,
    OfficerRule,
    ProcedureRule,
    PublicationRule,
    StepRule,
    UnitRule,
)
from tiendo_domain.rules.draft import Draft
from tiendo_domain.rules.officers import joined_absences, joined_ids
from tiendo_domain.rules.placeholders import DEFAULT_PLACEHOLDERS, placeholder_key
from tiendo_domain.rules.procedures import rule_of
from tiendo_domain.rules.steps import step_of
from tiendo_domain.rules.touched import Touched, touched_between
from tiendo_domain.rules.units import carried_on_by, days_of_change, merged_into


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """Everything configured at one point of the log; a value.

    What has a first day is kept newest first: the rules of a unit, procedure, officer or publication under its id, those of a step under its
    procedure's. `unit_calendars` says which calendar a unit was given itself; `calendar_of` follows the ancestors too.
    `units` holds the newest rule of each configured unit, and the units that only a calendar names.
    """

    calendars: Calendars = field(default_factory=built_in_calendars)
    unit_rules: Mapping[str, tuple[UnitRule, ...]] = field(default_factory=dict)
    procedures: Mapping[str, tuple[ProcedureRule, ...]] = field(default_factory=dict)
    officers: Mapping[str, tuple[OfficerRule, ...]] = field(default_factory=dict)
    absences: Mapping[str, tuple[AbsenceRule, ...]] = field(default_factory=dict)
    steps: Mapping[str, tuple[StepRule, ...]] = field(default_factory=dict)
    national: Mapping[str, NationalRule] = field(default_factory=dict)
    publications: Mapping[str, tuple[PublicationRule, ...]] = field(default_factory=dict)
    placeholders: tuple[str, ...] = DEFAULT_PLACEHOLDERS
    units: Mapping[str, UnitRule] = field(init=False, repr=False, compare=False)
    unit_calendars: Mapping[str, str] = field(init=False, repr=False, compare=False)
    joined_officers: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _absences_of: Mapping[str, tuple[AbsenceRule, ...]] = field(init=False, repr=False, compare=False)
    _placeholder_keys: frozenset[str] = field(init=False, repr=False, compare=False)
    _known: Mapping[str, tuple[KnownCalendar, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        unit_calendars = assignments(self.calendars)
        newest_units = {identity: rules[0] for identity, rules in self.unit_rules.items()}
        known = {identity: calendar.known_calendars for identity, calendar in self.calendars.items()}
        joined = joined_ids(self.officers)
        derived = {
            "units": {unit: UnitRule(id=unit) for unit in unit_calendars} | newest_units,
            "unit_calendars": unit_calendars,
            "joined_officers": joined,
            "_absences_of": joined_absences(self.absences, joined),
            "_placeholder_keys": frozenset(map(placeholder_key, self.placeholders)),
            "_known": known,
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @classmethod
    def fold(cls, facts: Iterable[DirectoryFact]) -> Self:
        """The rule book after `facts`, which come in the order of the log; never fails on facts that were accepted."""
        return cls().extended(facts)

    def extended(self, facts: Iterable[DirectoryFact]) -> Self:
        """The rule book after further `facts`, in the order of the log; those ingested at one instant were applied together (rule T6)."""
        draft = self._draft()
        for known_since, applied in groupby(facts, key=_ingested_at):
            draft.apply([fact.definition for fact in applied], known_since)
        return self._made_of(draft)

    def with_definitions(self, definitions: Iterable[Definition], *, known_since: datetime | None = None) -> Self:
        """The rule book with each definition in place of what stood for the same thing; all are applied together at `known_since`.

        Without an instant they count as known since ever.
        """
        draft = self._draft()
        draft.apply(list(definitions), known_since)
        return self._made_of(draft)

    def _draft(self) -> Draft:
        return Draft(
            calendars=dict(self.calendars),
            unit_rules=dict(self.unit_rules),
            procedures=dict(self.procedures),
            officers=dict(self.officers),
            absences=dict(self.absences),
            steps=dict(self.steps),
            national=dict(self.national),
            publications=dict(self.publications),
            placeholders=self.placeholders,
        )

    @classmethod
    def _made_of(cls, draft: Draft) -> Self:
        return cls(
            calendars=draft.calendars,
            unit_rules=draft.unit_rules,
            procedures=draft.procedures,
            officers=draft.officers,
            absences=draft.absences,
            steps=draft.steps,
            national=draft.national,
            publications=draft.publications,
            placeholders=draft.placeholders,
        )

    @property
    def default_calendar(self) -> WorkingCalendar:
        """The province's default: the calendar `vn`."""
        return self._known[DEFAULT_CALENDAR][-1].calendar

    def calendar_of(self, unit_id: str | None, parents: Mapping[str, str], on: date | None = None) -> WorkingCalendar:
        """The newest version of a unit's calendar: its own, else that of its nearest ancestor that has one, else the default (rule T6).

        A unit's parent is the configured one, on the local date `on` (that of the reception; None: the newest), else the one in `parents`
        (child id to parent id, as the case's own events say). A circle of parents ends the search.
        """
        return self.calendar_versions_of(unit_id, parents, on)[-1].calendar

    def calendar_versions_of(
        self, unit_id: str | None, parents: Mapping[str, str], on: date | None = None
    ) -> tuple[KnownCalendar, ...]:
        """All known versions of the calendar that `calendar_of` gives, oldest first; never empty."""
        return self._known[self._calendar_id(unit_id, parents, on)]

    def calendar_version(self, version_name: str, *, calendar_days: bool = False) -> WorkingCalendar | None:
        """The version of a calendar of this name, as answers give it; None where there is none.

        `calendar_days`: as it counts for procedures in calendar days (rule T7).
        """
        known = self._known.get(version_name.rpartition("/")[0], ())
        found = next((one.calendar for one in known if one.calendar.version_name == version_name), None)
        if found is None or not calendar_days:
            return found
        return WorkingCalendar.every_minute(found.zone, found.version_name, found)

    def _calendar_id(self, unit_id: str | None, parents: Mapping[str, str], on: date | None) -> str:
        if not self.unit_calendars:
            return DEFAULT_CALENDAR
        seen: set[str] = set()
        while unit_id is not None and unit_id not in seen:
            if unit_id in self.unit_calendars:
                return self.unit_calendars[unit_id]
            seen.add(unit_id)
            unit_id = self.parent_of(unit_id, parents, on)
        return DEFAULT_CALENDAR

    def parent_of(self, unit_id: str, parents: Mapping[str, str], on: date | None = None) -> str | None:
        """The parent that is configured for a unit on `on` (None: the newest), else the one in `parents`; None if neither says."""
        configured = self.unit(unit_id, on)
        if configured is not None and configured.parent is not None:
            return configured.parent
        return parents.get(unit_id)

    def unit(self, unit_id: str, on: date | None = None) -> UnitRule | None:
        """What is configured of a unit on the local date `on`, or nearest to it; the newest for None."""
        return valid_on(self.unit_rules.get(unit_id, ()), on)

    def unit_above(self, unit_id: str, parents: Mapping[str, str], on: date | None = None) -> str | None:
        """What a unit's figures belong to on `on`, besides itself: the unit that it is merged into, else its parent."""
        return merged_into(self.unit_rules.get(unit_id, ()), on) or self.parent_of(unit_id, parents, on)

    def carried_on_by(self, unit_id: str, on: date | None = None) -> str:
        """The unit that has the open cases of `unit_id` on the local date `on`: itself, or what it was merged into."""
        return carried_on_by(self.unit_rules, unit_id, on)

    @property
    def unit_days(self) -> tuple[date, ...]:
        """The local dates on which the tree of units may change, rising."""
        return days_of_change(self.unit_rules)

    def officer(self, officer_id: str, on: date | None = None) -> OfficerRule | None:
        """What the directory says of exactly this officer id on the local date `on`, or nearest to it; the newest for None."""
        return valid_on(self.officers.get(officer_id, ()), on)

    def officer_id(self, officer_id: str) -> str:
        """The id that an officer's is joined to, followed to its end (rule H11); itself where it is not joined. A ring ends at its smallest id."""
        return self.joined_officers.get(officer_id, officer_id)

    def absences_of(self, officer_id: str) -> tuple[AbsenceRule, ...]:
        """The absences stated for any of the ids that are this person's, by their beginning (rules H10, H11)."""
        return self._absences_of.get(self.officer_id(officer_id), ()) if self._absences_of else ()

    def procedure(self, procedure_id: str | None, on: date) -> ProcedureRule | None:
        """The rule of a procedure for cases received on the local date `on`; None where nothing is configured (section R).

        By the whole id, else without the local suffix; of each the newest `valid_from` not after `on`.
        """
        return rule_of(self.procedures, procedure_id, on)

    def step_allotment(self, procedure_id: str | None, step_id: str, step_name: str | None, on: date) -> int | None:
        """The working minutes that a step is allotted in cases received on the local date `on`; None where nothing is configured (rule A1)."""
        if procedure_id is None or not self.steps:
            return None
        step = step_of(self.steps, procedure_id, step_id, step_name, on)
        return None if step is None else step.allotted_minutes

    def is_placeholder(self, name: str) -> bool:
        """Whether `name` names nobody (rule H3)."""
        return placeholder_key(name) in self._placeholder_keys

    def touched_by(self, previous: "RuleBook") -> Touched:
        """Which cases, folded with `previous`, this rule book may show otherwise: what a refold list is made of (rule T6)."""
        return touched_between(previous, self)


def _ingested_at(fact: DirectoryFact) -> datetime:
    return fact.ingested_at
