"""What of the lock file some packages need."""

import re
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def locked_for(lock: Path, *wanted: str) -> list[str]:
    """The entries of a lock file for what `wanted` need, themselves included."""
    found: dict[str, set[str]] = {}
    for name in wanted:
        _walk(name, {""}, found)
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8"))
    return [entry for entry in entries if re.split(r"[=\s]", entry)[0] in found]


def _walk(name: str, extras: set[str], found: dict[str, set[str]]) -> None:
    """Add to `found` the package, which is installed here, and all that it needs with these extras."""
    known = found.setdefault(canonicalize_name(name), set())
    if extras <= known:
        return
    known |= extras
    for one in map(Requirement, requires(name) or []):
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in known):
            _walk(one.name, {"", *one.extras}, found)
