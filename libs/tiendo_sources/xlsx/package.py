"""The ZIP package that a workbook is: its parts, none larger or packed tighter than a workbook's may be."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from tempfile import TemporaryFile
from typing import IO, cast

from tiendo_sources.errors import FormatUnknown, LogUnreadable

PART_SIZE_MAX = 4 * 1024**3
PACKED_SIZE_MAX = 2 * 1024**3
PARTS_MAX = 10_000
_SMALL_PART = 64 * 1024**2
_RATIO_MAX = 500
_DIRECTORY_SIZE_MAX = 4 * 1024**2
_END = b"PK\x05\x06"
_END_LENGTH = 22
_TAIL_LENGTH = 64 * 1024 + _END_LENGTH
_COPIED_AT_ONCE = 1024 * 1024
_ENCRYPTED = 1

_SAVE = "open it in a spreadsheet program and save it as .xlsx"
_LIKENESSES = (
    ("xl/workbook.bin", f"a binary Excel workbook (.xlsb); {_SAVE}"),
    ("word/document.xml", "a Word document (.docx); copy its table into a spreadsheet and save that as .xlsx"),
    ("ppt/presentation.xml", "a PowerPoint presentation (.pptx)"),
    ("mimetype", f"an OpenDocument file such as .ods; {_SAVE}"),
    ("Index/Document.iwa", f"a Numbers or Pages file; {_SAVE}"),
)


_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)


class Package:
    """An open package; parts are found by name whatever the case of its letters."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts = {part.filename.casefold().lstrip("/"): part for part in archive.infolist()}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._parts

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """The part as a stream. Raises LogUnreadable for one that is not there, protected, or larger than any workbook's."""
        part = self._parts.get(name.casefold())
        if part is None:
            raise LogUnreadable(f"the workbook lacks its part {name!r}; open and save it in a spreadsheet program")
        if part.flag_bits & _ENCRYPTED:
            raise LogUnreadable("the workbook is protected by a password; save it without one")
        too_tight = part.file_size > _SMALL_PART and part.file_size > part.compress_size * _RATIO_MAX
        if part.file_size > PART_SIZE_MAX or too_tight:
            raise LogUnreadable(
                f"the workbook's part {name!r} would unpack to {part.file_size // 1024**2:,} MiB; no table is packed that tight"
            )
        try:
            stream = self._archive.open(part)
        except _DAMAGE as error:
            raise _damaged(error) from error
        with stream:
            yield cast("IO[bytes]", _Part(stream))


class _Part:
    """A part that is read; what is wrong with the package is told as such."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`. Raises LogUnreadable."""
        try:
            return self._stream.read(size)
        except _DAMAGE as error:
            raise _damaged(error) from error


def _damaged(error: Exception) -> LogUnreadable:
    return LogUnreadable(f"the workbook is damaged: {error}")


@contextmanager
def opened_package(stream: BufferedReader) -> Iterator[Package]:
    """The package in `stream`. Raises LogUnreadable where it is damaged or cut off."""
    with _seekable(stream) as file:
        _check_directory(file)
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise LogUnreadable(f"the workbook is damaged or cut off: {error}") from error
        with archive:
            yield Package(archive)


def check_is_workbook(stream: BufferedReader) -> None:
    """Nothing for a workbook; raises FormatUnknown, which names what else is in the ZIP file, or LogUnreadable where it is damaged."""
    with opened_package(stream) as package:
        if "xl/workbook.xml" in package or (
            "_rels/.rels" in package and not any(name in package for name, _ in _LIKENESSES)
        ):
            return
        for name, likeness in _LIKENESSES:
            if name in package:
                raise FormatUnknown(f"the file is {likeness}")
        raise FormatUnknown("the file is a ZIP archive; unpack it and import what is in it")


@contextmanager
def _seekable(stream: BufferedReader) -> Iterator[IO[bytes]]:
    """The stream itself where it is a file; what is packed once more is unpacked into a file that goes with the block."""
    stream.seek(0)
    if isinstance(stream, BufferedReader):
        yield stream
        return
    with TemporaryFile() as file:
        try:
            while piece := stream.read(_COPIED_AT_ONCE):
                file.write(piece)
                if file.tell() > PACKED_SIZE_MAX:
                    raise LogUnreadable("the packed workbook is larger than any; unpack it first")
        except (EOFError, OSError, zlib.error) as error:
            raise LogUnreadable(f"the compressed file is damaged or cut off: {error}") from error
        file.seek(0)
        yield file


def _check_directory(file: IO[bytes]) -> None:
    """Refuses a list of parts that would fill the memory before any part is looked at."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL_LENGTH))
    tail = file.read()
    place = tail.rfind(_END)
    file.seek(0)
    if place < 0 or len(tail) - place < _END_LENGTH:
        raise LogUnreadable("the workbook is damaged or cut off: its end is missing; copy or download it again")
    parts, directory_size = struct.unpack("<HI", tail[place + 10 : place + 16])
    if parts > PARTS_MAX or directory_size > _DIRECTORY_SIZE_MAX:
        raise LogUnreadable("the ZIP file has more parts than any workbook")


def resolved(target: str, base: str) -> str:
    """The name of the part to which a part in the folder `base` refers."""
    path = target.lstrip("/") if target.startswith("/") else f"{base}/{target}"
    return re.sub(r"[^/]+/\.\./|(?<=/)\./", "", path).lstrip("/")
