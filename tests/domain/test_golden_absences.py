"""Cases counted by hand: officers who are away (rule H10)."""

from tests.domain.cases import (
    ANH,
    BINH,
    OTHER_QUEUE,
    QUEUE,
    absence,
    assigned,
    claimed,
    completed,
    corrected,
    forwarded,
    given,
    received,
    ruled,
    shown,
    step,
    worked,
)

DAYS = ruled(absences=[absence("A", "08-16", "08-16")])
HOUR = ruled(absences=[absence("B", "08-15 09:00", "08-15 10:00")])
WEEK = ruled(absences=[absence("A", "08-16", "08-19")])


def test_h10_the_part_of_a_hold_in_an_absence_is_held_by_the_unit_and_marked() -> None:
    answer = given(received("08-15 08:00", ANH, due_at="08-16 17:00"), completed("08-17 08:00")).asked(rules=DAYS)
    assert answer.holds == [("A", 420), ("MC", 480), ("A", 60)]
    assert [shown(start) for start in answer.column("started_at")] == ["08-15 08:00", "08-16 00:00", "08-17 00:00"]
    assert (answer.column("absent"), answer.shares) == ([False, True, False], {"A": 60})


def test_h10_lateness_in_an_absence_is_the_unit_s() -> None:
    answer = given(received("08-15 08:00", ANH, due_at="08-16 16:00"), completed("08-17 08:00")).asked(rules=DAYS)
    assert answer.shares == {"A": 60, "MC": 60}
    assert [share["event_ids"] for share in answer["attributions"]] == [["e1", "e2"], ["e1", "e2"]]


def test_h10_instants_are_half_open() -> None:
    answer = given(received("08-15 08:00", BINH), completed("08-15 10:30")).asked(rules=HOUR)
    assert answer.holds == [("B", 60), ("VP", 60), ("B", 30)]


def test_h10_a_part_without_working_minutes_is_not_divided_off() -> None:
    rules = ruled(absences=[absence("A", "08-20", "08-21")])
    answer = given(received("08-19 16:00", ANH), completed("08-22 08:00")).asked(rules=rules)
    assert answer.holds == [("A", 120)]


def test_h10_overlapping_absences_are_one() -> None:
    rules = ruled(absences=[absence("A", "08-16", "08-17"), absence("A", "08-17 08:00", "08-18 08:00")])
    answer = given(received("08-15 16:00", ANH), completed("08-18 09:00")).asked(rules=rules)
    assert answer.holds == [("A", 60), ("MC", 1_020), ("A", 60)]


def test_h10_without_a_unit_nobody_is_known() -> None:
    answer = given(received("08-15 08:00", {"id": "B", "name": "Bình"}), completed("08-15 10:30")).asked(rules=HOUR)
    assert answer.holds == [("B", 60), ("unknown", 60), ("B", 30)]


def test_h10_an_absence_of_a_joined_id_is_that_of_the_person() -> None:
    rules = HOUR | {"officers": [{"id": "B", "same_as": "B0"}]}
    answer = given(received("08-15 08:00", BINH | {"id": "B0"}), completed("08-15 10:30")).asked(rules=rules)
    assert answer.holds == [("B0", 60), ("VP", 60), ("B0", 30)]


def test_h10_its_minutes_join_the_account_of_that_unit_s_queue() -> None:
    # Bình's 60 minutes leave the queue of the office nothing of the step's 60: its 30 and the 60 of the absence are over.
    answer = given(
        received("08-15 08:00", QUEUE, due_at="08-15 09:30", step=step("s1", 60)),
        claimed("08-15 08:30", BINH),
        completed("08-15 10:30"),
    ).asked(rules=HOUR)
    assert answer.holds == [("VP", 30), ("B", 30), ("VP", 60), ("B", 30)]
    assert answer.column("allotted_minutes") == [0, 60, 0, 30]
    assert (answer.column("overrun_minutes"), answer.shares) == ([30, 0, 60, 0], {"VP": 60})


