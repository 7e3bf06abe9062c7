"""`tiendo serve relay`, `tiendo doctor` and `tiendo log` as an operator uses them."""

import asyncio
import json
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.preloaded.commands import Begun, begun_tiendo, tiendo_beside
from tests.relay.relaying import append, check, made_topics, relay, relayed, send
from tests.waiting import until

from tiendo_contracts.messages import Record
from tiendo_event_store import EventLog
from tiendo_projector.build_cleanup import only_rebuild
from tiendo_runtime.settings import Settings

PARTITIONS = 3
NO_BROKER = "127.0.0.1:1"


@pytest.fixture
async def settings(kafka: Kafka, generation: int) -> Settings:
    return await made_topics(kafka.bootstrap_servers, generation, partitions=PARTITIONS)


class Tiendo:
    """The program on one database, with the settings of the relay in its environment."""

    def __init__(self, settings: Settings, database_url: str, data: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}
        self.environment = {
            **kept,
            "TIENDO_DATABASE_URL": database_url,
            "TIENDO_DATA": str(data),
            "TIENDO_KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers or "",
            "TIENDO_KAFKA_GENERATION": str(settings.kafka_generation),
            "TIENDO_KAFKA_PARTITIONS": str(PARTITIONS),
        }

    async def start(self, *arguments: str) -> Begun:
        return await begun_tiendo(*arguments, environment=self.environment)

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        done = await tiendo_beside(*arguments, environment=self.environment, timeout_seconds=60)
        return done.returncode, done.stdout, done.stderr

    async def findings(self) -> dict[str, dict[str, Any]]:
        _, output, errors = await self.run("doctor", "--format", "json")
        assert "Traceback" not in errors
        return {finding["subject"]: finding for finding in json.loads(output)["findings"]}


@pytest.fixture
def tiendo(settings: Settings, database_url: str, tmp_path: Path) -> Tiendo:
    return Tiendo(settings, database_url, tmp_path / "data")


async def test_the_relay_runs_as_a_process_of_its_own(tiendo: Tiendo, settings: Settings, engine: AsyncEngine) -> None:
    process = await tiendo.start("serve", "relay")
    try:
        await append(engine, [f"e-{number}" for number in range(20)])
        await check(await relayed(settings, engine, seconds=60), engine, partitions=PARTITIONS)
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert "stopped in order" in errors.decode()


async def test_a_relay_that_must_not_go_on_ends_with_the_reason(tiendo: Tiendo, settings: Settings) -> None:
    await send(settings, [Record(b"key", b"hello", [])])
    status, _, errors = await tiendo.run("serve", "relay")
    assert status == 1
    assert "that tiendo did not send. To mend it: " in errors.splitlines()[-1]
    finding = (await tiendo.findings())[f"relay events:g{settings.kafka_generation}"]
    assert finding["verdict"] == "wrong"
    assert finding["found"].startswith("refused: ")
    assert "TIENDO_KAFKA_GENERATION" in finding["remedy"]


async def test_a_relay_without_kafka_says_what_to_set(tiendo: Tiendo) -> None:
    del tiendo.environment["TIENDO_KAFKA_BOOTSTRAP_SERVERS"]
    status, _, errors = await tiendo.run("serve", "relay")
    assert status == 1
    assert "TIENDO_KAFKA_BOOTSTRAP_SERVERS is not set" in errors


async def is_good(tiendo: Tiendo, subject: str) -> bool:
    return bool((await tiendo.findings())[subject]["verdict"] == "good")


async def test_doctor_says_how_far_the_relay_is(
    tiendo: Tiendo, settings: Settings, engine: AsyncEngine, database_url: str
) -> None:
    findings = await tiendo.findings()
    assert findings["relay"]["remedy"].startswith("start `tiendo serve relay`")
    assert findings["kafka"]["verdict"] == "good"
    async with relay(settings, database_url):
        await append(engine, ["first"])
        await relayed(settings, engine)
        subject = f"relay events:g{settings.kafka_generation}"
        # What has arrived is acknowledged a moment before that is noted.
        await until(partial(is_good, tiendo, subject), seconds=60)
    assert (await tiendo.findings())[subject]["found"].endswith("no relay is at work")


async def test_doctor_says_that_kafka_is_away_or_has_no_topics(tiendo: Tiendo, settings: Settings) -> None:
    tiendo.environment["TIENDO_KAFKA_GENERATION"] = str(settings.kafka_generation + 200_000)
    missing = [finding for subject, finding in (await tiendo.findings()).items() if subject.startswith("topic ")]
    assert {(finding["found"], finding["remedy"]) for finding in missing} == {("missing", "tiendo topics apply")}
    tiendo.environment["TIENDO_KAFKA_BOOTSTRAP_SERVERS"] = NO_BROKER
    findings = await tiendo.findings()
    assert findings["kafka"]["verdict"] == "wrong"
    assert NO_BROKER in findings["kafka"]["found"]


async def test_a_restored_log_gets_a_new_name_and_new_topics(
    tiendo: Tiendo, settings: Settings, kafka: Kafka, engine: AsyncEngine, database_url: str
) -> None:
    """As docs/operations.md says it."""
    await append(engine, [f"e-{number}" for number in range(20)])
    async with relay(settings, database_url):
        await relayed(settings, engine)
        status, _, errors = await tiendo.run("log", "renew-id", "--yes")
        assert (status, "stop `tiendo up`" in errors) == (1, True)
    before = await EventLog(engine).log_id()
    assert (await tiendo.run("log", "renew-id"))[0] == 1
    assert await EventLog(engine).log_id() == before
    async with only_rebuild(engine):  # which is in nobody's way
        status, output, _ = await tiendo.run("log", "renew-id", "--yes")
    after = await EventLog(engine).log_id()
    assert (status, after != before) == (0, True)
    assert str(after) in output
    assert str(after) in (await tiendo.run("log", "show"))[1]
    status, _, errors = await tiendo.run("serve", "relay")
    assert (status, str(before) in errors) == (1, True)
    renewed = await made_topics(kafka.bootstrap_servers, settings.kafka_generation + 100_000, partitions=PARTITIONS)
    async with relay(renewed, database_url):
        found = await relayed(renewed, engine)
    await check(found, engine, partitions=PARTITIONS)
