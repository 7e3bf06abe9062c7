"""What a projector over Kafka does not go on from, and what it waits for."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import tiendo_on
from tests.kafka.brokers import Kafka
from tests.projector.conftest import running_projector
from tests.projector.followed_topics import publishing, topics_of
from tests.projector.followers import following, level, shown
from tests.projector.logs import address_of, define, many_cases, received_text, rows_of, send
from tests.projector.poisoned import CASE_RECORDS, DIRECTORY_RECORDS, poisoned
from tests.projector.test_refolding import OFF, calendar
from tests.query.serving import asked_service
from tests.waiting import until

import tiendo_projector
from tiendo_contracts.messages import TopicKind, topic
from tiendo_event_store.publication.reading import PublicationLog
from tiendo_projector.errors import FactOfNewerVersion, StubNotFetched, TopicContradicts
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.kafka.applying import apply_topics
from tiendo_runtime.settings import Settings


async def test_a_database_with_cases_of_its_own_follows_others_too_and_passes_nothing_of_theirs_on(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    await send(engine, [received_text("A-1"), received_text("SAME-EVENT")])
    await define(engine, calendar("vn", overrides=(OFF,)))
    await send(other_engine, [received_text("OWN-1")])
    async with publishing(engine, settings) as publisher, following(settings, address_of(other_engine)):
        await publisher.publish()
        await shown(other_engine, engine)
        await send(other_engine, [received_text("OWN-2"), received_text("SAME-EVENT")])
        await shown(other_engine, engine)
        rows = dict(await rows_of(other_engine, "cases", "case_id", "calendar_version"))
    assert rows == {"A-1": "vn/2", "OWN-1": "vn/1", "OWN-2": "vn/1", "SAME-EVENT": "vn/2"}
    async with PublicationLog(other_engine) as log:
        entries = await log.read_after(0, 100)
    passed_on = {entry.subject for entry in entries if entry.kind == TopicKind.CASE_EVENTS}
    assert passed_on == {"OWN-1", "OWN-2", "SAME-EVENT"}


async def test_without_brokers_the_command_says_what_is_missing(engine: AsyncEngine, tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="TIENDO_KAFKA_BOOTSTRAP_SERVERS is not set"):
        await tiendo_projector.run_over_kafka(Settings(), address_of(engine), asyncio.Event())
    run = tiendo_on(address_of(engine), tmp_path)
    assert "TIENDO_KAFKA_BOOTSTRAP_SERVERS" in run("serve", "projector", "--from", "kafka").stderr
    assert run("serve", "query", "--from", "kafka").returncode == 2


async def test_brokers_that_are_away_and_topics_that_are_missing_are_waited_for(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(
        kafka_bootstrap_servers=kafka.bootstrap_servers, kafka_generation=generation, kafka_partitions=2
    )
    await send(engine, [received_text("HS-1")])
    async with following(settings, address_of(other_engine)):
        said = ""

        def says_so() -> bool:
            nonlocal said
            said += capsys.readouterr().out
            return "tiendo topics apply" in said

        await until(says_so)
        await apply_topics(settings)
        async with publishing(engine, settings) as publisher:
            await publisher.publish()
            await shown(other_engine, engine)


async def test_a_stub_is_fetched_where_the_log_is_and_without_its_address_the_projector_says_so(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int, tmp_path: Path
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation)
    async with asked_service(address_of(engine), engine, tmp_path) as asked, publishing(engine, settings) as publisher:
        await asked.tell([received_text("HS-1"), received_text("HS-2")])
        [told] = (await asked.get("/v1/cases/HS-1/events"))["events"]
        publisher.stubs = {told["position"]}
        await publisher.publish()
        with pytest.raises(StubNotFetched, match=rf"position {told['position']} .*TIENDO_API_URL"):
            await tiendo_projector.run_over_kafka(settings, address_of(other_engine), asyncio.Event())
        address = {"api_url": f"http://127.0.0.1:{asked.port}", "api_key": asked.secret}
        reading = Settings.model_validate({**settings.model_dump(), **address})
        async with following(reading, address_of(other_engine)):
            await level(engine, other_engine)


async def test_records_that_no_log_can_have_sent_are_passed_over(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation, partitions=1)
    await send(engine, many_cases(5))
    await put(kafka, settings, TopicKind.CASE_EVENTS, CASE_RECORDS.values())
    await put(kafka, settings, TopicKind.DIRECTORY, DIRECTORY_RECORDS.values())
    async with running_projector(address_of(engine)), publishing(engine, settings) as publisher:
        await publisher.publish()
        async with following(settings, address_of(other_engine)):
            await level(engine, other_engine)


async def test_a_fact_of_a_newer_version_ends_the_projector_with_a_clear_word(
    other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation, partitions=1)
    await put(kafka, settings, TopicKind.DIRECTORY, [poisoned(type="vn.tiendo.directory.seal-defined.v9")])
    with pytest.raises(FactOfNewerVersion, match=r"position 1 .*seal-defined\.v9.*install"):
        await tiendo_projector.run_over_kafka(settings, address_of(other_engine), asyncio.Event())


async def put(kafka: Kafka, settings: Settings, kind: TopicKind, records: Iterable[tuple[bytes, bytes]]) -> None:
    """Put records on the one partition of a topic."""
    name = topic(kind, generation=settings.kafka_generation).name
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers)
    await producer.start()
    for key, value in records:
        await producer.send_and_wait(name, value, key=key, partition=0)
    await producer.stop()


async def test_two_messages_that_cannot_both_stand_end_the_projector_with_a_clear_word(
    engine: AsyncEngine, other_engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    settings = await topics_of(kafka.bootstrap_servers, generation, partitions=1)
    await send(engine, [received_text("HS-1"), received_text("HS-2")])
    async with publishing(engine, settings) as publisher:
        await publisher.publish()
        async with following(settings, address_of(other_engine)):
            await shown(other_engine, engine)
        publisher.mistake_tails_for(3)
        await send(engine, [received_text("HS-3")])
        await publisher.publish()
    with pytest.raises(TopicContradicts, match="new generation of topics"):
        await tiendo_projector.run_over_kafka(settings, address_of(other_engine), asyncio.Event())
    assert await rows_of(other_engine, "faults", "case_id") == []
