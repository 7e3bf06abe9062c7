"""Cases counted by hand: dues on days off, extensions, allotments of a procedure, documents signed on a date (rules D2, D3, D5, A1, C)."""

from datetime import date

from tests.domain.cases import (
    ANH,
    BINH,
    completed,
    extended,
    forwarded,
    given,
    procedure,
    received,
    restated,
    resumed,
    ruled,
    step,
    suspended,
)
from tests.domain.rules_for_tests import RULES, STATED, VIETNAM, step_rule

REASON = "thiếu giấy tờ"
APOLOGY = {"document_number": "12/PXL"}
AS_STATED = ruled(calendars=RULES["calendars"] | {"vn": STATED})


def test_d5_a_due_on_a_saturday_is_carried_to_the_end_of_the_next_working_day() -> None:
    answer = given(received("08-15 08:00", ANH, due_at="08-20 10:00"), completed("08-22 17:00")).asked()
    assert answer.dues == ("08-20 10:00", "08-22 17:00", "08-22 17:00")
    assert (answer["class"], answer.late) == ("on-time", 0)


def test_d5_a_due_on_the_evening_of_a_working_day_stays() -> None:
    answer = given(received("08-15 08:00", ANH, due_at="08-19 20:00"), completed("08-22 07:30")).asked()
    assert (answer.judged, answer.late) == ("08-19 20:00", 30)


def test_d5_of_consecutive_days_off_the_first_working_day_after_all_counts() -> None:
    # 1 and 2 September are the national holiday, then comes a weekend.
    answer = given(received("08-31 08:00", ANH, due_at="09-01 10:00")).asked("08-31 09:00")
    assert answer.judged == "09-05 17:00"


def test_d5_a_made_up_working_saturday_is_no_day_off() -> None:
    rules = ruled(calendars=RULES["calendars"] | {"vn": VIETNAM | {"overrides": {date(2022, 8, 20): "working"}}})
    assert (
        given(received("08-15 08:00", ANH, due_at="08-20 10:00")).asked("08-15 09:00", rules=rules).judged
        == "08-20 10:00"
    )


def test_d5_as_stated_carries_nothing() -> None:
    answer = given(received("08-15 08:00", ANH, due_at="08-20 10:00"), completed("08-22 08:00")).asked(rules=AS_STATED)
    assert (answer.judged, answer.late) == ("08-20 10:00", 60)


def test_d5_for_procedures_in_calendar_days_the_days_off_are_those_of_the_calendar() -> None:
    answer = given(received("08-18 09:00", ANH, procedure=procedure("1.004"))).asked("08-18 10:00")
    assert (answer.dues[1:], answer["due_at"]) == (("08-22 17:00", "08-22 17:00"), None)


def test_d5_a_pause_moves_the_carried_due() -> None:
    # Carried to Monday 17:00; 60 minutes of pause more are Tuesday 08:00.
    answer = given(
        received("08-15 08:00", ANH, due_at="08-20 10:00"), suspended("08-15 09:00"), resumed("08-15 10:00", ANH)
    ).asked("08-15 11:00")
    assert answer.judged == "08-23 08:00"


def test_d5_class_looks_at_the_carried_due_whether_a_pause_was_not_respected() -> None:
    paused = (suspended("08-15 09:00"), resumed("08-15 10:00", ANH))
    in_time = given(received("08-15 08:00", ANH, due_at="08-20 10:00"), *paused, completed("08-22 17:00")).asked()
    after = given(received("08-15 08:00", ANH, due_at="08-20 10:00"), *paused, completed("08-23 07:30")).asked()
    assert (in_time["class"], after["class"]) == ("on-time", "pause-not-respected")


def test_d2_shift_on_to_a_day_off_goes_to_the_same_time_of_the_next_working_day_where_dues_are_as_stated() -> None:
    case = given(
        received("08-15 08:00", ANH, due_at="08-18 10:00", procedure=procedure("1.003")),
        suspended("08-15 16:00"),
        resumed("08-17 08:00", ANH),
    )
    assert case.asked("08-17 09:00", rules=AS_STATED).judged == "08-22 10:00"
    assert case.asked("08-17 09:00").judged == "08-22 17:00"


def test_d2_restart_gives_anew_the_minutes_to_the_carried_due() -> None:
    # Thursday 16:00 to Monday 17:00 are 60 + 480 + 480 minutes: of Friday 07:00 that is Tuesday 08:00.
    answer = given(
        received("08-18 16:00", ANH, due_at="08-20 10:00", procedure=procedure("1.002")),
        suspended("08-18 16:30"),
        resumed("08-19 07:00", ANH),
    ).asked("08-19 08:00")
    assert answer.judged == "08-23 08:00"


