"""gzip is unpacked piece by piece, whatever was packed."""

import gzip
import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo_contracts.problems.problem_documents import ProblemKind, Refusal
from tiendo_ingest.bodies.unpacking import PIECE_SIZE_MAX, Gunzip

# Without the time of day: the name of a test is the same in every process.
PACKED = gzip.compress(b"a", mtime=0)


def unpacked(sent: list[bytes]) -> bytes:
    gunzip = Gunzip()
    body = b"".join(piece for part in sent for piece in gunzip.pieces(part))
    gunzip.finish()
    return body


def refused(sent: list[bytes]) -> ProblemKind:
    with pytest.raises(Refusal) as caught:
        unpacked(sent)
    return caught.value.kind


def parts(packed: bytes, size: int) -> list[bytes]:
    return [packed[start : start + size] for start in range(0, len(packed), size)]


@given(
    members=st.lists(st.binary(max_size=300), min_size=1, max_size=4),
    size=st.integers(1, 100),
    padding=st.integers(0, 5),
)
def test_members_one_after_another_are_one_body(members: list[bytes], size: int, padding: int) -> None:
    packed = b"".join(map(gzip.compress, members)) + b"\0" * padding
    assert unpacked(parts(packed, size)) == b"".join(members)


@pytest.mark.parametrize("size", [PIECE_SIZE_MAX - 1, PIECE_SIZE_MAX, PIECE_SIZE_MAX + 1, 3 * PIECE_SIZE_MAX])
def test_bodies_around_the_size_of_a_piece_are_whole(size: int) -> None:
    for body in (b"\0" * size, random.Random(size).randbytes(size)):
        packed = gzip.compress(body) + gzip.compress(b"end")
        assert unpacked([packed]) == body + b"end"
        assert unpacked(parts(packed, 1_000)) == body + b"end"


def test_every_way_of_cutting_it_off_is_seen() -> None:
    packed = gzip.compress(b"hello") + gzip.compress(b"world")
    whole = len(gzip.compress(b"hello"))
    for length in range(1, len(packed)):
        if length != whole:
            assert refused([packed[:length]]) is ProblemKind.BODY_CUT_OFF
    assert unpacked([packed[:whole]]) == b"hello"


@pytest.mark.parametrize(
    "sent",
    [b"", b"{}", b"\x1f\x8b\x08", PACKED + b"x" * 20, PACKED[:-5] + b"xxxxx", b"\0" * 30],
)
def test_what_is_not_gzip_is_refused(sent: bytes) -> None:
    expected = ProblemKind.BODY_CUT_OFF if sent == b"\x1f\x8b\x08" else ProblemKind.GZIP_INVALID
    assert refused([sent]) is expected


def test_a_bomb_is_unpacked_in_bounded_memory() -> None:
    bomb = gzip.compress(b"\0" * 400_000_000, 9)
    gunzip, size = Gunzip(), 0
    tracemalloc.start()
    for part in parts(bomb, 65_536):
        for piece in gunzip.pieces(part):
            assert 0 < len(piece) <= PIECE_SIZE_MAX
            size += len(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    gunzip.finish()
    assert size == 400_000_000
    assert peak < 1024 * 1024
