"""Where cases count in the forms II.06a and 766, worked out by hand: August 2022, on basis recorded, by local date (CONTRACT, forms)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.domain.cases import (
    ANH,
    Plain,
    completed,
    consultation_requested,
    declined,
    moment,
    received,
    reopened,
    submitted,
    supplement_received,
    supplement_requested,
    withdrawn,
)
from tests.domain.decided_cases import decided, entries_of
from tests.domain.product import asked
from tests.domain.rules_for_tests import RULES

from tiendo_domain.form_standings import COUNT_NAMES, FormPeriod, counted, form_case

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AUGUST = FormPeriod(start=moment("08-01 00:00"), end=moment("09-01 00:00"), seen_at=moment("09-01 00:00"), zone=HANOI)
RECEIVED = received("08-15 08:00", ANH, due_at="08-17 10:00", channel="counter")
DIRECT, CARRIED = "received_direct", "received_carried_over"
EARLY, ON_TIME, OVERDUE = "resolved_early", "resolved_on_time", "resolved_overdue"
PROOF = {"document_number": "7/KQ", "signed_at": "08-16 09:00"}


def placed(*events: Plain, period: FormPeriod = AUGUST) -> set[str]:
    """The names under which the case counts in the period; none where it is not the period's."""
    timeline = asked(
        entries_of(*events), RULES, as_of=min(period.seen_at, period.end - timedelta(microseconds=1)), basis="recorded"
    )
    case = form_case(timeline, period)
    return set() if case is None else {name for name, count in zip(COUNT_NAMES, counted(case), strict=True) if count}


@pytest.mark.parametrize(
    ("finish", "standing"),
    [
        ("08-16 16:00", EARLY),
        ("08-17 09:00", ON_TIME),
        ("08-17 16:00", ON_TIME),
        ("08-18 07:00", OVERDUE),
        ("08-31 23:59", OVERDUE),
    ],
)
def test_days_are_compared_not_minutes(finish: str, standing: str) -> None:
    """The third is `actual` by rule D4: six hours after the due, on its day."""
    assert placed(RECEIVED, completed(finish)) == {DIRECT, standing}


def test_a_finish_entered_late_is_overdue_whatever_the_day() -> None:
    assert placed(RECEIVED, completed("08-16 16:00", recorded="08-18 09:00")) == {DIRECT, OVERDUE}
    assert placed(RECEIVED, completed("08-17 09:00", recorded="08-17 16:00")) == {DIRECT, OVERDUE}
    assert placed(RECEIVED, completed("08-17 09:00", recorded="08-17 16:00", evidence=PROOF)) == {DIRECT, OVERDUE}


def test_what_was_late_by_synchronisation_alone_is_never_overdue() -> None:
    sync = {"kind": "late-sync", "recorded_at_source": "2022-08-16T16:00:00+07:00"}
    events = (RECEIVED, completed("08-16 16:00", recorded="08-18 09:00"), decided("09-05 08:00", "d", sync))
    assert placed(*events) == {DIRECT, ON_TIME}


def test_a_pause_that_was_not_respected_is_never_overdue() -> None:
    events = (
        RECEIVED,
        supplement_requested("08-15 09:00"),
        supplement_received("08-19 09:00", ANH),
        completed("08-22 08:00"),
    )
    assert placed(*events) == {DIRECT, EARLY}
    assert placed(*events[:-1], completed("08-23 08:00")) == {DIRECT, ON_TIME}


def test_declined_and_withdrawn_are_resolved_on_time_and_noted() -> None:
    assert placed(RECEIVED, declined("08-30 08:00")) == {DIRECT, ON_TIME, "declined"}
    assert placed(RECEIVED, withdrawn("08-30 08:00")) == {DIRECT, ON_TIME, "withdrawn"}