def test_d3_equal_to_the_due_when_both_are_carried_nothing_moves_and_the_newer_is_shown() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-20 10:00"), restated("08-15 09:00", due_at="08-21 12:00")
    ).asked("08-15 10:00")
    assert (answer.dues, answer.anomalies) == (("08-21 12:00", "08-22 17:00", "08-22 17:00"), [])


def test_d3_an_extension_that_does_not_make_the_due_later_is_not_effective_and_no_first_one() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-18 10:00"),
        extended("08-15 09:00", due_at="08-17 10:00", reason=REASON, apology=APOLOGY),
        extended("08-15 10:00", due_at="08-19 10:00", reason=REASON, apology=APOLOGY),
    )
    assert answer.asked("08-15 09:30").dues == ("08-18 10:00", "08-18 10:00", "08-18 10:00")
    assert (answer.asked("08-15 11:00").judged, answer.asked("08-15 11:00").anomalies) == ("08-19 10:00", [])


def test_d3_during_a_pause_an_extension_must_be_later_than_what_the_pause_would_give_by_then() -> None:
    # Suspended for 120 minutes at 11:00: Thursday 10:00 would be Thursday 14:00.
    first = (received("08-15 08:00", ANH, due_at="08-18 10:00"), suspended("08-15 09:00"))
    too_little = given(*first, extended("08-15 11:00", due_at="08-18 14:00", reason=REASON, apology=APOLOGY))
    enough = given(*first, extended("08-15 11:00", due_at="08-18 14:01", reason=REASON, apology=APOLOGY))
    assert too_little.asked("08-15 11:00").dues == ("08-18 10:00", "08-18 14:00", "08-18 14:00")
    assert enough.asked("08-15 11:00").dues == ("08-18 14:01", "08-18 14:01", "08-18 14:01")


def test_d3_a_restatement_with_a_reason_may_be_earlier() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-18 10:00"), restated("08-15 09:00", due_at="08-17 10:00", reason=REASON)
    ).asked("08-15 10:00")
    assert (answer.judged, answer.anomalies) == ("08-17 10:00", [])


STEPS = ruled(
    steps=[
        step_rule("1.001", "s1", 60),
        step_rule("1.001", "s1", 30, valid_from=date(2022, 9, 1)),
        step_rule("1.001", "khác", 45, "Bước  s2\u200b"),
        step_rule("1.001.000.H34", "s1", 20),
    ]
)


def test_a1_a_step_that_no_event_allots_has_what_the_procedure_says_of_its_id_else_of_its_name() -> None:
    answer = given(
        received("08-15 08:00", ANH, procedure=procedure("1.001"), step=step("s1")),
        forwarded("08-15 09:00", BINH, step=step("s2")),
        forwarded("08-15 10:00", ANH, step=step("s3")),
    ).asked("08-15 11:00", rules=STEPS)
    assert answer.column("allotted_minutes") == [60, 45, None]


def test_a1_what_was_in_force_at_reception_counts() -> None:
    late = given(received("09-05 08:00", ANH, procedure=procedure("1.001"), step=step("s1"))).asked(
        "09-05 09:00", rules=STEPS
    )
    assert late.column("allotted_minutes") == [30]


def test_a1_an_allotment_that_an_event_states_goes_before_also_for_earlier_holds() -> None:
    answer = given(
        received("08-15 08:00", ANH, procedure=procedure("1.001"), step=step("s1")),
        forwarded("08-15 09:00", BINH, step=step("s1", 90)),
    ).asked("08-15 10:00", rules=STEPS)
    assert answer.column("allotted_minutes") == [90, 90]


def test_r_procedures_match_by_the_whole_id_else_without_the_local_suffix() -> None:
    for identity, allotted in (("1.001.000.H34", 20), ("1.001.000.H61", 60)):
        case = given(received("08-15 08:00", ANH, procedure=procedure(identity), step=step("s1")))
        assert case.asked("08-15 09:00", rules=STEPS).column("allotted_minutes") == [allotted]


def test_c_a_document_signed_on_a_date_counts_by_the_local_date_of_the_judged_due() -> None:
    first = received("08-15 08:00", ANH, due_at="08-15 16:00")
    for signed_at, kind in (("08-15", "late-entry"), ("08-16", "unproven")):
        proof = {"document_number": "77/QĐ", "signed_at": signed_at}
        in_time = given(first, completed("08-15 15:00", recorded="08-16 08:00", evidence=proof)).asked()
        late = given(first, completed("08-15 16:30", evidence=proof)).asked()
        assert in_time["class"] == kind
        assert late.anomalies == (["evidence-before-finish"] if kind == "late-entry" else [])
