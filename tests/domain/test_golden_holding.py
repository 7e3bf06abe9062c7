"""Rules H1 to H9, worked out by hand."""

import unicodedata

from tests.domain.cases import (
    ANH,
    BINH,
    CHI,
    OFFICE,
    OTHER_QUEUE,
    QUEUE,
    assigned,
    claimed,
    completed,
    consultation_answered,
    consultation_requested,
    corrected,
    declined,
    delivered,
    extended,
    forwarded,
    given,
    moment,
    payment_received,
    payment_requested,
    recalled,
    received,
    reopened,
    resumed,
    sent_back,
    step,
    submitted,
    supplement_received,
    supplement_requested,
    suspended,
    withdrawn,
)

JUSTICE = {"id": "STP", "name": "Sở Tư pháp"}
FINANCE = {"id": "STC", "name": "Sở Tài chính"}


def test_h1_holds_begin_at_the_reception_and_earlier_events_change_nothing() -> None:
    answer = given(
        submitted("08-15 07:00"), forwarded("08-15 07:30", BINH), received("08-15 08:00", ANH), completed("08-15 09:00")
    ).asked()
    assert answer.holds == [("A", 60)]
    assert answer.anomaly_ids["out-of-order"] == ["e2"]


def test_h1_time_from_submission_to_reception_is_the_acceptance_clock_s_alone() -> None:
    answer = given(submitted("08-15 07:00"), received("08-16 08:00", ANH), completed("08-16 09:00")).asked()
    clock = answer["clocks"]["acceptance"]
    assert (clock["working_minutes"], clock["lateness_minutes"]) == (540, 60)
    assert answer.holds == [("A", 60)]


def test_h1_a_further_reception_is_a_handover_and_its_due_a_restatement() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 17:00"),
        received("08-15 09:00", BINH, due_at="08-16 17:00"),
        completed("08-15 10:00"),
    ).asked()
    assert answer.holds == [("A", 60), ("B", 60)]
    assert answer.judged == "08-16 17:00"
    assert answer.anomalies == ["deadline-moved-without-reason"]
    assert answer["received_at"] == moment("08-15 08:00")


def test_h1_without_reception_holds_begin_unknown_at_the_first_event_that_supposes_one() -> None:
    answer = given(
        submitted("08-15 07:00"),
        extended("08-15 08:00", due_at="08-16 17:00", reason="quá tải", apology={"document_number": "1"}),
        forwarded("08-15 09:00", BINH),
        completed("08-15 10:00"),
    ).asked()
    assert answer.holds == [("unknown", 60), ("B", 60)]
    assert answer["received_at"] is None
    assert answer.anomalies == ["missing-reception"]


def test_h1_a_case_that_is_only_submitted_and_declined_was_never_held() -> None:
    answer = given(submitted("08-15 07:00"), declined("08-15 09:00")).asked()
    assert (answer.holds, answer["state"], answer["provisional"], answer["class"]) == ([], "declined", False, None)
    assert answer["clocks"]["acceptance"]["ended_at"] == moment("08-15 09:00")


def test_h2_the_actor_never_makes_a_holder() -> None:
    answer = given(received("08-15 08:00", actor=ANH), completed("08-15 09:00", actor=ANH)).asked()
    assert answer.holds == [("unknown", 60)]
    assert answer.anomaly_ids["unknown-holder"] == ["e1"]


def test_h3_a_placeholder_without_id_names_nobody_but_keeps_its_unit() -> None:
    answer = given(received("08-15 08:00", {"name": " CHUYÊN VIÊN ", "unit": OFFICE})).asked("08-15 09:00")
    party = answer["holds"][0]["party"]
    assert (party["kind"], party["name"], party["unit"]["id"]) == ("unknown", None, "VP")
    assert answer.anomalies == ["placeholder-holder"]


def test_h3_a_decomposed_placeholder_is_one_too() -> None:
    decomposed = unicodedata.normalize("NFD", "Hệ thống")
    assert given(received("08-15 08:00", {"name": decomposed})).asked("08-15 09:00").holds == [("unknown", 60)]


