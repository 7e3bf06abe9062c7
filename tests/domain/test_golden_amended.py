"""Cases counted by hand: what is taken first at one instant, which names are one, and who worked until when (rules T, H3, H9, H11, H12)."""

from datetime import UTC, date, datetime

from tests.domain.cases import (
    ANH,
    BINH,
    CHI,
    OFFICE,
    QUEUE,
    SOURCE,
    assigned,
    claimed,
    completed,
    consultation_answered,
    consultation_requested,
    forwarded,
    given,
    moment,
    received,
    reopened,
    resumed,
    ruled,
    step,
    supplement_received,
    supplement_requested,
    suspended,
    worked,
)
from tests.domain.rules_for_tests import RULES, VIETNAM, versions

NOBODY = {"name": "Chuyên viên", "unit": OFFICE}
JUSTICE = {"id": "TP", "name": "Sở Tư pháp"}
FIRST = received("08-15 08:00", ANH)
QUEUED = received("08-15 08:00", QUEUE)


def test_t1_among_handovers_of_one_instant_a_unit_alone_comes_before_an_officer() -> None:
    answer = given(FIRST, forwarded("08-15 09:00", BINH, id="a"), assigned("08-15 09:00", QUEUE, id="b"))
    assert answer.asked("08-15 10:00").holds == [("A", 60), ("VP", 0), ("B", 60)]


def test_h9_an_officer_who_picks_up_from_a_unit_at_the_same_instant_is_no_second_holder() -> None:
    answer = given(FIRST, forwarded("08-15 09:00", BINH, id="a"), assigned("08-15 09:00", QUEUE, id="b"))
    two = given(FIRST, forwarded("08-15 09:00", BINH), assigned("08-15 09:00", CHI))
    assert (answer.asked("08-15 10:00").anomalies, two.asked("08-15 10:00").anomalies) == ([], ["two-holders"])


def test_t1_one_that_names_nobody_also_a_placeholder_with_unit_comes_before_a_unit_alone() -> None:
    answer = given(FIRST, forwarded("08-15 09:00", QUEUE, id="a"), forwarded("08-15 09:00", NOBODY, id="b"))
    assert answer.asked("08-15 10:00").holds == [("A", 60), ("unknown", 0), ("VP", 60)]


def test_t1_a_request_and_its_answer_of_one_instant_keep_their_sense() -> None:
    answer = given(
        FIRST, supplement_received("08-15 09:00", BINH, id="a"), supplement_requested("08-15 09:00", id="b")
    ).asked("08-15 10:00")
    assert (answer.holds, answer.anomalies) == ([("A", 60), ("applicant", 0), ("B", 60)], [])


def test_t1_an_end_a_reopening_and_the_next_handover_of_one_instant_keep_their_sense() -> None:
    answer = given(
        FIRST,
        assigned("08-15 09:00", CHI, actor=BINH),
        completed("08-15 09:00"),
        reopened("08-15 09:00", BINH),
    ).asked("08-15 10:00")
    assert answer.holds == [("A", 60), ("suspension", 0), ("B", 0), ("C", 60)]
    assert answer.anomalies == ["reopened"]


def test_t1_who_passes_a_case_on_had_it() -> None:
    answer = given(
        FIRST, forwarded("08-15 09:00", CHI, actor=BINH, id="a"), forwarded("08-15 09:00", BINH, actor=ANH, id="b")
    )
    assert answer.asked("08-15 10:00").holds == [("A", 60), ("B", 0), ("C", 60)]


def test_t1_if_all_would_wait_the_first_that_fits_is_taken() -> None:
    answer = given(
        FIRST, forwarded("08-15 09:00", CHI, actor=BINH, id="a"), forwarded("08-15 09:00", BINH, actor=CHI, id="b")
    )
    assert answer.asked("08-15 10:00").holds == [("A", 60), ("C", 0), ("B", 60)]


def test_t1_a_handover_that_names_the_present_holder_comes_first_and_changes_nothing() -> None:
    answer = given(FIRST, forwarded("08-15 09:00", BINH, id="a"), assigned("08-15 09:00", ANH, id="b"))
    assert answer.asked("08-15 10:00").holds == [("A", 60), ("B", 60)]


def test_t1_a_sequence_goes_before_what_would_fit() -> None:
    answer = given(
        FIRST,
        supplement_received("08-15 09:00", BINH, sequence="1"),
        supplement_requested("08-15 09:00", sequence="2"),
    ).asked("08-15 10:00")
    assert (answer.holds, answer.anomalies) == ([("A", 60), ("B", 0), ("applicant", 60)], ["out-of-order"])


