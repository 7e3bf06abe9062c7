"""The comparison with the ground truth that `docs/accuracy.md` shows."""

import pytest
from tests.simulation.accuracy import Accuracy, compared, document, plot

pytestmark = pytest.mark.xdist_group("simulation")


@pytest.fixture(scope="module")
def accuracy() -> Accuracy:
    return compared(0.002)


def test_every_case_that_differs_from_the_truth_is_explained_by_its_defect(accuracy: Accuracy) -> None:
    assert accuracy.unexplained == []


def test_a_case_without_defects_that_differs_is_named_in_the_document(accuracy: Accuracy) -> None:
    told = Accuracy(scale=1, groups=accuracy.groups, unexplained=["H34.X-1"])
    assert "The first of these: H34.X-1." in document(told)


def test_the_plot_shows_every_kind_of_defect_that_occurs(accuracy: Accuracy) -> None:
    drawn = plot(accuracy)
    assert all(defect in drawn for defect in accuracy.groups["defect"])