def test_h3_a_placeholder_with_an_id_is_that_officer_without_a_name() -> None:
    answer = given(received("08-15 08:00", ANH), forwarded("08-15 09:00", {"id": "A", "name": "Cán bộ"})).asked(
        "08-15 10:00"
    )
    assert answer.holds == [("A", 120)]
    other = given(received("08-15 08:00", {"id": "Z", "name": "admin"})).asked("08-15 09:00")
    assert (other["holds"][0]["party"]["name"], other.anomalies) == (None, ["placeholder-holder"])


def test_h3_a_name_without_id_is_told_apart_by_name_and_unit() -> None:
    here, there = {"name": "Lê An", "unit": {"id": "U1"}}, {"name": "Lê An", "unit": {"id": "U2"}}
    answer = given(
        received("08-15 08:00", here), forwarded("08-15 08:20", here), forwarded("08-15 08:40", there)
    ).asked("08-15 09:00")
    assert answer.holds == [("Lê An", 40), ("Lê An", 20)]
    assert answer.anomalies == ["holder-without-id"] * 3


def test_h3_a_unit_alone_is_the_unit() -> None:
    answer = given(
        received("08-15 08:00", QUEUE), forwarded("08-15 08:30", {"unit": {"id": "VP", "name": "VPĐK"}})
    ).asked("08-15 09:00")
    assert [(party["kind"], party["id"], party["name"]) for party in answer.column("party")] == [
        ("unit", "VP", "Văn phòng đăng ký")
    ]


def test_h4_paused_time_belongs_to_the_applicant_or_the_suspension() -> None:
    answer = given(
        received("08-15 08:00", ANH),
        supplement_requested("08-15 09:00"),
        supplement_received("08-15 10:00", BINH),
        payment_requested("08-15 10:30"),
        payment_received("08-15 11:00", ANH),
        suspended("08-15 13:30"),
        resumed("08-15 14:00", CHI),
    ).asked("08-15 15:00")
    assert answer.holds == [
        ("A", 60), ("applicant", 60), ("B", 30), ("applicant", 30), ("A", 30), ("suspension", 30), ("C", 60),
    ]  # fmt: skip
    assert answer.column("allotted_minutes")[1] is answer.column("overrun_minutes")[1] is None


def test_h4_each_pause_ends_by_its_own_counterpart_and_the_last_opened_holds() -> None:
    case = given(
        received("08-15 08:00", ANH),
        supplement_requested("08-15 08:30"),
        suspended("08-15 09:00"),
        supplement_received("08-15 09:30", BINH),
        resumed("08-15 10:00", CHI),
    )
    assert case.asked("08-15 08:45")["state"] == "waiting-applicant"
    assert case.asked("08-15 09:45")["state"] == "suspended"
    assert case.asked("08-15 11:00").holds == [("A", 30), ("applicant", 30), ("suspension", 60), ("C", 60)]


def test_h4_resumed_ends_every_open_pause() -> None:
    answer = given(
        received("08-15 08:00", ANH),
        supplement_requested("08-15 08:30"),
        payment_requested("08-15 09:00"),
        resumed("08-15 09:30", BINH),
        payment_received("08-15 10:00", CHI),
    ).asked("08-15 10:30")
    assert answer.holds == [("A", 30), ("applicant", 60), ("B", 30), ("C", 30)]
    assert answer.anomaly_ids["out-of-order"] == ["e5"]


def test_h4_a_handover_during_a_pause_names_who_holds_afterwards() -> None:
    answer = given(
        received("08-15 08:00", ANH, step=step("s1", 240)),
        supplement_requested("08-15 08:30"),
        forwarded("08-15 09:00", BINH, step=step("s2", 60)),
        consultation_requested("08-15 09:10", JUSTICE),
        supplement_received("08-15 09:30", BINH),
        consultation_answered("08-15 10:00", JUSTICE),
    ).asked("08-15 11:00")
    assert answer.holds == [("A", 30), ("applicant", 40), ("STP", 20), ("STP", 30), ("B", 60)]
    assert answer.column("paused") == [False, True, True, False, False]
    assert answer.column("step")[-1]["id"] == "s2"
    assert answer.anomaly_ids["handover-during-pause"] == ["e3"]


