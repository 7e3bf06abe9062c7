"""`tiendo` as a user runs it: a process of its own on a database of the tests."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.preloaded.commands import Completed, tiendo

Run = Callable[..., Completed]


def tiendo_on(database_url: str, folder: Path) -> Run:
    """A function that runs `tiendo` with its arguments on the database, with `folder` as the working folder."""
    environment = {**os.environ, "TIENDO_DATABASE_URL": database_url, "TIENDO_DATA": str(folder / "data")}
    return partial(tiendo, environment=environment, folder=folder)
