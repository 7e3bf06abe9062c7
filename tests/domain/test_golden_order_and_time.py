"""Rules T1 to T7, worked out by hand."""

from tests.domain.cases import (
    ANH,
    BINH,
    CHI,
    assigned,
    claimed,
    completed,
    forwarded,
    given,
    moment,
    procedure,
    received,
    resumed,
    submitted,
    supplement_requested,
    suspended,
)


def test_t1_time_decides_before_the_order_of_delivery() -> None:
    answer = given(completed("08-15 09:00"), forwarded("08-15 08:30", BINH), received("08-15 08:00", ANH)).asked()
    assert answer.holds == [("A", 30), ("B", 30)]


def test_t1_sequence_counts_as_a_number_and_absent_comes_first() -> None:
    answer = given(
        received("08-15 08:00", ANH),
        forwarded("08-15 09:00", BINH, sequence="10"),
        forwarded("08-15 09:00", ANH, sequence="9"),
        forwarded("08-15 09:00", CHI),
    ).asked("08-15 10:00")
    assert answer.holds == [("A", 60), ("C", 0), ("A", 0), ("B", 60)]


def test_t1_recordedat_decides_after_sequence_and_before_kind() -> None:
    answer = given(
        received("08-15 08:00", ANH),
        claimed("08-15 09:00", BINH, recorded="08-15 09:05"),
        assigned("08-15 09:00", CHI, recorded="08-15 09:06"),
    ).asked("08-15 10:00")
    assert answer.holds == [("A", 60), ("B", 0), ("C", 60)]


def test_t1_kind_decides_among_equal_instants() -> None:
    # An end of a pause comes before a new pause, an assignment before a claim, whatever their ids.
    answer = given(
        received("08-15 08:00", ANH),
        suspended("08-15 09:00"),
        suspended("08-15 10:00", id="a"),
        resumed("08-15 10:00", BINH, id="z"),
    ).asked("08-15 11:00")
    assert answer.holds == [("A", 60), ("suspension", 60), ("B", 0), ("suspension", 60)]
    assert answer.anomalies == []


def test_t1_source_then_id_decide_last() -> None:
    answer = given(
        received("08-15 08:00", ANH),
        forwarded("08-15 09:00", BINH, source="/b", id="1"),
        forwarded("08-15 09:00", CHI, source="/a", id="2"),
    ).asked("08-15 10:00")
    assert answer.holds == [("A", 60), ("C", 0), ("B", 60)]


def test_t2_instants_are_cut_to_minutes_so_that_durations_add_up() -> None:
    answer = given(
        received("08-15 08:00:40", ANH), forwarded("08-15 08:30:59", BINH), completed("08-15 09:00:01")
    ).asked()
    assert answer.holds == [("A", 30), ("B", 30)]
    assert answer["holds"][1]["started_at"] == moment("08-15 08:30:59")


def test_t2_a_due_is_rounded_up_but_compared_uncut() -> None:
    case = [received("08-15 08:00", ANH, due_at="08-15 09:00:20"), completed("08-15 09:00:30")]
    answer = given(*case).asked()
    assert (answer["overdue"], answer.late, answer["class"]) == (True, 0, "actual")
    assert answer.shares == {}


def test_t3_the_receiver_owns_the_instant_of_the_handover() -> None:
    answer = given(received("08-15 11:00", ANH), forwarded("08-15 11:30", BINH), completed("08-15 13:31")).asked()
    assert answer.holds == [("A", 30), ("B", 1)]


def test_t3_fifteen_hours_and_120_minutes_is_seventeen_the_same_day() -> None:
    answer = given(received("08-15 15:00", ANH, procedure=procedure("1.001", 120))).asked("08-15 16:00")
    assert answer.judged == "08-15 17:00"


def test_t3_a_due_goes_over_the_night_the_weekend_and_a_holiday() -> None:
    # Friday 16:00 and 121 minutes: one hour that day, the second on Monday; and over 1 and 2 September.
    weekend = given(received("08-19 16:00", ANH, procedure=procedure("1.001", 121))).asked("08-19 16:30")
    holiday = given(received("08-31 16:00", ANH, procedure=procedure("1.001", 61))).asked("08-31 16:30")
    assert weekend.judged == "08-22 08:01"
    assert holiday.judged == "09-05 07:01"


