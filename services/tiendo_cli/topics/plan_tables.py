"""The plan of topics and rights, and how it stands: for programs and for people."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo_client.access import KafkaAccess
from tiendo_contracts.messages.topics import unit_of_agency_topic
from tiendo_runtime.kafka.comparing import Comparison, Standing, TopicCompared
from tiendo_runtime.kafka.console import rights_command
from tiendo_runtime.kafka.planning import Right

_PIPED_WIDTH: Final = 200
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
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_tables(comparison: Comparison, commands: Sequence[str], access: KafkaAccess | None) -> None:
    """Print the plan for people, then the commands of Kafka's own tools that do the same."""
    console = Console(highlight=False)
    console = console if console.is_terminal else Console(width=_PIPED_WIDTH, highlight=False)
    console.print(_topics_table(comparison.topics))
    console.print(_rights_table(comparison.rights))
    if comparison.besides:
        console.print("Rights on these topics and groups that the plan does not give:")
        for each in comparison.besides:
            console.print(f"  {'' if each.allows else 'denied: '}{escape(str(each.right))}", soft_wrap=True)
            if each.allows:
                command = rights_command([each.right], access, remove=True)
                console.print(f"    to take it away: {escape(command)}", soft_wrap=True)
    console.print("The same by Kafka's own tools:")
    for command in commands:
        console.print(f"  {escape(command)}", soft_wrap=True)


def _topics_table(topics: Sequence[TopicCompared]) -> Table:
    table = Table(title="Topics", title_justify="left")
    table.add_column("topic", no_wrap=True, overflow="fold")
    for name in ("partitions", "copies"):
        table.add_column(name, justify="right")
    for name in ("kept", "cleanup", "standing"):
        table.add_column(name)
    for each in topics:
        planned = each.planned
        copies = "brokers' default" if planned.copies is None else str(planned.copies)
        kept = (planned.retention, planned.topic.cleanup.value)
        table.add_row(escape(planned.name), str(planned.topic.partitions), copies, *kept, _topic_standing(each))
    return table


def _rights_table(rights: Sequence[tuple[Right, Standing]]) -> Table:
    table = Table(title="Rights (ACLs); * stands for every further name", title_justify="left")
    for name in ("who", "may", "on"):
        table.add_column(name)
    table.add_column("name", no_wrap=True, overflow="fold")
    table.add_column("standing")
    for right, standing in rights:
        name = f"{right.name}{'*' if right.prefixed else ''}"
        table.add_row(escape(right.principal), right.operation, right.resource, escape(name), _coloured(standing))
    return table


def _topic_standing(compared: TopicCompared) -> str:
    differences = [f"{name}={value} is asked for" for name, value in compared.settings.items()]
    if compared.partitions is not None:
        differences.append(f"{compared.partitions} partitions are there")
    if compared.copies is not None:
        differences.append(f"{compared.copies} copies are there")
    return _coloured(compared.standing) + (f": {', '.join(differences)}" if differences else "")


def _coloured(standing: Standing) -> str:
    return f"[{_COLOURS[standing]}]{standing}[/]"


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
