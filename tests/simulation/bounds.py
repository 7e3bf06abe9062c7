"""What may stand between the ground truth and the product's answer where a case was told badly."""

from collections.abc import Callable, Mapping
from datetime import time

from tests.simulation.answers import Answer, Shares

from tiendo_simulation.defects import SHIFT_SHARE_MAX, Disturbance

ORGANISATION = ("organisation", None)
END_OF_DAY = time(17)


def assert_undisturbed(true: Answer, given: Answer) -> None:
    assert (given.unit, given.case_class, given.overdue) == (true.unit, true.case_class, true.overdue)
    assert (given.lateness_minutes, given.late_entry_minutes) == (true.lateness_minutes, true.late_entry_minutes)
    assert sum(given.shares.values()) == (true.lateness_minutes or 0)


def assert_equal(true: Answer, given: Answer) -> None:
    assert given == true


def assert_one_party_renamed(true: Answer, given: Answer) -> None:
    assert (given.policy, given.judged_due_at) == (true.policy, true.judged_due_at)
    assert minutes_that_differ(given.shares, true.shares) == minutes_that_differ(true.shares, given.shares)
    assert len(minutes_that_differ(given.shares, true.shares)) <= 1


def assert_moved_within_the_case(true: Answer, given: Answer) -> None:
    held_by = {(kind, party) for kind, party, _ in true.held}
    assert set(given.shares) <= held_by | {ORGANISATION}
    assert given.judged_due_at == true.judged_due_at


def assert_moved_by_the_error_at_most(true: Answer, given: Answer) -> None:
    assert (given.policy, given.judged_due_at) == (true.policy, true.judged_due_at)
    for party in {*true.shares, *given.shares} - {ORGANISATION}:
        assert abs(given.shares.get(party, 0) - true.shares.get(party, 0)) <= SHIFT_SHARE_MAX


def assert_due_moved_on(true: Answer, given: Answer) -> None:
    assert given.judged_due_at is not None
    assert true.judged_due_at is not None
    # Not only later where both fall on the same days off, and are carried on to the same working day (rule D5).
    assert given.judged_due_at > true.judged_due_at or true.judged_due_at.time() == END_OF_DAY
    assert given.judged_due_at >= true.judged_due_at
    assert (given.shares, given.held) == (true.shares, true.held)


def minutes_that_differ(shares: Shares, others: Shares) -> list[int]:
    return sorted(minutes for party, minutes in shares.items() if others.get(party) != minutes)


BOUNDS: Mapping[Disturbance, Callable[[Answer, Answer], None]] = {
    Disturbance.NOTHING: assert_equal,
    Disturbance.RENAMES: assert_one_party_renamed,
    Disturbance.MOVES: assert_moved_within_the_case,
    Disturbance.MOVES_BOUNDED: assert_moved_by_the_error_at_most,
    Disturbance.MOVES_DUE: assert_due_moved_on,
}
