"""The refused lines of an NDJSON file as another, each with the reason as a member that no event has, so that it may stay when the line is mended."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from tiendo_sources.formats import RefusedFile
from tiendo_sources.refused_files import gathered, written_whole

REASON_MEMBER = "lydo"
"""An extension of CloudEvents, whose names have small letters alone; extensions are neither stored nor compared."""


@contextmanager
def refused_ndjson(_: BufferedReader, path: Path) -> Iterator[RefusedFile]:
    """The file of refused lines at `path`."""
    with written_whole(path) as file:

        def hand_on(line: bytes, reason: str) -> None:
            file.write(_with_reason(line, reason) + b"\n")

        with gathered(hand_on) as gathering:
            yield gathering


def _with_reason(line: bytes, reason: str) -> bytes:
    """The line as it stands with the reason behind; what is no JSON object stays as it is."""
    with suppress(ValueError, RecursionError):
        said = json.loads(line)
        if isinstance(said, dict):
            if REASON_MEMBER in said:
                line = json.dumps({**said, REASON_MEMBER: None}, ensure_ascii=False).encode()
                line = line.replace(f', "{REASON_MEMBER}": null'.encode(), b"")
            member = f'"{REASON_MEMBER}":{json.dumps(reason, ensure_ascii=False)}'.encode()
            return line.rstrip()[:-1] + (b"," if said else b"") + member + b"}"
    return line
