"""The file to which every checkpoint is appended: what it holds cannot be taken back by whoever changes the database."""

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from tiendo_contracts.proofs.notes import NoteInvalidError, SignedNote, last_note_in, read_notes

_TAIL_BYTES: Final = 64 * 1024
_MODE: Final = 0o644
_PIECE_CHARACTERS: Final = 64 * 1024
_BETWEEN: Final = re.compile("^— [^\n]+\n(?=[^—])", re.MULTILINE)
"""Where one note ends and more follows."""
_SIGNATURE: Final = re.compile("^— [^\n]+\n".encode(), re.MULTILINE)

_journal = structlog.get_logger("tiendo.proof")


@dataclass(frozen=True, slots=True)
class FileEnd:
    """The last whole note of the file, and what stands behind it: the beginning of one whose writing was cut short, or nothing."""

    note: SignedNote | None
    torn: bytes


def file_end(file: Path) -> FileEnd:
    """How the file ends; without a note where there is no file yet, or none in it. Raises NoteInvalidError, and OSError."""
    try:
        with file.open("rb") as opened:
            length = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, length - _TAIL_BYTES))
            tail = opened.read()
    except FileNotFoundError:
        return FileEnd(None, b"")
    # A note is whole with the last line of its signatures; what stands before the first of the tail may be cut.
    end = max((found.end() for found in _SIGNATURE.finditer(tail)), default=0)
    note = last_note_in(tail[:end].decode(errors="replace"))
    if end and note is None:
        raise NoteInvalidError("the file ends with no signed checkpoint")
    return FileEnd(note, tail[end:].strip(b"\n") and tail[end:].lstrip(b"\n"))


@contextmanager
def sole_writer(file: Path) -> Iterator[bool]:
    """Whether within the block nobody else appends to the file, which is made if it is not there. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, _MODE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


def mend_end(file: Path, torn: bytes, following: str | None) -> bool:
    """Whether what was torn is the beginning of the note `following`, and was completed; else it was taken off into a file beside. Raises OSError."""
    whole = b"" if following is None else f"{following}\n".encode()
    if whole.startswith(torn):
        _append(file, whole.removeprefix(torn))
        _journal.warning("a checkpoint of the file was cut short and is completed", file=str(file))
        return True
    beside = file.with_name(f"{file.name}.torn")
    _append(beside, torn + b"\n")
    os.truncate(file, file.stat().st_size - len(torn))
    _journal.warning("the end of the file of checkpoints was no checkpoint and is put aside", file=str(beside))
    return False


def append_notes(file: Path, notes: Iterable[str]) -> None:
    """Append notes to the file, an empty line after each, and let the disk have them. Raises OSError."""
    _append(file, "".join(f"{note}\n" for note in notes).encode())


def _append(file: Path, text: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _MODE)
    with os.fdopen(descriptor, "ab") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())


def all_notes(file: Path) -> Iterator[SignedNote]:
    """The notes of a file, in order, also where an editor has put a mark before them or left the last line open; the file is read piece by piece.

    Raises NoteInvalidError, and OSError.
    """
    waiting, lines = "", 0
    with file.open(encoding="utf-8-sig", errors="replace") as opened:
        while piece := opened.read(_PIECE_CHARACTERS):
            waiting += piece
            end = max((found.end() for found in _BETWEEN.finditer(waiting)), default=0)
            whole, waiting = waiting[:end], waiting[end:]
            yield from read_notes(whole, lines_before=lines)
            lines += whole.count("\n")
            if len(waiting) > _PIECE_CHARACTERS:  # a note is shorter
                yield from read_notes(waiting, lines_before=lines)
    yield from read_notes(f"{waiting}\n", lines_before=lines)
