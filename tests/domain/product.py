"""The product, asked with the reference's plain values and answering with plain values."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tiendo_contracts.events.decoding import case_event
from tiendo_domain.calendar import OverrideKind, Session
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.facts import DayCount
from tiendo_domain.instants import Instant
from tiendo_domain.rules import (
    AbsenceRule,
    CalendarDefinition,
    Definition,
    DueOnDayOff,
    OfficerRule,
    Override,
    PauseMode,
    PlaceholdersDefinition,
    ProcedureRule,
    RuleBook,
    StepRule,
    UnitRule,
)
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import Attribution, Basis, CaseTimeline, Clock, Hold, Party, Policy

Plain = dict[str, Any]


def answer(
    entries: Sequence[Plain],
    rules: Plain,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    basis: str = "occurred",
    policy: str | None = None,
) -> Plain:
    """What the product answers, in the shape of the reference's answer."""
    return plain(asked(entries, rules, as_of=as_of, known_at=known_at, basis=basis, policy=policy))


def asked(
    entries: Sequence[Plain],
    rules: Plain,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    basis: str = "occurred",
    policy: str | None = None,
    explained_by: datetime | None = None,
) -> CaseTimeline:
    """The product's own timeline."""
    return case_timeline(
        facts(entries),
        rule_book(rules, known_at),
        as_of=as_of,
        known_at=known_at,
        explained_by=explained_by,
        basis=Basis(basis),
        policy=None if policy is None else Policy(policy),
    )


def facts(entries: Sequence[Plain]) -> list[CaseEvent]:
    """The log entries as facts of the domain."""
    return [
        case_event(json.dumps(entry["event"]), position=entry["position"], ingested_at=entry["ingested_at"])
        for entry in entries
    ]


_books: dict[str, RuleBook] = {}


def rule_book(rules: Plain, known_at: datetime | None = None) -> RuleBook:
    """The rule book of plain rules, as far as they were known at `known_at`; equal ones share one."""
    absences = [absence for absence in rules.get("absences", ()) if _is_known(absence, known_at)]
    later = sorted(
        (version["known_since"], identity, number)
        for identity, versions in rules["calendars"].items()
        for number, version in enumerate(versions_of(versions))
        if number and _is_known(version, known_at)
    )
    key = repr((rules, absences, later))
    if key not in _books:
        book = RuleBook().with_definitions([*definitions(rules), *map(_absence, absences)])
        for known_since, identity, number in later:
            version = versions_of(rules["calendars"][identity])[number]
            book = book.with_definitions([_calendar(identity, version, rules)], known_since=known_since)
        _books[key] = book
    return _books[key]


def versions_of(calendar: Plain | list[Plain]) -> list[Plain]:
    """The versions of a plain calendar, oldest first."""
    return calendar if isinstance(calendar, list) else [calendar]


def _is_known(said: Plain, known_at: datetime | None) -> bool:
    since = said.get("known_since")
    return since is None or known_at is None or since <= known_at


def definitions(rules: Plain) -> list[Definition]:
    """The definitions that say what the plain rules say from the beginning; without absences and later versions of calendars."""
    units: list[Definition] = [UnitRule(id=unit, parent=parent) for unit, parent in rules["parents"].items()]
    procedures: list[Definition] = [
        ProcedureRule(
            id=rule["id"],
            valid_from=rule["valid_from"],
            pause=PauseMode(rule["pause"]),
            days=DayCount(rule["days"]),
            norm_minutes=rule["norm_minutes"],
        )
        for rule in rules["procedures"]
    ]
    calendars: list[Definition] = [
        _calendar(identity, versions_of(calendar)[0], rules) for identity, calendar in rules["calendars"].items()
    ]
    steps: list[Definition] = [StepRule(**step) for step in rules.get("steps", ())]
    officers: list[Definition] = [
        OfficerRule(id=officer["id"], same_as=officer.get("same_as")) for officer in rules.get("officers", ())
    ]
    placeholders = PlaceholdersDefinition(names=tuple(rules["placeholders"]))
    return [*calendars, *units, *procedures, *steps, *officers, placeholders]


