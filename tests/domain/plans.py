"""Courses of a case in working minutes, from which events are made: so that one part can change and all else stay equal (rule A8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from tests.domain.reference.counting import cut, minute_calendar
from tests.domain.rules_for_tests import RULES

Plain = dict[str, Any]

START = datetime(2022, 8, 29, 8, 0, tzinfo=timezone(timedelta(hours=7)))
CALENDAR = minute_calendar(RULES["calendars"]["vn"], calendar_days=False)
PARTIES: Mapping[str, Plain | None] = {
    "A": {"id": "A", "name": "Ánh"},
    "B": {"id": "B", "name": "Bình"},
    "C": {"id": "C", "name": "Chi"},
    "U-1": {"unit": {"id": "U-1", "name": "Một cửa"}},
    "U-2": {"unit": {"id": "U-2", "name": "Phòng"}},
    "unknown": {"name": "Chuyên viên"},
}
UNIT_OF = {"A": "U-1", "B": "U-2", "C": "U-2"}
PAUSE, CONSULTATION = "pause", "K"


@dataclass(frozen=True)
class Part:
    """A party (or a pause, or the consulted unit) for some working minutes, in a step or none; an officer may be away all the while."""

    who: str
    step: str | None
    minutes: int
    away: bool = False


@dataclass(frozen=True)
class Plan:
    """The parts of a case one after the other, the allotments of the steps, the due in working minutes from the start, and the procedure."""

    parts: tuple[Part, ...]
    allotments: tuple[tuple[str, int], ...]
    due: int
    procedure: str
    with_units: bool = False

    def with_part(self, index: int, part: Part) -> "Plan":
        """The plan with another part at `index`."""
        return replace(self, parts=(*self.parts[:index], part, *self.parts[index + 1 :]))

    def rules(self) -> Plain:
        """The shared rules, with the absences of the officers who are away in their parts."""
        away: list[Plain] = []
        offset = 0
        for part in self.parts:
            if part.away and part.minutes:
                away.append(
                    {
                        "officer": part.who,
                        "from": instant(offset),
                        "to": instant(offset + part.minutes),
                        "kind": "leave",
                    }
                )
            offset += part.minutes
        return RULES | {"absences": away}

    def log(self) -> list[Plain]:
        """The entries of the log that this course makes; `sequence` keeps parts of no length in order."""
        events: list[Plain] = []
        offset, before = 0, "received"
        for part in self.parts:
            events += self._beginning(part, before, offset, len(events))
            offset += part.minutes
            before = part.who
        if before == CONSULTATION:
            events.append(event("consultation-answered", offset, len(events), {}))
        events.append(event("completed", offset, len(events), {}))
        return entries(events)

    def _beginning(self, part: Part, before: str, offset: int, number: int) -> list[Plain]:
        if part.who == PAUSE:
            return [event("suspended", offset, number, {})]
        if part.who == CONSULTATION:
            unit = {"id": CONSULTATION, "name": "Sở Tư pháp"}
            return [event("consultation-requested", offset, number, {"unit": unit, **self._step(part)})]
        kind = {"received": "received", PAUSE: "resumed"}.get(before, "forwarded")
        data: Plain = {"holder": self._holder(part.who), **self._step(part)}
        if kind == "received":
            data |= {"due_at": instant(self.due), "procedure": {"id": self.procedure}}
        return [event(kind, offset, number, data)]

    def _holder(self, who: str) -> Plain | None:
        """Where somebody is away the officers have units, so that those hold in their place."""
        holder = PARTIES[who]
        return (
            holder
            if holder is None or who not in UNIT_OF or not self.with_units
            else holder | {"unit": {"id": UNIT_OF[who]}}
        )

    def _step(self, part: Part) -> Plain:
        if part.step is None:
            return {}
        allotted = dict(self.allotments).get(part.step)
        return {"step": {"id": part.step} | ({} if allotted is None else {"allotted_minutes": allotted})}


def instant(offset: int) -> str:
    """The instant at which so many working minutes have passed since the start."""
    return CALENDAR.instant(CALENDAR.due(cut(START), offset)).isoformat()


def event(kind: str, offset: int, number: int, data: Plain) -> Plain:
    """A CloudEvent at a working minute of the course."""
    return {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "/t/a",
        "type": f"vn.tiendo.case.{kind}.v1",
        "subject": "H34-1",
        "time": instant(offset),
        "sequence": str(number + 1),
        "data": data,
    }


def entries(events: Sequence[Plain]) -> list[Plain]:
    """The events as the log holds them, long after they happened."""
    ingested_at = datetime(2023, 1, 1, tzinfo=START.tzinfo)
    return [
        {"position": position, "ingested_at": ingested_at, "event": one} for position, one in enumerate(events, start=1)
    ]


_MINUTES = st.sampled_from([0, 0, 5, 10, 20, 34, 60, 90, 240]) | st.integers(0, 120)


@st.composite
def plans(draw: st.DrawFn, *, procedures: Sequence[str] = ("1.001", "1.002")) -> Plan:
    """A plan that begins with a holder; a pause and a consultation are followed by a holder."""
    steps = ["s1", "s2", "s3"]
    allotments = {step: draw(st.sampled_from([0, 10, 10, 30, 60])) for step in steps}
    if draw(st.integers(0, 5)) == 0:
        allotments.pop(draw(st.sampled_from(steps)))
    parts: list[Part] = []
    for _ in range(draw(st.integers(1, 7))):
        if parts and parts[-1].who not in {PAUSE, CONSULTATION} and draw(st.integers(0, 3)) == 0:
            who = draw(st.sampled_from([PAUSE, CONSULTATION]))
            step = draw(st.sampled_from([None, *steps])) if who == CONSULTATION else None
            parts.append(Part(who, step, draw(_MINUTES)))
        who = draw(st.sampled_from(list(PARTIES)))
        nameless = who not in {"A", "B", "C"} and draw(st.integers(0, 4)) == 0
        parts.append(Part(who, None if nameless else draw(st.sampled_from(steps)), draw(_MINUTES)))
    return Plan(
        parts=tuple(parts),
        allotments=tuple(sorted(allotments.items())),
        due=draw(st.integers(0, max(1, sum(part.minutes for part in parts)))),
        procedure=draw(st.sampled_from(procedures)),
    )


@st.composite
def plans_with_absences(draw: st.DrawFn) -> Plan:
    """A plan whose officers have units, and are away in some of their parts."""
    plan = draw(plans())
    parts = [replace(part, away=part.who in UNIT_OF and draw(st.booleans())) for part in plan.parts]
    return replace(plan, parts=tuple(parts), with_units=True)
