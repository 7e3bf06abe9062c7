"""The settings of the brokers of the tests: one alone, a cluster of three, one that asks who you are."""

from pathlib import Path

from tests.kafka.brokers import JAVA_OPTIONS, Broker, Kafka, free_ports
from tests.kafka.certificates import Authority

USERS = {
    "admin": "admin-secret",
    "relay": "relay-secret",
    "projector": "projector-secret",
    "agency": "agency-secret",
    "other-agency": "other-agency-secret",
}
"""Who may sign in at the secured broker, and with which password. Only `admin` may do anything before there are ACLs."""

QUICK = {
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "auto.create.topics.enable": "false",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "group.initial.rebalance.delay.ms": "0",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.num.partitions": "4",
    # Small buffers and index files: a broker of the tests holds thousands of nearly empty partitions.
    "log.cleaner.dedupe.buffer.size": "4194304",
    "log.cleaner.threads": "1",
    "log.index.size.max.bytes": "131072",
    # A dead broker is noticed in a second or two instead of nine.
    "broker.heartbeat.interval.ms": "300",
    "broker.session.timeout.ms": "2000",
    "controller.quorum.election.timeout.ms": "500",
    "controller.quorum.fetch.timeout.ms": "1000",
}


def one_broker(
    folder: Path, *, properties: dict[str, str] | None = None, java_options: tuple[str, ...] = JAVA_OPTIONS
) -> Kafka:
    """One broker, not started yet; `properties` add to and override those of its server.properties."""
    return _brokers(folder, count=1, properties=properties or {}, java_options=java_options)


def three_brokers(
    folder: Path, *, properties: dict[str, str] | None = None, java_options: tuple[str, ...] = JAVA_OPTIONS
) -> Kafka:
    """A cluster of three, not started yet: every topic on all three, written when two have it."""
    return _brokers(folder, count=3, properties=properties or {}, java_options=java_options)


def secured_broker(folder: Path, authority: Authority, *, properties: dict[str, str] | None = None) -> Kafka:
    """One broker, not started yet, that speaks TLS, knows `USERS` (SCRAM and PLAIN) and allows nothing without an ACL."""
    client, control = free_ports(2)
    address = f"127.0.0.1:{client}"
    listeners = {
        "listeners": f"SECURED://{address},CONTROLLER://127.0.0.1:{control}",
        "listener.security.protocol.map": "SECURED:SASL_SSL,CONTROLLER:SASL_PLAINTEXT",
        "inter.broker.listener.name": "SECURED",
        "controller.quorum.voters": f"1@127.0.0.1:{control}",
    }
    found = {**_node(folder, 1, count=1), **listeners, **_security(authority), **(properties or {})}
    broker = Broker(folder=folder, node_id=1, address=address, properties=found, users=USERS)
    return Kafka(bootstrap_servers=address, brokers=(broker,))


def _brokers(folder: Path, *, count: int, properties: dict[str, str], java_options: tuple[str, ...]) -> Kafka:
    ports = free_ports(2 * count)
    clients, controls = ports[:count], ports[count:]
    voters = ",".join(f"{number}@127.0.0.1:{port}" for number, port in enumerate(controls, start=1))
    brokers = []
    for number, (client, control) in enumerate(zip(clients, controls, strict=True), start=1):
        own = folder / f"broker-{number}"
        listeners = {
            "listeners": f"PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{control}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "controller.quorum.voters": voters,
        }
        found = {**_node(own, number, count=count), **listeners, **properties}
        address = f"127.0.0.1:{client}"
        brokers.append(Broker(folder=own, node_id=number, address=address, properties=found, java_options=java_options))
    return Kafka(bootstrap_servers=",".join(broker.address for broker in brokers), brokers=tuple(brokers))


def _node(folder: Path, number: int, *, count: int) -> dict[str, str]:
    copies = {
        name: str(count)
        for name in (
            "default.replication.factor",
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "share.coordinator.state.topic.replication.factor",
        )
    }
    enough = str(min(count, 2))
    return {
        **QUICK,
        **copies,
        "min.insync.replicas": enough,
        "transaction.state.log.min.isr": enough,
        "share.coordinator.state.topic.min.isr": enough,
        "node.id": str(number),
        "log.dirs": str(folder / "data"),
    }


def _security(authority: Authority) -> dict[str, str]:
    plain = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required"
    admin = f'username="admin" password="{USERS["admin"]}"'
    known = " ".join(f'user_{name}="{password}"' for name, password in USERS.items())
    return {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:admin",
        "allow.everyone.if.no.acl.found": "false",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512,PLAIN",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": f"{plain} {admin} {known};",
        "listener.name.secured.plain.sasl.jaas.config": f"{plain} {admin} {known};",
        "listener.name.secured.scram-sha-512.sasl.jaas.config": f"{scram} {admin};",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(authority.server),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(authority.certificate),
    }