def test_t5_a_future_instant_shows_from_the_earlier_of_its_recording_and_our_receipt_on() -> None:
    case = given(FIRST, assigned("08-15 10:00", BINH, recorded="08-15 09:00", ingested="08-15 09:30"))
    assert (case.asked("08-15 08:59").anomalies, case.asked("08-15 09:00").anomalies) == ([], ["future-instant"])


def test_t6_of_a_due_stated_before_a_newer_version_was_known_the_latest_instant_counts() -> None:
    # Monday 22 August becomes a day off while the case runs, or stops being one: Tuesday 17:00 both times.
    off = VIETNAM | {"overrides": {date(2022, 8, 22): "off"}}
    became, was = (
        versions((off, moment("08-16 00:00"))),
        [off, VIETNAM | {"version": 2, "known_since": moment("08-16 00:00")}],
    )
    for changed in (became, was):
        rules = ruled(calendars=RULES["calendars"] | {"vn": changed})
        answer = given(received("08-15 08:00", ANH, due_at="08-22 10:00")).asked("08-16 08:00", rules=rules)
        assert (answer.judged, answer["calendar_version"]) == ("08-23 17:00", "vn/2")


def test_t6_a_due_stated_when_the_newer_version_was_known_goes_by_it_alone() -> None:
    off = VIETNAM | {"overrides": {date(2022, 8, 22): "off"}}
    was = [off, VIETNAM | {"version": 2, "known_since": moment("08-15 08:00")}]
    rules = ruled(calendars=RULES["calendars"] | {"vn": was})
    assert (
        given(received("08-15 08:00", ANH, due_at="08-22 10:00")).asked("08-16 08:00", rules=rules).judged
        == "08-22 10:00"
    )


def test_t6_minutes_go_by_the_newest_version_known_at_known_at() -> None:
    off = VIETNAM | {"overrides": {date(2022, 8, 15): "off"}}
    rules = ruled(calendars=RULES["calendars"] | {"vn": versions((off, datetime(2023, 1, 2, tzinfo=UTC)))})
    case = given(received("08-15 08:00", ANH, ingested="08-15 08:00"), completed("08-15 09:00", ingested="08-15 09:00"))
    before, now = case.asked(rules=rules, known_at="12-31 00:00"), case.asked(rules=rules)
    assert (before.holds, before["calendar_version"]) == ([("A", 60)], "vn/1")
    assert (now.holds, now["calendar_version"]) == ([("A", 0)], "vn/2")


def test_t7_a_saturday_that_is_made_working_has_monday_s_sessions() -> None:
    swapped = VIETNAM | {"overrides": {date(2022, 8, 20): "working"}}
    rules = ruled(calendars=RULES["calendars"] | {"vn": swapped})
    answer = given(received("08-20 06:00", ANH), completed("08-20 18:00")).asked(rules=rules)
    assert answer.holds == [("A", 480)]


def test_h3_names_are_compared_without_invisible_characters_decomposition_and_white_space() -> None:
    answer = given(
        received("08-15 08:00", {"name": "Phạm Dung", "unit": OFFICE}),
        forwarded("08-15 09:00", {"name": "Pha\u0323m\u200b \u00a0Dung ", "unit": OFFICE}),
        assigned("08-15 10:00", {"name": "CHUYÊN\u2060  VIÊN"}),
    ).asked("08-15 11:00")
    assert answer.holds == [("Phạm Dung", 120), ("unknown", 60)]


def test_h3_a_unit_without_id_is_told_apart_by_its_name_also_as_that_of_an_officer_without_id() -> None:
    answer = given(
        received("08-15 08:00", {"unit": {"name": "Văn phòng"}}),
        assigned("08-15 08:30", {"unit": {"name": "Văn  phòng\u200b"}}),
        forwarded("08-15 09:00", {"name": "Dung", "unit": {"name": "Văn phòng"}}),
        forwarded("08-15 09:30", {"name": "Dung", "unit": {"name": "Văn thư"}}),
    ).asked("08-15 10:00")
    assert answer.holds == [("Văn phòng", 60), ("Dung", 30), ("Dung", 30)]


def test_h11_joined_ids_are_one_party_shown_under_the_id_they_are_joined_to() -> None:
    rules = ruled(officers=[{"id": "A1", "same_as": "A2"}, {"id": "A2", "same_as": "A"}])
    answer = given(
        received("08-15 08:00", ANH | {"id": "A1"}), claimed("08-15 09:00", ANH), completed("08-15 10:00")
    ).asked(rules=rules)
    assert (answer.holds, answer.anomalies) == ([("A", 120)], [])


def test_h12_what_nobody_is_known_to_have_held_becomes_theirs_and_is_marked_inferred() -> None:
    answer = given(received("08-15 08:00", NOBODY), worked("08-15 09:00", BINH), completed("08-15 09:30")).asked()
    assert (answer.holds, answer.column("inferred")) == ([("B", 60), ("unknown", 30)], [True, False])