def test_a_finish_recorded_after_the_period_is_in_process_at_its_end() -> None:
    events = (RECEIVED, completed("08-16 16:00", recorded="09-01 00:00"))
    assert placed(*events) == {DIRECT, "open_overdue"}
    september = FormPeriod(start=AUGUST.end, end=moment("10-01 00:00"), seen_at=moment("10-01 00:00"), zone=HANOI)
    assert placed(*events, period=september) == {CARRIED, OVERDUE}


def test_a_reception_recorded_after_the_period_is_none_of_it() -> None:
    assert placed(received("08-31 16:00", ANH, due_at="09-05 17:00", recorded="09-01 08:00")) == set()


def test_an_open_case_is_overdue_when_the_day_of_its_due_is_over() -> None:
    assert placed(received("08-30 08:00", ANH, due_at="08-31 17:00", channel="post")) == {DIRECT, "open_overdue"}
    assert placed(received("08-30 08:00", ANH, due_at="09-05 17:00", channel="post")) == {DIRECT, "open_in_time"}
    running = FormPeriod(start=AUGUST.start, end=AUGUST.end, seen_at=moment("08-17 16:00"), zone=HANOI)
    assert placed(RECEIVED, period=running) == {DIRECT, "open_in_time"}
    next_day = FormPeriod(start=AUGUST.start, end=AUGUST.end, seen_at=moment("08-18 06:00"), zone=HANOI)
    assert placed(RECEIVED, period=next_day) == {DIRECT, "open_overdue"}


def test_a_paused_case_is_within_time_while_the_due_that_the_pause_moves_is_not_past() -> None:
    paused = (RECEIVED, supplement_requested("08-16 09:00"))
    assert placed(*paused) == {DIRECT, "open_in_time", "paused_in_time"}
    assert placed(RECEIVED, supplement_requested("08-18 09:00")) == {DIRECT, "open_overdue", "paused_overdue"}


def test_a_consultation_is_no_pause() -> None:
    assert placed(RECEIVED, consultation_requested("08-16 09:00", {"id": "STP"})) == {DIRECT, "open_overdue"}


def test_what_was_received_before_the_period_is_carried_over() -> None:
    before = received("07-29 08:00", ANH, due_at="08-17 10:00", channel="online")
    assert placed(before, completed("08-17 09:00")) == {CARRIED, ON_TIME}
    assert placed(before) == {CARRIED, "open_overdue"}
    assert placed(before, completed("07-29 10:00")) == set()
    late = received("07-29 08:00", ANH, due_at="08-17 10:00", channel="online", recorded="08-02 08:00")
    assert placed(late, completed("08-17 09:00")) == {"received_online", ON_TIME}


def test_channels_that_are_not_known_stand_apart() -> None:
    online = received("08-15 08:00", ANH, due_at="08-17 10:00", channel="online")
    assert placed(online, completed("08-17 09:00")) == {"received_online", ON_TIME}
    nothing_said = received("08-15 08:00", ANH, due_at="08-17 10:00")
    assert placed(nothing_said, completed("08-17 09:00")) == {"received_unknown", ON_TIME}


def test_without_a_due_nothing_is_overdue_and_it_is_noted() -> None:
    nothing_said = received("08-15 08:00", ANH, channel="counter")
    assert placed(nothing_said, completed("08-17 09:00")) == {DIRECT, ON_TIME, "resolved_without_due"}
    assert placed(nothing_said) == {DIRECT, "open_in_time", "open_without_due"}


def test_what_was_only_submitted_is_not_received() -> None:
    assert placed(submitted("08-15 08:00", channel="online")) == set()


def test_a_case_that_was_reopened_stands_as_at_the_end() -> None:
    events = (received("08-01 08:00", ANH, due_at="08-17 10:00", channel="counter"), completed("08-10 09:00"))
    assert placed(*events, reopened("08-30 08:00", ANH)) == {DIRECT, "open_in_time"}
    assert placed(*events, reopened("09-01 00:00", ANH)) == {DIRECT, EARLY}
