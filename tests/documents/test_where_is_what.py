"""The table "Where is what" leads somewhere: each file exists, and the names are defined in it."""

import ast

import pytest
from tests.documents.reading import ROOT

CONTRIBUTING = ROOT / "CONTRIBUTING.md"


def rows() -> list[tuple[str, str]]:
    """Each name of the table with the file that it is said to be in."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    table = text[text.index("\n## Where is what") : text.index("\n## Running tests")]
    cells = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return [(file.strip("`"), name.strip("`")) for _, file, names in cells[2:] for name in names.split(", ")]


@pytest.mark.parametrize(("file", "name"), rows())
def test_what_the_table_names_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    defined = {
        node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert name in defined


@pytest.mark.parametrize("asked", ["duplicate", "API key", "overdue", "rate limit"])
def test_what_a_newcomer_searches_for_is_in_the_table(asked: str) -> None:
    text = CONTRIBUTING.read_text(encoding="utf-8")
    assert any(asked in line for line in text.splitlines() if line.startswith("| "))
