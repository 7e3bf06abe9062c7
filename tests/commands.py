"""`tiendo` as a user runs it: a process of its own on a database of the tests."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]


def tiendo_on(database_url: str, folder: Path, *, timeout_seconds: float = 250) -> Run:
    """A function that runs `tiendo` with its arguments on the database, with `folder` as the working folder."""
    environment = {**os.environ, "TIENDO_DATABASE_URL": database_url, "TIENDO_DATA": str(folder / "data")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tiendo_cli", *arguments],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )

    return run