def test_h4_a_consultation_is_working_time_on_the_consulted_unit_s_account() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 09:00"),
        consultation_requested("08-15 09:00", JUSTICE),
        consultation_answered("08-15 10:00", JUSTICE),
        completed("08-15 10:30"),
    ).asked()
    assert answer.holds == [("A", 60), ("STP", 60), ("A", 30)]
    assert answer.shares == {"STP": 60, "A": 30}


def test_h4_an_answer_is_that_of_its_unit_else_of_the_oldest() -> None:
    case = given(
        received("08-15 08:00", ANH),
        consultation_requested("08-15 08:10", JUSTICE),
        consultation_requested("08-15 08:20", FINANCE),
        consultation_answered("08-15 08:30", FINANCE),
        consultation_answered("08-15 08:50"),
    )
    assert case.asked("08-15 08:25")["state"] == "consulting"
    assert case.asked("08-15 09:00").holds == [("A", 10), ("STP", 10), ("STC", 10), ("STP", 20), ("A", 10)]


def test_h4_a_recall_ends_a_consultation_and_the_answer_that_follows_is_out_of_order() -> None:
    answer = given(
        received("08-15 08:00", ANH),
        consultation_requested("08-15 08:10", JUSTICE),
        recalled("08-15 08:20", ANH),
        consultation_answered("08-15 08:30", JUSTICE),
    ).asked("08-15 09:00")
    assert answer.holds == [("A", 10), ("STP", 10), ("A", 40)]
    assert answer.anomaly_ids["out-of-order"] == ["e4"]


def test_h5_adjacent_holds_of_one_party_in_one_step_are_one() -> None:
    answer = given(
        received("08-15 08:00", ANH, step=step("s1", 60)),
        assigned("08-15 08:30", ANH),
        sent_back("08-15 09:00", ANH, step=step("s1")),
        forwarded("08-15 09:30", ANH, step=step("s2")),
    ).asked("08-15 10:00")
    assert answer.holds == [("A", 90), ("A", 30)]


def test_h5_a_hold_of_no_length_stays_and_lies_between() -> None:
    answer = given(
        received("08-15 08:00", ANH), forwarded("08-15 08:30", BINH), sent_back("08-15 08:30:40", ANH)
    ).asked("08-15 09:00")
    assert answer.holds == [("A", 30), ("B", 0), ("A", 30)]


def test_h6_later_events_change_nothing_but_delivery_and_reopening() -> None:
    answer = given(
        received("08-15 08:00", ANH),
        completed("08-15 09:00"),
        forwarded("08-15 09:30", BINH),
        delivered("08-15 10:00"),
        declined("08-15 11:00"),
    ).asked()
    assert (answer.holds, answer["state"]) == ([("A", 60)], "delivered")
    assert answer.anomalies == ["out-of-order", "out-of-order"]
    assert answer["clocks"]["pick_up"]["working_minutes"] == 60


def test_h6_a_delivery_without_completion_ends_the_case() -> None:
    answer = given(received("08-15 08:00", ANH, due_at="08-15 08:30"), delivered("08-15 09:00")).asked()
    assert (answer.holds, answer.late, answer.anomalies) == ([("A", 60)], 30, ["missing-completion"])


def test_h6_between_the_end_and_reopening_the_suspension_holds_and_the_clock_stands() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 10:00"),
        completed("08-15 09:00"),
        reopened("08-16 09:00", ANH),
        completed("08-16 10:30"),
    ).asked()
    assert answer.holds == [("A", 60), ("suspension", 480), ("A", 90)]
    assert (answer.judged, answer.late, answer.shares) == ("08-16 10:00", 30, {"A": 30})
    assert answer.anomalies == ["reopened"]


def test_h6_what_does_not_fit_names_a_holder_and_restates_a_due_and_no_more() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 17:00"),
        reopened("08-15 08:30", BINH, due_at="08-16 17:00", reason="lỗi hệ thống"),
        supplement_requested("08-15 09:00"),
        supplement_requested("08-15 09:10"),
        supplement_received("08-15 09:30", BINH),
    ).asked("08-15 10:00")
    assert answer.holds == [("A", 30), ("B", 30), ("applicant", 30), ("B", 30)]
    assert answer["due_at"] == moment("08-16 17:00")
    assert answer.anomalies == ["out-of-order", "out-of-order"]


