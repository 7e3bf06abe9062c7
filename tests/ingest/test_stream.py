"""An NDJSON stream: every line stands for itself, memory is bounded, and what was complete is kept."""

import asyncio
import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator
from itertools import count

import pytest
from tests.contracts.events import event, text_of
from tests.ingest.serving import BATCH, GZIP, STREAM, Served, chunk
from tests.waiting import until

from tiendo_event_store import EventLog

MEGABYTE = 1024 * 1024


def line(number: int, **members: object) -> bytes:
    return text_of(event(id=f"e-{number}", subject=f"case-{number % 50}", **members)).encode() + b"\n"


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_bad_line_is_refused_by_itself_and_blank_lines_take_no_index(ingest: Served, log: EventLog) -> None:
    before = await log.head()
    body = b"\n".join(
        [
            b"",
            line(0).strip(),
            b" \t\r",
            b'{"broken":',
            line(1).strip() + b"\r",
            b"\xff\xfe",
            b"\xef\xbb\xbf" + line(2).strip(),
            text_of(event(id="big", data={"channel": "x" * 70_000})).encode(),
            line(0).strip(),
            text_of(event(id="ls", data={"channel": "a\u2028b"})).encode(),
            line(3).strip() + line(4).strip(),
            line(5).strip(),
        ]
    )
    answer = await ingest.post(STREAM, body)
    assert answer.status_code == 207
    told = answer.json()["events"]
    assert [each["index"] for each in told] == list(range(10))
    assert [each.get("problem", {}).get("type", each["status"]).removeprefix("/problems/") for each in told] == [
        "accepted",
        "json-invalid",
        "accepted",
        "json-not-utf8",
        "json-byte-order-mark",
        "event-too-large",
        "duplicate",
        "accepted",
        "json-invalid",
        "accepted",
    ]
    assert await log.head() == before + 4


async def test_an_empty_stream_is_accepted(ingest: Served) -> None:
    for body in (b"", b"\n\r\n \n"):
        answer = await ingest.post(STREAM, body)
        assert answer.status_code == 200
        assert answer.json()["events"] == []


async def test_a_long_stream_lists_only_what_was_not_accepted_and_the_rest_is_found_by_request(
    ingest: Served, log: EventLog
) -> None:
    before = await log.head()

    async def lines() -> AsyncIterator[bytes]:
        for number in range(12_000):
            yield line(number)
        for _ in range(1_500):
            yield b"nothing\n"

    answer = await ingest.post(STREAM, lines())
    told = answer.json()
    assert answer.status_code == 207
    assert (told["accepted"], told["rejected"]) == (12_000, 1_500)
    assert (told["first_position"], told["last_position"]) == (before + 1, before + 12_000)
    assert [each["index"] for each in told["events"]] == list(range(12_000, 13_000))
    found, after = [], 0
    while page := (
        await ingest.client.get("/v1/rejections", params={"request": told["request"], "after": after, "limit": 1_000})
    ).json():
        if not page["rejections"]:
            break
        found += page["rejections"]
        after = page["next"]
    assert [each["index"] for each in found] == list(range(12_000, 13_500))
    stored = await log.read_after(before, 12_000)
    assert [each.id for each in stored] == [f"e-{number}" for number in range(12_000)]


async def test_gzip_streams_of_several_members_are_taken(ingest: Served) -> None:
    packed = gzip.compress(line(0) + line(1)[:100]) + gzip.compress(line(1)[100:]) + gzip.compress(line(2))
    answer = await ingest.post(STREAM | GZIP, packed)
    assert answer.json()["accepted"] == 3


