"""Section C, worked out by hand: states, classes, clocks, anomalies."""

import pytest
from tests.domain.cases import (
    ANH,
    BINH,
    QUEUE,
    Plain,
    completed,
    consultation_requested,
    declined,
    delivered,
    extended,
    forwarded,
    given,
    moment,
    payment_requested,
    received,
    reopened,
    submitted,
    supplement_received,
    supplement_requested,
    suspended,
    withdrawn,
)

FIRST = received("08-15 08:00", ANH, due_at="08-15 10:00")
PROOF = {"document_number": "77/QĐ", "signed_at": "08-15 09:50"}


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (forwarded("08-15 08:10", BINH), "in-process"),
        (supplement_requested("08-15 08:10"), "waiting-applicant"),
        (payment_requested("08-15 08:10"), "waiting-payment"),
        (suspended("08-15 08:10"), "suspended"),
        (consultation_requested("08-15 08:10", {"id": "STP"}), "consulting"),
        (completed("08-15 08:10"), "completed"),
        (delivered("08-15 08:10"), "delivered"),
        (declined("08-15 08:10"), "declined"),
        (withdrawn("08-15 08:10"), "withdrawn"),
    ],
)
def test_c_the_state_is_where_the_last_event_left_the_case(last: Plain, state: str) -> None:
    assert given(FIRST, last).asked("08-15 09:00")["state"] == state


def test_c_a_case_that_nobody_received_is_submitted() -> None:
    answer = given(submitted("08-15 08:00")).asked("08-15 09:00")
    assert (answer["state"], answer["provisional"], answer["overdue"], answer.anomalies) == (
        "submitted",
        True,
        None,
        [],
    )


def test_c_an_open_case_has_no_class_yet_is_overdue_as_of_the_instant() -> None:
    case = given(FIRST)
    assert (case.asked("08-15 10:00")["overdue"], case.asked("08-15 10:01")["overdue"]) == (False, True)
    assert case.asked("08-15 11:00")["class"] is None


def test_c_finished_after_the_judged_due_is_actual_whatever_the_evidence() -> None:
    answer = given(FIRST, completed("08-15 10:01", evidence=PROOF)).asked()
    assert (answer["class"], answer["late_entry_minutes"]) == ("actual", 0)


def test_c_recorded_after_the_due_with_evidence_is_a_late_entry_until_somebody_accepts_it() -> None:
    answer = given(FIRST, completed("08-15 10:00", recorded="08-15 11:00", evidence=PROOF)).asked()
    assert (answer["class"], answer["accepted"]) == ("late-entry", False)
    assert (answer["late_entry_minutes"], answer.late, answer["overdue"]) == (60, 0, False)
    assert answer["late_entry_party"]["id"] == "A"


@pytest.mark.parametrize(
    "evidence",
    [
        None,
        {"document_number": "77/QĐ"},
        {"signed_at": "08-15 09:50"},
        {"document_number": "77/QĐ", "signed_at": "08-15 10:00:01"},
    ],
)
def test_c_recorded_after_the_due_without_sufficient_evidence_is_unproven(evidence: Plain | None) -> None:
    answer = given(FIRST, completed("08-15 09:40", recorded="08-16 07:30", evidence=evidence)).asked()
    assert (answer["class"], answer["accepted"], answer["late_entry_minutes"]) == ("unproven", None, 90 + 210 + 30)


def test_c_recorded_after_the_due_within_no_working_minute_is_on_time() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 17:00"), completed("08-15 16:00", recorded="08-15 23:00")
    ).asked()
    assert (answer["class"], answer["late_entry_minutes"]) == ("on-time", 0)


def test_c_after_the_stated_due_but_not_after_the_judged_one_the_pause_was_not_respected() -> None:
    pause = given(
        FIRST, supplement_requested("08-15 09:00"), supplement_received("08-15 09:30", BINH), completed("08-15 10:20")
    ).asked()
    gap = given(FIRST, completed("08-15 09:00"), reopened("08-15 09:30", BINH), completed("08-15 10:20")).asked()
    in_time = given(
        FIRST, supplement_requested("08-15 09:00"), supplement_received("08-15 09:30", BINH), completed("08-15 09:50")
    ).asked()
    assert pause["class"] == gap["class"] == "pause-not-respected"
    assert in_time["class"] == "on-time"


def test_c_class_and_late_entry_are_always_of_basis_occurred() -> None:
    case = given(FIRST, forwarded("08-15 09:00", BINH), completed("08-15 09:50", recorded="08-15 11:00"))
    recorded = case.asked(basis="recorded")
    assert (recorded["class"], recorded["late_entry_minutes"], recorded.late) == ("unproven", 60, 60)


def test_c_clocks_count_acceptance_resolution_and_pick_up_apart() -> None:
    answer = given(
        submitted("08-12 08:00"),
        received("08-15 08:30", ANH, due_at="08-15 10:00"),
        suspended("08-15 09:00"),
        completed("08-15 09:30"),
        delivered("08-15 15:00"),
    ).asked()
    clocks = answer["clocks"]
    assert clocks["acceptance"]["due_at"] == moment("08-15 08:00")
    assert (clocks["acceptance"]["working_minutes"], clocks["acceptance"]["lateness_minutes"]) == (510, 30)
    assert clocks["resolution"]["working_minutes"] == 30
    assert clocks["resolution"]["ended_at"] == clocks["pick_up"]["started_at"] == moment("08-15 09:30")
    assert (clocks["pick_up"]["working_minutes"], clocks["pick_up"]["lateness_minutes"]) == (210, None)


def test_c_a_late_finish_with_evidence_signed_not_after_the_judged_due_is_noted() -> None:
    signed = given(FIRST, completed("08-15 10:30", evidence=PROOF)).asked()
    too_late = given(FIRST, completed("08-15 10:30", evidence=PROOF | {"signed_at": "08-15 10:01"})).asked()
    in_time = given(FIRST, completed("08-15 09:55", evidence=PROOF)).asked()
    assert (signed.anomalies, too_late.anomalies, in_time.anomalies) == (["evidence-before-finish"], [], [])


def test_c_a_silent_tail_is_more_than_4_800_working_minutes_without_event_or_pause() -> None:
    # Ten working days from Monday 15 August 08:00 end on Monday 29 August at 08:00.
    tail, none = given(FIRST).asked("08-29 08:01"), given(FIRST).asked("08-29 08:00")
    paused = given(FIRST, suspended("08-15 08:30")).asked("10-31 17:00")
    finished = given(FIRST, forwarded("08-15 09:00", QUEUE), completed("09-20 09:00")).asked()
    assert (tail.anomalies, none.anomalies, paused.anomalies) == (["silent-tail"], [], [])
    assert finished.anomaly_ids["silent-tail"] == ["e2"]


def test_c_anomalies_come_by_the_first_event_s_place_then_kind() -> None:
    answer = given(
        received("08-15 08:00", {"name": "Lê An"}),
        forwarded("08-15 08:10", sequence="1"),
        extended("08-15 08:20", due_at="08-15 09:00"),
        forwarded("08-15 08:10", {"name": "Cán bộ"}, sequence="2"),
    ).asked("08-15 08:30")
    assert [(a["kind"], a["event_ids"]) for a in answer["anomalies"]] == [
        ("holder-without-id", ["e1"]),
        ("unknown-holder", ["e2"]),
        ("placeholder-holder", ["e4"]),
    ]
