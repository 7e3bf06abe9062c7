"""Rules A1 to A8, worked out by hand."""

from tests.domain.cases import (
    ANH,
    BINH,
    CHI,
    COUNTER,
    OTHER_QUEUE,
    QUEUE,
    claimed,
    completed,
    consultation_answered,
    consultation_requested,
    forwarded,
    given,
    procedure,
    recalled,
    received,
    resumed,
    sent_back,
    step,
    supplement_received,
    supplement_requested,
    suspended,
)

JUSTICE = {"id": "STP", "name": "Sở Tư pháp"}


def test_a1_nobody_has_more_time_for_a_step_than_its_norm_however_often_it_comes_back() -> None:
    answer = given(
        received("08-15 08:00", ANH, step=step("s1", 60), due_at="08-15 09:00"),
        forwarded("08-15 08:40", BINH, step=step("s2", 60)),
        sent_back("08-15 09:00", ANH, step=step("s1")),
        forwarded("08-15 10:00", BINH, step=step("s2")),
        completed("08-15 11:00"),
    ).asked()
    assert answer.column("allotted_minutes") == [60, 60, 20, 40]
    assert answer.column("overrun_minutes") == [0, 0, 40, 20]
    assert answer.shares == {"organisation": 60, "A": 40, "B": 20}


def test_a1_no_officer_has_less_because_another_held_the_step() -> None:
    answer = given(
        received("08-15 08:00", ANH, step=step("s1", 60)), forwarded("08-15 09:30", BINH, step=step("s1"))
    ).asked("08-15 11:00")
    assert answer.column("allotted_minutes") == [60, 60]
    assert answer.column("overrun_minutes") == [30, 30]


def test_a1_a_queue_has_what_officers_and_unknown_holders_leave_it() -> None:
    answer = given(
        received("08-15 08:00", QUEUE, step=step("s1", 120)),
        claimed("08-15 09:00", BINH),
        forwarded("08-15 09:50", {"name": "Cán bộ"}, step=step("s1")),
        forwarded("08-15 10:10", CHI, step=step("s2", 10)),
    ).asked("08-15 10:20")
    # Of 120 minutes Bình used 50 and the unknown holder 20.
    assert answer.column("allotted_minutes") == [50, 120, 120, 10]
    assert answer.column("overrun_minutes") == [10, 0, 0, 0]


def test_a1_queues_of_more_than_one_unit_have_the_full_allotment_each() -> None:
    answer = given(
        received("08-15 08:00", QUEUE, step=step("s1", 120)),
        forwarded("08-15 09:00", OTHER_QUEUE, step=step("s1")),
        claimed("08-15 10:00", BINH),
    ).asked("08-15 11:00")
    assert answer.column("allotted_minutes") == [120, 120, 120]


def test_a1_without_step_the_present_holder_s_step_goes_on() -> None:
    answer = given(
        received("08-15 08:00", ANH, step=step("s1", 60)),
        suspended("08-15 08:10"),
        resumed("08-15 08:20", ANH),
        consultation_requested("08-15 08:30", JUSTICE),
        recalled("08-15 08:40", ANH),
    ).asked("08-15 09:00")
    assert [row and row["id"] for row in answer.column("step")] == ["s1", None, "s1", None, "s1"]
    assert answer.column("allotted_minutes") == [60, None, 50, None, 40]


def test_a1_a_claim_the_end_of_a_pause_and_a_reopening_take_over_the_step_any_other_has_none() -> None:
    answer = given(
        received("08-15 08:00", QUEUE, step=step("s1", 60)),
        claimed("08-15 08:10", ANH),
        supplement_requested("08-15 08:20"),
        supplement_received("08-15 08:30", BINH),
        forwarded("08-15 08:40", CHI, step={"name": "không mã", "allotted_minutes": 30}),
    ).asked("08-15 09:00")
    assert [row and row["id"] for row in answer.column("step")] == ["s1", "s1", None, "s1", None]
    assert answer.column("allotted_minutes")[-1] is None


