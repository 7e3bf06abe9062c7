"""Rule X3: what cannot be read is left out and told, and nobody gets the time in which it may have lain."""

import pytest
from tests.sources.xes_logs import event, read, said, step, string, trace, translated_one

from tiendo_contracts.problems.problem_kinds import ProblemKind
from tiendo_sources.xes.happenings import Unreadable
from tiendo_sources.xes.mapping import parse_mapping

R, W = "received", "worked!"
CASE_KEYS = parse_mapping('source = "/x"\n[case]\nstart = "start"\ndue = "due"\nend = "end"')[0]


def test_the_time_from_an_undated_event_to_the_next_dated_one_is_nobodys() -> None:
    case = translated_one(event("09:00", "R1"), event(None, "R2"), event("11:00", "R3"), event("12:00", "R4"))
    assert said(case) == [
        (R, "09:00", None),
        ("worked", "09:00", "R1"),
        (W, "11:00", "R3"),
        ("worked", "12:00", "R4"),
    ]
    assert case.unreadable == (
        Unreadable(where="trace 1, event 2, time:timestamp", text=None, problem=ProblemKind.FILE_INSTANT_MISSING),
    )
    assert [each["sequence"] for each in case.events] == ["0", "1", "3", "4"]


def test_the_time_before_the_first_dated_event_is_nobodys_where_an_undated_one_comes_first() -> None:
    case = translated_one(event("", "R1"), event("11:00", "R2"), mapping=CASE_KEYS, start="2011-10-11T08:00:00+02:00")
    assert said(case) == [(R, "08:00", None), (W, "11:00", "R2")]


def test_several_undated_events_are_told_one_by_one() -> None:
    case = translated_one(event(None, "R1"), event("soon", "R2"), event("2011-10-11T09:00:00", "R3"))
    assert case.events == ()
    assert [(each.where[-len("event 1, time:timestamp") :], each.text, each.problem) for each in case.unreadable] == [
        ("event 1, time:timestamp", None, ProblemKind.FILE_INSTANT_MISSING),
        ("event 2, time:timestamp", "soon", ProblemKind.FILE_INSTANT_UNREADABLE),
        ("event 3, time:timestamp", "2011-10-11T09:00:00", ProblemKind.FILE_INSTANT_WITHOUT_OFFSET),
    ]


def test_who_started_before_an_undated_event_is_not_known_to_hold_after_it() -> None:
    case = translated_one(step("start", "09:00", "R1"), step("complete", None, "R1"), step("start", "11:00", "R2"))
    assert said(case) == [(R, "09:00", None), (W, "09:00", "R1"), ("assigned", "11:00", "R2")]


def test_who_started_earlier_is_not_known_to_hold_either() -> None:
    case = translated_one(
        step("start", "09:00", "R1"),
        step("schedule", "10:00", "R0", "next"),
        step("start", None, "R2", "next"),
        step("complete", "11:00", "R1"),
    )
    assert said(case)[1:] == [("assigned", "09:00", "R1"), ("worked", "10:00", None), (W, "11:00", "R1")]


def test_after_an_undated_event_at_the_end_nobody_is_known() -> None:
    case = translated_one(step("start", "09:00", "R1"), step("complete", None, "R1"))
    assert said(case)[1:] == [(W, "09:00", "R1")]


def test_a_suspension_is_not_known_to_go_on_after_an_undated_event() -> None:
    case = translated_one(
        step("start", "08:00", "R1"),
        step("suspend", "09:00", "R1"),
        step("schedule", "10:00", "R0", "next"),
        step("resume", None, "R1"),
        step("complete", "11:00", "R1"),
    )
    assert said(case)[2:] == [("suspended", "09:00", None), ("resumed", "10:00", None), (W, "11:00", "R1")]


def test_an_undated_event_among_others_out_of_order_makes_the_time_before_the_next_in_the_file_nobodys() -> None:
    case = translated_one(
        step("start", "12:00", "R3"),
        step("start", "09:00", "R1"),
        step("start", None, "R9"),
        step("start", "10:00", "R2"),
    )
    assert said(case)[1:] == [(W, "09:00", "R1"), ("assigned", "10:00", "R2"), ("assigned", "12:00", "R3")]


def test_case_values_that_cannot_be_read_are_told_and_those_that_say_nothing_are_not() -> None:
    case = translated_one(event("09:00", "R1"), mapping=CASE_KEYS, due="soon", end="UNKNOWN", start=" ")
    assert case.unreadable == (
        Unreadable(where="trace 1, due", text="soon", problem=ProblemKind.FILE_INSTANT_UNREADABLE),
    )
    assert said(case) == [(R, "09:00", None), ("worked", "09:00", "R1")]


@pytest.mark.parametrize(
    ("part", "where"),
    [
        (event("09:00", "R1", "look"), "event number 1 of those outside the log's traces"),
        (f"<trace>{trace(name='inner')}</trace>", "trace number 1 of those outside the log's traces"),
        (f'<list key="x">{event("09:00", "R1", "look")}</list>', "event number 1 of those outside the log's traces"),
        (
            trace(f"<event>{event('09:00', 'R1', 'look')}{string('concept:name', 'x')}</event>"),
            "event number 1 of those outside the log's traces",
        ),
    ],
)
def test_what_stands_outside_of_the_traces_is_told(part: str, where: str) -> None:
    told = [each for each in read(part, trace(event("09:00", "R1"))) if isinstance(each, Unreadable)]
    assert [(each.where, each.problem) for each in told] == [(where, ProblemKind.FILE_EVENT_OUTSIDE_CASES)]
