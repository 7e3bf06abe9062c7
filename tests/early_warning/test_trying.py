"""The measurement of warnings looks at nothing that became known later, and counts what it says."""

from dataclasses import replace
from datetime import datetime

import pytest
from tests.early_warning.__main__ import BEGIN, END, by_case, by_morning, lead_days, measured, plot, with_tables
from tests.early_warning.trying import Warned, tried
from tests.early_warning.worlds import CasesTold, preset

from tiendo_domain.timeline.placed import recorded_instant

pytestmark = pytest.mark.xdist_group("simulation")
CUT_AT = datetime.fromisoformat("2022-05-16T12:00:00+07:00")


@pytest.fixture(scope="module")
def told() -> CasesTold:
    return preset(0.0015)


@pytest.fixture(scope="module")
def tries(told: CasesTold) -> list[Warned]:
    return list(tried(told))


def test_what_is_said_on_a_morning_rests_on_nothing_recorded_later(told: CasesTold, tries: list[Warned]) -> None:
    cut = [[event for event in events if recorded_instant(event).at <= CUT_AT] for events in told.cases]
    with_less = replace(told, cases=[events for events in cut if events], ends_at=CUT_AT)

    said = {(one.seen.case, one.seen.at): one.outlook for one in tried(with_less)}

    before = {(one.seen.case, one.seen.at): one.outlook for one in tries if one.seen.at <= CUT_AT}
    assert said
    assert {place: before[place] for place in said} == said


def test_the_scores_count_lines_and_cases(tries: list[Warned]) -> None:
    everything = by_morning(tries, lambda _: True)
    assert (everything.warned, everything.found) == (len(tries), everything.late)
    assert everything.recall == "100.0 %"
    nothing = by_case(tries, lambda _: False)
    assert (nothing.warned, nothing.found, nothing.precision, nothing.recall) == (0, 0, "–", "0.0 %")
    assert len(lead_days(tries, lambda _: True)) == nothing.late == len({t.seen.case for t in tries if t.seen.late})


def test_the_tables_take_the_place_for_what_was_measured(told: CasesTold, tries: list[Warned]) -> None:
    document = with_tables(f"before\n{BEGIN}\nold\n{END}\nafter\n", measured(told, tries))
    assert document.startswith(f"before\n{BEGIN}\n")
    assert document.endswith(f"{END}\nafter\n")
    assert "old" not in document
    assert "| every open case | " in document
    assert "<svg" in plot({told.name: tries})
