"""What a run of the tests leaves in the working folder: nothing but what its tools keep there."""

from pathlib import Path

KEPT_BY_TOOLS = frozenset(
    (".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__")
)
OF_A_DATA_FOLDER = ("checkpoints.txt", "key-secret", "log-key")
"""Told also where an earlier run left them: a data folder is used again, so they need not be new."""


def left_behind(folder: Path, before: frozenset[str]) -> list[str]:
    """The names in the folder that were not there before, tools' own left out, and whatever belongs into a data folder."""
    found = {path.name for path in folder.iterdir()} - KEPT_BY_TOOLS
    return sorted((found - before) | found.intersection(OF_A_DATA_FOLDER))
