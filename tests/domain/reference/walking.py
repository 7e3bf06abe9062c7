"""A case walked to its end on one basis: by which calendar, under which rule of its procedure (rules T6, T7, D1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.domain.reference.absences import Absences, absences, divided, in_case
from tests.domain.reference.counting import MinuteCalendar, cut, minute_calendar, rounded_up
from tests.domain.reference.dayoff import DaysOff
from tests.domain.reference.deadlines import Dues
from tests.domain.reference.holding import Walk
from tests.domain.reference.holds import Segment
from tests.domain.reference.ordering import by_rule, ordered, set_aside
from tests.domain.reference.parties import Names
from tests.domain.reference.reading import Event, Selection, select
from tests.domain.reference.sharing import Row, late_minutes
from tests.domain.reference.stepping import configured, national
from tests.domain.reference.worked import begins_at

Plain = dict[str, Any]


@dataclass
class Reading:
    """A case walked to its end on one basis, and what follows from that; `holds` with absences divided off, `allotments` by step."""

    events: list[Event]
    selection: Selection
    walk: Walk
    dues: Dues
    holds: list[Segment]
    absences: Absences
    allotments: dict[str, int]
    as_of: datetime
    subject: Plain

    @property
    def calendar(self) -> MinuteCalendar:
        """What minutes are counted by."""
        return self.dues.calendar

    @property
    def finish(self) -> Event | None:
        """The event that ended the case."""
        return self.walk.ended_by

    @property
    def end_at(self) -> datetime:
        """The finish, else as_of."""
        return self.finish.at if self.finish else self.as_of

    @property
    def begun(self) -> bool:
        """Whether anybody ever held the case."""
        return bool(self.holds)

    @property
    def judged(self) -> datetime | None:
        """The due against which lateness is measured."""
        return self.dues.judged

    @property
    def overdue(self) -> bool | None:
        """Whether the finish (or as_of) lies after the judged due, compared as sent (rule D4)."""
        return None if self.judged is None else self.end_at > self.judged

    @property
    def late_from(self) -> int:
        """The first minute that can be late: of the judged due, never before holding began."""
        assert self.judged is not None
        return max(rounded_up(self.judged), cut(self.holds[0].start))

    def lateness(self) -> int | None:
        """Unpaused working minutes from the judged due to the finish (rule D4)."""
        if self.judged is None:
            return None
        return sum(late_minutes(row, self.late_from, self.calendar) for row in self.rows()) if self.overdue else 0

    def rows(self) -> list[Row]:
        """The holds, to be counted."""
        return [self._row(hold) for hold in self.holds]

    def _row(self, hold: Segment) -> Row:
        start, end = cut(hold.start), cut(hold.end or self.as_of)
        return Row(
            party=hold.party,
            step=hold.step[0] if hold.step else None,
            paused=hold.paused,
            start=start,
            end=end,
            working=self.calendar.count(start, end),
            era=hold.era,
            events=hold.events,
            absent=hold.absent,
        )

    def place(self, event: Event) -> tuple[Any, ...]:
        """Where the event stands in the order of the case; those that are not yet in view stand after all others, by T1 without a state."""
        places = {one.key: number for number, one in enumerate(self.events)}
        return (0, places[event.key]) if event.key in places else (1, *by_rule(event, self.walk.names))


def walked(
    entries: Sequence[Plain], rules: Plain, *, as_of: datetime, known_at: datetime | None, basis: str
) -> Reading:
    """The case after its last event on one basis."""
    selection = select(entries, as_of=as_of, known_at=known_at, basis=basis)
    joined = {officer["id"]: officer["same_as"] for officer in rules.get("officers", []) if officer.get("same_as")}
    names = Names(rules["placeholders"], joined)
    events, first = ordered(selection.events, names)
    subject = _subject(events)
    days_off = calendar_of(subject["unit"], rules, _parents(events), known_at=known_at)
    begun_on = _begun_on(events, first, days_off)
    rule = procedure_rule(subject["procedure"], rules, begun_on)
    walk = Walk.of(selection.events, names)
    walk.norm = rule["norm_minutes"]
    calendar = minute_calendar(days_off.newest, calendar_days=rule["days"] == "calendar")
    walk.dues = dues = Dues(calendar, days_off, rule["pause"])
    walk.aside = set_aside(events[events.index(first) :]) if first else {}
    for event in events:
        walk.meet(event)
    if walk.ended_by is None and walk.is_paused():
        # A pause that is still open counts as if it ended at `as_of` (rule D2).
        dues.pause_ends(as_of, None, walk.report)
    away = in_case(absences(rules, names, calendar.zone, known_at=known_at), events, names, calendar.zone)
    holds = divided(walk.holds(), away.counted, calendar, as_of)
    return Reading(
        events, selection, walk, dues, holds, away, _allotments(walk, rules, subject, begun_on), as_of, subject
    )


def _begun_on(events: Sequence[Event], first: Event | None, days_off: DaysOff) -> date | None:
    """The local date of reception, else of the beginning of the holds, else of the first event."""
    start = first or (events[0] if events else None)
    if start is None:
        return None
    zone = minute_calendar(days_off.newest, calendar_days=False).zone
    return begins_at(start).astimezone(zone).date()


def _allotments(walk: Walk, rules: Plain, subject: Plain, on: date | None) -> dict[str, int]:
    """What each step has: the first that an event states, else what is configured for the procedure (rule A1)."""
    found = dict(walk.steps.allotments)
    procedure = (subject["procedure"] or {}).get("id")
    for step in {hold.step[0] for hold in walk.holds() if hold.step} - set(found):
        minutes = configured(step, walk.steps, rules.get("steps", []), procedure, on)
        if minutes is not None:
            found[step] = minutes
    return found


def _subject(events: Sequence[Event]) -> Plain:
    received = next((event for event in events if event.kind == "received"), None)
    submitted = next((event for event in events if event.kind == "submitted"), None)
    subject: Plain = {}
    for name in ("unit", "procedure", "field", "channel"):
        stated = [event.data[name] for event in (received, submitted) if event and event.data.get(name) is not None]
        subject[name] = stated[0] if stated else None
    if received and received.data.get("unit") is None and (received.data.get("holder") or {}).get("unit"):
        subject["unit"] = received.data["holder"]["unit"]
    return subject


def _parents(events: Sequence[Event]) -> dict[str, str]:
    """Child to parent, as the case's own events say; of several statements the last by T1."""
    parents: dict[str, str] = {}
    for event in events:
        people = [event.data.get("actor"), event.data.get("holder")]
        for unit in [event.data.get("unit"), *((person or {}).get("unit") for person in people)]:
            if unit and unit.get("id") and unit.get("parent"):
                parents[unit["id"]] = unit["parent"]
    return parents


