"""The whole timeline of a case, minute by minute, as a plain dict with the names of the contract."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.domain.reference.counting import cut, rounded_up
from tests.domain.reference.holding import Segment
from tests.domain.reference.parties import ORGANISATION, Party
from tests.domain.reference.reading import Event, Key, instant, place
from tests.domain.reference.sharing import (
    Row,
    fill_rows,
    hand_lateness_on_after_due,
    hand_lateness_on_by_norm,
    in_order,
    overrun_after_due,
    shares_after_due,
    shares_by_norm,
    step_norm_applies,
)
from tests.domain.reference.walking import Reading, walked

Plain = dict[str, Any]

STEP_NORM, AFTER_DUE = "step-norm/1", "after-due/1"
ACCEPTANCE_MINUTES = 480
SILENT_MINUTES = 4_800


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
