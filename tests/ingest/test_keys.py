"""Who may send what: decided before the body is looked at."""

import asyncio

import pytest
from tests.contracts.events import event, text_of
from tests.ingest.serving import BATCH, EVENT, STREAM, Served

from tiendo_event_store import EventLog
from tiendo_runtime.authentication import Scope

ANSWER_SECONDS_MAX = 10


@pytest.mark.parametrize("headers", [EVENT, BATCH, STREAM, {"Content-Type": "text/plain"}])
async def test_without_a_valid_key_the_body_is_never_asked_for(ingest: Served, headers: dict[str, str]) -> None:
    for authorization, status in (("", b"401"), ("Bearer nonsense", b"401"), ("Basic eA==", b"401"), (None, b"403")):
        read_only = (await ingest.key(Scope.READ))["Authorization"]
        told = {"Authorization": authorization if authorization is not None else read_only, "Expect": "100-continue"}
        reader, writer = await ingest.connect(headers | told)
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            head = await reader.readuntil(b"\r\n\r\n")
        assert head.split()[1] == status
        assert b"100 Continue" not in head
        assert b"application/problem+json" in head
        assert b"www-authenticate" in head.lower()
        writer.close()


async def test_a_key_sends_only_events_of_its_sources(ingest: Served, log: EventLog) -> None:
    bound = await ingest.key(Scope.INGEST, sources=["/kontum/", "/gialai"])
    before = await log.head()
    items = [
        event(id="1", source="/kontum/igate"),
        event(id="2", source="/kontum"),
        event(id="3", source="/gialai"),
        event(id="4", source="/KONTUM/igate"),
    ]
    answer = await ingest.post(BATCH | bound, text_of(items))
    assert [each["status"] for each in answer.json()["events"]] == ["accepted", "rejected", "accepted", "rejected"]
    assert answer.json()["events"][1]["problem"]["type"] == "/problems/source-not-allowed"
    assert await log.head() == before + 2
    alone = await ingest.post(EVENT | bound, text_of(items[1]))
    assert alone.status_code == 422


async def test_a_correction_annuls_only_what_its_key_may_send(ingest: Served) -> None:
    bound = await ingest.key(Scope.INGEST, sources=["/kontum/"])
    foreign = event("corrected", id="c-1", data={"annuls": {"source": "/gialai/igate", "id": "e-1"}})
    answer = await ingest.post(EVENT | bound, text_of(foreign))
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/annulment-not-allowed"
    assert answer.json()["field"] == "data.annuls.source"
    own = event("corrected", id="c-2", data={"annuls": {"source": "/kontum/vilis", "id": "e-1"}})
    assert (await ingest.post(EVENT | bound, text_of(own))).json()["status"] == "accepted"
    assert (await ingest.post(EVENT, text_of(foreign))).json()["status"] == "accepted"


async def test_a_key_bound_to_no_source_sends_nothing(ingest: Served) -> None:
    bound = await ingest.key(Scope.INGEST, sources=[])
    assert (await ingest.post(EVENT | bound, text_of(event()))).status_code == 422


async def test_other_methods_are_not_answered(ingest: Served) -> None:
    answer = await ingest.client.put("/v1/events", content=b"")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["allow"] == "POST"
