"""The simulated province as an office's table: what a table can tell comes out true, and its defects are told."""

import json
from pathlib import Path

import pytest
from tests.commands import tiendo_on
from tests.simulation.table_accuracy import MARKS, TableComparison

from tiendo_sources.tables.told_rows import NO_DEFECTS, USUAL_DEFECTS

SCALE = 0.0006


def test_what_a_table_can_tell_comes_out_exactly_true() -> None:
    whole = [(true, given) for reason, true, given in TableComparison(SCALE).cases(NO_DEFECTS) if not reason]
    assert len(whole) > 60
    assert [given for _, given in whole] == [true for true, _ in whole]


def test_the_defects_of_tables_cost_no_case_its_lateness_that_was_told() -> None:
    for reason, true, given in TableComparison(SCALE).cases(USUAL_DEFECTS):
        if not reason and given.case_class is not None and given.judged_due_at == true.judged_due_at:
            assert given.lateness_minutes == true.lateness_minutes
            assert sum(given.shares.values()) == sum(true.shares.values())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_simulated_table_is_imported_with_the_mapping_beside_it(
    empty_database_url: str, tmp_path: Path, form: str
) -> None:
    tiendo = tiendo_on(empty_database_url, tmp_path)
    written = tiendo("simulate", "--scale", "0.0005", "--format", form, "--format", "json", "--out", "t")
    assert written.returncode == 0, written.stderr
    taken = tiendo("import", "t", "--mapping", "t.mapping.toml", "--dry-run", "--format", "json")
    figures = json.loads(taken.stdout)
    assert figures["accepted"] > json.loads(written.stdout)["cases"]
    assert {each["problem"] for each in figures["refused"]} <= {
        "/problems/file-instant-without-time-of-day",
        "/problems/file-row-without-case",
    }


def test_the_page_for_programmers_has_the_table() -> None:
    page = Path("docs/sources.md").read_text(encoding="utf-8")
    assert "| as it happened | all that a table can tell |" in page.partition(MARKS[0])[2].partition(MARKS[1])[0]
