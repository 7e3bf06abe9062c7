"""A command that is forked is as one that is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.preloaded.commands import tiendo, tiendo_beside


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("keys", "create", "--scope", "all"),
        ("case", "--help"),
        ("rules", "apply", "no-such-file.toml"),
        ("simulate", "--preset", "kontum-2022", "--scale", "0.0001", "--out", "events.ndjson"),
    ],
    ids=" ".join,
)
def test_a_forked_command_says_and_does_what_a_started_one_does(arguments: tuple[str, ...], tmp_path: Path) -> None:
    environment = {**os.environ, "TIENDO_DATA": str(tmp_path / "data"), "COLUMNS": "100"}
    (tmp_path / "forked").mkdir()
    (tmp_path / "started").mkdir()
    forked = tiendo(*arguments, environment=environment, folder=tmp_path / "forked")
    started = subprocess.run(
        [sys.executable, "-m", "tiendo_cli", *arguments],
        env=environment, cwd=tmp_path / "started", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (forked.returncode, forked.stdout) == (started.returncode, started.stdout)
    assert forked.stderr.replace("forked", "started") == started.stderr
    written = {path.name: path.read_bytes() for path in (tmp_path / "forked").iterdir()}
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "started").iterdir()}


def test_a_command_that_takes_too_long_is_killed_and_others_go_on(tmp_path: Path) -> None:
    fifo = tmp_path / "rules.toml"
    os.mkfifo(fifo)
    with pytest.raises(subprocess.TimeoutExpired):
        tiendo("rules", "apply", str(fifo), timeout_seconds=0)
    assert tiendo("--version").returncode == 0


async def test_what_an_interpreter_obeys_at_its_start_is_refused() -> None:
    with pytest.raises(AssertionError, match="PYTHONUTF8"):
        await tiendo_beside("--version", environment={**os.environ, "PYTHONUTF8": "0"})
