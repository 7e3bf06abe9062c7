"""What docs/consumers.md says of signing in works against a broker that speaks TLS, asks who you are and allows nothing without a right."""

import asyncio
import os
import sys
from pathlib import Path
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from tests.client.documented import BLOCKS, PROGRAMS, SERVER, command_of, typed
from tests.kafka.fixtures import SecuredKafka
from tests.kafka.layouts import USERS

from tiendo_client import DelayAttributionsConsumer, MemoryPositions, access_from_environment
from tiendo_client.access_errors import AccessRefused, AccessUnusable
from tiendo_client.errors import TopicMissing
from tiendo_contracts.messages import DelayAttributionsState, Topic, Version, agency_topic, state_record

SHOWN = "tiendo.agency.H34.STNMT.delay-attributions.v1"


@pytest.fixture(scope="module")
async def own(secured_kafka: SecuredKafka) -> Topic:
    """The agency's own topic with one late case, which the agency may read."""
    topic = agency_topic("H34.STNMT", generation=4_716, partitions=1)
    admin = AIOKafkaAdminClient(**secured_kafka.options("admin"))
    await admin.start()
    await admin.create_topics([NewTopic(topic.name, num_partitions=1, replication_factor=1)])
    await admin.close()
    state = DelayAttributionsState(case_id="C-1", lateness_minutes=630)
    record = state_record(state, log_id=UUID(int=1), version=Version(build=1, position=1, revision=1))
    producer = AIOKafkaProducer(**secured_kafka.options("admin"))
    await producer.start()
    await producer.send_and_wait(topic.name, record.value, key=record.key)
    await producer.stop()
    right = ("--add", "--allow-principal", "User:agency", "--operation", "Read", "--topic", topic.name)
    await secured_kafka.run_tool("kafka-acls", *right)
    groups = ("--group", "tiendo.agency.H34.STNMT:", "--resource-pattern-type", "prefixed")
    await secured_kafka.run_tool("kafka-acls", *right[:5], *groups)
    return topic


def signed_in(kafka: SecuredKafka, **other: str) -> dict[str, str]:
    """The variables that the document names, for the broker of the tests."""
    return {
        "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_USERNAME": "agency",
        "KAFKA_PASSWORD": USERS["agency"],
        "KAFKA_CA_FILE": str(kafka.authority.certificate),
        **other,
    }


async def test_the_first_program_signs_in(secured_kafka: SecuredKafka, own: Topic, tmp_path: Path) -> None:
    program = tmp_path / "late.py"
    program.write_text(PROGRAMS["late.py"].replace("tiendo.delay-attributions.v1", own.name), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, program, env={**os.environ, **signed_in(secured_kafka)}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 60) == b"C-1 630 []\n"
    finally:
        process.kill()
        await process.communicate()


async def test_kafkas_console_consumer_signs_in(secured_kafka: SecuredKafka, own: Topic, tmp_path: Path) -> None:
    settings = next(block for language, block in BLOCKS if language == "properties")
    (tmp_path / "client.properties").write_text(settings.replace("PASSWORD", USERS["agency"]), encoding="utf-8")
    (tmp_path / "ca.pem").write_bytes(secured_kafka.authority.certificate.read_bytes())
    command = command_of("--consumer.config").replace(SHOWN, own.name).replace(SERVER, secured_kafka.bootstrap_servers)
    printed = await typed(f"{command.strip()} --max-messages 1 --timeout-ms 30000", tmp_path)
    assert '"lateness_minutes":630' in printed


async def test_who_may_not_read_the_topic_is_told_so(secured_kafka: SecuredKafka, own: Topic) -> None:
    stranger = signed_in(secured_kafka, KAFKA_USERNAME="other-agency", KAFKA_PASSWORD=USERS["other-agency"])
    wrong = signed_in(secured_kafka, KAFKA_PASSWORD="guessed")  # noqa: S106
    for variables, error, said in [
        (stranger, TopicMissing, f"no topic {own.name}"),
        (wrong, AccessRefused, "password"),
    ]:
        access = access_from_environment(variables)
        consumer = DelayAttributionsConsumer(access, positions=MemoryPositions(), topics=[own.name])
        with pytest.raises(error, match=said):
            await consumer.__aenter__()


async def test_a_group_that_is_not_the_agencys_is_refused_in_words(secured_kafka: SecuredKafka, own: Topic) -> None:
    consumer = DelayAttributionsConsumer(
        access_from_environment(signed_in(secured_kafka)), positions=_shared(), group="others", topics=[own.name]
    )
    with pytest.raises(AccessRefused, match="the consumer group"):
        async with consumer:
            await anext(consumer)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "KAFKA_BOOTSTRAP_SERVERS is not set"),
        ({"KAFKA_BOOTSTRAP_SERVERS": "nowhere"}, "no address of a broker"),
        (
            {"KAFKA_BOOTSTRAP_SERVERS": "a:1", "KAFKA_SECURITY_PROTOCOL": "TLS"},
            "KAFKA_SECURITY_PROTOCOL: 'TLS' is none of",
        ),
        ({"KAFKA_BOOTSTRAP_SERVERS": "a:1", "KAFKA_PASSWORD": "x"}, "password is set"),
    ],
)
def test_variables_that_cannot_be_used_are_told(variables: dict[str, str], said: str) -> None:
    with pytest.raises(AccessUnusable, match=said):
        access_from_environment(variables)


def _shared() -> MemoryPositions:
    positions = MemoryPositions()
    positions.shared = True
    return positions
