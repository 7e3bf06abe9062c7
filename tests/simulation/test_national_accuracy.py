"""The figures of the national channel, held against the truth, as `docs/sources.md` shows them."""

from pathlib import Path

import pytest
from tests.simulation.national_accuracy import MARKS, ChannelAccuracy, national_accuracy, table, with_national_table

pytestmark = pytest.mark.xdist_group("simulation")


@pytest.fixture(scope="module")
def accuracy() -> ChannelAccuracy:
    return national_accuracy(0.001, defects=False)


def test_no_officer_bears_minutes_of_another_where_the_channel_tells_all(accuracy: ChannelAccuracy) -> None:
    assert accuracy.whole.cases > 150
    assert accuracy.whole.minutes_against_officers == 0


def test_the_table_of_the_document_is_replaced_as_a_whole(accuracy: ChannelAccuracy) -> None:
    document = Path("docs/sources.md").read_text(encoding="utf-8")
    again = with_national_table(document, accuracy)
    assert again.split(MARKS[0])[0] == document.split(MARKS[0])[0]
    assert again.split(MARKS[1])[1] == document.split(MARKS[1])[1]
    assert table(accuracy) in again
