"""The brokers of deploy/compose.yaml, with the settings that stand there, as processes of this machine instead of containers."""

import os
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import TopicAuthorizationFailedError
from tests.deploy.reading import DEPLOY, compose, properties
from tests.kafka import java
from tests.kafka.brokers import Broker, Kafka, free_ports
from tests.kafka.certificates import Authority, make_authority
from tests.preloaded.commands import Completed, tiendo

pytestmark = pytest.mark.xdist_group("kafka_cluster")

CLUSTER = DEPLOY / "kafka" / "cluster"
TOPIC = "tiendo.case-events.v1"
AGENCIES = '[[agency]]\nunit = "H34.STNMT"\nprincipals = ["User:stnmt"]\n'
PASSWORDS = {"ADMIN_PASSWORD": "a1", "RELAY_PASSWORD": "r2", "POSTGRES_PASSWORD": "p3"}
QUICK = {"log.index.size.max.bytes": "131072", "log.cleaner.dedupe.buffer.size": "4194304"}


@dataclass(slots=True, kw_only=True, frozen=True)
class Installation:
    """The running brokers, the compose file as filled in, and the addresses here in place of those there."""

    kafka: Kafka
    file: dict[str, Any]
    places: dict[str, str]
    authority: Authority

    def environment(self, service: str) -> dict[str, str]:
        """The environment of a service, with the addresses of here."""
        return {name: self.here(value) for name, value in self.file["services"][service]["environment"].items()}

    def here(self, text: str) -> str:
        for there, found in self.places.items():
            text = text.replace(there, found)
        return text


@pytest.fixture(scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    java.require()
    folder = tmp_path_factory.mktemp("compose")
    agencies = folder / "agencies.toml"
    agencies.write_text(AGENCIES)
    file = compose({**PASSWORDS, "CLUSTER_ID": "dGllbmRvLXRlc3RzLWthZg", "AGENCIES_HOST": "agencies.example"})
    authority = make_authority(folder / "certificates")
    places = _places(file) | {"/run/secrets/broker_certificate": str(authority.server)}
    places |= {"/etc/tiendo/agencies.toml": str(agencies)}
    found = Installation(kafka=_brokers(folder, file, places), file=file, places=places, authority=authority)
    try:
        await found.kafka.start()
        yield found
    finally:
        await found.kafka.remove()


async def test_tiendo_and_agencies_sign_in_and_one_broker_may_die(installation: Installation) -> None:
    """One story, since three brokers are dear: topics and rights by the administrator, a writer, a reader, a dead broker."""
    applied = _run_tiendo(installation, "topics")
    assert applied.returncode == 0, applied.stderr
    await _produce(installation, b"first")
    await _add_agency(installation, "stnmt", "secret")
    agency = _as_agency(installation, "stnmt", "secret")
    with pytest.raises(TopicAuthorizationFailedError):
        await _first(TOPIC, agency)
    await _may_read(installation, "User:stnmt", TOPIC)
    assert await _first(TOPIC, agency) == b"first"
    await installation.kafka.brokers[2].kill()
    await _produce(installation, b"second")
    assert _run_tiendo(installation, "topics").stdout.startswith("nothing changed")


def _run_tiendo(installation: Installation, service: str) -> Completed:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}
    command = installation.file["services"][service]["command"]
    return tiendo(*command, environment={**kept, **installation.environment(service)}, timeout_seconds=60)


async def _produce(installation: Installation, value: bytes) -> None:
    """Send as the relay does, with its settings."""
    given = installation.environment("relay")
    producer = AIOKafkaProducer(
        bootstrap_servers=given["TIENDO_KAFKA_BOOTSTRAP_SERVERS"],
        security_protocol=given["TIENDO_KAFKA_SECURITY_PROTOCOL"],
        sasl_mechanism=given["TIENDO_KAFKA_SASL_MECHANISM"],
        sasl_plain_username=given["TIENDO_KAFKA_USERNAME"],
        sasl_plain_password=given["TIENDO_KAFKA_PASSWORD"],
        enable_idempotence=True,
    )
    try:
        await producer.start()
        await producer.send_and_wait(TOPIC, value, partition=0)
    finally:
        await producer.stop()