def test_h10_where_another_unit_s_queue_stands_they_have_the_full_allotment() -> None:
    answer = given(
        received("08-15 08:00", OTHER_QUEUE, due_at="08-15 09:30", step=step("s1", 60)),
        claimed("08-15 08:30", BINH),
        completed("08-15 10:30"),
    ).asked(rules=HOUR)
    assert answer.column("allotted_minutes") == [0, 60, 60, 30]
    assert (answer.column("overrun_minutes"), answer.shares) == ([30, 0, 0, 0], {"MC": 30, "organisation": 30})


def test_h10_else_they_have_what_that_unit_s_own_officers_leave() -> None:
    # Ánh is of another unit: only Bình's 50 of the step's 90 minutes are the office's own.
    rules = ruled(absences=[absence("B", "08-15 09:00", "08-15 09:40")])
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 09:30", step=step("s1", 90)),
        forwarded("08-15 08:30", BINH, step=step("s1")),
        completed("08-15 10:00"),
    ).asked(rules=rules)
    assert answer.holds == [("A", 30), ("B", 30), ("VP", 40), ("B", 20)]
    assert (answer.column("allotted_minutes"), answer.shares) == ([90, 90, 40, 60], {"organisation": 30})


def test_h10_an_absence_recorded_later_counts_from_when_it_is_known() -> None:
    rules = ruled(absences=[absence("A", "08-16", "08-16", "09-01 00:00")])
    case = given(received("08-15 08:00", ANH, ingested="08-15 08:00"), completed("08-17 08:00", ingested="08-17 08:00"))
    assert case.asked(rules=rules, known_at="08-31 00:00").holds == [("A", 960)]
    assert case.asked(rules=rules, known_at="09-01 00:00").holds == [("A", 420), ("MC", 480), ("A", 60)]


def test_h10_who_acts_inside_an_absence_is_back_from_the_start_of_that_day_on() -> None:
    answer = given(
        received("08-15 16:00", ANH), assigned("08-17 09:00", BINH, actor=ANH), completed("08-17 10:00")
    ).asked(rules=WEEK)
    assert answer.holds == [("A", 60), ("MC", 480), ("A", 120), ("B", 60)]
    assert answer.anomaly_ids["acted-while-absent"] == ["e2"]


def test_h10_the_holder_of_a_worked_and_the_actor_of_a_correction_act_too_but_not_of_what_is_annulled() -> None:
    first = received("08-15 16:00", ANH)
    held = given(first, worked("08-17 09:00", ANH), completed("08-17 10:00")).asked(rules=WEEK)
    corrects = given(
        first, assigned("08-17 09:00", BINH, actor=ANH), corrected("08-18 09:00", "e2"), completed("08-18 10:00")
    )
    acts = given(first, corrected("08-17 09:00", "nowhere", actor=ANH), completed("08-17 10:00")).asked(rules=WEEK)
    assert held.holds == [("A", 60), ("MC", 480), ("A", 120), ("unknown", 60)]
    assert corrects.asked(rules=WEEK).holds == [("A", 60), ("MC", 1_140)]
    assert acts.holds == [("A", 60), ("MC", 480), ("A", 180)]


def test_h10_on_basis_recorded_the_recorded_instant_counts() -> None:
    case = given(
        received("08-15 16:00", ANH),
        assigned("08-15 17:00", BINH, actor=ANH, recorded="08-16 08:00"),
        completed("08-16 09:00"),
    )
    assert case.asked(rules=DAYS).anomalies == []
    assert case.asked(rules=DAYS, basis="recorded").anomalies == ["acted-while-absent"]


def test_h10_the_last_hold_of_an_open_case_stays_open_in_an_absence() -> None:
    answer = given(received("08-15 16:00", ANH)).asked("08-17 08:00", rules=WEEK)
    assert (answer.holds, answer.column("ended_at")[-1]) == ([("A", 60), ("MC", 540)], None)
