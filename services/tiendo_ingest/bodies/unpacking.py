"""gzip unpacked piece by piece: whatever was packed, little of it is in memory at a time."""

import zlib
from collections.abc import Iterator
from typing import Protocol

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal

PIECE_SIZE_MAX = 64 * 1024
_GZIP_FORMAT = 31


class Unpacker(Protocol):
    """What makes a body's bytes of the bytes that were sent."""

    def pieces(self, sent: bytes) -> Iterator[bytes]:
        """The pieces of the body that `sent` holds, none of them empty."""

    def finish(self) -> None:
        """Raises `Refusal` when what was sent is no whole body."""


class Plain:
    """A body that was sent as it is."""

    def pieces(self, sent: bytes) -> Iterator[bytes]:
        """The bytes themselves."""
        if sent:
            yield sent

    def finish(self) -> None:
        """Nothing: HTTP itself says where such a body ends."""


class Gunzip:
    """A body of one or more gzip members one after another (RFC 1952); zeros after the last are padding."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=_GZIP_FORMAT)
        self._begun = False
        self._complete = False

    def pieces(self, sent: bytes) -> Iterator[bytes]:
        """The unpacked bytes, at most 64 KiB at a time; raises `Refusal` where `sent` is not gzip or is damaged."""
        while rest := self._member_bytes(sent):
            self._begun, self._complete = True, False
            piece, sent = self._unpack(rest)
            if piece:
                yield piece
            while len(piece) == PIECE_SIZE_MAX:
                piece, sent = self._unpack(sent)
                if piece:
                    yield piece

    def finish(self) -> None:
        """Raises `Refusal` when the last member is cut off or when there was none."""
        if self._begun:
            raise Refusal(ProblemKind.BODY_CUT_OFF)
        if not self._complete:
            raise Refusal(ProblemKind.GZIP_INVALID)

    def _member_bytes(self, sent: bytes) -> bytes:
        """What of `sent` belongs to a member: between members, without the padding."""
        return sent.lstrip(b"\0") if self._complete else sent

    def _unpack(self, sent: bytes) -> tuple[bytes, bytes]:
        """One piece, and what of `sent` is still to be unpacked."""
        if self._complete:
            return b"", sent
        try:
            piece = self._member.decompress(sent, PIECE_SIZE_MAX)
        except zlib.error:
            raise Refusal(ProblemKind.GZIP_INVALID) from None
        if not self._member.eof:
            return piece, self._member.unconsumed_tail
        rest = self._member.unused_data
        self._member = zlib.decompressobj(wbits=_GZIP_FORMAT)
        self._begun, self._complete = False, True
        return piece, rest
