"""Lines of NDJSON, as the contract counts them."""

import gzip
from io import BufferedReader, BytesIO
from typing import cast

import pytest

from tiendo_sources.errors import LogUnreadable
from tiendo_sources.ndjson import reader as ndjson_lines
from tiendo_sources.ndjson.reader import Line, read_lines


def lines_of(content: bytes) -> list[Line]:
    return list(read_lines(cast("BufferedReader", BytesIO(content))))


def test_lines_end_with_line_feed_with_or_without_carriage_return() -> None:
    assert [line.text for line in lines_of(b"a\r\nb\nc")] == [b"a", b"b", b"c"]


def test_blank_lines_are_skipped_and_take_no_index() -> None:
    found = lines_of(b"a\n\n  \t\r\nb\n\n")
    assert [(line.index, line.number, line.text) for line in found] == [(0, 1, b"a"), (1, 4, b"b")]


def test_other_separators_do_not_end_a_line() -> None:
    separators = "a\u2028b\u0085c\vd\fe\rf".encode()
    assert [line.text for line in lines_of(separators)] == [separators]


def test_of_a_line_that_is_too_long_only_the_beginning_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson_lines, "LINE_LENGTH_MAX", 10)
    found = lines_of(b"x" * 35 + b"\nnext\n" + b"y" * 10 + b"\n" + b"z" * 9 + b"\n")
    assert [(line.text[:2], len(line.text), line.length > 10) for line in found] == [
        (b"xx", 10, True),
        (b"ne", 4, False),
        (b"yy", 10, False),
        (b"zz", 9, False),
    ]


def test_a_packed_file_that_is_cut_off_keeps_its_complete_lines() -> None:
    packed = gzip.compress(b"".join(b"%d:%d\n" % (n, n * 7919 % 1009) for n in range(20_000)))
    lines = read_lines(cast("BufferedReader", gzip.GzipFile(fileobj=BytesIO(packed[: len(packed) // 2]))))
    found = [next(lines) for _ in range(1_000)]
    assert all(line.text.startswith(b"%d:" % line.index) for line in found)
    with pytest.raises(LogUnreadable, match=r"cut off after line \d+"):
        list(lines)


def test_a_byte_order_mark_before_the_first_line_is_passed_over() -> None:
    mark = b"\xef\xbb\xbf"
    assert [line.text for line in lines_of(mark + b"a\n" + mark + b"b")] == [b"a", mark + b"b"]
    assert lines_of(mark + b"\n") == []
