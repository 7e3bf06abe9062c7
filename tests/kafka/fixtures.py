"""Fixtures of every test folder: a running broker, a cluster, a secured broker, and a fresh generation of topics."""

import itertools
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.kafka import java
from tests.kafka.brokers import Kafka
from tests.kafka.certificates import Authority, make_authority
from tests.kafka.layouts import USERS, one_broker, secured_broker, three_brokers

GROUPS = ("kafka_cluster", "secured_kafka", "kafka")
"""Fixtures whose tests run on one worker, so that each is started once."""

_generations = itertools.count(int(time.time()) if java.FOREIGN else 2)


@dataclass(slots=True, kw_only=True, frozen=True)
class SecuredKafka:
    """A running broker that speaks TLS, asks who you are and allows nothing without an ACL."""

    kafka: Kafka
    authority: Authority

    @property
    def bootstrap_servers(self) -> str:
        return self.kafka.bootstrap_servers

    def options(self, user: str, *, mechanism: str = "SCRAM-SHA-512", password: str | None = None) -> dict[str, Any]:
        """The arguments with which a client of aiokafka signs in as `user`."""
        return {
            "bootstrap_servers": self.bootstrap_servers,
            "security_protocol": "SASL_SSL",
            "ssl_context": ssl.create_default_context(cafile=str(self.authority.certificate)),
            "sasl_mechanism": mechanism,
            "sasl_plain_username": user,
            "sasl_plain_password": USERS[user] if password is None else password,
        }

    async def run_tool(self, name: str, *arguments: str, user: str = "admin") -> str:
        """What a tool of Kafka prints, run by `user`, by default by the one who may do everything."""
        login = "org.apache.kafka.common.security.scram.ScramLoginModule required"
        settings = self.authority.certificate.with_name(f"{user}.properties")
        settings.write_text(
            "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n"
            f'sasl.jaas.config={login} username="{user}" password="{USERS[user]}";\n'
            f"ssl.truststore.type=PEM\nssl.truststore.location={self.authority.certificate}\n"
        )
        server = ("--bootstrap-server", self.bootstrap_servers)
        return await java.run_tool(name, *server, "--command-config", str(settings), *arguments)


@pytest.fixture(scope="session")
async def kafka(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kafka]:
    """A running broker that all tests of the run share; that of KAFKA_BOOTSTRAP_SERVERS if it is set."""
    if java.FOREIGN:
        yield Kafka(bootstrap_servers=java.FOREIGN)
        return
    java.require()
    one = one_broker(tmp_path_factory.mktemp("kafka"))
    try:
        await one.start()
        yield one
    finally:
        await one.remove()


@pytest.fixture(scope="session")
async def running_cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kafka]:
    """A running cluster of three that all tests of the run share."""
    java.require()
    three = three_brokers(tmp_path_factory.mktemp("kafka-cluster"))
    try:
        await three.start()
        yield three
    finally:
        await three.remove()


@pytest.fixture
async def kafka_cluster(running_cluster: Kafka) -> AsyncIterator[Kafka]:
    """A running cluster of three; brokers that a test killed, stopped or held run again for the next."""
    await running_cluster.restore()
    yield running_cluster
    await running_cluster.restore()


@pytest.fixture(scope="session")
async def secured_kafka(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SecuredKafka]:
    """A running broker with SASL over TLS and ACLs, which all tests of the run share."""
    java.require()
    folder = tmp_path_factory.mktemp("kafka-secured")
    authority = make_authority(folder / "certificates")
    one = secured_broker(folder / "broker-1", authority)
    try:
        await one.start()
        yield SecuredKafka(kafka=one, authority=authority)
    finally:
        await one.remove()


@pytest.fixture
def generation() -> int:
    """A generation of topics that no other test uses."""
    return next(_generations)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one broker run on one worker, which starts it once for the whole run."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        group = next((name for name in GROUPS if name in names), None)
        if group is not None and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(group))