def test_h7_of_several_completions_the_earliest_recorded_counts() -> None:
    moved_back = given(
        received("08-15 08:00", ANH),
        completed("08-15 09:00", recorded="08-20 09:00"),
        forwarded("08-15 09:30", BINH),
        completed("08-15 10:00", recorded="08-15 10:00"),
        completed("08-15 11:00", recorded="08-15 11:00"),
    ).asked()
    assert moved_back.holds == [("A", 90), ("B", 30)]
    assert moved_back.anomaly_ids == {
        "missing-due": ["e1"], "finish-moved-back": ["e2"], "out-of-order": ["e5"],
    }  # fmt: skip


def test_h7_of_completions_recorded_together_the_later_counts() -> None:
    answer = given(
        received("08-15 08:00", ANH),
        completed("08-15 09:00", recorded="08-15 12:00"),
        completed("08-15 10:00", recorded="08-15 12:00"),
    ).asked()
    assert (answer.holds, answer.anomalies) == ([("A", 120)], ["finish-moved-back"])


def test_h8_an_annulled_event_counts_as_never_sent_whichever_arrives_first() -> None:
    answer = given(
        corrected("08-15 12:00", "wrong"),
        received("08-15 08:00", ANH),
        completed("08-15 09:00", id="wrong"),
        completed("08-15 10:00"),
    ).asked()
    assert (answer.holds, answer.anomalies) == ([("A", 120)], [])


def test_h8_an_annulment_counts_at_any_as_of_and_needs_its_target() -> None:
    answer = given(received("08-15 08:00", ANH), forwarded("08-15 08:30", BINH), corrected("08-20 08:00", "e2")).asked(
        "08-15 09:00"
    )
    lost = given(received("08-15 08:00", ANH), corrected("08-15 08:10", "e1", annulled_source="/other")).asked(
        "08-15 09:00"
    )
    assert answer.holds == lost.holds == [("A", 60)]
    assert lost.anomaly_ids["correction-without-target"] == ["e2"]


def test_h8_an_annulled_annulment_does_not_count_and_in_a_cycle_none_does() -> None:
    first = [received("08-15 08:00", ANH), forwarded("08-15 08:30", BINH)]
    twice = given(*first, corrected("08-15 09:00", "e2"), corrected("08-15 09:10", "e3")).asked("08-15 10:00")
    thrice = given(
        *first, corrected("08-15 09:00", "e2"), corrected("08-15 09:10", "e3"), corrected("08-15 09:20", "e4")
    ).asked("08-15 10:00")
    cycle = given(
        *first, corrected("08-15 09:00", "e4"), corrected("08-15 09:10", "e3"), corrected("08-15 09:20", "e5")
    ).asked("08-15 10:00")
    assert twice.holds == cycle.holds == [("A", 30), ("B", 90)]
    assert thrice.holds == [("A", 120)]


def test_h9_two_handovers_of_one_instant_and_a_claim_of_what_another_officer_holds() -> None:
    together = given(received("08-15 08:00", ANH), forwarded("08-15 09:00", BINH), assigned("08-15 09:00", CHI)).asked(
        "08-15 10:00"
    )
    claims = given(received("08-15 08:00", ANH), claimed("08-15 09:00", BINH)).asked("08-15 10:00")
    queue = given(
        received("08-15 08:00", OTHER_QUEUE), assigned("08-15 09:00", QUEUE), claimed("08-15 09:00", BINH)
    ).asked("08-15 10:00")
    assert together.holds == [("A", 60), ("B", 0), ("C", 60)]
    assert together.anomaly_ids["two-holders"] == ["e2", "e3"]
    assert (claims.holds, claims.anomaly_ids["two-holders"]) == ([("A", 60), ("B", 60)], ["e2"])
    assert queue.anomalies == []


def test_h6_a_withdrawn_case_has_no_class() -> None:
    answer = given(received("08-15 08:00", ANH, due_at="08-15 08:30"), withdrawn("08-15 09:00")).asked()
    assert (answer["state"], answer["class"], answer["overdue"], answer.late) == ("withdrawn", None, True, 30)
