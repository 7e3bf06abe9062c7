"""Rules D1 to D4, worked out by hand. Procedures: 1.001 suspends, 1.002 restarts, 1.003 shifts."""

from typing import Any

from tests.domain.cases import (
    ANH,
    BINH,
    Given,
    completed,
    extended,
    forwarded,
    given,
    payment_received,
    payment_requested,
    procedure,
    received,
    reopened,
    restated,
    resumed,
    supplement_received,
    supplement_requested,
    suspended,
)

APOLOGY = {"document_number": "12/PXL", "signed_at": "08-15 08:00"}
REASON = "quá tải"


def paused(identity: str, start: str, end: str, *, due_at: str = "08-16 10:00", **at_end: Any) -> Given:
    """A case of a procedure, received on Monday at 08:00, with one pause."""
    return given(
        received("08-15 08:00", ANH, procedure=procedure(identity), due_at=due_at),
        supplement_requested(start),
        supplement_received(end, ANH, **at_end),
    )


def test_d1_the_three_dues_begin_with_the_stated_one() -> None:
    answer = given(received("08-15 08:00", ANH, due_at="08-15 17:00:30", procedure=procedure("1.005"))).asked(
        "08-15 09:00"
    )
    assert answer.dues == ("08-15 17:00:30", "08-15 17:00:30", "08-15 17:00:30")


def test_d1_without_a_stated_due_the_norm_counts_that_of_the_reception_first() -> None:
    configured = given(received("08-15 08:00", ANH, procedure=procedure("1.005"))).asked("08-15 09:00")
    stated = given(received("08-15 08:00", ANH, procedure=procedure("1.005", 60))).asked("08-15 09:00")
    assert configured.dues == (None, "08-16 08:00", "08-16 08:00")
    assert stated.dues == (None, "08-15 09:00", "08-15 09:00")


def test_d1_a_procedure_s_rule_is_the_one_valid_at_the_reception() -> None:
    before = given(received("08-31 08:00", ANH, procedure=procedure("1.005"))).asked("08-31 09:00")
    after = given(received("09-01 08:00", ANH, procedure=procedure("1.005"))).asked("09-01 09:00")
    local = given(received("08-15 08:00", ANH, procedure=procedure("1.005.000.00.00.H34"))).asked("08-15 09:00")
    assert (before.judged, after.judged, local.judged) == ("09-05 08:00", "09-06 17:00", "08-16 08:00")


def test_d1_neither_due_nor_norm_leaves_lateness_and_class_open() -> None:
    answer = given(received("08-15 08:00", ANH), completed("08-15 09:00")).asked()
    assert answer.anomaly_ids == {"missing-due": ["e1"]}
    assert (answer.late, answer["class"], answer["overdue"], answer.shares) == (None, None, None, {})


def test_d1_at_the_end_of_a_pause_the_later_of_new_and_moved_is_judged() -> None:
    later = paused("1.001", "08-15 09:00", "08-15 10:00", due_at="08-15 15:00")
    assert later.asked("08-15 10:30").dues == ("08-15 15:00", "08-15 16:00", "08-15 16:00")
    new = given(
        received("08-15 08:00", ANH, due_at="08-15 15:00"),
        supplement_requested("08-15 09:00"),
        supplement_received("08-15 10:00", ANH, due_at="08-15 17:00"),
    ).asked("08-15 10:30")
    earlier = given(
        received("08-15 08:00", ANH, due_at="08-15 15:00"),
        supplement_requested("08-15 09:00"),
        supplement_received("08-15 10:00", ANH, due_at="08-15 15:30"),
    ).asked("08-15 10:30")
    assert new.dues == ("08-15 17:00", "08-15 16:00", "08-15 17:00")
    assert earlier.dues == ("08-15 15:30", "08-15 16:00", "08-15 16:00")
    assert new.anomalies == earlier.anomalies == []


def test_d2_suspend_moves_by_the_working_minutes_of_the_pause() -> None:
    # 60 minutes of Monday's afternoon and 90 of Tuesday's morning.
    assert paused("1.001", "08-15 16:00", "08-16 08:30").asked("08-16 09:00").judged == "08-16 14:30"


def test_d2_restart_begins_anew_at_the_end_of_the_pause() -> None:
    # From 08:00 to the due of the next day at 10:00 are 600 minutes: of Wednesday 08:00 that is Thursday 10:00.
    assert paused("1.002", "08-15 16:00", "08-17 08:00").asked("08-17 09:00").judged == "08-18 10:00"


