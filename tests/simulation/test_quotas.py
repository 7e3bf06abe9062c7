"""The planned figures are exact at every scale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo_simulation import Group, ScaleOutOfRange, Simulation, UnknownPreset
from tiendo_simulation.quotas import divided


def test_at_full_scale_the_figures_are_those_of_the_dispatch() -> None:
    simulation = Simulation("kontum-2022")
    province, land = simulation.figures(), simulation.figures(Group.LAND)
    assert (province.resolved, province.resolved_overdue) == (183_854, 21_686)
    assert (land.resolved_overdue, land.open_overdue) == (13_407, 2_252)
    assert round(1 - province.resolved_overdue / province.resolved, 3) == 0.882
    assert province.actual + province.late_entry + province.unproven == province.resolved_overdue


@pytest.mark.parametrize("scale", [0.0005, 0.001, 0.0137, 0.02, 0.3, 2.5])
def test_at_another_scale_the_figures_are_the_rounded_proportion(scale: float) -> None:
    simulation = Simulation("kontum-2022", scale=scale)
    province, land = simulation.figures(), simulation.figures(Group.LAND)
    assert province.resolved == int(183_854 * scale + 0.5)
    assert province.resolved_overdue == int(21_686 * scale + 0.5)
    assert land.resolved_overdue == int(13_407 * scale + 0.5)
    assert land.open_overdue == int(2_252 * scale + 0.5)


@pytest.mark.parametrize("scale", [0, -1, 0.0001, 21, float("nan"), float("inf")])
def test_a_scale_out_of_range_is_refused(scale: float) -> None:
    with pytest.raises(ScaleOutOfRange, match="choose one from"):
        Simulation("kontum-2022", scale=scale)


def test_an_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownPreset, match="known: kontum-2022"):
        Simulation("hanoi-2023")


@given(st.integers(0, 10_000), st.lists(st.integers(1, 500), min_size=1, max_size=40))
def test_shares_sum_to_the_whole_and_lie_within_one_of_the_proportion(count: int, weights: list[int]) -> None:
    shares = divided(count, weights)
    assert sum(shares) == count
    assert all(abs(share - count * weight / sum(weights)) < 1 for share, weight in zip(shares, weights, strict=True))
