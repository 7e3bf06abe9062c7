"""What a connection does with offers, with heads without end, and with callers that fall silent."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from fastapi import FastAPI, Request
from starlette.requests import ClientDisconnect

from tiendo_runtime import http_connection, serving
from tiendo_runtime.http_connection import BodyPace
from tiendo_runtime.listening import listen

ANSWER_SECONDS_MAX = 60
OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\n"


@dataclass
class Echo:
    """A service that says what it was sent; `asked` counts the requests that reached it."""

    port: int = 0
    asked: list[str] = field(default_factory=list)

    async def told(self, *sent: bytes) -> bytes:
        """Everything that comes back on one connection until the service closes it."""
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            for piece in sent:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            try:
                return await reader.read()
            finally:
                writer.close()


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    found = Echo()
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def answer(request: Request, path: str) -> dict[str, object]:
        found.asked.append(path)
        if path == "unread":
            return {"body": None, "headers": []}
        body = b""
        try:
            async for piece in request.stream():
                body += piece
        except ClientDisconnect:
            return {"body": body.decode(), "headers": ["cut off"]}
        return {"body": body.decode(), "headers": sorted({name for name, _ in request.headers.items()})}

    async with _served(app) as port:
        found.port = port
        yield found


@asynccontextmanager
async def _served(app: FastAPI) -> AsyncIterator[int]:
    stop = asyncio.Event()
    listening = listen("127.0.0.1", 0)
    server = asyncio.create_task(serving.serve_http(app, listening, stop))
    try:
        yield listening.getsockname()[1]
    finally:
        stop.set()
        await server


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def bodies(answer: bytes) -> list[str]:
    return [body.decode() for body in re.findall(rb'"body":"([^"]*)"', answer)]


@pytest.mark.parametrize(
    "offer",
    [
        OFFER,
        b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n",
        b"Upgrade: h2c, foo/2\r\nConnection: keep-alive, Upgrade\r\n",
        b"Connection: upgrade\r\nUpgrade: TLS/1.0\r\n",
    ],
)
async def test_an_offered_upgrade_is_ignored_and_the_body_is_read(echo: Echo, offer: bytes) -> None:
    sized = b"POST /1 HTTP/1.1\r\nHost: x\r\n" + offer + b"Content-Length: 3\r\n\r\nabc"
    in_chunks = b"POST /2 HTTP/1.1\r\nHost: x\r\n" + offer + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    without = b"GET /3 HTTP/1.1\r\nHost: x\r\n" + offer + b"\r\n"
    last = b"POST /4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nz"
    everything = sized + in_chunks + without + last
    for pieces in ([everything], [everything[at : at + 1] for at in range(len(everything))]):
        answer = await echo.told(*pieces)
        assert statuses(answer) == [200, 200, 200, 200]
        assert bodies(answer) == ["abc", "abc", "", "z"]
        assert b'"upgrade"' not in answer
    assert echo.asked == ["1", "2", "3", "4"] * 2


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 400_000,
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % number for number in range(201)) + b"\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (number, b"a" * 900) for number in range(100)) + b"\r\n",
        b"POST / HTTP/1.1\r\n" + OFFER + b"X: a\r\n" * 198 + b"\r\n",
    ],
    ids=["one header", "one header without end", "target", "201 headers", "together", "with an offer"],
)
async def test_a_head_over_the_limit_is_refused_before_anything_reads_it(echo: Echo, head: bytes) -> None:
    answer = await echo.told(*(head[at : at + 10_000] for at in range(0, len(head), 10_000)))
    assert statuses(answer) == [431]
    document = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert (document["type"], document["status"]) == ("/problems/head-too-large", 431)
    assert echo.asked == []


async def test_a_head_within_the_limits_is_read_also_behind_a_large_body(echo: Echo) -> None:
    headers = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 300) for number in range(199))
    body = b"b" * 300_000
    first = b"POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    answer = await echo.told(first + b"GET /2 HTTP/1.1\r\n" + headers + b"Connection: close\r\n\r\n")
    assert statuses(answer) == [200, 200]


async def test_headers_behind_a_body_are_bounded_and_change_nothing(echo: Echo) -> None:
    begun = b"POST /1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\n"
    few = await echo.told(begun + b"Authorization: Bearer x\r\n\r\n")
    assert (statuses(few), bodies(few)) == ([200], ["a"])
    assert b"authorization" not in few
    many = await echo.told(begun + b"X: a\r\n" * 300 + b"\r\n")
    assert b"cut off" in many


async def test_what_is_no_http_is_refused_with_a_problem(echo: Echo) -> None:
    for sent in (
        b"nonsense\r\n\r\n",
        b"CONNECT example.test:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ):
        answer = await echo.told(sent)
        assert statuses(answer) == [400]
        assert b"application/problem+json" in answer
    assert echo.asked == []


async def test_a_head_that_stalls_is_refused(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connection, "HEAD_SECONDS", 0.3)
    assert statuses(await echo.told(b"GET / HTTP/1.1\r\nX")) == [408]
    behind = await echo.told(b"GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HT")
    assert statuses(behind) in ([200], [200, 408])
    assert echo.asked == ["1"]


async def test_a_body_that_stalls_is_cut_off_and_the_caller_is_answered(
    echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_connection, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(http_connection, "SILENCE_SECONDS", 0.1)
    for length in (b"Content-Length: 9", b"Transfer-Encoding: chunked"):
        answer = await echo.told(b"POST / HTTP/1.1\r\nHost: x\r\n" + length + b"\r\n\r\n2\r\nab\r\n")
        assert statuses(answer) == [200]
        assert b"cut off" in answer


async def test_connections_on_which_nothing_happens_are_closed(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "IDLE_SECONDS", 0.3)
    async with _served(FastAPI()) as port:
        idle = Echo(port=port)
        assert await idle.told() == b""
        assert await idle.told(b"\r\n\r\n") == b""
        assert statuses(await idle.told(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == [404]
        unfinished = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\na"
        assert statuses(await idle.told(unfinished)) == [404]
    assert echo.asked == []


@pytest.mark.parametrize(
    ("sizes", "slow_at"),
    [
        ([0] * 6, 6),
        ([1] * 12, 12),
        ([1, 0, 0, 0, 0, 0, 0], 7),
        ([0, 0, 0, 0, 0, 1024, 0, 0, 0, 0, 0, 1], None),
        ([1024] + [1] * 23, 24),
        ([86] * 24, None),
    ],
)
def test_a_body_brings_a_byte_every_30_seconds_and_a_kibibyte_a_minute(sizes: list[int], slow_at: int | None) -> None:
    pace = BodyPace()
    slow = []
    for number, size in enumerate(sizes, 1):
        pace.come += size
        if pace.look(5.0):
            slow.append(number)
    assert slow == ([] if slow_at is None else [slow_at])
