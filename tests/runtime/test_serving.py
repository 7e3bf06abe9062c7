"""What callers at the edge of HTTP are answered."""

import asyncio

import pytest
from fastapi import FastAPI, Request

from tiendo_runtime import serving

ANSWER_SECONDS_MAX = 10


def echo(closed: asyncio.Event) -> FastAPI:
    """An application that says how long the body was, not before the caller has closed its side."""
    app = FastAPI()

    @app.post("/")
    async def length(request: Request) -> int:
        body = await request.body()
        await closed.wait()
        return len(body)

    return app


async def told(request: bytes, closed: asyncio.Event) -> list[bytes]:
    """The lines of the answer to a caller that sends `request` and closes its sending side."""
    stop = asyncio.Event()
    listening = serving.listen("127.0.0.1", 0)
    server = asyncio.create_task(serving.serve_http(echo(closed), listening, stop))
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
    received = serving.Connection.eof_received

    def noted(connection: serving.Connection) -> bool:
        asyncio.get_running_loop().call_soon(closed.set)
        return received(connection)

    monkeypatch.setattr(serving.Connection, "eof_received", noted)
    answer = await told(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n" + sent, closed)
    assert [*answer[:1], *answer[-1:]] == lines
