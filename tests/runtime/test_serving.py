"""What callers at the edge of HTTP are answered."""

import asyncio

import pytest
from fastapi import FastAPI, Request
from starlette.requests import ClientDisconnect

from tiendo_runtime import serving
from tiendo_runtime.http_connection import Connection
from tiendo_runtime.listening import listen

ANSWER_SECONDS_MAX = 60


def echo(closed: asyncio.Event) -> FastAPI:
    """An application that says how long the body was, not before the caller has closed its side."""
    app = FastAPI()

    @app.post("/")
    async def length(request: Request) -> int:
        body = await request.body()
        await closed.wait()
        return len(body)

    return app


async def told(app: FastAPI, request: bytes) -> list[bytes]:
    """The lines of the answer to a caller that sends `request` and closes its sending side."""
    stop = asyncio.Event()
    listening = listen("127.0.0.1", 0)
    server = asyncio.create_task(serving.serve_http(app, listening, stop))
    try:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            writer.write(request)
            writer.write_eof()
            answer = await reader.read()
            writer.close()
    finally:
        stop.set()
        await server
    return answer.splitlines()


@pytest.mark.parametrize(("sent", "lines"), [(b"abc", [b"HTTP/1.1 200 OK", b"3"]), (b"ab", [])])
async def test_who_closes_the_sending_side_is_answered_if_the_request_was_whole(
    monkeypatch: pytest.MonkeyPatch, sent: bytes, lines: list[bytes]
) -> None:
    closed = asyncio.Event()
    received = Connection.eof_received

    def noted(connection: Connection) -> bool:
        asyncio.get_running_loop().call_soon(closed.set)
        return received(connection)

    monkeypatch.setattr(Connection, "eof_received", noted)
    answer = await told(echo(closed), b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n" + sent)
    assert [*answer[:1], *answer[-1:]] == lines


async def test_what_had_come_of_a_request_is_read_though_its_caller_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = asyncio.Event()
    lost = Connection.connection_lost

    def noted(connection: Connection, fault: Exception | None) -> None:
        lost(connection, fault)
        gone.set()

    monkeypatch.setattr(Connection, "connection_lost", noted)
    come = bytearray()
    ended = asyncio.Event()
    app = FastAPI()

    @app.post("/")
    async def collect(request: Request) -> None:
        await gone.wait()
        try:
            async for part in request.stream():
                come.extend(part)
        except ClientDisconnect:
            ended.set()

    await told(app, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab")
    assert (bytes(come), ended.is_set()) == (b"ab", True)


async def test_a_caller_on_this_machine_chooses_neither_its_address_nor_the_scheme_by_a_header() -> None:
    app = FastAPI()

    @app.get("/")
    async def seen(request: Request) -> str:
        return f"{request.url.scheme} {request.client and request.client.host}"

    named = b"X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\n"
    answer = await told(app, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + named + b"\r\n")
    assert answer[-1] == b'"http 127.0.0.1"'
