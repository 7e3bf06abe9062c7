"""The same plan as commands of Kafka's own tools, for administrators who apply it by hand or keep it in scripts of their own."""

import shlex
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from tiendo_client.kafka_access import KafkaAccess
from tiendo_runtime.kafka.planning import PlannedTopic, Right, TopicsPlan

SOMEWHERE: Final = "kafka.example:9092"
"""Stands for the brokers where none are configured."""
ADMINISTRATOR: Final = "administrator.properties"
"""The file with what an administrator signs in with, in the form that Kafka's tools read."""


def console_commands(plan: TopicsPlan, access: KafkaAccess | None) -> list[str]:
    """One command a line: topics with their settings, then rights. Repeating them does no harm."""
    server = _server(access)
    return [
        *(_creation(planned, server) for planned in plan.topics),
        *(_configuration(planned.name, planned.configuration, server) for planned in plan.topics),
        *(rights_command(list(rights), access) for _, rights in groupby(plan.rights, key=_of_whom_on_what)),
    ]


def rights_command(rights: Sequence[Right], access: KafkaAccess | None, *, remove: bool = False) -> str:
    """The command that gives rights of one principal on one thing, or takes them away."""
    right = rights[0]
    pattern = ["--resource-pattern-type", "prefixed"] if right.prefixed else []
    change = ["--remove", "--force"] if remove else ["--add"]
    operations = [word for each in rights for word in ("--operation", each.operation)]
    on = [f"--{right.resource}", right.name, *pattern]
    who = ["--allow-principal", right.principal]
    return shlex.join(["kafka-acls.sh", *_server(access), *change, *who, *operations, *on])


def _of_whom_on_what(right: Right) -> tuple[str, str, str, bool]:
    return right.principal, right.resource, right.name, right.prefixed


def _creation(planned: PlannedTopic, server: Sequence[str]) -> str:
    copies = [] if planned.copies is None else ["--replication-factor", str(planned.copies)]
    name = ["--topic", planned.name, "--partitions", str(planned.topic.partitions)]
    return shlex.join(["kafka-topics.sh", *server, "--create", "--if-not-exists", *name, *copies])


def _configuration(name: str, configuration: Mapping[str, str], server: Sequence[str]) -> str:
    settings = ",".join(f"{setting}={value}" for setting, value in configuration.items())
    topic = ["--entity-type", "topics", "--entity-name", name]
    return shlex.join(["kafka-configs.sh", *server, "--alter", *topic, "--add-config", settings])


def _server(access: KafkaAccess | None) -> list[str]:
    if access is None:
        return ["--bootstrap-server", SOMEWHERE]
    secured = access.security_protocol.encrypts or access.security_protocol.names
    signed_in = ["--command-config", ADMINISTRATOR] if secured else []
    return ["--bootstrap-server", access.bootstrap_servers, *signed_in]