def test_a1_the_step_s_allotment_is_the_first_stated_also_for_earlier_holds() -> None:
    answer = given(
        received("08-15 08:00", ANH, step=step("s1")),
        consultation_requested("08-15 09:00", JUSTICE, step=step("s1", 40)),
        consultation_answered("08-15 09:10", JUSTICE),
        forwarded("08-15 09:20", BINH, step=step("s1", 500)),
    ).asked("08-15 09:30")
    assert answer.column("allotted_minutes") == [40, 40, 0, 40]


def test_a1_a_restart_that_moves_the_due_ends_all_accounts() -> None:
    answer = given(
        received("08-15 08:00", ANH, step=step("s1", 30), due_at="08-15 09:00", procedure=procedure("1.002")),
        supplement_requested("08-15 08:50"),
        supplement_received("08-15 09:30", ANH),
        completed("08-15 11:00"),
    ).asked()
    assert answer.judged == "08-15 10:30"
    assert answer.column("allotted_minutes") == [30, None, 30]
    assert answer.column("lateness_in_minutes") == [0, 20, 0]
    assert (answer.late, answer.shares) == (30, {"A": 30})


def test_a3_lateness_is_shared_in_proportion_to_overruns_and_the_rest_is_the_organisation_s() -> None:
    # Overruns 5, 34 and 5, lateness 34: the example of the rule. 5 × 34/44 = 3.86, 34 × 34/44 = 26.27.
    answer = given(
        received("08-15 08:00", ANH, step=step("s1", 10), due_at="08-15 08:40"),
        forwarded("08-15 08:15", BINH, step=step("s2", 10)),
        forwarded("08-15 08:59", CHI, step=step("s3", 10)),
        completed("08-15 09:14"),
    ).asked()
    assert (answer["policy"], answer.late) == ("step-norm/1", 34)
    assert answer.shares == {"B": 26, "A": 3, "C": 3, "organisation": 2}


def test_a3_no_share_is_above_the_own_overrun() -> None:
    answer = given(
        received("08-15 08:00", ANH, step=step("s1", 60), due_at="08-15 08:30"), completed("08-15 09:10")
    ).asked()
    assert (answer.late, answer.shares) == (40, {"organisation": 30, "A": 10})


def test_a3_needs_an_allotment_for_every_officer_who_worked_and_counts_others_without_as_zero() -> None:
    answer = given(
        received("08-15 08:00", ANH, step=step("s1", 60), due_at="08-15 09:00"),
        forwarded("08-15 09:00", QUEUE),
        completed("08-15 09:30"),
    ).asked()
    lacking = given(
        received("08-15 08:00", ANH, step=step("s1", 60), due_at="08-15 09:00"),
        forwarded("08-15 09:00", BINH),
        completed("08-15 09:30"),
    ).asked(policy="step-norm/1")
    assert (answer["policy"], answer.shares) == ("step-norm/1", {"VP": 30})
    assert (lacking["policy"], lacking.shares) == ("after-due/1", {"B": 30})


def test_a3_unclaimed_queue_time_is_the_unit_s_and_consulted_time_the_consulted_unit_s() -> None:
    answer = given(
        received("08-15 08:00", QUEUE, step=step("s1", 60), due_at="08-15 09:00"),
        claimed("08-15 08:50", BINH),
        consultation_requested("08-15 09:20", JUSTICE),
        consultation_answered("08-15 10:00", JUSTICE),
        completed("08-15 10:10"),
    ).asked()
    # Bình used 40 of 60 minutes, so 20 were left to the queue, which took 50; the consulted unit had nothing allotted.
    assert answer.column("overrun_minutes") == [30, 0, 40, 0]
    assert answer.shares == {"STP": 40, "VP": 30}


def test_a4_each_minute_of_the_lateness_belongs_to_who_holds_in_it() -> None:
    case = given(
        received("08-15 08:00", ANH, step=step("s1", 600), due_at="08-15 09:00"),
        forwarded("08-15 09:20", BINH, step=step("s2", 600)),
        completed("08-15 10:00"),
    )
    answer = case.asked(policy="after-due/1")
    assert (answer["policy"], answer.shares) == ("after-due/1", {"B": 40, "A": 20})
    assert case.asked().shares == {"organisation": 60}


