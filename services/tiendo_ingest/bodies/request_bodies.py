"""Bodies of requests, read within limits: a whole one that is small, or piece by piece one of any length."""

from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_ingest.bodies.body_media_types import is_packed
from tiendo_ingest.bodies.unpacking import Gunzip, Plain, Unpacker

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Members of gzip can be empty, so that much more may be sent than comes of it.
_PACKED_OVERHEAD_MAX = 1024 * 1024


async def whole_body(request: Request, *, size_max: int, too_large: Refusal) -> bytes:
    """The unpacked body without a byte order mark at its start; raises `too_large` as soon as it has more than `size_max` bytes, without reading on."""
    packed = is_packed(request.headers.getlist("content-encoding"))
    if not packed and _announced_size(request) > size_max:
        raise too_large
    unpacker = Gunzip() if packed else Plain()
    body = bytearray()
    sent_size = 0
    async for sent in received(request):
        sent_size += len(sent)
        for piece in unpacker.pieces(sent):
            body += piece
            if len(body) > size_max + len(BYTE_ORDER_MARK) * body.startswith(BYTE_ORDER_MARK):
                raise too_large
        if sent_size > size_max + _PACKED_OVERHEAD_MAX:
            raise too_large
    unpacker.finish()
    return bytes(body).removeprefix(BYTE_ORDER_MARK)


async def body_pieces(request: Request) -> AsyncIterator[bytes]:
    """The pieces of the unpacked body as they come, without a byte order mark at its start; raises `Refusal` where it is damaged or cut off."""
    start: bytes | None = b""
    async for piece in _unpacked(request):
        if start is None:
            yield piece
            continue
        start += piece
        if len(start) >= len(BYTE_ORDER_MARK) or not BYTE_ORDER_MARK.startswith(start):
            rest, start = start.removeprefix(BYTE_ORDER_MARK), None
            if rest:
                yield rest
    if start:
        yield start


async def _unpacked(request: Request) -> AsyncIterator[bytes]:
    unpacker: Unpacker = Gunzip() if is_packed(request.headers.getlist("content-encoding")) else Plain()
    async for sent in received(request):
        for piece in unpacker.pieces(sent):
            yield piece
    unpacker.finish()


async def received(request: Request) -> AsyncIterator[bytes]:
    """What the client sends, as it comes.

    Raises `Refusal` when it goes away before the end, falls silent or is too slow (the connection tells), or announced a body of which nothing comes.
    """
    size = 0
    try:
        async for sent in request.stream():
            size += len(sent)
            yield sent
    except ClientDisconnect:
        raise Refusal(ProblemKind.BODY_CUT_OFF) from None
    if not size and (_announced_size(request) or "transfer-encoding" in request.headers):
        raise Refusal(ProblemKind.BODY_MISSING)


def _announced_size(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() and length.isascii() else 0