def calendar_of(
    unit: Plain | None, rules: Plain, stated_parents: dict[str, str], *, known_at: datetime | None
) -> DaysOff:
    """The calendar of a unit: its own, else of the nearest ancestor that has one, else the default (rule T6)."""
    identity = unit.get("id") if unit else None
    seen: set[str] = set()
    name = "vn"
    while identity is not None and identity not in seen:
        if identity in rules["unit_calendars"]:
            name = rules["unit_calendars"][identity]
            break
        seen.add(identity)
        identity = rules["parents"].get(identity) or stated_parents.get(identity)
    plain = rules["calendars"][name]
    versions = plain if isinstance(plain, list) else [plain]
    later = [version for version in versions[1:] if known_at is None or version["known_since"] <= known_at]
    return DaysOff(name, [versions[0], *later])


def procedure_rule(procedure: Plain | None, rules: Plain, on: date | None) -> Plain:
    """Pause mode, days and norm: what the reception states goes before what is configured (rule D1)."""
    stated = {name: value for name, value in (procedure or {}).items() if name in {"days", "norm_minutes"}}
    return {"pause": "suspend", "days": "working", "norm_minutes": None} | _configured(procedure, rules, on) | stated


def _configured(procedure: Plain | None, rules: Plain, on: date | None) -> Plain:
    identity = (procedure or {}).get("id")
    if identity is None or on is None:
        return {}
    for name in (identity, national(identity)):
        begun = [rule for rule in rules["procedures"] if rule["id"] == name and (rule["valid_from"] or date.min) <= on]
        if begun:
            newest = max(begun, key=lambda rule: rule["valid_from"] or date.min)
            return {name: newest[name] for name in ("pause", "days", "norm_minutes")}
    return {}