async def test_a_packed_stream_that_is_cut_off_keeps_its_complete_lines(ingest: Served, log: EventLog) -> None:
    before = await log.head()
    packed = gzip.compress(b"".join(map(line, range(2_000))))
    answer = await ingest.post(STREAM | GZIP, packed[: len(packed) // 2])
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/body-cut-off"
    kept = await log.head() - before
    assert 0 < kept < 2_000
    assert answer.json()["accepted"] == kept
    again = await ingest.post(STREAM | GZIP, packed)
    assert again.status_code == 200
    assert (again.json()["duplicates"], again.json()["accepted"]) == (kept, 2_000 - kept)


async def test_a_stream_that_is_not_gzip_is_refused_and_nothing_is_kept(ingest: Served, log: EventLog) -> None:
    before = await log.head()
    answer = await ingest.post(STREAM | GZIP, line(0))
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/gzip-invalid")
    assert await log.head() == before


@pytest.mark.parametrize("abort", [True, False])
async def test_a_sender_that_goes_away_leaves_its_complete_lines(ingest: Served, log: EventLog, *, abort: bool) -> None:
    before = await log.head()
    _, writer = await ingest.connect(STREAM)
    writer.write(chunk(b"".join(map(line, range(1_500))) + line(1_500)[:-10]))
    await writer.drain()
    if abort:
        await until(lambda: _reached(log, before + 1), what="the service reads")
        writer.transport.abort()
    else:
        writer.close()
        await writer.wait_closed()
    await until(lambda: _quiet(ingest, log, before), what="what was read is stored")
    kept = await log.head() - before
    assert kept <= 1_500
    if not abort:
        assert kept == 1_500
    assert [each.id for each in await log.read_after(before, 2_000)] == [f"e-{number}" for number in range(kept)]
    again = await ingest.post(STREAM, b"".join(map(line, range(1_501))))
    assert (again.json()["accepted"], again.json()["duplicates"]) == (1_501 - kept, kept)


async def _reached(log: EventLog, position: int) -> bool:
    return await log.head() >= position


async def _quiet(ingest: Served, log: EventLog, before: int) -> bool:
    requests = 'tiendo_http_requests_total{method="POST",route="/v1/events"'
    text = (await ingest.client.get("/metrics")).text
    return requests in text and await log.head() > before


async def test_a_slow_sender_sees_its_events_in_the_log_before_it_has_finished(ingest: Served, log: EventLog) -> None:
    before = await log.head()
    reader, writer = await ingest.connect(STREAM)
    for number in range(3):
        sent = line(number)
        writer.write(chunk(sent[:20]))
        await writer.drain()
        writer.write(chunk(sent[20:]))
        await writer.drain()
        await until(lambda wanted=before + number + 1: _reached(log, wanted), what=f"line {number} is stored")
    writer.write(b"0\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    writer.close()


async def test_a_line_without_end_takes_bounded_memory_and_the_lines_around_it_stand(ingest: Served) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield line(0)
        for _ in range(1_000):
            yield b"x" * MEGABYTE
        yield b"\n"
        yield line(1)

    tracemalloc.start()
    answer = await ingest.post(STREAM, body())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [each["status"] for each in answer.json()["events"]] == ["accepted", "rejected", "accepted"]
    assert answer.json()["events"][1]["problem"]["type"] == "/problems/event-too-large"
    assert peak < 16 * MEGABYTE


async def test_a_long_stream_takes_bounded_memory(ingest: Served) -> None:
    packed = gzip.compress(b"".join(map(line, range(1_000))) * 12)

    async def body() -> AsyncIterator[bytes]:
        for start in range(0, len(packed), 65_536):
            yield packed[start : start + 65_536]

    tracemalloc.start()
    answer = await ingest.post(STREAM | GZIP, body())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (answer.json()["accepted"], answer.json()["duplicates"]) == (1_000, 11_000)
    assert len(answer.json()["events"]) == 1_000
    assert peak < 32 * MEGABYTE


async def test_two_streams_and_single_events_share_the_writer(ingest: Served, log: EventLog) -> None:
    before, numbers = await log.head(), count()

    async def one() -> int:
        body = b"".join(line(next(numbers)) for _ in range(400))
        told = (await ingest.post(STREAM, body)).json()
        positions = [each["position"] for each in told["events"]]
        assert positions == sorted(positions)
        return int(told["accepted"])

    assert sum(await asyncio.gather(*(one() for _ in range(8)))) == 3_200
    assert await log.head() == before + 3_200


async def test_batch_and_stream_tell_the_same(ingest: Served) -> None:
    items = [event(id="a"), event(data={"x": 1}), event(id="b")]
    stream = (await ingest.post(STREAM, "\n".join(map(text_of, items)))).json()
    batch = (await ingest.post(BATCH, json.dumps(items))).json()
    assert [each["status"] for each in stream["events"]] == ["accepted", "rejected", "accepted"]
    assert [each["status"] for each in batch["events"]] == ["duplicate", "rejected", "duplicate"]
    assert stream["events"][1]["problem"] == batch["events"][1]["problem"]
