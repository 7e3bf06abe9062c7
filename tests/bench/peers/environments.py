"""An environment of its own for each peer: what others have published, beside tiendo and never in it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.row import LeftOut

_SECONDS_MAX = 900


def python_with(folder: Path, requirements: Sequence[str]) -> Path:
    """The interpreter of a virtual environment that has these packages. Raises LeftOut where they cannot be had."""
    interpreter = folder / "bin/python"
    if _is_made(folder, requirements):
        return interpreter
    _run([sys.executable, "-m", "venv", str(folder)], folder.parent)
    _run([str(interpreter), "-m", "pip", "install", "--quiet", *requirements], folder.parent)
    _made(folder, requirements)
    return interpreter


def node_with(folder: Path, packages: Sequence[str]) -> Path:
    """The folder in which Node.js finds these packages. Raises LeftOut where there is no Node.js, or they cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        raise LeftOut("there is no Node.js with npm on this machine")
    if not _is_made(folder, packages):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}\n")
        _run([npm, "install", "--silent", *packages], folder)
        _made(folder, packages)
    return folder


def _run(command: Sequence[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_SECONDS_MAX)
    except subprocess.CalledProcessError as failed:
        raise LeftOut(f"its packages cannot be had: {_last_line(failed.stderr)}") from failed
    except subprocess.TimeoutExpired as failed:
        raise LeftOut(f"its packages did not come within {_SECONDS_MAX} seconds") from failed


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no word of why"


def _marker(folder: Path) -> Path:
    return folder / "tiendo-peer.json"


def _is_made(folder: Path, packages: Sequence[str]) -> bool:
    marker = _marker(folder)
    return marker.exists() and json.loads(marker.read_text()) == list(packages)


def _made(folder: Path, packages: Sequence[str]) -> None:
    _marker(folder).write_text(json.dumps(list(packages)))
