"""Rules X1 to X3 read once more, as plainly as they are written, against the holds that come of made-up logs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.sources.xes_logs import event, trace, translated

from tiendo_contracts.events.decoding import case_event
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import PartyKind

MIDNIGHT = datetime.fromisoformat("2011-10-11T00:00:00+02:00")
AT_NIGHT = MIDNIGHT + timedelta(hours=20)
TRANSITIONS = (
    "start",
    "assign",
    "reassign",
    "resume",
    "complete",
    "suspend",
    "schedule",
    "withdraw",
    "ate_abort",
    "pi_abort",
    "",
    "odd",
)
# hour of the day (None: without a time), resource, transition, activity
Row = tuple[int | None, str | None, str, str]
Held = list[tuple[str, int, int]]
HOURS = st.one_of(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.none())
RESOURCES = st.sampled_from(["R1", "R2", "R3", None])


def rows(*transitions: str) -> st.SearchStrategy[list[Row]]:
    row = st.tuples(HOURS, RESOURCES, st.sampled_from(transitions), st.sampled_from("ab"))
    return st.lists(row, min_size=1, max_size=9)


def held(log: Sequence[Row], other: Sequence[Row]) -> Held:
    """Who holds the first case of a log of two, by the hours of the day."""
    traces = [trace(*(_event(row) for row in case), name=name) for name, case in (("first", log), ("second", other))]
    said = translated(*traces)[0].events
    events = [case_event(json.dumps(each), position=n, ingested_at=AT_NIGHT) for n, each in enumerate(said, start=1)]
    if not events:
        return []
    found = []
    for hold in case_timeline(events, RuleBook(), as_of=AT_NIGHT).holds:
        party = hold.party.id if hold.party.kind is PartyKind.OFFICER else hold.party.kind.value
        found.append((str(party), _hour(hold.started_at.at), _hour(hold.ended_at.at if hold.ended_at else AT_NIGHT)))
    return joined(found)


def _event(row: Row) -> str:
    hour, resource, transition, activity = row
    at = None if hour is None else f"{hour:02}:00"
    return event(at, resource, activity, lifecycle_transition=transition)


def _hour(at: datetime) -> int:
    return int((at - MIDNIGHT) / timedelta(hours=1))


def joined(found: Held) -> Held:
    """Without those of no length, adjacent ones of one party as one."""
    kept: Held = []
    for party, start, end in found:
        if start == end:
            continue
        if kept and kept[-1][0] == party:
            kept[-1] = (party, kept[-1][1], end)
        else:
            kept.append((party, start, end))
    return kept


def between(named: list[tuple[int, str]]) -> Held:
    """The holds that begin at each of the hours."""
    return joined([(party, start, end) for (start, party), (end, _) in pairwise([*named, (20, "")])])


def in_order(log: Sequence[Row]) -> tuple[list[tuple[int, int, Row]], set[int]]:
    """Hour, place and row of what bears a time, in order; and the places before which, by rule X3, nobody is known to have held."""
    dated = sorted((row[0], place, row) for place, row in enumerate(log) if row[0] is not None)
    after_undated = {
        place for place, row in enumerate(log) if place and row[0] is not None and log[place - 1][0] is None
    }
    return dated, after_undated


@given(log=rows("complete", "", "schedule", "odd"), other=rows("complete"))
def test_the_time_before_each_event_is_its_resources_in_a_log_without_starts(log: list[Row], other: list[Row]) -> None:
    dated, after_undated = in_order(log)
    expected: Held = []
    for (start, _, _), (end, place, row) in pairwise(dated):
        expected.append(("unknown" if place in after_undated or row[1] is None else row[1], start, end))
    if dated:
        expected.append(("unknown", dated[-1][0], 20))
    assert held(log, other) == joined(expected)


@dataclass
class _Case:
    holder: str = "unknown"
    going_on: str | None = None
    suspended: set[str] = field(default_factory=set)

    def leave(self) -> None:
        self.holder, self.going_on = "unknown", None
        self.suspended.clear()

    def take(self, row: Row) -> None:
        _, resource, transition, activity = row
        if transition in {"start", "assign", "reassign", "resume"}:
            self.leave()
            self.holder, self.going_on = resource or "unknown", activity
        elif transition == "suspend":
            self.holder = "suspension"
            self.suspended.add(activity)
        elif transition == "pi_abort":
            self.leave()
        elif transition in {"complete", "", "withdraw", "ate_abort"}:
            ended = self.suspended == {activity} if self.suspended else self.going_on == activity
            if ended or (transition in {"complete", ""} and not self.suspended):
                self.leave()
            self.suspended.discard(activity)


@given(log=rows(*TRANSITIONS), other=rows("start"))
def test_the_transitions_say_who_holds_in_a_log_with_starts(log: list[Row], other: list[Row]) -> None:
    dated, after_undated = in_order(log)
    case, named = _Case(), []
    for number, (hour, _, row) in enumerate(dated):
        case.take(row)
        following = dated[number + 1] if number + 1 < len(dated) else None
        ends_open = following is None and log[-1][0] is None
        if ends_open or (following is not None and following[1] in after_undated and following[0] > hour):
            case.leave()
        named.append((hour, case.holder))
    assert held(log, other) == between(named)
