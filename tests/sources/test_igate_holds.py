"""Who held a dossier of iGate when, from looks at it: instants as the contract names them, and nobody blamed for what is not known."""

import json
from datetime import timedelta

import pytest
from tests.sources.igate_dossiers import (
    AGENCY,
    CONFIGURATION,
    COUNTER,
    NIGHT,
    at,
    dossier,
    holds,
    kind_of,
    looks,
    officer,
    task,
    timeline,
    told,
)

from tiendo_sources.igate.dossier_changes import Compared, compared

FIRST = task(1, "08:00", group=COUNTER, current=True)
CLAIMED = task(1, "08:00", "08:30", who="A", group=COUNTER, current=True)
DONE = task(1, "08:00", "10:00", who="A", group=COUNTER)


def test_a_candidate_group_holds_until_an_officer_claims_the_task() -> None:
    assert holds(dossier("08:00", FIRST), dossier("08:30", CLAIMED)) == ["H34.20.1 08:00-08:30", "CC-A 08:30"]


def test_a_claim_that_was_seen_together_with_its_task_counts_from_the_tasks_update() -> None:
    assert holds(dossier("08:30", CLAIMED)) == ["H34.20.1 08:00-08:30", "CC-A 08:30"]


def test_a_task_given_to_an_officer_is_theirs_from_its_creation() -> None:
    given = task(1, "08:00", "09:00", who="A", group=None, current=True)
    assert holds(dossier("09:00", given)) == ["CC-A 08:00"]
    assert holds(dossier("08:00", task(1, "08:00", who="A", current=True))) == ["CC-A 08:00"]


def test_a_task_moves_on_at_the_creation_of_the_next() -> None:
    following = task(2, "10:00", who="B", current=True)
    assert holds(dossier("08:00", FIRST), dossier("08:30", CLAIMED), dossier("10:00", DONE, following)) == [
        "H34.20.1 08:00-08:30",
        "CC-A 08:30-10:00",
        "CC-B 10:00",
    ]


def test_a_claim_that_came_and_went_between_two_looks_is_all_the_time_of_the_task() -> None:
    following = task(2, "10:00", current=True)
    events = looks(dossier("08:00", FIRST), dossier("10:00", DONE, following))
    assert told(events)[2:] == ["worked 10:00 CC-A", "forwarded 10:00 H34.20.2"]
    assert events[2]["data"]["since"] == "2022-08-15T08:00:00+07:00"
    assert holds(dossier("08:00", FIRST), dossier("10:00", DONE, following)) == ["CC-A 08:00-10:00", "H34.20.2 10:00"]


def test_tasks_first_seen_when_they_were_over_are_told_likewise() -> None:
    following = task(2, "10:00", "11:00", who="B")
    last = task(3, "11:00", "11:30", who="C", current=True)
    assert holds(dossier("11:30", DONE, following, last)) == [
        "CC-A 08:00-10:00",
        "CC-B 10:00-11:00",
        "H34.20.2 11:00-11:30",
        "CC-C 11:30",
    ]


def test_a_task_touched_after_the_next_began_takes_nothing_from_it() -> None:
    touched = task(1, "08:00", "10:20", who="A", group=COUNTER)
    following = task(2, "10:00", who="B", group=None, current=True)
    assert holds(dossier("08:00", FIRST), dossier("10:20", touched, following)) == ["CC-A 08:00-10:00", "CC-B 10:00"]


def test_where_a_task_is_over_and_no_other_began_nobody_is_known_to_hold() -> None:
    assert holds(dossier("08:30", CLAIMED), dossier("10:00", DONE)) == [
        "H34.20.1 08:00-08:30",
        "CC-A 08:30-10:00",
        "unknown 10:00",
    ]


def test_a_later_touch_of_a_task_is_no_new_claim() -> None:
    touched = task(1, "08:00", "09:15", who="A", group=COUNTER, current=True)
    assert told(looks(dossier("08:30", CLAIMED), dossier("09:15", touched)))[2:] == ["claimed 08:30 CC-A"]


def test_another_spelling_of_a_name_is_the_same_officer() -> None:
    respelled = CLAIMED | {"assignee": officer("A") | {"fullname": "NGUYEN A"}}
    assert told(looks(dossier("08:30", CLAIMED), dossier("09:00", respelled)))[2:] == ["claimed 08:30 CC-A"]


def test_a_task_handed_to_another_officer_is_theirs_from_its_update() -> None:
    passed = task(1, "08:00", "09:00", who="B", group=COUNTER, current=True)
    assert holds(dossier("08:30", CLAIMED), dossier("09:00", passed))[1:] == ["CC-A 08:30-09:00", "CC-B 09:00"]


