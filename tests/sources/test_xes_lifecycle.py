"""Rule X2: who holds a case in a log that tells when its activities start."""

import pytest
from tests.sources.xes_logs import said, step, trace, translated, translated_one

from tiendo_sources.file_remarks import RemarkKind
from tiendo_sources.xes.mapping import parse_mapping

R, W = "received", "worked!"


@pytest.mark.parametrize("transition", ["start", "assign", "reassign", "resume", "START", " Start "])
def test_who_takes_an_activity_up_holds_from_that_instant_on_until_it_is_complete(transition: str) -> None:
    case = translated_one(
        step("start", "08:00", "R0", "other"),
        step("complete", "08:30", "R0", "other"),
        step(transition, "09:00", "R1"),
        step("complete", "10:00", "R1"),
    )
    assert said(case)[3:] == [("assigned", "09:00", "R1"), (W, "10:00", "R1")]
    assert case.events[3]["data"]["step"]["id"] == "check"


def test_a_completion_takes_no_time_before_it_whoever_completes() -> None:
    case = translated_one(
        step("start", "09:00", "R1"), step("complete", "10:00", "R2"), step("complete", "11:00", "R3")
    )
    assert said(case) == [(R, "09:00", None), ("assigned", "09:00", "R1"), (W, "10:00", "R2"), (W, "11:00", "R3")]


def test_every_transition_counts_for_when_the_case_began() -> None:
    case = translated_one(step("schedule", "07:00", "R0"), step("start", "09:00", "R1"))
    assert said(case) == [(R, "07:00", None), ("assigned", "09:00", "R1")]


def test_one_start_in_the_whole_log_suffices() -> None:
    first, second = translated(
        trace(step("complete", "09:00", "R1"), name="a"), trace(step("start", "09:00", "R1"), name="b")
    )
    assert said(first)[1:] == [(W, "09:00", "R1")]
    assert said(second)[1:] == [("assigned", "09:00", "R1")]


def test_a_start_outside_of_the_traces_is_none() -> None:
    (case,) = translated(step("start", "08:00", "R0"), trace(step("complete", "09:00", "R1")))
    assert said(case)[1:] == [("worked", "09:00", "R1")]


def test_an_event_without_a_transition_is_a_completion() -> None:
    case = translated_one(step("start", "09:00", "R1"), step("", "10:00", "R1"))
    assert said(case)[2:] == [(W, "10:00", "R1")]


def test_a_start_without_a_resource_leaves_the_holder_unknown() -> None:
    case = translated_one(step("start", "09:00", "R1"), step("start", "10:00", None))
    assert said(case)[2:] == [("assigned", "10:00", None)]


@pytest.mark.parametrize("transition", ["schedule", "withdraw", "ate_abort", "autoskip", "In Progress"])
def test_what_does_not_concern_the_activity_that_is_going_on_names_nobody_and_is_told(transition: str) -> None:
    case = translated_one(step("start", "09:00", "R1"), step(transition, "10:00", "R2", "other"))
    assert said(case) == [(R, "09:00", None), ("assigned", "09:00", "R1")]
    (remark,) = case.remarks
    assert (remark.kind, remark.number) == (RemarkKind.EVENT_SAYS_NO_HOLDER, 1)
    assert remark.example == f"trace 1, event 2 ({transition.casefold()})"


@pytest.mark.parametrize("transition", ["withdraw", "ate_abort", "abort_activity", "PI_ABORT"])
def test_after_the_activity_that_is_going_on_is_given_up_nobody_is_known(transition: str) -> None:
    case = translated_one(step("start", "09:00", "R1"), step(transition, "10:00", "R2"))
    assert said(case)[2:] == [("worked", "10:00", None)]


def test_giving_up_the_whole_case_ends_every_hold() -> None:
    case = translated_one(step("start", "09:00", "R1"), step("pi_abort", "10:00", "R2", "other"))
    assert said(case)[2:] == [("worked", "10:00", None)]


def test_a_suspension_begins_with_suspend_and_ends_with_resume() -> None:
    case = translated_one(step("start", "09:00", "R1"), step("suspend", "10:00", "R1"), step("resume", "11:00", "R2"))
    assert said(case)[2:] == [("suspended", "10:00", None), ("resumed", "11:00", "R2")]
    assert case.events[2]["data"] == {"actor": {"id": "R1", "name": "R1"}}


