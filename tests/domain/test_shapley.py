"""Step-norm against the Shapley value of the game `how late would the case be, had only these parties overrun`."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import Any

from hypothesis import assume, given
from tests.domain.plans import Plan, plans
from tests.domain.profile import bounded
from tests.domain.test_laws import overruns, shares, told

Party = tuple[Any, ...]


def late_if_only(parties: Iterable[Party], overrun: dict[Party, int], lateness: int) -> int:
    """The lateness, had the other parties kept to their allotments."""
    kept = set(parties)
    return max(0, lateness - sum(minutes for party, minutes in overrun.items() if party not in kept))


def shapley(overrun: dict[Party, int], lateness: int) -> dict[Party, Fraction]:
    """Each party's mean contribution to the lateness over all orders in which they could have come."""
    values = {}
    for party in overrun:
        others = [other for other in overrun if other != party]
        value = Fraction(0)
        for size in range(len(others) + 1):
            for before in combinations(others, size):
                added = late_if_only([*before, party], overrun, lateness) - late_if_only(before, overrun, lateness)
                value += Fraction(added, len(overrun) * comb(len(others), size))
        values[party] = value
    return values


@bounded(200)
@given(plans(procedures=("1.001",)))
def test_step_norm_has_the_zeros_the_order_and_the_sum_of_the_shapley_value(plan: Plan) -> None:
    timeline = told(plan, "step-norm/1")
    lateness = timeline["lateness_minutes"]
    assume(timeline["policy"] == "step-norm/1" and lateness)
    overrun, shared = dict(overruns(timeline)), shares(timeline)
    values = shapley(overrun, lateness)
    total = sum(overrun.values())
    for party, value in values.items():
        assert (value == 0) == (overrun[party] == 0)
        # A share of 0 with an overrun above 0 is one that was rounded down (rule A3).
        assert (shared.get(party, 0) == 0) == (overrun[party] * min(1, Fraction(lateness, total or 1)) < 1)
        for other, other_value in values.items():
            # Equal where each overrun alone reaches the lateness; step-norm still weighs those.
            if value > other_value:
                assert shared.get(party, 0) >= shared.get(other, 0)
    rounded = sum(values.values()) - sum(minutes for party, minutes in shared.items() if party[0] != "organisation")
    assert 0 <= rounded < max(1, len(values))
    assert (
        sum(minutes for party, minutes in shared.items() if party[0] == "organisation")
        == lateness - sum(values.values()) + rounded
    )
