"""Most of a short command's time goes into loading libraries: tests fork what they run, and start it only where the start is the point."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
STARTED = {
    "bench/": "measured as users have it",
    "cli/read_by_pm4py.py": "run by `make interchange` alone",
    "cli/running_up.py": "`tiendo up` starts and ends its own processes",
    "cli/test_answering_at_once.py": "what a start loads",
    "cli/test_interrupts.py": "an interrupt while it is loaded",
    "preloaded/": "compared with what is forked",
    "projector/test_rebuild_command.py": "an interrupt reaches its workers as from a terminal",
    "system/relaying/programs.py": "the clock of one is put before anything is loaded",
}
"""File or folder -> why it starts `tiendo` itself and does not fork it (`tests.preloaded.commands`)."""
_STARTS = re.compile(r'"-m",\s*(?:"tiendo_cli"|module\b)|self\.module|from tiendo_cli\.main import main')


def starting() -> set[str]:
    """The files of tests that start a `tiendo` of their own."""
    found = (path for path in TESTS.rglob("*.py") if path != Path(__file__))
    return {path.relative_to(TESTS).as_posix() for path in found if _STARTS.search(path.read_text(encoding="utf-8"))}


def test_tests_fork_the_commands_that_they_run() -> None:
    allowed = tuple(STARTED)
    assert {name for name in starting() if not name.startswith(allowed)} == set()


@pytest.mark.parametrize("place", STARTED)
def test_whoever_may_start_one_does(place: str) -> None:
    assert any(name.startswith(place) for name in starting())
