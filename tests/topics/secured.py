"""A secured broker with the topics and rights of a plan on it, and its users."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.group import JoinGroupRequest
from aiokafka.protocol.produce import ProduceRequest
from pydantic import SecretStr
from tests.kafka.fixtures import SecuredKafka
from tests.kafka.layouts import USERS

from tiendo_client.kafka_access import SecurityProtocol
from tiendo_runtime.settings import Settings

AGENCIES = """
[[agency]]
unit = "H34.STNMT"
principals = ["User:agency"]

[[agency]]
unit = "H34.20"
principals = ["User:other-agency"]
"""


def settings_of(secured: SecuredKafka, user: str, generation: int, folder: Path, **others: Any) -> Settings:
    """The settings with which `user` signs in; each test has topics of a generation of its own."""
    agencies = folder / "agencies.toml"
    agencies.write_text(AGENCIES)
    return Settings(
        kafka_bootstrap_servers=secured.bootstrap_servers,
        kafka_security_protocol=SecurityProtocol.SASL_SSL,
        kafka_username=user,
        kafka_password=SecretStr(USERS.get(user, "guessed")),
        kafka_ca_file=secured.authority.certificate,
        kafka_generation=generation,
        kafka_partitions=2,
        kafka_relay_principal="User:relay",
        kafka_projector_principal="User:projector",
        kafka_agencies=agencies,
    ).model_copy(update=others)


def environment_of(settings: Settings) -> dict[str, str]:
    """The same settings as environment variables, for a process."""
    found = {name: value for name, value in settings if name.startswith("kafka_") and value is not None}
    plain = {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in found.items()}
    return {f"TIENDO_{name.upper()}": str(value) for name, value in plain.items() if value != ""}


@asynccontextmanager
async def admin_client(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """An admin client of whoever the settings name."""
    assert settings.kafka is not None
    client = AIOKafkaAdminClient(**settings.kafka.options())
    try:
        await client.start()
        yield client
    finally:
        await client.close()


async def write(
    settings: Settings, topic: str, *, partition: int = 0, value: bytes = b"{}", idempotent: bool = True
) -> None:
    """Write a message as whoever the settings name. Raises what aiokafka raises."""
    assert settings.kafka is not None
    producer = AIOKafkaProducer(acks="all", enable_idempotence=idempotent, **settings.kafka.options())
    try:
        await producer.start()
        await producer.send_and_wait(topic, value, key=b"case", partition=partition)
    finally:
        await producer.stop()


async def read(settings: Settings, topic: str, *, group: str | None = None) -> list[bytes | None]:
    """The first messages of the topic's first partition, read in a group or without. Raises what aiokafka raises."""
    assert settings.kafka is not None
    consumer = AIOKafkaConsumer(group_id=group, auto_offset_reset="earliest", **settings.kafka.options())
    try:
        await consumer.start()
        if group is None:
            consumer.assign([TopicPartition(topic, 0)])
        else:
            consumer.subscribe([topic])
        record = await consumer.getone()
        if group is not None:
            await consumer.commit()
        return [record.value]
    finally:
        await consumer.stop()


async def refused_fetch(settings: Settings, topic: str) -> type[Exception]:
    """What the brokers answer to a bare request for the messages of a topic, which no client has looked at before."""
    request = FetchRequest(100, 1, 1_000_000, 0, [(topic, [(0, 0, 1_000_000)])])
    async with admin_client(settings) as client:
        answer = await client._send_request(request)
    ((_, ((_, code, *_),)),) = answer.topics
    refused: type[Exception] = for_code(code)
    return refused


async def refused_produce(settings: Settings, topic: str) -> type[Exception]:
    """What the brokers answer to a bare request to store something in a topic: they look at rights before they look at messages."""
    request = ProduceRequest(None, -1, 10_000, [(topic, [(0, b"")])])
    async with admin_client(settings) as client:
        answer = await client._send_request(request)
    ((_, ((_, code, *_),)),) = answer.topics
    refused: type[Exception] = for_code(code)
    return refused


async def refused_group(settings: Settings, group: str) -> type[Exception]:
    """What the brokers answer to a bare request to join a consumer group."""
    request = JoinGroupRequest(group, 10_000, 10_000, "", "", "consumer", [("range", b"")])
    async with admin_client(settings) as client:
        answer = await client._send_request(request, await client.find_coordinator(group))
    refused: type[Exception] = for_code(answer.error_code)
    return refused


async def visible_topics(settings: Settings) -> Sequence[str]:
    """The topics that the brokers show to whoever the settings name."""
    async with admin_client(settings) as client:
        return sorted(found["topic"] for found in await client.describe_topics())