def _calendar(identity: str, calendar: Plain, rules: Plain) -> CalendarDefinition:
    usual = "next-working-day" if identity == "vn" or calendar.get("holidays") == "VN" else "as-stated"
    return CalendarDefinition(
        id=identity,
        time_zone=calendar["zone"],
        units=tuple(unit for unit, name in rules["unit_calendars"].items() if name == identity),
        days_off=frozenset(calendar["days_off"]),
        sessions=tuple(session(plain_session) for plain_session in calendar["sessions"]),
        overrides=tuple(Override(on=on, kind=OverrideKind(kind)) for on, kind in calendar["overrides"].items()),
        due_on_day_off=DueOnDayOff(calendar.get("due_on_day_off", usual)),
    )


def _absence(absence: Plain) -> AbsenceRule:
    return AbsenceRule(
        officer=absence["officer"],
        from_=_date_or_instant(absence["from"]),
        to=_date_or_instant(absence["to"]),
        kind=absence.get("kind"),
    )


def _date_or_instant(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def session(plain_session: Plain) -> Session:
    """One session."""
    return Session(
        weekdays=frozenset(plain_session["weekdays"]),
        from_minute=plain_session["from"],
        to_minute=plain_session["to"],
        valid_from=plain_session.get("valid_from"),
        valid_to=plain_session.get("valid_to"),
    )


def plain(timeline: CaseTimeline) -> Plain:
    """The timeline as plain values with the reference's names."""
    clocks = timeline.clocks
    return {
        "unit": timeline.unit and timeline.unit.id,
        "procedure": timeline.procedure and timeline.procedure.id,
        "field": timeline.field and timeline.field.id,
        "channel": timeline.channel,
        "state": timeline.state.value,
        "class": timeline.case_class and timeline.case_class.value,
        "accepted": timeline.accepted,
        "late_entry_minutes": timeline.late_entry_minutes,
        "late_entry_party": timeline.late_entry_party and _party(timeline.late_entry_party),
        "overdue": timeline.overdue,
        "provisional": timeline.provisional,
        "submitted_at": _at(timeline.submitted_at),
        "received_at": _at(timeline.received_at),
        "due_at": _at(timeline.due_at),
        "due_recomputed_at": _at(timeline.due_recomputed_at),
        "judged_due_at": _at(timeline.judged_due_at),
        "completed_at": _at(timeline.completed_at),
        "lateness_minutes": timeline.lateness_minutes,
        "system_lateness_minutes": timeline.system_lateness_minutes,
        "policy": timeline.policy.value,
        "basis": timeline.basis.value,
        "calendar_version": timeline.calendar_version,
        "clocks": {
            "acceptance": _clock(clocks.acceptance),
            "resolution": _clock(clocks.resolution),
            "pick_up": _clock(clocks.pick_up),
        },
        "holds": [_hold(hold) for hold in timeline.holds],
        "attributions": [_attribution(share) for share in timeline.attributions],
        "anomalies": [
            {"kind": anomaly.kind.value, "event_ids": list(anomaly.event_ids)} for anomaly in timeline.anomalies
        ],
    }


def _at(instant: Instant | None) -> datetime | None:
    return None if instant is None else instant.at


def _party(party: Party) -> Plain:
    unit = None if party.unit is None else {"id": party.unit.id, "name": party.unit.name}
    return {"kind": party.kind.value, "id": party.id, "name": party.name, "position": party.position, "unit": unit}


def _clock(clock: Clock | None) -> Plain | None:
    if clock is None:
        return None
    return {
        "started_at": clock.started_at.at,
        "due_at": _at(clock.due_at),
        "ended_at": _at(clock.ended_at),
        "working_minutes": clock.working_minutes,
        "lateness_minutes": clock.lateness_minutes,
    }


def _hold(hold: Hold) -> Plain:
    return {
        "party": _party(hold.party),
        "step": None if hold.step is None else {"id": hold.step.id, "name": hold.step.name},
        "started_at": hold.started_at.at,
        "ended_at": _at(hold.ended_at),
        "working_minutes": hold.working_minutes,
        "allotted_minutes": hold.allotted_minutes,
        "overrun_minutes": hold.overrun_minutes,
        "lateness_in_minutes": hold.lateness_in_minutes,
        "lateness_out_minutes": hold.lateness_out_minutes,
        "paused": hold.paused,
        "inferred": hold.inferred,
        "absent": hold.absent,
        "marks": [mark.value for mark in hold.marks],
    }


def _attribution(share: Attribution) -> Plain:
    return {
        "party": _party(share.party),
        "minutes": share.minutes,
        "policy": share.rule.split(" ")[0].rstrip(",;:"),
        "event_ids": list(share.event_ids),
    }