def test_a5_rows_come_with_most_minutes_first_and_ties_by_kind_and_id() -> None:
    answer = given(
        received("08-15 08:00", CHI, due_at="08-15 08:00"),
        forwarded("08-15 08:10", QUEUE),
        forwarded("08-15 08:20", BINH),
        forwarded("08-15 08:30", {"name": "Cán bộ"}),
        completed("08-15 08:50"),
    ).asked()
    assert list(answer.shares.items()) == [("unknown", 20), ("B", 10), ("C", 10), ("VP", 10)]


def test_a5_event_ids_are_those_of_the_counted_holds_and_of_the_due() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 08:40", id="x"),
        forwarded("08-15 08:20", BINH, id="x", source="/other"),
        forwarded("08-15 08:50", CHI),
        completed("08-15 09:00"),
    ).asked()
    rows = {share["party"]["id"]: share["event_ids"] for share in answer["attributions"]}
    assert rows == {"B": ["/kontum/igate#x", "/other#x", "e3"], "C": ["/kontum/igate#x", "e3", "e4"]}


def test_a5_a_party_is_shown_as_of_its_last_hold_and_a_hold_as_of_its_first_event() -> None:
    promoted = ANH | {"position": "Trưởng phòng"}
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 08:00"),
        forwarded("08-15 08:10", promoted),
        forwarded("08-15 08:20", BINH),
        forwarded("08-15 08:30", promoted),
        completed("08-15 09:00"),
    ).asked()
    assert [party["position"] for party in answer.column("party")] == ["Chuyên viên", "Phó phòng", "Trưởng phòng"]
    assert answer["attributions"][0]["party"]["position"] == "Trưởng phòng"


def test_a5_all_unknown_holders_are_one_party() -> None:
    answer = given(
        received("08-15 08:00", {"name": "Cán bộ", "unit": COUNTER}, due_at="08-15 08:00"),
        forwarded("08-15 08:10", BINH),
        forwarded("08-15 08:20"),
        completed("08-15 08:40"),
    ).asked()
    assert answer.shares == {"unknown": 30, "B": 10}


def test_a6_step_norm_hands_a_lag_on_and_time_in_hand_is_negative() -> None:
    answer = given(
        received("08-15 08:00", ANH, step=step("s1", 60), due_at="08-15 09:00"),
        forwarded("08-15 08:30", BINH, step=step("s2", 20)),
        suspended("08-15 09:30"),
        resumed("08-15 10:00", BINH),
        completed("08-15 10:10"),
    ).asked()
    assert answer.column("lateness_in_minutes") == [0, -30, 10, 10]
    assert answer.column("lateness_out_minutes") == [-30, 10, 10, 20]


def test_a6_after_due_hands_on_the_minutes_past_the_judged_due() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 08:30"),
        forwarded("08-15 09:00", BINH),
        completed("08-15 09:10"),
    ).asked()
    assert answer.column("lateness_in_minutes") == [0, 30]
    assert answer.column("lateness_out_minutes") == [30, 40]


def test_a7_an_open_case_is_shared_as_of_the_instant_and_provisional() -> None:
    case = given(received("08-15 08:00", ANH, step=step("s1", 10), due_at="08-15 08:30"))
    early, later = case.asked("08-15 08:35"), case.asked("08-15 09:00")
    assert (early.shares, later.shares) == ({"A": 5}, {"A": 30})
    assert (later["provisional"], later["holds"][-1]["ended_at"], later["class"]) == (True, None, None)


def test_a8_when_the_third_is_quicker_the_first_bears_no_more() -> None:
    # The case that A3 names: the third 13 minutes quicker must not make the first's 3.86 a 4.04.
    quicker = given(
        received("08-15 08:00", ANH, step=step("s1", 10), due_at="08-15 08:40"),
        forwarded("08-15 08:15", BINH, step=step("s2", 10)),
        forwarded("08-15 08:59", CHI, step=step("s3", 10)),
        completed("08-15 09:01"),
    ).asked()
    assert quicker.late == 21
    assert quicker.shares == {"B": 18, "A": 2, "organisation": 1}
