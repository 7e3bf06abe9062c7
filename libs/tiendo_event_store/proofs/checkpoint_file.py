"""The file to which every checkpoint is appended: what it holds cannot be taken back by whoever changes the database."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tiendo_contracts.proofs.notes import NoteInvalidError, SignedNote, read_notes

_TAIL_BYTES: Final = 64 * 1024
_MODE: Final = 0o644


def last_note(file: Path) -> SignedNote | None:
    """The last note of the file; None where there is no file yet, or nothing in it. Raises NoteInvalidError, and OSError."""
    try:
        with file.open("rb") as opened:
            length = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, length - _TAIL_BYTES))
            tail = opened.read().decode(errors="replace")
    except FileNotFoundError:
        return None
    if not tail.strip():
        return None
    # A note ends with an empty line; what stands before the first of the tail may be cut.
    blocks = tail.rstrip("\n").split("\n\n")
    found = list(read_notes("\n\n".join(blocks[-2:]) + "\n"))
    if not found:
        raise NoteInvalidError("the file ends with no signed checkpoint")
    return found[-1]


def append_notes(file: Path, notes: Iterable[str]) -> None:
    """Append notes to the file, an empty line after each, and let the disk have them. Raises OSError."""
    text = "".join(f"{note}\n" for note in notes)
    if not text:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _MODE)
    with os.fdopen(descriptor, "ab") as opened:
        opened.write(text.encode())
        opened.flush()
        os.fsync(opened.fileno())


def all_notes(file: Path) -> list[SignedNote]:
    """All notes of a file, in order, also where an editor has put a mark before them or left the last line open. Raises NoteInvalidError, and OSError."""
    return list(read_notes(f"{file.read_text(encoding='utf-8-sig', errors='replace')}\n"))