def test_t4_recorded_counts_by_recordedat_and_an_earlier_one_is_as_none() -> None:
    case = given(
        received("08-15 08:00", ANH, due_at="08-15 10:00"),
        forwarded("08-15 09:00", BINH, recorded="08-15 08:30"),
        completed("08-15 09:30", recorded="08-15 10:30"),
    )
    recorded, occurred = case.asked(basis="recorded"), case.asked()
    assert recorded.holds == [("A", 60), ("B", 90)]
    assert (recorded.late, recorded.shares) == (30, {"B": 30})
    assert (occurred.late, occurred["system_lateness_minutes"], occurred["class"]) == (0, 30, "unproven")
    assert recorded["class"] == "unproven"


def test_t5_as_of_leaves_out_what_is_later_and_lets_the_open_hold_run() -> None:
    case = given(received("08-15 08:00", ANH), forwarded("08-15 10:00", BINH), completed("08-15 11:00"))
    answer = case.asked("08-15 09:30")
    assert answer.holds == [("A", 90)]
    assert (answer["provisional"], answer["state"], answer["completed_at"]) == (True, "in-process", None)
    assert answer["holds"][0]["ended_at"] is None


def test_t5_known_at_leaves_out_what_was_ingested_later() -> None:
    case = given(received("08-15 08:00", ANH, ingested="08-15 08:01"), completed("08-15 09:00", ingested="08-20 08:00"))
    assert case.asked("08-15 10:00", known_at="08-16 08:00")["state"] == "in-process"
    assert case.asked("08-15 10:00", known_at="08-20 08:00")["state"] == "completed"


def test_t5_a_time_more_than_five_minutes_ahead_of_its_record_is_a_future_instant() -> None:
    case = given(
        received("08-15 08:05", ANH, recorded="08-15 08:00"), forwarded("08-15 09:06", BINH, recorded="08-15 09:00")
    )
    assert case.asked("08-15 10:00").anomaly_ids["future-instant"] == ["e2"]


def test_t6_the_calendar_is_that_of_the_responsible_unit_or_its_nearest_ancestor() -> None:
    own = given(received("08-15 08:00", ANH, unit={"id": "U-SEASON"})).asked("08-15 17:00")
    below = given(received("08-15 08:00", ANH, unit={"id": "U-BELOW"})).asked("08-15 17:00")
    stated = given(received("08-15 08:00", ANH, unit={"id": "NEW", "parent": "U-BELOW"})).asked("08-15 17:00")
    of_the_holder = given(received("08-15 08:00", {"id": "X", "unit": {"id": "U-SEASON"}})).asked("08-15 17:00")
    nobody = given(received("08-15 08:00", ANH)).asked("08-15 17:00")
    # Summer hours of the unit: 06:30 to 11:00.
    assert [a.holds[0][1] for a in (own, below, stated, of_the_holder, nobody)] == [180, 180, 180, 180, 420]
    assert [a["calendar_version"] for a in (own, nobody)] == ["seasonal/1", "vn/1"]


def test_t6_minutes_add_up_across_holders_of_units_with_other_calendars() -> None:
    answer = given(
        received("08-15 08:00", ANH), forwarded("08-15 11:00", {"id": "X", "unit": {"id": "U-SEASON"}})
    ).asked("08-15 17:00")
    assert answer.holds == [("A", 180), ("X", 240)]


def test_t7_the_default_is_two_sessions_from_monday_to_friday_without_holidays() -> None:
    answer = given(received("08-31 07:00", ANH), forwarded("09-05 00:00", BINH), completed("09-05 23:00")).asked()
    assert answer.holds == [("A", 480), ("B", 480)]


def test_t7_procedures_in_calendar_days_count_every_minute() -> None:
    configured = given(received("08-15 00:00", ANH, procedure=procedure("1.004")), completed("08-17 12:00")).asked()
    stated = given(
        received("08-15 00:00", ANH, procedure=procedure("1.001", 1_440, days="calendar")), completed("08-17 12:00")
    ).asked()
    assert configured.holds == [("A", 3_600)]
    assert (configured.judged, configured.late) == ("08-17 00:00", 720)
    assert (stated.judged, stated.late) == ("08-16 00:00", 2_160)


def test_t1_submitted_comes_before_received_at_the_same_instant() -> None:
    answer = given(received("08-15 08:00", ANH), submitted("08-15 08:00")).asked("08-15 09:00")
    assert answer.anomalies == []
    assert answer["clocks"]["acceptance"]["working_minutes"] == 0


def test_t1_supplement_of_the_same_instant_as_the_reception_follows_it() -> None:
    answer = given(supplement_requested("08-15 08:00"), received("08-15 08:00", ANH)).asked("08-15 09:00")
    assert answer.holds == [("A", 0), ("applicant", 60)]
