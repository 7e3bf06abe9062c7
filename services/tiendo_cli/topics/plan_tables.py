"""The plan of topics and rights, and how it stands: for programs and for people."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.text import Text

from tiendo_cli.tables.printed_tables import Cell, Listing, Styled, TableColumn
from tiendo_cli.terminal import emit_line, say, show
from tiendo_client.kafka_access import KafkaAccess
from tiendo_contracts.messages.topics import unit_of_agency_topic
from tiendo_runtime.kafka.comparing import Comparison, Standing, TopicCompared
from tiendo_runtime.kafka.console import rights_command
from tiendo_runtime.kafka.planning import Right

_COLOURS: Final = {
    Standing.PRESENT: "green",
    Standing.MISSING: "yellow",
    Standing.DIFFERS: "red",
    Standing.UNKNOWN: "dim",
    Standing.NOT_ENFORCED: "yellow",
}


def print_json(comparison: Comparison, commands: Sequence[str]) -> None:
    """Print the plan for programs."""
    document = {
        "topics": [_topic_as_json(each) for each in comparison.topics],
        "rights": [{**_right_as_json(right), "standing": standing} for right, standing in comparison.rights],
        "besides": [{**_right_as_json(each.right), "allows": each.allows} for each in comparison.besides],
        "commands": list(commands),
    }
    emit_line(json.dumps(document, ensure_ascii=False, indent=2))


def print_tables(comparison: Comparison, commands: Sequence[str], access: KafkaAccess | None) -> None:
    """Print the plan for people, then the commands of Kafka's own tools that do the same."""
    show(_topics_table(comparison.topics), Text(""), _rights_table(comparison.rights), Text(""))
    if comparison.besides:
        say("Rights on these topics and groups that the plan does not give:")
        for each in comparison.besides:
            say(f"  {'' if each.allows else 'denied: '}{each.right}")
            if each.allows:
                say(f"    to take it away: {rights_command([each.right], access, remove=True)}")
    say("The same by Kafka's own tools:")
    for command in commands:
        say(f"  {command}")


def _topics_table(topics: Sequence[TopicCompared]) -> Listing:
    numbers = (TableColumn(heading, right=True) for heading in ("partitions", "copies"))
    return Listing(
        title="Topics",
        columns=(
            TableColumn("topic", whole=True),
            *numbers,
            *(TableColumn(heading) for heading in ("kept", "cleanup", "standing")),
        ),
        rows=[_topic(each) for each in topics],
    )


def _topic(each: TopicCompared) -> tuple[Cell, ...]:
    planned = each.planned
    copies = "brokers' default" if planned.copies is None else str(planned.copies)
    kept = (planned.retention, planned.topic.cleanup.value)
    return (planned.name, str(planned.topic.partitions), copies, *kept, _topic_standing(each))


def _rights_table(rights: Sequence[tuple[Right, Standing]]) -> Listing:
    return Listing(
        title="Rights (ACLs); * stands for every further name",
        columns=(
            *(TableColumn(heading) for heading in ("who", "may", "on")),
            TableColumn("name", whole=True),
            TableColumn("standing"),
        ),
        rows=[
            (
                right.principal,
                right.operation,
                right.resource,
                f"{right.name}{'*' if right.prefixed else ''}",
                Styled(standing, _COLOURS[standing]),
            )
            for right, standing in rights
        ],
    )


def _topic_standing(compared: TopicCompared) -> Styled:
    differences = [f"{name}={value} is asked for" for name, value in compared.settings.items()]
    if compared.partitions is not None:
        differences.append(f"{compared.partitions} partitions are there")
    if compared.copies is not None:
        differences.append(f"{compared.copies} copies are there")
    said = f"{compared.standing}: {', '.join(differences)}" if differences else compared.standing
    return Styled(said, _COLOURS[compared.standing])


def _topic_as_json(compared: TopicCompared) -> dict[str, Any]:
    planned = compared.planned
    return {
        "name": planned.name,
        "kind": planned.topic.kind,
        "unit": unit_of_agency_topic(planned.name),
        "partitions": planned.topic.partitions,
        "replication": planned.copies,
        "retention": planned.retention,
        "cleanup": planned.topic.cleanup,
        "configuration": dict(planned.configuration),
        "standing": compared.standing,
        "found": dict(_found(compared)),
        "to_mend": dict(compared.settings),
    }


def _found(compared: TopicCompared) -> Iterator[tuple[str, int]]:
    if compared.partitions is not None:
        yield "partitions", compared.partitions
    if compared.copies is not None:
        yield "replication", compared.copies


def _right_as_json(right: Right) -> dict[str, str]:
    return {
        "principal": right.principal,
        "operation": right.operation,
        "resource": right.resource,
        "name": right.name,
        "pattern": "prefixed" if right.prefixed else "literal",
    }
