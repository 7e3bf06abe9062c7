"""The whole timeline of a case, minute by minute, as a plain dict with the names of the contract."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tests.domain.reference.counting import cut, rounded_up
from tests.domain.reference.holds import Segment
from tests.domain.reference.kinds import STATES
from tests.domain.reference.parties import ORGANISATION, Party
from tests.domain.reference.reading import Event, signed_by
from tests.domain.reference.sharing import (
    Row,
    fill_rows,
    hand_lateness_on_after_due,
    hand_lateness_on_by_norm,
    overrun_after_due,
    ranked,
    shares_after_due,
    shares_by_norm,
    step_norm_applies,
)
from tests.domain.reference.walking import Reading, walked

Plain = dict[str, Any]

STEP_NORM, AFTER_DUE = "step-norm/1", "after-due/1"
ACCEPTANCE_MINUTES = 480
SILENT_MINUTES = 4_800
MARKS = ("history", "sender-repair", "matched-by-directory", "status-unmapped")


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
    dues = shown.dues
    return {
        **{name: (shown.subject[name] or {}).get("id") for name in ("unit", "procedure", "field")},
        "channel": shown.subject["channel"],
        "state": _state(shown),
        **_class(occurred),
        "overdue": shown.overdue,
        "provisional": shown.finish is None and not shown.walk.ended_unheld,
        "submitted_at": _at(shown.walk.submitted),
        "received_at": _at(next((event for event in shown.events if event.kind == "received"), None)),
        "due_at": dues.stated,
        "due_recomputed_at": dues.recomputed,
        "judged_due_at": dues.judged,
        "completed_at": _at(completion(shown)),
        "lateness_minutes": shown.lateness(),
        "system_lateness_minutes": recorded.lateness(),
        "policy": used,
        "basis": basis,
        "calendar_version": shown.dues.days_off.name,
        "clocks": _clocks(shown),
        "holds": [_hold(row, segment) for row, segment in zip(rows, shown.holds, strict=True)],
        "attributions": attributions(shown, rows, used),
        "anomalies": _anomalies(shown),
    }


def counted_rows(reading: Reading, policy: str | None) -> tuple[list[Row], str]:
    """The holds with all their minutes, and the policy that applies (rules A2 to A4, A6)."""
    rows, allotments = reading.rows(), reading.allotments
    era = reading.dues.restarts
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
    shares = (
        shares_by_norm(rows, lateness, reading.dues.restarts)
        if used == STEP_NORM
        else shares_after_due(rows, reading.late_from, reading.calendar)
    )
    set_by = reading.dues.set_by
    answer = []
    for party, minutes, holds in ranked(shares):
        events = {event.key: event for row in holds for event in row.events}
        if set_by is not None:
            events[set_by.key] = set_by
        answer.append(
            {
                "party": _party(party),
                "minutes": minutes,
                "policy": used,
                "event_ids": _ids(events.values(), reading),
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
        proven = evidence.get("document_number") and signed_by(evidence, judged, reading.calendar.zone)
        # Reading: a hold of no length bears nothing (rule H5), so that who worked until the finish held the case at it.
        lasting = [hold for hold in reading.holds if hold.end is None or hold.start < hold.end] or reading.holds
        answer |= {"late_entry_minutes": late_entry, "late_entry_party": _party(lasting[-1].party)}
        return answer | ({"class": "late-entry", "accepted": False} if proven else {"class": "unproven"})
    stated = reading.dues.stated_carried
    paused = stated is not None and finish.at > stated and reading.walk.pauses_seen
    return answer | {"class": "pause-not-respected" if paused else "on-time"}


def _clocks(reading: Reading) -> Plain:
    calendar, walk = reading.calendar, reading.walk
    submitted, completed = walk.submitted, completion(reading)
    clocks: Plain = {"acceptance": None, "resolution": None, "pick_up": None}
    if submitted:
        ended_at = reading.holds[0].start if reading.begun else _at(walk.ended_unheld)
        start, end = cut(submitted.at), cut(ended_at or reading.as_of)
        due = reading.dues.days_off.carried(calendar.instant(calendar.due(start, ACCEPTANCE_MINUTES)))
        late = calendar.count(rounded_up(due), end)
        clocks["acceptance"] = _clock(submitted.at, due, ended_at, calendar.count(start, end), late)
    if reading.begun:
        minutes = sum(row.working for row in reading.rows() if not row.paused)
        ended_at, start_at = _at(reading.finish), reading.holds[0].start
        clocks["resolution"] = _clock(start_at, reading.judged, ended_at, minutes, reading.lateness())
    if completed:
        ended = walk.delivered_by
        minutes = calendar.count(cut(completed.at), cut(ended.at if ended else reading.as_of))
        clocks["pick_up"] = _clock(completed.at, None, _at(ended), minutes, None)
    return clocks


def _clock(started: datetime, due: datetime | None, ended: datetime | None, minutes: int, late: int | None) -> Plain:
    return {
        "started_at": started,
        "due_at": due,
        "ended_at": ended,
        "working_minutes": minutes,
        "lateness_minutes": late,
    }


def _anomalies(reading: Reading) -> list[Plain]:
    found = [
        *reading.walk.anomalies,
        *(("future-instant", [event]) for event in reading.selection.from_the_future),
        *(("correction-without-target", [event]) for event in reading.selection.without_target),
        *(("acted-while-absent", [event]) for event in reading.absences.acted),
        *(_anomalies_of_the_end(reading) if reading.begun else []),
    ]
    found.sort(key=lambda anomaly: (min(reading.place(event) for event in anomaly[1]), anomaly[0]))
    return [{"kind": kind, "event_ids": _ids(events, reading)} for kind, events in found]


def _anomalies_of_the_end(reading: Reading) -> list[tuple[str, list[Event]]]:
    """What shows only when the whole case is seen: its dues, its silence, its evidence."""
    found: list[tuple[str, list[Event]]] = []
    walk, dues, finish, begun = reading.walk, reading.dues, reading.finish, reading.holds[0]
    if dues.judged is None and walk.begun_by:
        found.append(("missing-due", [walk.begun_by]))
    elif dues.judged and rounded_up(dues.judged) < cut(begun.start) and dues.set_by:
        found.append(("due-before-received", [dues.set_by]))
    last = _last_before_the_finish(reading)
    quiet = reading.calendar.count(cut(last.at), cut(reading.end_at))
    if quiet > SILENT_MINUTES and not (walk.is_paused() or walk.ended_in_pause):
        found.append(("silent-tail", [last]))
    evidence = finish.data.get("evidence") if finish and reading.overdue else None
    if finish and dues.judged is not None and signed_by(evidence, dues.judged, reading.calendar.zone):
        found.append(("evidence-before-finish", [finish]))
    return found


def _last_before_the_finish(reading: Reading) -> Event:
    """The last event that counted before the finish, or before as_of; at least the one with which holding began."""
    anomalies = reading.walk.anomalies
    misfits = {events[0].key for kind, events in anomalies if kind in {"out-of-order", "finish-moved-back"}}
    begun_by, finish = reading.walk.begun_by, reading.finish
    assert begun_by is not None
    counted = [
        event
        for event in reading.events
        if event.key not in misfits
        and event.kind != "corrected"
        and reading.place(event) > reading.place(begun_by)
        and (finish is None or reading.place(event) < reading.place(finish))
    ]
    return counted[-1] if counted else begun_by


def _hold(row: Row, segment: Segment) -> Plain:
    return {
        "party": _party(row.party),
        "step": None if segment.step is None else {"id": segment.step[0], "name": segment.step[1]},
        "started_at": segment.start,
        "ended_at": segment.end,
        "working_minutes": row.working,
        "allotted_minutes": row.allotted,
        "overrun_minutes": row.overrun,
        "lateness_in_minutes": row.lateness_in,
        "lateness_out_minutes": row.lateness_out,
        "paused": row.paused,
        "inferred": segment.inferred,
        "absent": segment.absent,
        "marks": [mark for mark in MARKS if any(mark in event.marks for event in segment.events)],
    }


def _party(party: Party) -> Plain:
    unit = None if party.unit is None or party is ORGANISATION else {"id": party.unit[0], "name": party.unit[1]}
    return {"kind": party.kind, "id": party.id, "name": party.name, "position": party.position, "unit": unit}


def _ids(events: Iterable[Event], reading: Reading) -> list[str]:
    """CloudEvents ids by T1, with the source where two sources of the case share one (rule A5)."""
    known = [identity for _, identity in reading.selection.keys]
    in_order = sorted(events, key=reading.place)
    return [f"{event.key[0]}#{event.id}" if known.count(event.id) > 1 else event.id for event in in_order]


def _state(reading: Reading) -> str:
    """Where the case stands (section C)."""
    walk, end = reading.walk, reading.finish
    if not reading.begun:
        return walk.ended_unheld.kind if walk.ended_unheld else "submitted"
    if end is None:
        return STATES[walk.opened[-1].kind] if walk.opened else "in-process"
    if end.kind in {"declined", "withdrawn"}:
        return end.kind
    return "delivered" if walk.delivered_by else "completed"


def _at(event: Event | None) -> datetime | None:
    return None if event is None else event.at
