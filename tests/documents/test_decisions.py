"""Decision records: each has a number of its own and a date, and stands with both in their index."""

import re
from pathlib import Path

import pytest
from tests.documents.reading import ROOT, name_of

FOLDER = ROOT / "docs/decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
DATE = r"(?:[1-9]|[12][0-9]|3[01]) [A-Z][a-z]+ 20[0-9]{2}"
HEAD = re.compile(rf"# (?P<number>[0-9]{{4}}) \S.*\n\nDate: (?P<date>{DATE})(?:, amended {DATE})?\n\n")


def test_no_two_decisions_have_one_number() -> None:
    numbers = [path.name[:4] for path in RECORDS]
    assert sorted(set(numbers)) == numbers


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_decision_bears_its_number_and_date_and_stands_with_them_in_the_index(record: Path) -> None:
    head = HEAD.match(record.read_text(encoding="utf-8"))
    assert head is not None, "the title `# NNNN …`, an empty line, then `Date: 25 November 2026`"
    number, date = head["number"], head["date"]
    assert record.name.startswith(f"{number}-")
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| \[{number}\]\({re.escape(record.name)}\) \| \S.* \| {date} \|$", index, re.MULTILINE)
