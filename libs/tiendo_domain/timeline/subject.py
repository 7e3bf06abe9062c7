"""What a case is about: its responsible unit, procedure, calendar, norm and pause mode (rules T6, T7, D1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from msgspec import Struct

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.explanations import EXPLANATION_FACTS
from tiendo_domain.facts import DayCount, Field, Person, Procedure, Received, Submitted, Unit
from tiendo_domain.instants import Instant
from tiendo_domain.rules import KnownCalendar, PauseMode, ProcedureRule, RuleBook
from tiendo_domain.timeline.carrying import Carrying
from tiendo_domain.timeline.parties import unit_name
from tiendo_domain.timeline.placed import Placed

_Member = TypeVar("_Member")


class Subject(Struct, frozen=True, kw_only=True):
    """What a case is about. `calendar` counts all its minutes; `norm_minutes` are minutes of it, None where nobody states them.

    `carrying` has all versions of the calendar, for dues that fall on days off. `received_on` is the local date of the reception, or where that
    is missing of the beginning of the holds, or of the submission: it decides which rules of unit, procedure and steps hold.
    """

    unit: Unit | None
    procedure: Procedure | None
    field: Field | None
    channel: str | None
    carrying: Carrying
    norm_minutes: int | None
    pause_mode: PauseMode
    received_on: date | None
    rules: RuleBook

    @property
    def calendar(self) -> WorkingCalendar:
        """The newest version of the case's calendar."""
        return self.carrying.calendar

    def step_allotment(self, step_id: str, step_name: str | None) -> int | None:
        """What the directory allots to a step of the case's procedure, in force at reception (rule A1)."""
        if self.procedure is None or self.received_on is None:
            return None
        return self.rules.step_allotment(self.procedure.id, step_id, step_name, self.received_on)


def subject_of(events: Sequence[Placed], rules: RuleBook, began_at: Instant | None) -> Subject:
    """The subject as the first reception states it; what that leaves out, as the first submission does.

    `began_at` is the reception, or where that is missing the beginning of the holds, or the submission.
    """
    received = next((one.fact for one in events if isinstance(one.fact, Received)), None)
    submitted = next((one.fact for one in events if isinstance(one.fact, Submitted)), None)
    stated: list[Received | Submitted] = [fact for fact in (received, submitted) if fact is not None]
    procedure = _first(fact.procedure for fact in stated)
    unit = _responsible_unit(received, submitted)
    # Parents decide nothing where no unit has a calendar of its own.
    parents = unit_parents(one.event for one in events) if rules.unit_calendars else {}
    zone = rules.default_calendar.zone
    began_on = None if began_at is None else began_at.at.astimezone(zone).date()
    versions = rules.calendar_versions_of(None if unit is None else unit.id, parents, began_on)
    received_on = None if began_at is None else began_at.at.astimezone(versions[-1].calendar.zone).date()
    configured: ProcedureRule | None = None
    if procedure is not None and received_on is not None:
        configured = rules.procedure(procedure.id, received_on)
    norm_minutes = None if procedure is None else procedure.norm_minutes
    days = None if procedure is None else procedure.days
    if configured is not None:
        norm_minutes = configured.norm_minutes if norm_minutes is None else norm_minutes
        days = days or configured.days
    if days is DayCount.CALENDAR:
        versions = tuple(_every_minute(version) for version in versions)
    return Subject(
        unit=unit,
        procedure=procedure,
        field=_first(fact.field for fact in stated),
        channel=_first(fact.channel for fact in stated),
        carrying=Carrying(versions=versions),
        norm_minutes=norm_minutes,
        pause_mode=PauseMode.SUSPEND if configured is None else configured.pause,
        received_on=received_on,
        rules=rules,
    )


def _every_minute(version: KnownCalendar) -> KnownCalendar:
    """The version for procedures in calendar days: 24 hours every day, with the days off that it had (rules T7, D5)."""
    calendar = version.calendar
    return KnownCalendar(
        known_since=version.known_since,
        calendar=WorkingCalendar.every_minute(calendar.zone, calendar.version_name, calendar),
    )


def named_units(event: CaseEvent) -> Iterator[Unit]:
    """Every unit that the event names, wherever it stands in its data; who explains or decides says nothing of units."""
    fact = event.fact
    if isinstance(fact, EXPLANATION_FACTS):
        return
    unit: Unit | None = getattr(fact, "unit", None)
    if unit is not None:
        yield unit
    for name in ("actor", "holder"):
        person: Person | None = getattr(fact, name, None)
        if person is not None and person.unit is not None:
            yield person.unit


def unit_parents(events: Iterable[CaseEvent]) -> Mapping[str, str]:
    """Child unit id -> parent unit id as the case's own events name them (rule T6): of each the latest statement, by `time`, source, id."""
    found: dict[str, tuple[tuple[object, ...], str]] = {}
    for event in events:
        for unit in named_units(event):
            if unit.id is None or unit.parent is None:
                continue
            candidate = ((event.occurred_at.at, event.source, event.id), unit.parent)
            if unit.id not in found or candidate > found[unit.id]:
                found[unit.id] = candidate
    return {unit_id: parent for unit_id, (_, parent) in found.items()}


def _first(stated: Iterable[_Member | None]) -> _Member | None:
    return next((member for member in stated if member is not None), None)


def _responsible_unit(received: Received | None, submitted: Submitted | None) -> Unit | None:
    """The unit of the reception, else that of its holder, else that of the submission; a unit has an id or a name."""
    candidates = [] if received is None else [received.unit, None if received.holder is None else received.holder.unit]
    if submitted is not None:
        candidates.append(submitted.unit)
    return next((unit for unit in candidates if unit is not None and unit_name(unit) is not None), None)
