"""`tiendo up` where Kafka is configured: the relay runs with the rest, and holds up nobody."""

from pathlib import Path

import httpx
from tests.cli.running_up import all_gone, start_up
from tests.event_store.events import event
from tests.ports import reserved_pair
from tests.waiting import until


async def test_up_serves_though_kafka_is_away_and_stops_in_time(tmp_path: Path) -> None:
    with reserved_pair() as port:
        await _serves_and_stops(tmp_path, port)


async def _serves_and_stops(tmp_path: Path, port: int) -> None:
    up = await start_up(tmp_path / "data", TIENDO_KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1", TIENDO_METRICS_PORT=str(port))
    try:
        async with up.client() as client:
            await _send(client, up.lines["ingest key"])
        assert await up.is_ready()
        await until(lambda: "no broker answers" in up.complaints.read_text(), what="the relay says why it waits")
        assert up.child("relay")
        assert "tiendo_projector_lag_events" in await _metrics(port)
        assert "tiendo_relay_lag_events" in await _metrics(port + 1)
    finally:
        everything = up.everything()
        assert await up.stop() == 0
    await all_gone(everything, seconds=10)


async def _metrics(port: int) -> str:
    async with httpx.AsyncClient(timeout=60) as client:
        return (await client.get(f"http://127.0.0.1:{port}/metrics")).text


async def _send(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.post(
        "/v1/events",
        content=event("e-1").text.encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/cloudevents+json"},
    )
    assert answer.status_code == 200
