"""The texts that the cells of a workbook share, kept in a file: a workbook of a million rows has millions of them."""

import re
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from tempfile import TemporaryFile
from typing import IO

from tiendo_sources.errors import LogUnreadable
from tiendo_sources.xlsx.package import Package
from tiendo_sources.xml_pieces import parsed_pieces

TEXTS_MAX = 20_000_000
TEXT_LENGTH_MAX = 128 * 1024
_REMEMBERED_MAX = 1 << 15
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff])_")


def unescaped(text: str) -> str:
    """The text as it was typed: control characters, such as the ends of its lines, stand in workbooks as `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x00" in text else text


class SharedTexts:
    """The texts by their numbers from 0."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._ends = array("Q")
        self._at = lru_cache(_REMEMBERED_MAX)(self._read)

    def add(self, text: str) -> None:
        """One more text. Raises LogUnreadable beyond TEXTS_MAX."""
        if len(self._ends) >= TEXTS_MAX:
            raise LogUnreadable(f"the workbook shares more than {TEXTS_MAX:,} texts; split it")
        written = text.encode(errors="replace")
        self._file.write(written)
        self._ends.append((self._ends[-1] if self._ends else 0) + len(written))

    def at(self, number: int) -> str:
        """The text of the number. Raises LogUnreadable where there is none."""
        if not 0 <= number < len(self._ends):
            raise LogUnreadable(f"a cell refers to the shared text {number}, which the workbook does not have")
        return self._at(number)

    def _read(self, number: int) -> str:
        start = self._ends[number - 1] if number else 0
        self._file.seek(start)
        return self._file.read(self._ends[number] - start).decode()


@contextmanager
def shared_texts(package: Package, part: str | None) -> Iterator[SharedTexts]:
    """The texts of the part, which need it no more; none without a part."""
    with TemporaryFile() as file:
        texts = SharedTexts(file)
        if part is not None and part in package:
            reader = _Texts(texts)
            with package.part(part) as stream:
                for _ in parsed_pieces(stream, reader, text=reader.text):
                    pass
        file.flush()
        yield texts


class _Texts:
    """Puts each text together from its pieces; what is written small above it says how to pronounce it and is left out."""

    def __init__(self, texts: SharedTexts) -> None:
        self._texts = texts
        self._open: list[str] = []
        self._pieces: list[str] = []
        self._length = 0

    def start(self, name: str, _: list[str]) -> None:
        if name == "si":
            self._pieces, self._length = [], 0
        self._open.append(name)

    def end(self) -> None:
        if self._open.pop() == "si":
            self._texts.add(unescaped("".join(self._pieces)))

    def text(self, piece: str) -> None:
        """Some characters of the element that is open."""
        if self._open and self._open[-1] == "t" and "rPh" not in self._open:
            self._length += len(piece)
            if self._length > TEXT_LENGTH_MAX:
                raise LogUnreadable(f"a text of the workbook is longer than {TEXT_LENGTH_MAX // 1024} KiB")
            self._pieces.append(piece)