@pytest.mark.parametrize(("who", "kind"), [("B", "sent-back"), (None, "recalled")])
def test_a_step_that_was_there_before_is_sent_back_by_an_officer_and_recalled_from_a_queue(
    who: str | None, kind: str
) -> None:
    second = task(2, "10:00", "11:00", who=who, group=None if who else COUNTER)
    again = task(3, "11:00", who="A", step="s1", group=None, current=True)
    events = looks(dossier("10:00", DONE, second | {"isCurrent": 1}), dossier("11:00", DONE, second, again))
    assert told(events)[-1] == f"{kind} 11:00 CC-A"


def test_a_task_that_becomes_the_current_one_again_has_the_case() -> None:
    second = task(2, "10:00", who="B", group=None, current=True)
    back = task(1, "08:00", "11:00", who="A", group=COUNTER, current=True)
    events = looks(dossier("10:00", DONE, second), dossier("11:00", back, second | {"isCurrent": 0}))
    assert told(events)[-1] == "sent-back 11:00 CC-A"


def test_a_task_that_vanished_was_recalled_to_the_one_that_is_there() -> None:
    second = task(2, "10:00", current=True)
    again = task(1, "08:00", "10:30", who="A", group=COUNTER, current=True)
    events = looks(dossier("10:00", DONE, second), dossier("10:30", again))
    assert told(events)[-1] == "recalled 10:30 CC-A"


def test_of_tasks_side_by_side_the_one_that_goes_on_has_the_case() -> None:
    one, other = (
        task(2, "10:00", who="B", group=None, current=True),
        task(3, "11:00", who="C", group=None, current=True),
    )
    over = task(3, "11:00", "12:00", who="C", group=None)
    assert holds(dossier("10:00", DONE, one), dossier("11:00", DONE, one, other), dossier("12:00", DONE, one, over))[
        1:
    ] == [
        "CC-B 10:00-11:00",
        "CC-C 11:00-12:00",
        "CC-B 12:00",
    ]


def test_a_task_that_comes_to_light_late_takes_nothing_from_the_one_that_began_after_it() -> None:
    going_on = task(2, "09:00", who="B", group=None, current=True)
    late = task(1, "08:10", "08:40", who="A", group=None)
    events = looks(dossier("09:00", going_on), dossier("09:30", late, going_on))
    assert told(events)[3:] == ["assigned 08:10 CC-A", "worked 08:40 CC-A"]
    assert holds(dossier("09:00", going_on), dossier("09:30", late, going_on)) == [
        "H34.20 08:00-08:10",
        "CC-A 08:10-08:40",
        "unknown 08:40-09:00",
        "CC-B 09:00",
    ]


def test_what_happened_before_the_reception_is_the_acceptance_clocks_alone() -> None:
    online = task(1, "07:30", current=True, group=COUNTER)
    over = task(1, "07:30", "08:00", who="A", group=COUNTER)
    following = task(2, "08:00", current=True)
    events = looks(dossier("07:30", online, status=1, acceptedDate=None), dossier("08:00", over, following))
    assert told(events) == ["submitted 07:30", "received 08:00 H34.20.2"]


def test_a_reception_told_late_is_with_the_task_that_went_on_then_though_it_is_over_since() -> None:
    over, going_on = task(1, "07:30", "09:00", who="A", group=None), task(2, "09:00", who="B", group=None, current=True)
    looked = [dossier("09:00", over, going_on, acceptedDate=None), dossier("09:30", over, going_on)]
    assert told(looks(*looked))[-1] == "received 08:00 CC-A"


def test_a_task_that_went_on_at_the_reception_has_the_case_from_then_on() -> None:
    online = task(1, "07:30", "07:40", who="A", group=COUNTER, current=True)
    assert holds(dossier("08:00", online)) == ["CC-A 08:00"]


def test_a_task_without_an_instant_of_its_update_is_claimed_when_the_dossier_changed() -> None:
    undated = CLAIMED | {"updatedDate": None}
    assert told(looks(dossier("08:00", FIRST), dossier("08:40", undated)))[-1] == "claimed 08:40 CC-A"


def test_an_officer_known_by_account_alone_is_still_one() -> None:
    by_account = FIRST | {"assignee": {"account": {"id": "acc-9"}}}
    assert told(looks(dossier("08:00", by_account)))[-1] == "received 08:00 acc-9"


def test_of_several_candidate_groups_none_is_blamed_but_their_agency() -> None:
    several = FIRST | {"candidateGroup": [COUNTER, AGENCY | {"code": "H34.21"}]}
    assert told(looks(dossier("08:00", several)))[-1] == "received 08:00 H34.20"


