"""Statuses of iGate: pauses, ends, reopenings, dues that move, and ids that no table knows."""

import pytest
from tests.sources.igate_dossiers import COUNTER, at, dossier, holds, kind_of, looks, task, timeline, told

WORKING = task(1, "08:00", who="A", group=None, current=True)
FINISHED = task(1, "08:00", "10:00", who="A", group=None)


def received(*events: str) -> list[str]:
    return ["submitted 07:30", "received 08:00 CC-A", *events]


@pytest.mark.parametrize(
    ("status", "begins", "ends"),
    [
        (3, "supplement-requested", "supplement-received"),
        (7, "payment-requested", "payment-received"),
        (8, "suspended", "resumed"),
    ],
)
def test_a_pause_begins_and_ends_when_the_dossier_changed(status: int, begins: str, ends: str) -> None:
    events = looks(dossier("08:00", WORKING), dossier("09:00", WORKING, status=status), dossier("11:00", WORKING))
    assert told(events) == received(f"{begins} 09:00", f"{ends} 11:00 CC-A")


def test_the_due_that_comes_with_the_end_of_a_pause_is_told_with_it() -> None:
    later = "2022-08-18T17:00:00.000+0700"
    paused = dossier("09:00", WORKING, status=3)
    events = looks(dossier("08:00", WORKING), paused, dossier("11:00", WORKING, appointmentDate=later))
    assert events[-1]["data"]["due_at"] == "2022-08-18T17:00:00+07:00"
    assert len(events) == 4


def test_another_due_is_a_restatement_without_a_reason() -> None:
    later = "2022-08-18T17:00:00.000+0700"
    events = looks(dossier("08:00", WORKING), dossier("09:00", WORKING, appointmentDate=later))
    assert told(events) == received("deadline-restated 09:00")
    assert events[-1]["data"] == {"due_at": "2022-08-18T17:00:00+07:00"}


def test_one_pause_may_follow_another() -> None:
    events = looks(dossier("08:00", WORKING), dossier("09:00", WORKING, status=3), dossier("10:00", WORKING, status=7))
    assert told(events)[2:] == [
        "supplement-requested 09:00",
        "supplement-received 10:00 CC-A",
        "payment-requested 10:00",
    ]
    assert not timeline(events).anomalies


def test_the_finish_is_the_last_tasks_update_and_the_delivery_the_dossiers() -> None:
    events = looks(
        dossier("08:00", WORKING), dossier("10:05", FINISHED, status=4), dossier("14:00", FINISHED, status=5)
    )
    assert told(events) == received("completed 10:00", "result-delivered 14:00")
    assert holds(dossier("08:00", WORKING), dossier("10:05", FINISHED, status=4)) == ["CC-A 08:00-10:00"]


def test_a_delivery_seen_without_its_finish_tells_both() -> None:
    events = looks(dossier("08:00", WORKING), dossier("14:00", FINISHED, status=5))
    assert told(events) == received("completed 10:00", "result-delivered 14:00")


@pytest.mark.parametrize(("status", "kind"), [(6, "withdrawn"), (9, "declined")])
def test_a_case_may_end_otherwise_when_the_dossier_changed(status: int, kind: str) -> None:
    assert told(looks(dossier("08:00", WORKING), dossier("09:00", FINISHED, status=status))) == received(
        f"{kind} 09:00"
    )


def test_a_dossier_declined_before_its_reception_has_no_holds() -> None:
    refused = dossier("09:00", status=9, acceptedDate=None)
    assert told(looks(dossier("07:30", status=1, acceptedDate=None), refused)) == ["submitted 07:30", "declined 09:00"]
    assert not timeline(looks(refused)).holds


def test_what_is_done_with_a_dossier_after_its_end_is_no_handover() -> None:
    desk = task(2, "10:00", "11:00", who="B", group=COUNTER, current=True)
    ended = dossier("10:00", FINISHED, desk | {"assignee": None, "updatedDate": at("10:00")}, status=4)
    events = looks(dossier("08:00", WORKING), ended, dossier("11:00", FINISHED, desk, status=4))
    assert told(events) == received("forwarded 10:00 H34.20.1", "completed 10:00")


def test_a_dossier_that_goes_on_after_its_end_is_reopened_with_whoever_has_it() -> None:
    again = task(2, "14:00", who="B", group=None, current=True)
    events = looks(
        dossier("08:00", WORKING), dossier("10:00", FINISHED, status=4), dossier("14:00", FINISHED, again, status=2)
    )
    assert told(events)[-2:] == ["completed 10:00", "reopened 14:00 CC-B"]


