"""One event: 200 when it is durable, the problem document itself when it is refused."""

import gzip
import json

import pytest
from tests.contracts.events import event, text_of
from tests.ingest.serving import EVENT, GZIP, Served

from tiendo_event_store import EventLog


async def test_an_event_is_accepted_and_then_a_duplicate_with_its_first_position(ingest: Served, log: EventLog) -> None:
    first = await ingest.post(EVENT, text_of(event()))
    head = await log.head()
    assert first.status_code == 200
    assert first.json() == {"index": 0, "id": "e-1", "status": "accepted", "position": head}
    again = await ingest.post(EVENT, json.dumps(event(), indent=3))
    assert again.status_code == 200
    assert again.json() == {"index": 0, "id": "e-1", "status": "duplicate", "position": head}
    assert await log.head() == head


async def test_the_text_is_stored_as_it_was_sent(ingest: Served, log: EventLog) -> None:
    text = text_of(event()).replace("Đất", "\\u0110ất")
    answer = await ingest.post(EVENT, f"\r\n {text}\t")
    assert (await log.read_case(event()["subject"]))[0].text == text
    assert answer.json()["position"] == await log.head()


async def test_other_content_under_the_same_key_is_a_conflict(ingest: Served, log: EventLog) -> None:
    position = (await ingest.post(EVENT, text_of(event()))).json()["position"]
    answer = await ingest.post(EVENT, text_of(event(sequence="18")))
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/conflict")
    assert answer.json()["status"] == 409
    assert str(position) in answer.json()["detail"]
    assert await log.head() == position


async def test_a_refused_event_is_answered_with_the_problem_in_either_language(ingest: Served) -> None:
    body = text_of(event(data={"holder": {"birthday": "1990"}}))
    english = await ingest.post(EVENT, body)
    assert english.status_code == 422
    assert english.headers["content-type"] == "application/problem+json"
    assert english.json()["field"] == "data.holder.birthday"
    assert english.json()["remedy"] == "Leave `data.holder.birthday` out."
    vietnamese = await ingest.post(EVENT, body, **{"Accept-Language": "vi-VN, en;q=0.5"})
    assert vietnamese.json()["title"] == "Trường không được phép"


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"", 400, "json-invalid"),
        (b"{", 400, "json-invalid"),
        (b"\xff", 400, "json-not-utf8"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", 400, "json-byte-order-mark"),
        (b'{"a":1,"a":2}', 422, "json-duplicate-member"),
        (b"[" * 60_000, 422, "json-too-deep"),
        (b"[]", 422, "event-not-an-object"),
        (b"null", 422, "event-not-an-object"),
        (b" " * 65_536 + b"{}", 413, "event-too-large"),
        (b"x" * 1_000_000, 413, "event-too-large"),
    ],
)
async def test_whatever_is_sent_is_answered_with_what_is_wrong(
    ingest: Served, body: bytes, status: int, kind: str
) -> None:
    for content, headers in ((body, EVENT), (gzip.compress(body), EVENT | GZIP)):
        answer = await ingest.post(headers, content)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Content-Type": "application/json"}, "media-type-unsupported"),
        ({"Content-Type": "application/cloudevents+json; charset=utf-16"}, "media-type-unsupported"),
        ({}, "media-type-unsupported"),
        ({**EVENT, "Content-Encoding": "br"}, "content-encoding-unsupported"),
    ],
)
async def test_other_media_types_and_packings_are_not_read(ingest: Served, headers: dict[str, str], kind: str) -> None:
    answer = await ingest.post(headers, text_of(event()))
    assert answer.status_code == 415
    assert answer.json()["type"] == f"/problems/{kind}"


async def test_charset_and_gzip_are_taken(ingest: Served) -> None:
    headers = {"Content-Type": 'application/CloudEvents+json; Charset="UTF-8"', "Content-Encoding": "gzip"}
    answer = await ingest.post(headers, gzip.compress(text_of(event()).encode()))
    assert answer.json()["status"] == "accepted"


@pytest.mark.parametrize(
    "body", [b"", b"{}", gzip.compress(b"{}", mtime=0)[:-3], gzip.compress(b"{}", mtime=0) + b"{}"]
)
async def test_what_is_not_gzip_is_refused(ingest: Served, body: bytes) -> None:
    answer = await ingest.post(EVENT | GZIP, body)
    assert answer.status_code == 400
    assert answer.json()["type"] in {"/problems/gzip-invalid", "/problems/body-cut-off"}