@pytest.mark.parametrize(
    ("time", "unit", "minutes"),
    [
        (2, "d", 960),
        (0.5, "D", 240),
        ("4", "h", 240),
        (0.33, "d", 159),
        (3, "w", None),
        (None, "d", None),
        (-1, "d", None),
    ],
)
def test_a_step_is_allotted_its_processing_time_by_its_unit(time: object, unit: str, minutes: int | None) -> None:
    event = looks(dossier("08:00", task(1, "08:00", time=time, unit=unit, current=True)))[-1]
    assert event["data"]["step"].get("allotted_minutes") == minutes


def test_facts_are_recorded_at_the_instant_that_they_bear() -> None:
    events = looks(dossier("08:00", FIRST), dossier("10:00", DONE, task(2, "10:00", current=True)))
    assert all(event["recordedat"] == event["time"] for event in events)


def test_the_same_looks_tell_the_same_facts_and_a_look_twice_tells_nothing_new() -> None:
    first, second = dossier("08:00", FIRST), dossier("10:00", DONE, task(2, "10:00", current=True))
    assert looks(first, second) == looks(first, first, second, second)


def test_a_fact_that_bears_our_receipt_has_a_key_without_it() -> None:
    undated = [
        dossier(None, FIRST),
        dossier(None, FIRST, status=3),
        dossier(None, FIRST),
        dossier(None, FIRST, status=3),
    ]
    once, later = looks(*undated), looks(*undated, received_at=NIGHT + timedelta(hours=1))
    assert [event["id"] for event in once] == [event["id"] for event in later]
    assert len({event["id"] for event in once}) == len(once) == 5


def test_an_answer_of_a_copy_that_lags_behind_says_nothing_new() -> None:
    following = task(2, "10:00", who="B", current=True)
    now, before = dossier("10:00", DONE, following), dossier("08:30", CLAIMED)
    assert looks(now, before, now) == looks(now)


def test_a_clock_that_jumps_invents_no_fact() -> None:
    """The gateway's instants go an hour back and a day ahead while nothing happens but a completed step."""
    steady = looks(dossier("08:30", CLAIMED))
    jumping = looks(
        dossier("08:30", CLAIMED),
        dossier("07:30", CLAIMED | {"updatedDate": at("07:30")}),
        dossier("08:30", CLAIMED, updatedDate="2022-08-16T08:30:00.000+0700"),
        dossier("08:31", CLAIMED),
    )
    assert jumping == steady
    done = looks(
        dossier("08:30", CLAIMED), dossier("07:45", task(1, "08:00", "07:45", who="A", group=COUNTER), status=4)
    )
    assert told(done)[-1] == "completed 07:45"


def test_what_was_seen_of_a_dossier_goes_through_its_text() -> None:
    found = compared(dossier("08:30", CLAIMED), None, CONFIGURATION, NIGHT)
    assert isinstance(found, Compared)
    again = compared(dossier("08:30", CLAIMED), found.seen.text, CONFIGURATION, NIGHT)
    assert isinstance(again, Compared)
    assert again.seen == found.seen
    assert not again.events


def test_nothing_of_the_applicant_is_told_or_remembered() -> None:
    found = compared(dossier("08:30", CLAIMED), None, CONFIGURATION, NIGHT)
    assert isinstance(found, Compared)
    said = found.seen.text + "".join(event.text for event in found.events)
    assert "Nộp" not in said
    assert "0905123456" not in said
    assert "Nguyễn" not in found.seen.text  # of those who have an id the name is not needed


def test_a_dossier_keeps_the_case_that_it_was_told_as_when_its_code_is_given_anew() -> None:
    renamed = [dossier(clock, CLAIMED, code="H34.20-220815-9999") for clock in ("08:30", "09:00")]
    events = looks(dossier("08:00", FIRST), *renamed)
    assert {event["subject"] for event in events} == {"H34.20-220815-0001"}
    assert told(events)[2:] == ["joined 08:30", "claimed 08:30 CC-A"]
    assert events[2]["data"] == {"alias": "H34.20-220815-9999"}


def test_the_timeline_has_no_irregularity_of_its_own_making() -> None:
    following = task(2, "10:00", "11:00", who="B")
    events = looks(
        dossier("08:00", FIRST),
        dossier("08:30", CLAIMED),
        dossier("11:00", DONE, following, status=4),
        dossier("14:00", DONE, following, status=5),
    )
    assert [kind_of(event) for event in events][-3:] == ["worked", "completed", "result-delivered"]
    assert [anomaly.kind.value for anomaly in timeline(events).anomalies] == []
    assert json.dumps(events, ensure_ascii=False).count("since") == 1
