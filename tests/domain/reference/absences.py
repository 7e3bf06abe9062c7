"""Officers who are away (rule H10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.domain.reference.counting import MinuteCalendar, cut
from tests.domain.reference.holds import Segment
from tests.domain.reference.parties import UNKNOWN, Names, Party, text, unit_party
from tests.domain.reference.reading import Event, instant, is_date

Plain = dict[str, Any]
Interval = tuple[datetime, datetime]


@dataclass
class Absences:
    """When whom is away, for one case: every absence as it is recorded, and as far as it counts; and the events of those who acted all the same."""

    recorded: Mapping[str, Sequence[Interval]]
    counted: dict[str, list[Interval]] = field(default_factory=dict)
    acted: list[Event] = field(default_factory=list)


def absences(rules: Plain, names: Names, zone: ZoneInfo, *, known_at: datetime | None) -> dict[str, list[Interval]]:
    """The absences by officer (joined ids are one), each [from, to); of local dates both are inclusive."""
    found: dict[str, list[Interval]] = {}
    for absence in rules.get("absences", []):
        since = absence.get("known_since")
        if known_at is None or since is None or since <= known_at:
            interval = _start(absence["from"], zone), _end(absence["to"], zone)
            found.setdefault(names.person(absence["officer"]), []).append(interval)
    return found


def _start(text: str, zone: ZoneInfo) -> datetime:
    return _midnight(date.fromisoformat(text), zone) if is_date(text) else instant(text)


def _end(text: str, zone: ZoneInfo) -> datetime:
    return _midnight(date.fromisoformat(text) + timedelta(days=1), zone) if is_date(text) else instant(text)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def in_case(
    recorded: Mapping[str, Sequence[Interval]], events: Sequence[Event], names: Names, zone: ZoneInfo
) -> Absences:
    """The absences as far as the events of the case bear them out: who acts inside one is back from the start of that local day on.

    Reading: each absence ends by itself; another recorded one of the same officer that begins later stands. Every event inside an absence as recorded
    is told, one anomaly an event.
    """
    answer = Absences(recorded, {officer: list(intervals) for officer, intervals in recorded.items()})
    for event in events:
        officers = _acting(event, names)
        if any(start <= event.at < end for officer in officers for start, end in recorded.get(officer, [])):
            answer.acted.append(event)
        for officer in officers:
            back = _midnight(event.at.astimezone(zone).date(), zone)
            answer.counted[officer] = [
                (start, min(end, back) if start <= event.at < end else end)
                for start, end in answer.counted.get(officer, [])
            ]
    return answer


def _acting(event: Event, names: Names) -> set[str]:
    people = [event.data.get("actor"), event.data.get("holder") if event.kind == "worked" else None]
    identities = [text((person or {}).get("id")) for person in people]
    return {names.person(identity) for identity in identities if identity is not None}


def divided(
    holds: Sequence[Segment], counted: Mapping[str, Sequence[Interval]], calendar: MinuteCalendar, as_of: datetime
) -> list[Segment]:
    """The holds, with the parts of officers' holds that fall into an absence held by the unit, each marked absent. Reading: parts are never joined again."""
    answer: list[Segment] = []
    for hold in holds:
        away = united(counted.get(hold.party.id or "", [])) if hold.party.kind == "officer" else []
        answer += _divided(hold, away, calendar, as_of)
    return answer


def united(intervals: Sequence[Interval]) -> list[Interval]:
    """The intervals that are not empty, overlapping and touching ones as one."""
    answer: list[Interval] = []
    for start, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if answer and start <= answer[-1][1]:
            answer[-1] = answer[-1][0], max(answer[-1][1], end)
        else:
            answer.append((start, end))
    return answer


def _divided(hold: Segment, away: Sequence[Interval], calendar: MinuteCalendar, as_of: datetime) -> list[Segment]:
    until = as_of if hold.end is None else hold.end
    parts = [(max(start, hold.start), min(end, until)) for start, end in away]
    # A part without working minutes is not divided off.
    parts = [(start, end) for start, end in parts if calendar.count(cut(start), cut(end))]
    pieces: list[Segment] = []
    position = hold.start
    for start, end in parts:
        if position < start:
            pieces.append(replace(hold, start=position, end=start))
        pieces.append(replace(hold, party=in_place_of(hold.party), start=start, end=end, absent=True))
        position = end
    if position < until or not pieces:
        pieces.append(replace(hold, start=position))
    pieces[-1].end = hold.end
    return pieces


def in_place_of(officer: Party) -> Party:
    """The unit that the hold's event names for the officer; without one nobody is known."""
    return unit_party("unit", officer.unit) if officer.unit else UNKNOWN
