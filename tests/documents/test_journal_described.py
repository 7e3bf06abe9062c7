"""What the operations page says of the journal is so: each entry at its level, and no warning or error that it does not name."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from tests.documents.reading import ROOT

LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
ROW = re.compile(
    r"^\| `{1,2}(?P<entry>.+?)`{1,2} \| (?P<levels>(?:error|warning)(?:, (?:error|warning))?) \| [^|]+ \|", re.MULTILINE
)
BY_STATUS = {"request"}
"""Entries whose level follows from what happened; other tests hold them."""


def test_every_warning_and_error_of_the_journal_is_described_with_its_level() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    described = {row["entry"]: set(row["levels"].split(", ")) for row in ROW.finditer(page)}
    written = {entry: levels - {"info", "debug"} for entry, levels in entries().items()}
    assert described == {entry: levels for entry, levels in written.items() if levels}


def entries() -> dict[str, set[str]]:
    """Each entry that some code writes -> the levels at which it does."""
    found: dict[str, set[str]] = defaultdict(set)
    for folder in ("libs", "services"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for entry, level in calls_in(file):
                found[entry].add(level)
    return found


def calls_in(file: Path) -> list[tuple[str, str]]:
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "_journal"):
            continue
        what = node.args[0] if node.func.attr in LEVELS else node.args[1]
        if isinstance(what, ast.Constant) and what.value in BY_STATUS:
            continue
        if file.name == "usage.py":  # the embedded database's words of progress, which are texts of their own
            continue
        assert isinstance(what, ast.Constant), f"{file}:{node.lineno}: an entry is a fixed text, its values are named"
        assert node.func.attr in LEVELS, f"{file}:{node.lineno}: the level of an entry is fixed"
        found.append((str(what.value), "error" if node.func.attr == "exception" else node.func.attr))
    return found
