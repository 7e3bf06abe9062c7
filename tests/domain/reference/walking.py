"""A case walked to its end on one basis: by which calendar, under which rule of its procedure (rules T6, T7, D1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.domain.reference.counting import MinuteCalendar, cut, minute_calendar, rounded_up
from tests.domain.reference.deadlines import Dues
from tests.domain.reference.holding import ENDS, Segment, Walk
from tests.domain.reference.reading import Event, Key, beginning, select, set_aside
from tests.domain.reference.sharing import Row, late_minutes

Plain = dict[str, Any]


@dataclass
class Reading:
    """A case walked to its end on one basis, and what follows from that."""

    events: list[Event]
    keys: set[Key]
    without_target: list[Event]
    submitted: Event | None
    walk: Walk
    calendar: MinuteCalendar
    version: str
    as_of: datetime
    subject: Plain

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
        return bool(self.walk.segments)

    @property
    def judged(self) -> datetime | None:
        """The due against which lateness is measured."""
        return self.walk.dues.judged

    @property
    def overdue(self) -> bool | None:
        """Whether the finish (or as_of) lies after the judged due, compared as sent (rule D4)."""
        return None if self.judged is None else self.end_at > self.judged

    @property
    def late_from(self) -> int:
        """The first minute that can be late: of the judged due, never before holding began."""
        assert self.judged is not None
        return max(rounded_up(self.judged), cut(self.walk.segments[0].begun_by.at))

    def lateness(self) -> int | None:
        """Unpaused working minutes from the judged due to the finish (rule D4)."""
        if self.judged is None:
            return None
        return sum(late_minutes(row, self.late_from, self.calendar) for row in self.rows()) if self.overdue else 0

    def rows(self) -> list[Row]:
        """The holds, to be counted."""
        return [self._row(segment) for segment in self.walk.segments]

    def _row(self, segment: Segment) -> Row:
        ended_by = segment.ended_by
        start, end = cut(segment.begun_by.at), cut(ended_by.at if ended_by else self.as_of)
        return Row(
            party=segment.party,
            step=segment.step[0] if segment.step else None,
            paused=segment.paused,
            start=start,
            end=end,
            working=self.calendar.count(start, end),
            era=segment.era,
            events=[segment.begun_by, *([ended_by] if ended_by else [])],
        )


def walked(
    entries: Sequence[Plain], rules: Plain, *, as_of: datetime, known_at: datetime | None, basis: str
) -> Reading:
    """The case after its last event on one basis."""
    selection = select(entries, as_of=as_of, known_at=known_at, basis=basis)
    events = selection.events
    first = beginning(events)
    subject = _subject(events)
    identity, plain_calendar = calendar_of(subject["unit"], rules, _parents(events))
    zone = minute_calendar(plain_calendar, calendar_days=False).zone
    start = events[first] if first is not None else (events[0] if events else None)
    rule = procedure_rule(subject["procedure"], rules, start.at.astimezone(zone).date() if start else None)
    calendar = minute_calendar(plain_calendar, calendar_days=rule["days"] == "calendar")
    walk = Walk(
        dues=Dues(calendar, rule["pause"]),
        placeholders=rules["placeholders"],
        aside=set_aside(events[first:]) if first is not None else {},
    )
    submitted = next((event for event in events[:first] if event.kind == "submitted"), None)
    for index, event in enumerate(events):
        if first is None:
            ended = any(earlier.kind in ENDS for earlier in events[:index])
            if event.kind != "corrected" and (ended or (event.kind == "submitted" and event != submitted)):
                walk.report("out-of-order", event)
            continue
        if index == first:
            walk.begin(event, rule["norm_minutes"])
        elif index > first:
            walk.take(event)
        elif event.kind != "corrected" and event != submitted:
            walk.report("out-of-order", event)
    for event in selection.from_the_future:
        walk.report("future-instant", event)
    walk.close(as_of)
    version = f"{identity}/{plain_calendar['version']}"
    return Reading(events, selection.keys, selection.without_target, submitted, walk, calendar, version, as_of, subject)


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


def calendar_of(unit: Plain | None, rules: Plain, stated_parents: dict[str, str]) -> tuple[str, Plain]:
    """Id and definition of the calendar of a unit: its own, else of the nearest ancestor that has one, else the default (rule T6)."""
    identity = unit.get("id") if unit else None
    seen: set[str] = set()
    while identity is not None and identity not in seen:
        if identity in rules["unit_calendars"]:
            name = rules["unit_calendars"][identity]
            return name, rules["calendars"][name]
        seen.add(identity)
        identity = rules["parents"].get(identity) or stated_parents.get(identity)
    return "vn", rules["calendars"]["vn"]


def procedure_rule(procedure: Plain | None, rules: Plain, on: date | None) -> Plain:
    """Pause mode, days and norm: what the reception states goes before what is configured (rule D1)."""
    stated = {name: value for name, value in (procedure or {}).items() if name in {"days", "norm_minutes"}}
    return {"pause": "suspend", "days": "working", "norm_minutes": None} | _configured(procedure, rules, on) | stated


def _configured(procedure: Plain | None, rules: Plain, on: date | None) -> Plain:
    identity = (procedure or {}).get("id")
    if identity is None or on is None:
        return {}
    national = ".".join(identity.split(".")[:2])
    for name in (identity, national):
        begun = [rule for rule in rules["procedures"] if rule["id"] == name and (rule["valid_from"] or date.min) <= on]
        if begun:
            newest = max(begun, key=lambda rule: rule["valid_from"] or date.min)
            return {name: newest[name] for name in ("pause", "days", "norm_minutes")}
    return {}
