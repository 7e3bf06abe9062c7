"""Why a cluster cannot be reached is said in a sentence, with what would be right."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.kafka.brokers import Kafka
from tests.kafka.certificates import make_authority
from tests.kafka.fixtures import SecuredKafka
from tests.preloaded.commands import Completed, tiendo_beside
from tests.topics.secured import environment_of, settings_of

from tiendo_client.access_errors import AccessRefused, BrokersAway
from tiendo_client.connectivity import reach
from tiendo_client.kafka_access import KafkaAccess, SaslMechanism, SecurityProtocol


@pytest.fixture
def right(secured_kafka: SecuredKafka, generation: int, tmp_path: Path) -> KafkaAccess:
    access = settings_of(secured_kafka, "relay", generation, tmp_path).kafka
    assert access is not None
    return access


@pytest.fixture
def another_authority(tmp_path: Path) -> Path:
    return make_authority(tmp_path / "another").certificate


async def test_whoever_has_all_right_gets_in(right: KafkaAccess) -> None:
    await reach(right)
    await reach(replace(right, sasl_mechanism=SaslMechanism.PLAIN))
    await reach(replace(right, bootstrap_servers=f"127.0.0.1:1,{right.bootstrap_servers}"))


@pytest.mark.parametrize("mechanism", [SaslMechanism.PLAIN, SaslMechanism.SCRAM_SHA_512])
async def test_a_wrong_password_is_said_and_not_shown(right: KafkaAccess, mechanism: SaslMechanism) -> None:
    wrong = replace(right, password="guessed", sasl_mechanism=mechanism)  # noqa: S106
    with pytest.raises(AccessRefused, match=r"does not let user relay in: .*check username, password and") as refused:
        await reach(wrong)
    assert "guessed" not in str(refused.value)


async def test_a_mechanism_that_the_brokers_do_not_take_is_said_with_those_they_take(right: KafkaAccess) -> None:
    with pytest.raises(AccessRefused, match=r"does not take SCRAM-SHA-256: set sasl_mechanism .*SCRAM-SHA-512"):
        await reach(replace(right, sasl_mechanism=SaslMechanism.SCRAM_SHA_256))


async def test_an_unknown_authority_is_said_with_the_file(right: KafkaAccess, another_authority: Path) -> None:
    with pytest.raises(AccessRefused, match=f"is not trusted .*ca_file has to name .*now it is {another_authority}"):
        await reach(replace(right, ca_file=another_authority))
    with pytest.raises(AccessRefused, match=r"is not trusted .*now it is not set"):
        await reach(replace(right, ca_file=None))


async def test_a_certificate_of_another_host_is_said(right: KafkaAccess, secured_kafka: SecuredKafka) -> None:
    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shown.load_cert_chain(secured_kafka.authority.server)
    async with serving(say_nothing, host="127.0.0.2", ssl=shown) as port:
        with pytest.raises(AccessRefused, match=r"that 127.0.0.2:.* shows is another host's.*bootstrap_servers"):
            await reach(replace(right, bootstrap_servers=f"127.0.0.2:{port}"))


async def test_a_client_that_does_not_encrypt_is_told_of_the_protocol(right: KafkaAccess) -> None:
    plain = KafkaAccess(bootstrap_servers=right.bootstrap_servers)
    with pytest.raises(BrokersAway, match=r"it wants TLS or a user; security_protocol is PLAINTEXT"):
        await reach(plain)


async def test_a_client_that_encrypts_where_nobody_does_is_told_of_the_protocol(kafka: Kafka) -> None:
    access = KafkaAccess(bootstrap_servers=kafka.bootstrap_servers, security_protocol=SecurityProtocol.SSL)
    with pytest.raises(BrokersAway, match=r"it does not speak TLS there, .*security_protocol is SSL"):
        await reach(access)
    async with serving(answer_in_clear) as port:
        with pytest.raises(AccessRefused, match=r"does not speak TLS as this client does .*to PLAINTEXT"):
            await reach(replace(access, bootstrap_servers=f"127.0.0.1:{port}"))


async def test_a_client_that_signs_in_where_nobody_asks_is_told_of_the_protocol(kafka: Kafka) -> None:
    access = KafkaAccess(
        bootstrap_servers=kafka.bootstrap_servers,
        security_protocol=SecurityProtocol.SASL_PLAINTEXT,
        username="relay",
        password="x",  # noqa: S106
    )
    with pytest.raises(AccessRefused, match=r"asks for no user on this port.*set it to PLAINTEXT"):
        await reach(access)


async def test_nobody_there_is_said_of_each_address() -> None:
    with pytest.raises(
        BrokersAway, match=r"127\.0\.0\.1:1: .*no\.such\.host\.invalid:9092: .*is bootstrap_servers right"
    ):
        await reach(KafkaAccess(bootstrap_servers="127.0.0.1:1,no.such.host.invalid:9092"))


async def test_a_silent_host_is_given_up_in_time() -> None:
    async with serving(say_nothing) as port:
        with pytest.raises(BrokersAway, match=r"does not answer in time"):
            await reach(KafkaAccess(bootstrap_servers=f"127.0.0.1:{port}"), timeout_seconds=0.2)


async def test_a_command_says_it_in_one_line_with_the_setting(
    secured_kafka: SecuredKafka, generation: int, tmp_path: Path
) -> None:
    settings = settings_of(secured_kafka, "relay", generation, tmp_path)
    done = await run("topics", "apply", environment=environment_of(settings) | {"TIENDO_KAFKA_PASSWORD": "in-vain"})
    assert done.returncode == 1
    assert "does not let user relay in" in done.stderr
    assert "TIENDO_KAFKA_PASSWORD" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "in-vain" not in done.stderr + done.stdout


async def run(*arguments: str, environment: dict[str, str]) -> Completed:
    return await tiendo_beside(*arguments, environment={**os.environ, **environment})


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def answer_in_clear(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


@asynccontextmanager
async def serving(answer: Any, *, host: str = "127.0.0.1", **options: Any) -> AsyncIterator[int]:
    """A host that is no broker, on a free port."""
    server = await asyncio.start_server(answer, host, 0, **options)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
