"""How the text of a CSV file is written: its encoding and its separator, as the mapping says or as they are found."""

import codecs
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BufferedReader

from tiendo_sources.csv.broken_bytes import KEEP_GOING
from tiendo_sources.errors import LogUnreadable
from tiendo_sources.tables.legacy_text import legacy_encoding, legacy_in_unicode, looks_like_windows_1258
from tiendo_sources.tables.mapping import TableMapping, TableShape, heading_key

SAMPLE_SIZE = 256 * 1024
DELIMITERS = ";,\t|"
_LINES_MAX = 200
_SEPARATOR_SAID = "sep="
_BROKEN_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the text is written; `says_separator`: the first line says the separator, as spreadsheets have it, and is no row."""

    encoding: str
    delimiter: str
    says_separator: bool = False


def layout_of(stream: BufferedReader, shape: TableShape, headings: Iterable[str] = ()) -> Layout:
    """The layout of the table in `stream`, which is put back to its beginning; `headings` are those that it should have.

    Raises LogUnreadable for text in an encoding that is not read, or that cannot be told; the message says what to do.
    """
    sample = stream.read(SAMPLE_SIZE)
    stream.seek(0)
    encoding = shape.encoding or _encoding(sample)
    text = codecs.getincrementaldecoder(encoding)(KEEP_GOING).decode(sample).removeprefix("\ufeff")
    if legacy := legacy_in_unicode([text]):
        raise LogUnreadable(_convert(legacy))
    lines = text.splitlines()[:_LINES_MAX]
    says = bool(lines) and lines[0].strip().strip('"').casefold().startswith(_SEPARATOR_SAID)
    said = lines[0].strip().strip('"')[len(_SEPARATOR_SAID) :] if says else ""
    delimiter = shape.delimiter or (said if len(said) == 1 else _delimiter(lines[says:], shape.header_rows, headings))
    return Layout(encoding=encoding, delimiter=delimiter, says_separator=says)


def mapped_layout(stream: BufferedReader, mapping: TableMapping) -> Layout:
    """The same by a mapping."""
    return layout_of(stream, mapping.table, mapping.columns.named.values())


def wide_encoding(sample: bytes) -> str | None:
    """Which UTF-16 the text is in, by its mark or by where its zeros stand; None where it is in none."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if (nuls := sample.count(0)) <= len(sample) // 8:
        return None
    return "utf-16-le" if sample[1::2].count(0) * 2 > nuls else "utf-16-be"


def _encoding(sample: bytes) -> str:
    if wide := wide_encoding(sample):
        return wide
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    broken = _broken_bytes(sample)
    letters = sum(byte >= 0x80 for byte in sample)  # noqa: PLR2004 - beyond ASCII
    if not broken or broken < letters * _BROKEN_SHARE:
        return "utf-8-sig"
    if legacy := legacy_encoding(sample):
        raise LogUnreadable(_convert(legacy))
    if looks_like_windows_1258(sample):
        return "cp1258"
    raise LogUnreadable(
        "the text is neither UTF-8, UTF-16 nor Windows-1258; save it as UTF-8 (in Excel: “CSV UTF-8”), "
        'or write its encoding into the mapping file, such as `[table] encoding = "windows-1258"`'
    )


def _broken_bytes(sample: bytes) -> int:
    """How many bytes of the text are not UTF-8, what the sample cuts off left out."""
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample)
    return sum("\udc80" <= character <= "\udcff" for character in text)


def _convert(legacy: str) -> str:
    return (
        f"the text is in {legacy}, an encoding of fonts from before Unicode, and is not read; convert it to Unicode first, "
        "for example with UniKey Toolkit (Ctrl+Shift+F6), and save it as UTF-8"
    )


def _delimiter(lines: Sequence[str], header_rows: int, headings: Iterable[str]) -> str:
    """The separator by which most of the headings are found, else the one that parts the lines into most columns."""
    wanted = {heading_key(heading) for heading in headings}

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return (0, 0)
        found = {heading_key(cell) for row in rows[:header_rows] for cell in row}
        widths = sorted(len(row) for row in rows)
        return len(wanted & found), widths[len(widths) // 2] if widths else 0

    return max(DELIMITERS, key=worth)