def test_h12_a_unit_s_or_officer_s_hold_stays_until_the_time_of_the_worked() -> None:
    answer = given(QUEUED, worked("08-15 09:00", ANH), worked("08-15 10:00", BINH)).asked("08-15 10:30")
    assert answer.holds == [("VP", 60), ("B", 60), ("unknown", 30)]
    assert answer.column("inferred") == [False, True, False]


def test_h12_with_since_all_from_there_on_becomes_theirs_and_is_not_inferred() -> None:
    answer = given(QUEUED, worked("08-15 10:00", BINH, since="08-15 09:00"), completed("08-15 10:00")).asked()
    assert (answer.holds, answer.column("inferred")) == ([("VP", 60), ("B", 60), ("unknown", 0)], [False] * 3)


def test_h12_since_is_not_before_the_worked_before_it() -> None:
    answer = given(QUEUED, worked("08-15 09:00", ANH), worked("08-15 10:00", BINH, since="08-15 08:30"))
    assert answer.asked("08-15 10:00").holds == [("VP", 60), ("B", 60), ("unknown", 0)]


def test_h12_since_takes_no_pause_and_no_consultation() -> None:
    answer = given(
        QUEUED,
        suspended("08-15 08:30"),
        resumed("08-15 09:00", QUEUE),
        consultation_requested("08-15 09:30", JUSTICE),
        consultation_answered("08-15 10:00", JUSTICE),
        worked("08-15 10:30", BINH, since="08-15 08:00"),
    ).asked("08-15 11:00")
    assert answer.holds == [("B", 30), ("suspension", 30), ("B", 30), ("TP", 30), ("B", 30), ("unknown", 30)]


def test_h12_a_row_at_the_instant_of_reception_leaves_the_unit_its_hold() -> None:
    answer = given(QUEUED, worked("08-15 08:00", ANH)).asked("08-15 09:00")
    assert answer.holds == [("VP", 60)]


def test_h12_one_who_is_named_at_the_instant_of_a_worked_holds_from_then_on() -> None:
    answer = given(QUEUED, worked("08-15 09:00", ANH), claimed("08-15 09:00", BINH)).asked("08-15 10:00")
    assert answer.holds == [("VP", 60), ("B", 60)]


def test_h12_one_that_names_nobody_takes_from_nobody() -> None:
    answer = given(
        QUEUED,
        worked("08-15 09:00", NOBODY, since="08-15 08:00"),
        worked("08-15 10:00", BINH),
        completed("08-15 10:30"),
    ).asked()
    assert answer.holds == [("VP", 60), ("B", 60), ("unknown", 30)]


def test_h12_during_a_pause_it_only_says_who_was_there() -> None:
    answer = given(
        received("08-15 08:00", NOBODY),
        suspended("08-15 08:30"),
        worked("08-15 09:00", BINH),
        resumed("08-15 09:30", CHI),
    ).asked("08-15 10:00")
    assert answer.holds == [("B", 30), ("suspension", 60), ("C", 30)]


def test_h12_an_open_consultation_goes_on_and_after_it_nobody_is_known() -> None:
    answer = given(
        QUEUED,
        consultation_requested("08-15 08:30", JUSTICE),
        worked("08-15 09:00", BINH),
        consultation_answered("08-15 09:30", JUSTICE),
    ).asked("08-15 10:00")
    assert (answer.holds, answer.anomalies) == ([("VP", 30), ("TP", 60), ("unknown", 30)], [])


def test_h1_a_worked_with_since_as_the_first_event_begins_the_holds_there() -> None:
    answer = given(worked("08-15 09:00", BINH, since="08-15 08:00")).asked("08-15 10:00")
    assert (answer.holds, answer.column("inferred")) == ([("B", 60), ("unknown", 60)], [False, False])
    assert (answer["received_at"], answer.anomalies) == (None, ["missing-reception"])


def test_h12_a_step_stated_by_a_worked_is_that_of_the_time_it_takes() -> None:
    answer = given(
        received("08-15 08:00", NOBODY, step=step("s1", 30)), worked("08-15 09:00", BINH, step=step("s2", 45))
    ).asked("08-15 09:00")
    assert [(hold["step"] or {}).get("id") for hold in answer["holds"]] == ["s2", None]
    assert answer.column("allotted_minutes") == [45, None]


def test_h5_the_marks_of_the_events_of_a_hold_are_shown_with_it_each_once_in_order() -> None:
    answer = given(
        received("08-15 08:00", ANH, marks=["status-unmapped", "history"], source=SOURCE),
        completed("08-15 09:00", marks=["history", "matched-by-directory"]),
    ).asked()
    assert answer.column("marks") == [["history", "matched-by-directory", "status-unmapped"]]
