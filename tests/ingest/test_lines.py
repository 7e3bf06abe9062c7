"""NDJSON is divided into lines by LF alone, however the pieces fall, in memory that one line bounds."""

import itertools
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from tiendo_contracts.events.case_events import EVENT_SIZE_MAX
from tiendo_ingest.bodies.lines import LineSplitter


def lines_of(pieces: list[bytes]) -> list[bytes]:
    splitter = LineSplitter()
    return [line for piece in pieces for line in splitter.feed(piece)] + splitter.finish()


def cut(body: bytes, places: list[int]) -> list[bytes]:
    bounds = sorted({0, len(body), *(place % (len(body) + 1) for place in places)})
    return [body[start:end] for start, end in itertools.pairwise(bounds)]


bodies = st.lists(
    st.sampled_from([b"a", b"{}", b"\n", b"\r\n", b"\r", b" ", b"\t", b"\xe2\x80\xa8", b"\x85", b"\x0b"])
).map(b"".join)


@given(body=bodies, places=st.lists(st.integers(0, 60), max_size=6))
def test_where_the_pieces_are_cut_changes_nothing(body: bytes, places: list[int]) -> None:
    expected = [line.removesuffix(b"\r") for line in body.split(b"\n") if line.strip(b" \t\r")]
    assert lines_of(cut(body, places)) == expected
    assert lines_of([bytes([byte]) for byte in body]) == expected


def test_only_lf_and_cr_lf_end_a_line() -> None:
    body = '{"a":"\u2028\u2029\x85\x0c"}\r\n\r{"b":1}\rx\n'.encode()
    assert lines_of([body]) == ['{"a":"\u2028\u2029\x85\x0c"}'.encode(), b'\r{"b":1}\rx']


def test_blank_lines_are_left_out_and_the_last_needs_no_end() -> None:
    assert lines_of([b"\n\n \t\r\na\n\r\n\nb"]) == [b"a", b"b"]
    assert lines_of([]) == []
    assert lines_of([b" "]) == []


def test_a_line_at_the_limit_is_whole_and_one_over_it_is_seen_to_be() -> None:
    for end in (b"\n", b"\r\n", b""):
        assert [len(line) for line in lines_of([b"x" * EVENT_SIZE_MAX + end])] == [EVENT_SIZE_MAX]
        assert [len(line) for line in lines_of([b"x" * (EVENT_SIZE_MAX + 1) + end])] == [EVENT_SIZE_MAX + 1]
    pieces = [b"x" * EVENT_SIZE_MAX, b"\r", b"\n"]
    assert [len(line) for line in lines_of(pieces)] == [EVENT_SIZE_MAX]


def test_a_line_without_end_is_read_in_bounded_memory() -> None:
    splitter, piece = LineSplitter(), b"x" * EVENT_SIZE_MAX
    tracemalloc.start()
    assert all(not splitter.feed(piece) for _ in range(16_384))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * EVENT_SIZE_MAX
    assert [len(line) for line in splitter.feed(b"\n{}\n")] == [EVENT_SIZE_MAX + 1, 2]
