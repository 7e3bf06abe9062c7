"""What a relay sends is what the committed documents say, to a reader who has nothing but them: a plain consumer, JSON Schema, AsyncAPI."""

import json
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jsonschema_rs import Draft7Validator, Draft202012Validator
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.contracts.messages.documents import OPENAPI, schema_name
from tests.kafka.brokers import Kafka
from tests.publication_facts import append_facts, publication
from tests.relay.relaying import relay
from tests.relay.states import project
from tests.waiting import until

from tiendo_cli.simulating.loading_simulation import load_simulation
from tiendo_event_store import EventLog
from tiendo_event_store.proofs.signing import Signer
from tiendo_event_store.publication import feed_states
from tiendo_runtime.kafka.applying import apply_topics
from tiendo_runtime.settings import Settings
from tiendo_simulation import Simulation

AGENCY = "H34.STNMT"
KINDS = {
    "caseEvents": "case-events",
    "directory": "directory",
    "publications": "publications",
    "caseTimelines": "case-timelines",
    "delayAttributions": "delay-attributions",
    "agencyDelayAttributions": "delay-attributions",
}


async def records_of(kafka: Kafka, name: str) -> list[ConsumerRecord]:
    """Everything that a topic holds."""
    consumer = AIOKafkaConsumer(name, bootstrap_servers=kafka.bootstrap_servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = [TopicPartition(name, number) for number in consumer.partitions_for_topic(name)]
        ends = await consumer.end_offsets(partitions)
        found: list[ConsumerRecord] = []
        while any([await consumer.position(where) < ends[where] for where in partitions]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += records
        return found
    finally:
        await consumer.stop()


def cases(records: list[ConsumerRecord]) -> set[bytes]:
    return {record.key for record in records}


async def everything_told(engine: AsyncEngine) -> bool:
    """Whether the relay has noted the head of the log, and its other feeds are at work."""
    head = await EventLog(engine).head()
    async with engine.connect() as connection:
        feeds = {state.feed.partition(":")[0]: state for state in await feed_states(connection)}
    return feeds.keys() - {"checkpoints"} == {"events", "states", "agencies"} and feeds["events"].position == head


async def test_what_is_sent_is_what_the_documents_say(
    kafka: Kafka, generation: int, engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    await load_simulation(engine, Simulation("kontum-2022", scale=0.001, seed=7), progress=lambda _: None)
    await append_facts(engine, publication(AGENCY), publication(AGENCY, "corrected", version=2))
    await project(engine)
    agencies = tmp_path / "agencies.toml"
    agencies.write_text(f'[[agency]]\nunit = "{AGENCY}"\nprincipals = ["User:agency"]\n', encoding="utf-8")
    settings = Settings(
        kafka_bootstrap_servers=kafka.bootstrap_servers,
        kafka_generation=generation,
        kafka_partitions=3,
        kafka_agencies=agencies,
    )
    await apply_topics(settings)
    document = json.loads((OPENAPI / "asyncapi.json").read_text(encoding="utf-8"))
    found: dict[str, list[ConsumerRecord]] = {}

    async def whole() -> bool:
        for name, channel in document["channels"].items():
            found[name] = await records_of(kafka, f"{channel['address'].replace('{unit}', AGENCY)}.g{generation}")
        same = cases(found["caseEvents"]) == cases(found["caseTimelines"]) == cases(found["delayAttributions"])
        return same and bool(found["checkpoints"])

    await Signer(engine=engine, key=Ed25519PrivateKey.generate(), file=tmp_path / "checkpoints").last_turn()
    async with relay(settings, database_url):
        await until(lambda: everything_told(engine), what="the head of the log is noted")
        await until(whole, what="every case has its shares, and the checkpoint is there")
    check_notes(found.pop("checkpoints"), document["components"]["messages"]["checkpoint"])
    for name, records in found.items():
        assert records, name
        schema = json.loads((OPENAPI / "messages" / schema_name(KINDS[name])).read_text(encoding="utf-8"))
        (message,) = document["channels"][name]["messages"]
        check(records, schema, document["components"]["messages"][message])


def check_notes(records: list[ConsumerRecord], message: dict[str, Any]) -> None:
    """Every checkpoint is as the description says, under its origin."""
    values, headers = Draft7Validator(message["payload"]), Draft7Validator(message["headers"], validate_formats=True)
    assert records
    for record in records:
        values.validate(record.value.decode())
        headers.validate({name: header.decode() for name, header in record.headers})
        assert record.value.startswith(record.key + b"\n")


def check(records: list[ConsumerRecord], schema: dict[str, Any], message: dict[str, Any]) -> None:
    """Every record is as its schema and the message's description say."""
    values, headers = Draft202012Validator(schema, validate_formats=True), Draft7Validator(message["headers"])
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for record in records:
        value = json.loads(record.value)
        values.validate(value)
        shown = {name: header.decode() for name, header in record.headers}
        headers.validate(shown)
        assert record.key.decode() == value["subject"] == shown["ce_subject"]
        assert {name.removeprefix("ce_"): header for name, header in shown.items() if name != "content-type"} == {
            name: member for name, member in value.items() if name not in {"data", "datacontenttype"}
        }
        assert told.setdefault((value["source"], value["id"]), value) == value
