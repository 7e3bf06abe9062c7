"""The whole timeline of a case, minute by minute, as a plain dict with the names of the contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.domain.reference.counting import MinuteCalendar, cut, minute_calendar, rounded_up
from tests.domain.reference.deadlines import Dues
from tests.domain.reference.holding import ENDS, Segment, Walk
from tests.domain.reference.parties import ORGANISATION, Party
from tests.domain.reference.reading import Event, Key, beginning, instant, place, select, set_aside
from tests.domain.reference.sharing import (
    Row,
    fill_rows,
    hand_lateness_on_after_due,
    hand_lateness_on_by_norm,
    in_order,
    late_minutes,
    overrun_after_due,
    shares_after_due,
    shares_by_norm,
    step_norm_applies,
)

Plain = dict[str, Any]

STEP_NORM, AFTER_DUE = "step-norm/1", "after-due/1"
ACCEPTANCE_MINUTES = 480
SILENT_MINUTES = 4_800


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
            era=sum(1 for at in self.walk.dues.restarted_at if segment.begun_by.at >= at),
            events=[segment.begun_by, *([ended_by] if ended_by else [])],
        )


def timeline(
    entries: Sequence[Plain],
    rules: Plain,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    basis: str = "occurred",
    policy: str | None = None,
) -> Plain:
    """The answer for the log entries of one case (`{"position", "ingested_at", "event"}`) under plain `rules`."""
    shown = walked(entries, rules, as_of=as_of, known_at=known_at, basis=basis)
    occurred = walked(entries, rules, as_of=as_of, known_at=known_at, basis="occurred")
    recorded = walked(entries, rules, as_of=as_of, known_at=known_at, basis="recorded")
    rows, used = counted_rows(shown, policy)
    dues = shown.walk.dues
    return {
        **{name: (shown.subject[name] or {}).get("id") for name in ("unit", "procedure", "field")},
        "channel": shown.subject["channel"],
        "state": shown.walk.state() if shown.begun else _state_without_holds(shown),
        **_class(occurred),
        "overdue": shown.overdue,
        "provisional": shown.finish is None and not _ended_without_holds(shown),
        "submitted_at": _at(shown.submitted),
        "received_at": _at(next((event for event in shown.events if event.kind == "received"), None)),
        "due_at": dues.stated,
        "due_recomputed_at": dues.recomputed,
        "judged_due_at": dues.judged,
        "completed_at": _at(completion(shown)),
        "lateness_minutes": shown.lateness(),
        "system_lateness_minutes": recorded.lateness(),
        "policy": used,
        "basis": basis,
        "calendar_version": shown.version,
        "clocks": _clocks(shown),
        "holds": [_hold(row, segment) for row, segment in zip(rows, shown.walk.segments, strict=True)],
        "attributions": attributions(shown, rows, used),
        "anomalies": _anomalies(shown),
    }


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


def counted_rows(reading: Reading, policy: str | None) -> tuple[list[Row], str]:
    """The holds with all their minutes, and the policy that applies (rules A2 to A4, A6)."""
    rows, allotments = reading.rows(), reading.walk.allotments
    era = len(reading.walk.dues.restarted_at)
    by_norm = policy != AFTER_DUE and step_norm_applies(rows, allotments, era)
    fill_rows(rows, allotments)
    if by_norm:
        hand_lateness_on_by_norm(rows, allotments)
        return rows, STEP_NORM
    overrun_after_due(rows, reading.late_from if reading.lateness() else None, reading.calendar)
    if reading.judged is not None:
        hand_lateness_on_after_due(rows, rounded_up(reading.judged), reading.calendar)
    return rows, AFTER_DUE


def attributions(reading: Reading, rows: list[Row], used: str) -> list[Plain]:
    """The shares (rules A3 to A5)."""
    lateness = reading.lateness()
    if not lateness:
        return []
    if used == STEP_NORM:
        shares = shares_by_norm(rows, lateness, len(reading.walk.dues.restarted_at))
    else:
        shares = shares_after_due(rows, reading.late_from, reading.calendar)
    set_by = reading.walk.dues.set_by
    answer = []
    for party, minutes, holds in in_order(shares):
        events = {event.key: event for row in holds for event in row.events}
        if set_by is not None:
            events[set_by.key] = set_by
        answer.append(
            {
                "party": _party(party),
                "minutes": minutes,
                "policy": used,
                "event_ids": _ids(sorted(events.values(), key=place), reading.keys),
            }
        )
    return answer


def completion(reading: Reading) -> Event | None:
    """The event by which the case was completed; None for other ends."""
    finish = reading.finish
    return finish if finish and finish.kind in {"completed", "result-delivered"} else None


def _class(reading: Reading) -> Plain:
    """Class, acceptance and late-entry minutes, of basis occurred (section C)."""
    answer: Plain = {"class": None, "accepted": None, "late_entry_minutes": 0, "late_entry_party": None}
    finish, judged = completion(reading), reading.judged
    if finish is None or judged is None:
        return answer
    if finish.at > judged:
        return answer | {"class": "actual"}
    late_entry = reading.calendar.count(rounded_up(judged), cut(finish.recorded))
    if late_entry:
        evidence = finish.data.get("evidence") or {}
        signed_at = evidence.get("signed_at")
        proven = evidence.get("document_number") and signed_at and instant(signed_at) <= judged
        answer |= {"late_entry_minutes": late_entry, "late_entry_party": _party(reading.walk.segments[-1].party)}
        return answer | ({"class": "late-entry", "accepted": False} if proven else {"class": "unproven"})
    stated = reading.walk.dues.stated
    paused = stated is not None and finish.at > stated and reading.walk.pauses_seen
    return answer | {"class": "pause-not-respected" if paused else "on-time"}


def _clocks(reading: Reading) -> Plain:
    calendar, walk = reading.calendar, reading.walk
    submitted, completed = reading.submitted, completion(reading)
    clocks: Plain = {"acceptance": None, "resolution": None, "pick_up": None}
    if submitted:
        ended = walk.segments[0].begun_by if reading.begun else _ended_without_holds(reading)
        start, end = cut(submitted.at), cut(ended.at if ended else reading.as_of)
        due = calendar.due(start, ACCEPTANCE_MINUTES)
        late = calendar.count(due, end)
        clocks["acceptance"] = _clock(submitted, calendar.instant(due), ended, calendar.count(start, end), late)
    if reading.begun:
        minutes = sum(row.working for row in reading.rows() if not row.paused)
        begun_by = walk.segments[0].begun_by
        clocks["resolution"] = _clock(begun_by, reading.judged, reading.finish, minutes, reading.lateness())
    if completed:
        ended = walk.delivered_by
        minutes = calendar.count(cut(completed.at), cut(ended.at if ended else reading.as_of))
        clocks["pick_up"] = _clock(completed, None, ended, minutes, None)
    return clocks


def _clock(started: Event, due: datetime | None, ended: Event | None, minutes: int, late: int | None) -> Plain:
    return {
        "started_at": started.at,
        "due_at": due,
        "ended_at": _at(ended),
        "working_minutes": minutes,
        "lateness_minutes": late,
    }


def _anomalies(reading: Reading) -> list[Plain]:
    walk, calendar = reading.walk, reading.calendar
    found = [*walk.anomalies, *(("correction-without-target", [event]) for event in reading.without_target)]
    finish, dues = reading.finish, walk.dues
    if reading.begun:
        begun_by = walk.segments[0].begun_by
        if reading.judged is None:
            found.append(("missing-due", [begun_by]))
        elif rounded_up(reading.judged) < cut(begun_by.at) and dues.set_by:
            found.append(("due-before-received", [dues.set_by]))
        last = _last_before_the_finish(reading)
        quiet = calendar.count(cut(last.at), cut(reading.end_at))
        if quiet > SILENT_MINUTES and not (walk.is_paused() or walk.ended_in_pause):
            found.append(("silent-tail", [last]))
    signed_at = ((finish.data.get("evidence") or {}) if finish else {}).get("signed_at")
    if finish and signed_at and instant(signed_at) < finish.at:
        found.append(("evidence-before-finish", [finish]))
    found.sort(key=lambda anomaly: (min(place(event) for event in anomaly[1]), anomaly[0]))
    return [{"kind": kind, "event_ids": _ids(sorted(events, key=place), reading.keys)} for kind, events in found]


def _last_before_the_finish(reading: Reading) -> Event:
    """The last event that counted before the finish, or before as_of; at least the one with which holding began."""
    anomalies = reading.walk.anomalies
    misfits = {events[0].key for kind, events in anomalies if kind in {"out-of-order", "finish-moved-back"}}
    begun_by, finish = reading.walk.segments[0].begun_by, reading.finish
    counted = [
        event
        for event in reading.events
        if event.key not in misfits
        and event.kind != "corrected"
        and place(event) > place(begun_by)
        and (finish is None or place(event) < place(finish))
    ]
    return counted[-1] if counted else begun_by


def _hold(row: Row, segment: Segment) -> Plain:
    return {
        "party": _party(row.party),
        "step": None if segment.step is None else {"id": segment.step[0], "name": segment.step[1]},
        "started_at": segment.begun_by.at,
        "ended_at": _at(segment.ended_by),
        "working_minutes": row.working,
        "allotted_minutes": row.allotted,
        "overrun_minutes": row.overrun,
        "lateness_in_minutes": row.lateness_in,
        "lateness_out_minutes": row.lateness_out,
        "paused": row.paused,
    }


def _party(party: Party) -> Plain:
    unit = None if party.unit is None or party is ORGANISATION else {"id": party.unit[0], "name": party.unit[1]}
    return {"kind": party.kind, "id": party.id, "name": party.name, "position": party.position, "unit": unit}


def _ids(events: Sequence[Event], keys: set[Key]) -> list[str]:
    """CloudEvents ids, with the source where two sources share one (rule A5)."""
    return [
        f"{event.key[0]}#{event.id}" if sum(identity == event.id for _, identity in keys) > 1 else event.id
        for event in events
    ]


def _ended_without_holds(reading: Reading) -> Event | None:
    """The first declined or withdrawn of a case that nobody ever held."""
    ends = (event for event in reading.events if event.kind in {"declined", "withdrawn"})
    return None if reading.begun else next(ends, None)


def _state_without_holds(reading: Reading) -> str:
    ended = _ended_without_holds(reading)
    return ended.kind if ended else "submitted"


def _at(event: Event | None) -> datetime | None:
    return None if event is None else event.at