def test_d2_shift_moves_by_local_dates_and_off_a_day_off_by_rule_d5() -> None:
    assert paused("1.003", "08-15 16:00", "08-17 08:00").asked("08-17 09:00").judged == "08-18 10:00"
    weekend = paused("1.003", "08-15 16:00", "08-17 08:00", due_at="08-18 10:00").asked("08-17 09:00")
    assert weekend.judged == "08-22 17:00"
    assert paused("1.003", "08-15 08:30", "08-15 16:30").asked("08-15 17:00").judged == "08-16 10:00"


def test_d2_a_move_is_never_to_an_earlier_instant() -> None:
    answer = given(
        received("08-15 08:00", ANH, procedure=procedure("1.002"), due_at="08-15 09:00"),
        restated("08-15 08:10", due_at="08-19 17:00", reason=REASON),
        supplement_requested("08-15 08:20"),
        supplement_received("08-15 08:30", ANH),
    ).asked("08-15 08:40")
    assert answer.judged == "08-19 17:00"


def test_d2_a_pause_that_begins_at_the_due_moves_it_one_that_begins_after_does_not() -> None:
    at_due = paused("1.001", "08-15 10:00", "08-15 10:30", due_at="08-15 10:00")
    assert at_due.asked("08-15 11:00").judged == "08-15 10:30"
    after = given(
        received("08-15 08:00", ANH, due_at="08-15 10:00"),
        supplement_requested("08-15 10:00:10"),
        supplement_received("08-15 10:30", ANH),
        completed("08-15 11:00"),
    ).asked()
    assert (after.judged, after.late, after.shares) == ("08-15 10:00", 30, {"A": 30})


def test_d2_a_pause_open_at_as_of_or_at_the_finish_counts_as_if_it_ended_there() -> None:
    case = [received("08-15 08:00", ANH, due_at="08-15 10:00"), supplement_requested("08-15 09:00")]
    assert given(*case).asked("08-15 11:00").judged == "08-15 14:00"
    assert given(*case, completed("08-15 09:30")).asked().judged == "08-15 10:30"


def test_d2_a_due_set_inside_a_pause_is_moved_by_the_part_after_it() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 10:00"),
        supplement_requested("08-15 09:00"),
        restated("08-15 09:40", due_at="08-16 10:00", reason=REASON),
        supplement_received("08-15 10:00", ANH),
    ).asked("08-15 11:00")
    assert answer.dues == ("08-16 10:00", "08-16 10:20", "08-16 10:20")


def test_d2_overlapping_pauses_are_one() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 15:00"),
        supplement_requested("08-15 09:00"),
        payment_requested("08-15 09:30"),
        supplement_received("08-15 10:00", ANH),
        payment_received("08-15 11:00", ANH),
    ).asked("08-15 11:10")
    assert answer.judged == "08-15 17:00"


def test_d2_nobody_is_late_for_the_minutes_of_a_pause_after_the_due() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 08:30"),
        suspended("08-15 09:00"),
        resumed("08-15 11:00", BINH),
        completed("08-15 11:10"),
    ).asked()
    assert (answer.late, answer.shares) == (40, {"A": 30, "B": 10})


def test_d3_an_extension_with_reason_apology_and_notice_is_effective() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-18 10:00"),
        extended("08-17 10:00", due_at="08-19 10:00", reason=REASON, apology=APOLOGY),
    ).asked("08-17 11:00")
    assert answer.dues == ("08-19 10:00", "08-19 10:00", "08-19 10:00")
    assert answer.anomalies == []


def test_d3_a_short_notice_or_no_apology_is_irregular_yet_effective() -> None:
    for extension in (
        extended("08-17 10:01", due_at="08-19 10:00", reason=REASON, apology=APOLOGY),
        extended("08-16 10:00", due_at="08-19 10:00", reason=REASON),
    ):
        answer = given(received("08-15 08:00", ANH, due_at="08-18 10:00"), extension).asked("08-17 11:00")
        assert (answer.judged, answer.anomalies) == ("08-19 10:00", ["extension-irregular"])


def test_d3_a_second_extension_is_not_effective() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-18 10:00"),
        extended("08-15 09:00", due_at="08-19 10:00", reason=REASON, apology=APOLOGY),
        extended("08-15 10:00", due_at="08-25 10:00", reason=REASON, apology=APOLOGY),
    ).asked("08-17 11:00")
    assert (answer.judged, answer.anomaly_ids) == ("08-19 10:00", {"second-extension": ["e3"]})


