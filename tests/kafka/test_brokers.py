"""The brokers of the tests are real: they keep what they were given, survive being killed, and ask who you are."""

from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError
from tests.kafka import java
from tests.kafka.brokers import Kafka
from tests.kafka.fixtures import SecuredKafka


async def make_topic(name: str, *, copies: int = 1, **options: Any) -> None:
    admin = AIOKafkaAdminClient(**options)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=copies)])
    finally:
        await admin.close()


async def produce(topic: str, *values: bytes, idempotent: bool = True, **options: Any) -> None:
    producer = AIOKafkaProducer(acks="all", enable_idempotence=idempotent, **options)
    try:  # a client that could not start must be stopped all the same
        await producer.start()
        for value in values:
            await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def consume(topic: str, count: int, **options: Any) -> list[bytes]:
    consumer = AIOKafkaConsumer(topic, auto_offset_reset="earliest", **options)
    try:
        await consumer.start()
        return [(await consumer.getone()).value or b"" for _ in range(count)]
    finally:
        await consumer.stop()


async def test_a_message_comes_back_through_a_client_and_through_the_console(kafka: Kafka, generation: int) -> None:
    topic = f"self-test.v{generation}"
    await make_topic(topic, bootstrap_servers=kafka.bootstrap_servers)
    await produce(topic, b"one", "hai: trễ".encode(), bootstrap_servers=kafka.bootstrap_servers)
    assert await consume(topic, 2, bootstrap_servers=kafka.bootstrap_servers) == [b"one", "hai: trễ".encode()]
    java.require()
    server = ("--bootstrap-server", kafka.bootstrap_servers)
    printed = await java.run_tool(
        "kafka-console-consumer", *server, "--topic", topic, "--from-beginning", "--max-messages", "2"
    )
    assert printed.splitlines() == ["one", "hai: trễ"]


async def test_a_cluster_serves_while_one_of_three_is_dead(kafka_cluster: Kafka, generation: int) -> None:
    topic = f"self-test.v{generation}"
    servers: dict[str, Any] = {"bootstrap_servers": kafka_cluster.bootstrap_servers}
    await make_topic(topic, copies=3, **servers)
    await produce(topic, b"before", **servers)
    await kafka_cluster.brokers[0].kill()
    await produce(topic, b"while dead", **servers)
    kafka_cluster.brokers[1].pause()
    kafka_cluster.brokers[1].resume()
    await kafka_cluster.brokers[0].start()
    await produce(topic, b"after", **servers)
    assert await consume(topic, 3, **servers) == [b"before", b"while dead", b"after"]


async def test_the_secured_broker_asks_who_you_are_and_what_you_may(
    secured_kafka: SecuredKafka, generation: int
) -> None:
    topic = f"self-test.v{generation}"
    await make_topic(topic, **secured_kafka.options("admin"))
    await produce(topic, b"secret", **secured_kafka.options("admin", mechanism="PLAIN"))
    with pytest.raises(TopicAuthorizationFailedError):
        await consume(topic, 1, **secured_kafka.options("agency"))
    allow = ("--add", "--allow-principal", "User:agency", "--operation", "Read", "--topic", topic)
    await secured_kafka.run_tool("kafka-acls", *allow)
    assert await consume(topic, 1, **secured_kafka.options("agency")) == [b"secret"]
    with pytest.raises(TopicAuthorizationFailedError):
        await produce(topic, b"forged", idempotent=False, **secured_kafka.options("agency"))
    with pytest.raises(KafkaConnectionError):
        await produce(topic, b"guessed", **secured_kafka.options("admin", password="wrong"))  # noqa: S106
