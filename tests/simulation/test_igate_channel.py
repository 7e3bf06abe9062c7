"""The simulated province through a polled gateway of iGate: what the channel can tell comes out true."""

from datetime import timedelta

from tests.simulation.igate_accuracy import EVERY_CHANGE, ChannelComparison

SCALE = 0.0006
STANDING_STILL = frozenset({"applicant", "suspension"})


def test_what_a_gateway_can_tell_comes_out_exactly_true_where_every_change_is_seen() -> None:
    whole = [(true, given) for reason, true, given in ChannelComparison(SCALE).cases(EVERY_CHANGE) if not reason]
    assert len(whole) > 80
    assert [given for _, given in whole] == [true for true, _ in whole]


def test_polls_an_hour_apart_lose_no_minute_of_a_case_without_pauses() -> None:
    for reason, true, given in ChannelComparison(SCALE).cases(timedelta(hours=1)):
        if not reason and STANDING_STILL.isdisjoint(kind for kind, _, _ in true.held):
            assert given.lateness_minutes == true.lateness_minutes
            assert sum(given.held.values()) == sum(true.held.values())
            assert sum(given.shares.values()) == sum(true.shares.values())