def test_d3_after_the_judged_due_nothing_moves_it() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 10:00"),
        restated("08-15 10:00:01", due_at="08-20 10:00", reason=REASON),
        completed("08-15 11:00"),
    ).asked()
    assert (answer.dues[0], answer.late, answer.anomalies) == ("08-15 10:00", 60, ["deadline-moved-after-due"])


def test_d3_in_a_pause_its_beginning_decides_whether_a_due_may_move() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 10:00"),
        suspended("08-15 09:30"),
        restated("08-15 11:00", due_at="08-16 10:00", reason=REASON),
        resumed("08-15 11:00:30", ANH),
    ).asked("08-15 11:20")
    assert answer.judged == "08-16 10:00"
    after = given(
        received("08-15 08:00", ANH, due_at="08-15 10:00"),
        suspended("08-15 10:01"),
        resumed("08-15 11:00", ANH, due_at="08-16 10:00"),
    ).asked("08-15 11:20")
    assert (after.judged, after.anomalies) == ("08-15 10:00", ["deadline-moved-after-due"])


def test_d3_without_reason_only_a_later_due_is_effective_and_it_is_flagged_either_way() -> None:
    later = given(received("08-15 08:00", ANH, due_at="08-16 10:00"), restated("08-15 09:00", due_at="08-17 10:00"))
    earlier = given(received("08-15 08:00", ANH, due_at="08-16 10:00"), restated("08-15 09:00", due_at="08-15 10:00"))
    assert later.asked("08-15 09:30").judged == "08-17 10:00"
    assert earlier.asked("08-15 09:30").judged == "08-16 10:00"
    for case in (later, earlier):
        assert case.asked("08-15 09:30").anomalies == ["deadline-moved-without-reason"]


def test_d3_with_a_reason_an_earlier_due_is_effective() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-16 10:00"), restated("08-15 09:00", due_at="08-15 10:00", reason=REASON)
    ).asked("08-15 09:30")
    assert (answer.judged, answer.anomalies) == ("08-15 10:00", [])


def test_d3_recorded_after_the_due_that_it_moves_is_flagged() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 10:00"),
        restated("08-15 09:00", due_at="08-16 10:00", reason=REASON, recorded="08-15 10:01"),
    ).asked("08-15 11:00")
    assert (answer.judged, answer.anomalies) == ("08-16 10:00", ["recorded-after-due"])


def test_d3_the_same_instant_as_the_stated_due_is_nothing() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 10:00"), restated("08-15 11:00", due_at="08-15 10:00")
    ).asked("08-15 11:30")
    assert answer.anomalies == []


def test_d4_equal_is_on_time_and_a_second_later_is_late() -> None:
    equal = given(received("08-15 08:00", ANH, due_at="08-15 10:00"), completed("08-15 10:00")).asked()
    later = given(received("08-15 08:00", ANH, due_at="08-15 10:00"), completed("08-15 10:00:01")).asked()
    assert (equal["overdue"], later["overdue"], later.late) == (False, True, 0)


def test_d4_late_in_the_evening_is_late_by_no_minute_and_nobody_s() -> None:
    answer = given(received("08-15 08:00", ANH, due_at="08-15 17:00"), completed("08-15 20:00")).asked()
    assert (answer["overdue"], answer["class"], answer.late, answer.shares) == (True, "actual", 0, {})


def test_d4_lateness_never_counts_before_the_reception() -> None:
    answer = given(received("08-15 08:00", ANH, due_at="08-12 10:00"), completed("08-15 09:00")).asked()
    assert (answer.late, answer.anomaly_ids) == (60, {"due-before-received": ["e1"]})


def test_d1_a_reopened_case_is_judged_by_the_due_that_the_gap_moved_or_a_later_one() -> None:
    first = [received("08-15 08:00", ANH, due_at="08-15 10:00"), completed("08-15 09:00")]
    moved = given(*first, reopened("08-15 11:00", ANH, due_at="08-15 11:10")).asked("08-15 11:20")
    later = given(*first, reopened("08-15 11:00", ANH, due_at="08-16 11:10")).asked("08-15 11:20")
    assert (moved.judged, later.judged) == ("08-15 14:00", "08-16 11:10")


def test_d4_an_open_case_is_late_as_of_the_instant_asked() -> None:
    case = given(received("08-15 08:00", ANH, due_at="08-15 09:00"), forwarded("08-15 09:30", BINH))
    answer = case.asked("08-15 10:00")
    assert (answer["overdue"], answer.late, answer.shares, answer["provisional"]) == (
        True,
        60,
        {"A": 30, "B": 30},
        True,
    )
