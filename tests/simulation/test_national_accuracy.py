"""The figures of the national channel, held against the truth, as `docs/sources.md` shows them."""

from pathlib import Path

import pytest
from tests.simulation.answers import rule_book
from tests.simulation.conftest import VIETNAM
from tests.simulation.national_accuracy import (
    MARKS,
    ChannelAccuracy,
    national_accuracy,
    table,
    translated,
    with_national_table,
)

from tiendo_cli.simulating.national_simulation import envelopes_of
from tiendo_domain.timeline import joined_cases
from tiendo_simulation import Simulation, directory_text
from tiendo_simulation.channel_defects import ChannelDefect, chance_of_case
from tiendo_simulation.minute_calendar import office_calendar
from tiendo_sources.national.directory import NameDirectory

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


def test_a_dossier_that_gets_a_code_with_other_digits_on_its_way_is_one_case() -> None:
    """Rule N4: the messages under the new code name the one before, and nothing of the case is lost or doubled."""
    simulation = Simulation("kontum-2022", scale=0.001)
    directory = NameDirectory(rule_book(directory_text(simulation.province), [VIETNAM]))
    hours, seen = office_calendar(), 0
    for number, told in enumerate(simulation.cases(defects=False)):
        messages, defect = envelopes_of(told.story, hours, chance_of_case(1, number))
        if defect is not ChannelDefect.NEW_CODE:
            continue
        records = [message["data"][0] for message in messages]
        codes = list(dict.fromkeys(record["MaHoSo"] for record in records))
        assert len(codes) == 2
        assert {record.get("MaHoSoKhac") for record in records if record["MaHoSo"] == codes[1]} == {codes[0]}
        [case] = joined_cases(list(translated(messages, directory)))
        assert case.codes == set(codes)
        seen += 1
    assert seen
