"""A batch: good events are stored whatever else the array holds; what cannot be divided into events is refused as a whole."""

import gzip
import json
from typing import Any

import pytest
from tests.contracts.events import event, text_of
from tests.ingest.serving import BATCH, GZIP, Served

from tiendo_event_store import EventLog


def events(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [event(id=f"e-{number}", subject=f"case-{number % 7}") for number in range(start, start + count)]


async def test_good_events_are_stored_and_bad_ones_are_told_by_index(ingest: Served, log: EventLog) -> None:
    before = await log.head()
    items = [*events(2), event(data={"applicant": "x"}), {"id": "half"}, 7, *events(1), event(id="e-1")]
    answer = await ingest.post(BATCH, text_of(items))
    assert answer.status_code == 207
    told = answer.json()
    assert (told["accepted"], told["duplicates"], told["rejected"]) == (2, 1, 4)
    assert [each["status"] for each in told["events"]] == [
        "accepted",
        "accepted",
        "rejected",
        "rejected",
        "rejected",
        "duplicate",
        "rejected",
    ]
    assert [each["id"] for each in told["events"]] == ["e-0", "e-1", "e-1", "half", None, "e-0", "e-1"]
    assert [each.get("position") for each in told["events"][:2]] == [before + 1, before + 2]
    assert told["events"][5]["position"] == before + 1
    assert [each["problem"]["index"] for each in told["events"] if "problem" in each] == [2, 3, 4, 6]
    assert told["events"][2]["problem"]["field"] == "data.applicant"
    assert told["events"][6]["problem"]["type"].endswith("/conflict")
    assert await log.head() == before + 2


async def test_nothing_refused_is_200_and_the_same_batch_again_is_all_duplicates(ingest: Served) -> None:
    body = json.dumps(events(25), indent=1)
    first, again = await ingest.post(BATCH, body), await ingest.post(BATCH, body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["duplicates"] == 25
    assert [each["position"] for each in again.json()["events"]] == [
        each["position"] for each in first.json()["events"]
    ]


async def test_positions_rise_in_the_order_sent_over_the_whole_batch(ingest: Served, log: EventLog) -> None:
    before = await log.head()
    answer = await ingest.post(BATCH | GZIP, gzip.compress(text_of(events(10_000)).encode()))
    assert answer.status_code == 200
    positions = [each["position"] for each in answer.json()["events"]]
    assert positions == list(range(before + 1, before + 10_001))
    stored = await log.read_after(before, 10_000)
    assert [each.id for each in stored] == [f"e-{number}" for number in range(10_000)]


async def test_an_element_that_is_no_strict_json_is_refused_by_itself(ingest: Served) -> None:
    good = text_of(event())
    bad = ['{"id":"a","id":"b"}', r'{"x":"\u0000"}', '{"x":NaN}', "[" * 40 + "]" * 40, '{"x":1e400}', r'["\udc00"]']
    large = text_of(event(id="large", data={"channel": "x" * 70_000}))
    answer = await ingest.post(BATCH, f"[{','.join(bad)},{good},{large}]")
    assert answer.status_code == 207
    kinds = [
        each["problem"]["type"].removeprefix("/problems/") for each in answer.json()["events"] if "problem" in each
    ]
    assert kinds == [
        "json-duplicate-member",
        "json-null-character",
        "json-not-a-number",
        "json-too-deep",
        "json-number-too-large",
        "json-lone-surrogate",
        "event-too-large",
    ]
    assert answer.json()["events"][6]["status"] == "accepted"


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("", 400, "json-invalid"),
        ("{}", 400, "batch-not-an-array"),
        (text_of(event()), 400, "batch-not-an-array"),
        (f"[{text_of(event())}", 400, "json-invalid"),
        (f"[{text_of(event())},]", 400, "json-invalid"),
        (f"[{text_of(event())}]]", 400, "json-invalid"),
        (b"[\xff]", 400, "json-not-utf8"),
        ("[" + ",".join(["1"] * 10_001) + "]", 413, "too-many-events"),
        (" " * (10 * 1024 * 1024) + "[]", 413, "body-too-large"),
    ],
)
async def test_what_is_no_batch_is_refused_as_a_whole_and_nothing_is_stored_or_kept(
    ingest: Served, log: EventLog, body: str | bytes, status: int, kind: str
) -> None:
    before = await log.head()
    content = body.encode() if isinstance(body, str) else body
    for headers, sent in ((BATCH, content), (BATCH | GZIP, gzip.compress(content))):
        answer = await ingest.post(headers, sent)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert await log.head() == before
    assert (await ingest.client.get("/v1/rejections")).json() == {"rejections": [], "next": 0}


async def test_an_empty_batch_is_accepted(ingest: Served) -> None:
    answer = await ingest.post(BATCH, " [ ] ")
    assert answer.status_code == 200
    assert answer.json()["events"] == []


async def test_a_bomb_is_refused_as_soon_as_it_is_too_large(ingest: Served) -> None:
    answer = await ingest.post(BATCH | GZIP, gzip.compress(b" " * 300_000_000))
    assert answer.status_code == 413
    many_empty_members = gzip.compress(b"") * 1_000_000
    assert (await ingest.post(BATCH | GZIP, many_empty_members)).status_code == 413
