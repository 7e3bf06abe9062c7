"""Senders that announce too much, fall silent, or send one byte at a time."""

import asyncio
import json

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.contracts.events import event, text_of
from tests.ingest.serving import BATCH, EVENT, STREAM, Served, chunk
from tests.waiting import until

from tiendo_event_store import EventLog

ANSWER_SECONDS_MAX = 60


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, dict[str, object]]:
    """Status and document of the answer on a connection."""
    async with asyncio.timeout(ANSWER_SECONDS_MAX):
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return int(head.split()[1]), json.loads(await reader.readexactly(length))


@pytest.mark.parametrize("headers", [EVENT, BATCH])
async def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(
    ingest: Served, headers: dict[str, str]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", ingest.port)
    head = f"Host: x\r\nAuthorization: Bearer {ingest.secret}\r\nContent-Length: 99999999999\r\n"
    head += f"Content-Type: {headers['Content-Type']}\r\n"
    writer.write(f"POST /v1/events HTTP/1.1\r\n{head}\r\n".encode())
    status, _ = await answer_of(reader)
    assert status == 413
    writer.close()


@pytest.mark.parametrize("headers", [EVENT, BATCH, STREAM])
async def test_a_sender_that_falls_silent_is_told_so_and_its_complete_lines_are_kept(
    ingest: Served, log: EventLog, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setattr("tiendo_runtime.http_connection.LOOK_SECONDS", 0.1)
    monkeypatch.setattr("tiendo_runtime.http_connection.SILENCE_SECONDS", 0.3)
    before = await log.head()
    reader, writer = await ingest.connect(headers)
    writer.write(chunk(f"{text_of(event())}\n{text_of(event(id='e-2'))[:-1]}".encode()))
    await writer.drain()
    status, problem = await answer_of(reader)
    assert (status, problem["type"]) == (400, "/problems/body-cut-off")
    assert await log.head() - before == (1 if headers is STREAM else 0)
    writer.close()


async def test_a_body_of_single_bytes_is_read_like_any_other(ingest: Served) -> None:
    body = f"{text_of(event())}\r\nx\n{text_of(event(id='e-2'))}".encode()
    reader, writer = await ingest.connect(STREAM)
    for byte in body:
        writer.write(chunk(bytes([byte])))
    writer.write(b"0\r\n\r\n")
    status, told = await answer_of(reader)
    assert (status, told["accepted"], told["rejected"]) == (207, 2, 1)
    writer.close()


async def test_many_senders_at_once_are_all_answered(ingest: Served, log: EventLog) -> None:
    before = await log.head()

    async def one(number: int) -> int:
        reader, writer = await ingest.connect(STREAM)
        writer.write(chunk(text_of(event(id=f"s-{number}")).encode() + b"\n"))
        await writer.drain()
        await until(lambda: _reached(log, before + 100), seconds=60, what="every sender's line is stored")
        writer.write(b"0\r\n\r\n")
        status, _ = await answer_of(reader)
        writer.close()
        return status

    assert set(await asyncio.gather(*map(one, range(100)))) == {200}


async def _reached(log: EventLog, position: int) -> bool:
    return await log.head() >= position


async def test_a_body_that_is_no_http_is_refused_and_the_service_goes_on(ingest: Served) -> None:
    reader, writer = await ingest.connect(STREAM)
    writer.write(b"this is no chunk\r\n")
    async with asyncio.timeout(ANSWER_SECONDS_MAX):
        head = await reader.read()
    writer.close()
    assert head == b"" or head.startswith(b"HTTP/1.1 400")
    assert (await ingest.post(EVENT, text_of(event()))).status_code == 200


@pytest.mark.parametrize("headers", [EVENT, BATCH, STREAM])
async def test_an_announced_body_of_which_nothing_comes_is_never_taken_for_no_events(
    ingest: Served, headers: dict[str, str]
) -> None:
    reader, writer = await ingest.connect(headers)
    writer.write(b"0\r\n\r\n")
    status, problem = await answer_of(reader)
    assert (status, problem["type"]) == (400, "/problems/body-missing")
    writer.close()


async def test_a_client_that_offers_http_2_is_read_to_the_end(ingest: Served, log: EventLog) -> None:
    before = await log.head()
    offer = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAEAAEAAAAIAAAABAAMAAABk"}
    answer = await ingest.post(STREAM | offer, text_of(event()))
    assert (answer.status_code, answer.json()["accepted"]) == (200, 1)
    assert await log.head() == before + 1


async def test_a_byte_order_mark_at_the_start_of_a_body_is_passed_over(ingest: Served) -> None:
    mark = b"\xef\xbb\xbf"
    lines = f"{text_of(event(id='a'))}\n{text_of(event(id='b'))}\n".encode()
    for pieces in ([mark + lines], [mark[:1], mark[1:2], mark[2:] + lines[:1], lines[1:]]):
        reader, writer = await ingest.connect(STREAM)
        writer.write(b"".join(map(chunk, pieces)) + b"0\r\n\r\n")
        status, told = await answer_of(reader)
        assert (status, told["rejected"]) == (200, 0)
        writer.close()
    assert (await ingest.post(BATCH, mark + text_of([event(id="a")]).encode())).json()["duplicates"] == 1
    assert (await ingest.post(EVENT, mark + text_of(event(id="a")).encode())).json()["status"] == "duplicate"
    inside = await ingest.post(STREAM, lines + mark + text_of(event(id="c")).encode())
    assert inside.json()["events"][2]["problem"]["type"] == "/problems/json-byte-order-mark"
    twice = await ingest.post(EVENT, mark + mark + text_of(event(id="a")).encode())
    assert twice.status_code == 400


@pytest.mark.parametrize("how", ["revoked", "expired"])
async def test_a_stream_ends_when_its_key_is_valid_no_longer(
    ingest: Served, log: EventLog, owner_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr("tiendo_ingest.bodies.open_streams.LOOK_SECONDS", 0.1)
    before = await log.head()
    reader, writer = await ingest.connect(STREAM)
    writer.write(chunk(f"{text_of(event())}\n".encode()))

    async def stored() -> bool:
        return await log.head() == before + 1

    await until(stored, what="the first event is in the log")
    column = "revoked_at" if how == "revoked" else "expires_at"
    async with owner_engine.begin() as connection:
        await connection.execute(text(f"UPDATE tiendo.keys SET {column} = now()"))
    status, told = await answer_of(reader)
    assert (status, told["type"], told["accepted"]) == (401, "/problems/unauthenticated", 1)
    writer.close()