def test_a_case_goes_on_after_a_pause_with_whoever_had_it_then_not_with_whoever_got_it_later() -> None:
    queued = task(1, "08:00", group=COUNTER, current=True)
    claimed = task(1, "08:00", "11:30", who="A", group=COUNTER, current=True)
    paused = dossier("09:00", queued, status=3)
    assert holds(paused, dossier("11:00", claimed)) == [
        "H34.20.1 08:00-09:00",
        "applicant 09:00-11:00",
        "H34.20.1 11:00-11:30",
        "CC-A 11:30",
    ]
    passed_on = (task(1, "08:00", "11:30", who="A", group=None), task(2, "11:30", who="B", group=None, current=True))
    assert holds(dossier("09:00", WORKING, status=3), dossier("11:00", *passed_on)) == [
        "CC-A 08:00-09:00",
        "applicant 09:00-11:00",
        "CC-A 11:00-11:30",
        "CC-B 11:30",
    ]


def test_a_late_note_on_a_task_that_was_over_gives_it_nothing_of_the_time_after_a_pause() -> None:
    going_on = task(1, "08:00", who="A", group=None, current=True)
    over = (task(2, "08:10", "08:20", who="B", group=None), task(2, "08:10", "11:30", who="B", group=None))
    paused = dossier("09:00", going_on, over[0], status=3)
    assert told(looks(paused, dossier("11:00", going_on, over[1])))[-1] == "supplement-received 11:00 CC-A"


def test_a_claim_after_a_reopening_counts_from_the_tasks_update() -> None:
    again = task(2, "14:00", "15:00", who="B", group=COUNTER, current=True)
    events = looks(dossier("08:00", WORKING), dossier("10:00", FINISHED, status=4), dossier("14:00", FINISHED, again))
    assert told(events)[-2:] == ["reopened 14:00 H34.20.1", "claimed 15:00 CC-B"]


def test_an_unknown_status_is_work_and_shows_with_whoever_has_the_case() -> None:
    unknown = [dossier("09:00", WORKING, status=77), dossier("09:30", WORKING, status=77)]
    events = looks(dossier("08:00", WORKING), *unknown, dossier("10:00", FINISHED, status=4))
    assert told(events)[2:] == ["assigned 09:00 CC-A", "completed 10:00"]
    (hold,) = timeline(events).holds
    assert [mark.value for mark in hold.marks] == ["status-unmapped"]
    assert hold.step is not None
    assert hold.step.id == "s1"


def test_whoever_is_named_again_for_an_unknown_status_gets_nothing_of_the_time_before_they_had_the_case() -> None:
    claimed = task(1, "08:00", "08:30", who="A", group=COUNTER, current=True)
    looked = [dossier("08:30", claimed), dossier("08:20", claimed, status=77)]
    assert told(looks(*looked))[-1] == "assigned 08:30 CC-A"
    assert holds(*looked) == ["H34.20.1 08:00-08:30", "CC-A 08:30"]


def test_an_unknown_status_at_first_sight_marks_the_reception() -> None:
    events = looks(dossier("08:00", WORKING, status=77))
    assert events[-1]["data"]["marks"] == ["status-unmapped"]
    assert len(events) == 2
    (hold,) = timeline(events).holds
    assert [mark.value for mark in hold.marks] == ["status-unmapped"]


def test_an_unknown_status_after_the_end_reopens_nothing_unless_somebody_has_a_task() -> None:
    ended = [dossier("08:00", WORKING), dossier("10:05", FINISHED, status=4)]
    archived = dossier("15:00", FINISHED, status=88)
    assert told(looks(*ended, archived)) == received("completed 10:00")
    again = task(2, "16:00", who="B", group=None, current=True)
    assert told(looks(*ended, archived, dossier("16:00", FINISHED, again, status=88)))[-1] == "reopened 16:00 CC-B"


def test_an_unknown_status_ends_a_pause() -> None:
    events = looks(dossier("08:00", WORKING), dossier("09:00", WORKING, status=3), dossier("10:00", WORKING, status=77))
    assert told(events)[-1] == "supplement-received 10:00 CC-A"
    assert events[-1]["data"]["marks"] == ["status-unmapped"]


def test_a_change_of_status_without_the_gateways_instant_bears_our_receipt() -> None:
    events = looks(dossier("08:00", WORKING), dossier(None, WORKING, status=3))
    assert told(events)[-1] == "supplement-requested 20:01"


def test_a_pause_before_the_reception_is_no_pause_of_the_case() -> None:
    asked = dossier("07:50", status=3, acceptedDate=None)
    events = looks(asked, dossier("08:00", WORKING))
    assert [kind_of(event) for event in events] == ["submitted", "received"]


def test_without_a_due_the_norm_of_the_dossier_is_told() -> None:
    (_, reception) = looks(dossier("08:00", WORKING, appointmentDate=None, dueDate=None))
    assert "due_at" not in reception["data"]
    assert reception["data"]["procedure"]["norm_minutes"] == 960