def test_who_starts_another_activity_during_a_suspension_holds_from_that_instant_on() -> None:
    case = translated_one(
        step("start", "09:00", "R1", "a"),
        step("suspend", "10:00", "R1", "a"),
        step("start", "11:00", "R2", "b"),
        step("complete", "12:00", "R2", "b"),
        step("resume", "13:00", "R1", "a"),
    )
    assert said(case)[3:] == [("resumed", "11:00", "R2"), (W, "12:00", "R2"), ("assigned", "13:00", "R1")]


@pytest.mark.parametrize("transition", ["complete", "ate_abort", "withdraw"])
def test_a_suspension_ends_with_the_activity_that_was_suspended(transition: str) -> None:
    case = translated_one(step("start", "09:00", "R1"), step("suspend", "10:00", "R1"), step(transition, "11:00", "R2"))
    assert said(case)[3:] == [("resumed", "11:00", None)]


def test_a_completion_of_another_activity_during_a_suspension_only_says_who_was_there() -> None:
    case = translated_one(
        step("start", "09:00", "R1", "a"),
        step("suspend", "10:00", "R1", "a"),
        step("complete", "11:00", "R2", "b"),
        step("resume", "12:00", "R1", "a"),
    )
    assert said(case)[3:] == [(W, "11:00", "R2"), ("resumed", "12:00", "R1")]


def test_of_two_suspended_activities_the_suspension_ends_with_the_last() -> None:
    case = translated_one(
        step("start", "08:00", "R1", "a"),
        step("suspend", "09:00", "R1", "a"),
        step("suspend", "10:00", "R2", "b"),
        step("ate_abort", "11:00", "R1", "a"),
        step("ate_abort", "12:00", "R2", "b"),
    )
    assert said(case)[2:] == [("suspended", "09:00", None), (W, "10:00", "R2"), ("resumed", "12:00", None)]


def test_of_overlapping_activities_the_last_started_holds_and_after_any_completion_nobody_is_known() -> None:
    case = translated_one(
        step("start", "09:00", "R1", "a"),
        step("start", "10:00", "R2", "b"),
        step("complete", "11:00", "R1", "a"),
        step("complete", "12:00", "R2", "b"),
    )
    assert said(case)[1:] == [
        ("assigned", "09:00", "R1"),
        ("assigned", "10:00", "R2"),
        (W, "11:00", "R1"),
        (W, "12:00", "R2"),
    ]


def test_an_activity_of_no_duration_leaves_nobody_as_the_holder() -> None:
    case = translated_one(
        step("start", "09:00", "R1"), step("complete", "09:00", "R1"), step("start", "09:00", "R2"), mapping=None
    )
    assert said(case)[1:] == [(W, "09:00", "R1"), (W, "09:00", "R1"), ("assigned", "09:00", "R2")]
    case = translated_one(step("start", "09:00", "R1"), step("complete", "09:00", "R1"))
    assert said(case)[1:] == [(W, "09:00", "R1"), (W, "09:00", "R1")]


def test_a_resumption_of_no_duration_ends_the_suspension_and_leaves_nobody() -> None:
    case = translated_one(
        step("start", "08:00", "R1"),
        step("suspend", "09:00", "R1"),
        step("resume", "10:00", "R2"),
        step("complete", "10:00", "R2"),
    )
    assert said(case)[3:] == [("resumed", "10:00", None), (W, "10:00", "R2")]
    assert case.events[3]["data"] == {"actor": {"id": "R2", "name": "R2"}}


def test_the_order_of_the_file_decides_whether_a_completion_of_the_same_instant_comes_before_a_start() -> None:
    handed_on = translated_one(
        step("start", "08:00", "R1"), step("complete", "09:00", "R1"), step("start", "09:00", "R2", "next")
    )
    assert said(handed_on)[2:] == [(W, "09:00", "R1"), ("assigned", "09:00", "R2")]


def test_only_a_completion_of_the_last_activity_ends_the_case() -> None:
    mapping = parse_mapping('source = "/x"\n[case]\nend_activities = ["close"]')[0]
    events = [step("start", "09:00", "R1", "close"), step("complete", "10:00", "R1", "close")]
    case = translated_one(*events, step("schedule", "11:00", "R1", "close"), mapping=mapping)
    assert said(case)[-1] == ("completed", "10:00", None)
    assert case.events[-1]["sequence"] == "2"
    assert said(translated_one(events[0], mapping=mapping))[-1] == ("assigned", "09:00", "R1")
