"""Signed checkpoints go over Kafka as the notes that they are, each once, also when the relay begins again."""

from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.relay.relaying import append, made_topics, relay
from tests.waiting import until

from tiendo_contracts.messages.topics import checkpoints_topic
from tiendo_event_store.proofs.signing import Signer
from tiendo_event_store.publication import feed_states
from tiendo_runtime.settings import Settings


async def notes(settings: Settings) -> list[str]:
    """What the topic holds."""
    where = TopicPartition(checkpoints_topic(generation=settings.kafka_generation).name, 0)
    assert settings.kafka is not None
    consumer = AIOKafkaConsumer(**settings.kafka.options(), group_id=None, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([where])
        end = (await consumer.end_offsets([where]))[where]
        found: list[str] = []
        while await consumer.position(where) < end:
            found += [record.value.decode() for record in (await consumer.getmany(timeout_ms=200)).get(where, [])]
        return found
    finally:
        await consumer.stop()


async def test_every_checkpoint_is_sent_as_the_note_that_it_is_and_once(
    kafka: Kafka, generation: int, engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    settings = await made_topics(kafka.bootstrap_servers, generation)
    signer = Signer(engine=engine, key=Ed25519PrivateKey.generate(), file=tmp_path / "checkpoints")
    signed: list[str] = []

    async def sent_all() -> bool:
        async with engine.connect() as connection:
            states = {state.feed: state.position for state in await feed_states(connection)}
        return states.get(f"checkpoints:g{generation}") == last.size

    for name in ("a", "b"):
        await append(engine, [name])
        last = await signer.last_turn()
        signed.append(last.note)
        async with relay(settings, database_url):
            await until(sent_all, seconds=60, what="the checkpoint is relayed")
    assert await notes(settings) == signed