def _as_agency(installation: Installation, user: str, password: str) -> dict[str, Any]:
    return {
        "bootstrap_servers": installation.here("agencies.example:19094"),
        "security_protocol": "SASL_SSL",
        "ssl_context": ssl.create_default_context(cafile=str(installation.authority.certificate)),
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": user,
        "sasl_plain_password": password,
    }


async def _first(topic: str, options: dict[str, Any]) -> bytes:
    consumer = AIOKafkaConsumer(topic, auto_offset_reset="earliest", **options)
    try:
        await consumer.start()
        return (await consumer.getone()).value or b""
    finally:
        await consumer.stop()


async def _add_agency(installation: Installation, user: str, password: str) -> None:
    secret = f"SCRAM-SHA-512=[password={password}]"
    await _as_admin(
        installation,
        "kafka-configs",
        "--alter",
        "--add-config",
        secret,
        "--entity-type",
        "users",
        "--entity-name",
        user,
    )


async def _may_read(installation: Installation, principal: str, topic: str) -> None:
    rule = ("--add", "--allow-principal", principal, "--operation", "Read", "--topic", topic)
    await _as_admin(installation, "kafka-acls", *rule)


async def _as_admin(installation: Installation, tool: str, *arguments: str) -> None:
    """Run a tool within a broker's container, as operations.md tells."""
    server = ("--bootstrap-server", installation.here("kafka-1:9092"))
    settings = ("--command-config", str(CLUSTER / "admin.properties"))
    await java.run_tool(tool, *server, *settings, *arguments, environment=PASSWORDS)


def _places(file: dict[str, Any]) -> dict[str, str]:
    """Address there -> address here, for every listener of every broker."""
    names = [name for name in file["services"] if name.startswith("kafka-")]
    addresses = {f"{name}:{port}" for name in names for port in (9092, 9093)}
    for name in names:
        published = file["services"][name]["ports"][0].partition(":")[0]
        addresses.add(f"agencies.example:{published}")
    return dict(zip(sorted(addresses), (f"127.0.0.1:{port}" for port in free_ports(len(addresses))), strict=True))


def _brokers(folder: Path, file: dict[str, Any], places: dict[str, str]) -> Kafka:
    brokers = []
    for name, service in file["services"].items():
        if not name.startswith("kafka-"):
            continue
        own = folder / name
        found = {**properties(CLUSTER / "server.properties"), **_from_environment(service["environment"])}
        published = service["ports"][0].partition(":")[0]
        listening = {
            "INTERNAL://:9092": f"INTERNAL://{places[f'{name}:9092']}",
            "CONTROLLER://:9093": f"CONTROLLER://{places[f'{name}:9093']}",
            "AGENCIES://:9094": f"AGENCIES://{places[f'agencies.example:{published}']}",
            "/var/lib/kafka/data": str(own / "data"),
        }
        moved = {key: _moved(value, listening | places) for key, value in found.items()} | QUICK
        secrets = {key: value for key, value in service["environment"].items() if not key.startswith("KAFKA_")}
        address = places[f"{name}:9092"]
        number = int(found["node.id"])
        brokers.append(Broker(folder=own, node_id=number, address=address, properties=moved, environment=secrets))
    return Kafka(bootstrap_servers=",".join(broker.address for broker in brokers), brokers=tuple(brokers))


def _moved(text: str, places: dict[str, str]) -> str:
    for there, here in places.items():
        text = text.replace(there, here)
    return text


def _from_environment(given: dict[str, str]) -> dict[str, str]:
    """The settings that the image of Kafka makes of its environment."""
    found = {}
    for name, value in given.items():
        if name.startswith("KAFKA_") and name not in {"KAFKA_HEAP_OPTS", "KAFKA_OPTS"}:
            words = re.sub(r"_+", lambda run: {1: ".", 2: "_", 3: "-"}[len(run[0])], name.removeprefix("KAFKA_"))
            found[words.lower()] = value
    return found
