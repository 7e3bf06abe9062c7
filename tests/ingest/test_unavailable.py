"""While the log cannot be written nothing is claimed: 503 with Retry-After, and the same again afterwards is harmless."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from tests.contracts.events import event, text_of
from tests.ingest.serving import BATCH, EVENT, STREAM, Served
from tests.waiting import until

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_event_store import CoalescingWriter, EventLog, Rejections
from tiendo_ingest import intake
from tiendo_ingest.ingest_state import Ingest
from tiendo_ingest.intake import Intake
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.server import find_server, stop_server
from tiendo_runtime.embedded.usage import restart_server

GOOD, BAD = text_of(event()), text_of(event(data={"x": 1}))


@asynccontextmanager
async def stopped(server: Cluster) -> AsyncIterator[None]:
    """While inside, the database's server does not run."""
    pid = find_server(server)
    assert pid is not None
    await stop_server(server, pid)
    try:
        yield
    finally:
        await restart_server(server)


async def test_a_log_that_cannot_be_written_is_503_and_the_same_again_is_taken_later(
    ingest: Served, postgres_server: Cluster
) -> None:
    requests = [
        (headers, body)
        for sent in (GOOD, BAD)
        for headers, body in ((EVENT, sent), (BATCH, f"[{sent}]"), (STREAM, sent))
    ]
    await ingest.client.get("/v1/rejections")  # the key is remembered for some seconds
    async with stopped(postgres_server):
        answers = await asyncio.gather(*(ingest.post(headers, body) for headers, body in requests))
        ready = await ingest.client.get("/readyz")
        listed = await ingest.client.get("/v1/rejections")
    assert {answer.status_code for answer in (*answers, ready, listed)} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in (*answers, ready, listed))
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}

    async def taken() -> bool:
        again = [await ingest.post(headers, body) for headers, body in requests]
        return [answer.status_code for answer in again] == [200, 200, 200, 422, 207, 207]

    await until(taken, what="the service recovers by itself")


async def test_what_kept_events_from_the_log_is_in_the_journal_with_the_id_of_the_request(
    ingest: Served, owner_engine: AsyncEngine
) -> None:
    async with owner_engine.begin() as connection:
        await connection.execute(text(f"REVOKE EXECUTE ON FUNCTION tiendo.append_events FROM {DatabaseRole.INGEST}"))
    for headers, body in ((EVENT, GOOD), (BATCH, f"[{GOOD}]"), (STREAM, GOOD)):
        with capture_logs(processors=[merge_contextvars]) as journal:
            answer = await ingest.post(headers, body)
        told = [entry for entry in journal if entry.get("request_id") == answer.headers["x-request-id"]]
        assert answer.status_code == 503
        assert [(entry["event"], entry["log_level"]) for entry in told] == [
            ("the log cannot be reached, or not be written", "error"),
            ("request", "warning"),
        ]
        assert told[0]["cause"] == "InsufficientPrivilegeError: permission denied for function append_events"


@pytest.mark.parametrize(("headers", "body"), [(BATCH, f"[{GOOD},{BAD}]"), (STREAM, f"{BAD}\n{GOOD}")])
async def test_a_refused_batch_leaves_its_numbers_in_the_journal(
    ingest: Served, headers: dict[str, str], body: str
) -> None:
    with capture_logs(processors=[merge_contextvars]) as journal:
        answer = await ingest.post(headers, body)
    told = [entry for entry in journal if entry["event"] == "events refused"]
    assert [(entry["log_level"], entry["accepted"], entry["rejected"]) for entry in told] == [("info", 1, 1)]
    assert told[0]["request_id"] == answer.headers["x-request-id"]
    assert told[0]["request"] == answer.json()["request"]


async def test_more_than_may_wait_is_refused_at_once_for_one_event_and_waited_out_for_many(
    ingest: Served, owner_engine: AsyncEngine, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, running = await log.head(), ingest.running
    async with CoalescingWriter(running.engine, pending_max=1) as writer:
        held: Ingest = ingest.app.state.ingest
        ingest.app.state.ingest = replace(held, intake=Intake(writer, Rejections(running.engine)))
        async with owner_engine.begin() as connection:
            await connection.execute(text("LOCK TABLE tiendo.events IN EXCLUSIVE MODE"))
            first = asyncio.create_task(ingest.post(EVENT, text_of(event())))
            await until(lambda: writer.pending_events == 1, what="the first event waits")
            refused = await ingest.post(EVENT, text_of(event(id="e-2")))
            with monkeypatch.context() as patched:
                patched.setattr("tiendo_ingest.routes.events_route.BUSY_SECONDS_MAX", 0.0)
                impatient = await ingest.post(BATCH, f"[{text_of(event(id='e-4'))}]")
            waiting = asyncio.create_task(ingest.post(STREAM, text_of(event(id="e-3"))))
            await ingest.client.get("/healthz")
        assert (refused.status_code, refused.json()["type"]) == (503, "/problems/overloaded")
        assert refused.headers["retry-after"] == "1"
        assert impatient.status_code == 503
        assert (await first).status_code == 200
        assert (await waiting).json()["accepted"] == 1
        ingest.app.state.ingest = held
    assert await log.head() == before + 2
    assert intake.BUSY_SECONDS_MAX > 0


async def test_a_service_that_stops_writes_what_it_has_taken(
    ingest: Served, owner_engine: AsyncEngine, log: EventLog
) -> None:
    before = await log.head()
    async with owner_engine.begin() as connection:
        await connection.execute(text("LOCK TABLE tiendo.events IN EXCLUSIVE MODE"))
        first = asyncio.create_task(ingest.post(EVENT, text_of(event())))
        metrics = "tiendo_ingest_waiting_events 1.0"

        async def waits() -> bool:
            return metrics in (await ingest.client.get("/metrics")).text

        await until(waits, what="the event waits")
    assert (await first).json()["position"] == before + 1
