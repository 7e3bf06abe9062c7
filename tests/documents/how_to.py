"""What a how-to tells to do, read from the document itself and done on a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.documents.reading import ROOT

HOW_TO = ROOT / "docs/how-to"
PLACES = ("libs", "services")
CHECK_SECONDS = 120

_EDIT = re.compile(
    r"^\*\*\d+\.\*\* `(?P<path>[^`]+)`, (?:(?P<new>a new file)|(?:in `(?P<within>[^`]+)`, )?(?P<how>behind|in front of|in place of) `(?P<line>[^`]+)`)"
    r"[^\n]*\n+(?:^(?!\*\*\d|```)[^\n]*\n+)*?^```\w*\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_NUMBERED = re.compile(r"^\*\*\d+\.\*\* ", re.MULTILINE)
_CHECK = re.compile(r"^```python check\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Edit:
    """An edit of a file: text that is put `behind` the line, `in front of` it or `in place of` it; the whole file where no line is named.

    Lines are compared without their indentation, `within` names the line after which the line is looked for.
    """

    path: str
    text: str
    line: str | None
    within: str | None
    how: str | None

    def made(self, tree: Path) -> None:
        """Make the edit in a tree; fails where the line is not there."""
        path = tree / self.path
        if self.line is None:
            assert not path.exists(), f"{self.path} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.text, encoding="utf-8")
            return
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        begin = 0 if self.within is None else _place(lines, self.within, self.path, start=True)
        at = begin + _place(lines[begin:], self.line, self.path)
        begins, ends = {"behind": (1, 1), "in front of": (0, 0), "in place of": (0, 1)}[self.how or "behind"]
        lines[at + begins : at + ends] = [self.text]
        path.write_text("".join(lines), encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class HowTo:
    """The edits of a how-to, and the program that says whether what was added works."""

    edits: list[Edit]
    check: str

    @property
    def files(self) -> set[str]:
        """The files that it touches."""
        return {edit.path for edit in self.edits}


def how_to(name: str) -> HowTo:
    """What the document of that name tells to do; fails where an edit is not told as the others are."""
    text = (HOW_TO / f"{name}.md").read_text(encoding="utf-8")
    edits = [
        Edit(
            path=found["path"],
            text=found["text"],
            line=found["line"],
            within=found["within"],
            how=found["how"],
        )
        for found in _EDIT.finditer(text)
    ]
    checks = _CHECK.findall(text)
    assert len(edits) == len(_NUMBERED.findall(text)) > 0, "an edit is told in another way than the others"
    assert len(checks) == 1, "one check stands at the end"
    return HowTo(edits=edits, check=checks[0])


def copy_of_the_tree(target: Path) -> Path:
    """A copy of the sources, and of what is compiled of them: that counts as long as a file is as old as it was then."""
    for place in PLACES:
        shutil.copytree(ROOT / place, target / place)
    return target


def run_in(tree: Path, program: str, database_url: str) -> "subprocess.CompletedProcess[str]":
    """A Python program that sees the copy in place of the tree, and a database."""
    path = os.pathsep.join(str(tree / place) for place in PLACES)
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=tree,
        env={
            **os.environ,
            "PYTHONPATH": path,
            "PYTHONDONTWRITEBYTECODE": "1",
            "TIENDO_DATABASE_URL": database_url,
            "TIENDO_DATA": str(tree / "data"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=CHECK_SECONDS,
    )


def _place(lines: list[str], wanted: str, path: str, *, start: bool = False) -> int:
    for number, line in enumerate(lines):
        said = line.strip()
        if said == wanted or (start and said.startswith(wanted)):
            return number
    raise AssertionError(f"{path} has no line {wanted!r}")
