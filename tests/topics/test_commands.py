"""`tiendo topics` as an operator runs it."""

import json
import os
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from tests.kafka.brokers import Kafka
from tests.kafka.fixtures import SecuredKafka
from tests.preloaded.commands import Completed, tiendo
from tests.topics.secured import environment_of, refused_fetch, settings_of

from tiendo_contracts.messages.examples import (
    Example,
    agency_examples,
    case_event_examples,
    case_timeline_examples,
    delay_attributions_examples,
    directory_examples,
)
from tiendo_contracts.messages.topics import TopicKind, agency_topic, topic
from tiendo_runtime.kafka.applying import apply_topics
from tiendo_runtime.settings import Settings


@pytest.fixture
def settings(kafka: Kafka, generation: int, tmp_path: Path) -> Settings:
    agencies = tmp_path / "agencies.toml"
    agencies.write_text('[[agency]]\nunit = "H34.STNMT"\nprincipals = ["User:stnmt"]\n')
    return Settings(
        kafka_bootstrap_servers=kafka.bootstrap_servers,
        kafka_generation=generation,
        kafka_partitions=2,
        kafka_agencies=agencies,
    )


def run(settings: Settings, *arguments: str) -> Completed:
    return tiendo("topics", *arguments, environment={**os.environ, "COLUMNS": "200", **environment_of(settings)})


def test_a_plan_needs_no_kafka() -> None:
    done = run(Settings(kafka_agencies=None), "plan", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    plan = json.loads(done.stdout)
    assert [(each["name"], each["partitions"], each["cleanup"]) for each in plan["topics"]] == [
        ("tiendo.case-events.v1", 24, "delete"),
        ("tiendo.case-timelines.v1", 24, "compact"),
        ("tiendo.delay-attributions.v1", 24, "compact"),
        ("tiendo.directory.v1", 1, "delete"),
        ("tiendo.publications.v1", 1, "delete"),
        ("tiendo.checkpoints.v1", 1, "delete"),
    ]
    assert {each["standing"] for each in plan["topics"]} == {"unknown"}


def test_a_plan_says_why_it_could_not_compare() -> None:
    done = run(Settings(kafka_bootstrap_servers="127.0.0.1:1"), "plan")
    assert done.returncode == 0
    assert done.stderr.startswith("what is there is unknown: no broker answers (127.0.0.1:1: connection refused)")
    assert "tiendo.directory.v1" in done.stdout


def test_apply_makes_what_plan_says(settings: Settings) -> None:
    applied = run(settings, "apply")
    assert applied.returncode == 0, applied.stderr
    assert applied.stdout.splitlines()[-1] == "7 changed"
    assert "no authorizer" in applied.stderr
    assert run(settings, "apply").stdout == "nothing changed: all is there already\n"
    agency = agency_topic("H34.STNMT", generation=settings.kafka_generation).name
    shown = run(settings, "plan").stdout.splitlines()
    assert any(agency in line and "present" in line for line in shown)
    assert "  kafka-topics.sh --bootstrap-server" in "\n".join(shown)


async def test_another_number_of_partitions_is_said(settings: Settings) -> None:
    await apply_topics(settings)
    more = settings.model_copy(update={"kafka_partitions": 3})
    assert "2 partitions are there" in run(more, "plan").stdout


async def test_messages_are_shown_in_a_line_each(settings: Settings) -> None:
    await apply_topics(settings)
    sent = await send_examples(settings)
    done = run(settings, "show", "--from-beginning", "--max", str(sent))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == sent
    events = topic(TopicKind.CASE_EVENTS, generation=settings.kafka_generation).name
    assert any(f" {events} 0:0 position 17 after 0 case.received.v1 " in line for line in lines)
    shares = topic(TopicKind.DELAY_ATTRIBUTIONS, generation=settings.kafka_generation).name
    shown = next(line for line in lines if f" {shares} 0:0 " in line)
    assert " version 1.20.57 delay-attributions.v1 " in shown
    assert " late " in shown
    assert any(" stub: /v1/" in line for line in lines)
    assert any(" withheld " in line for line in lines)


def test_a_topic_that_is_not_there_is_said(settings: Settings) -> None:
    missing = run(settings, "show", "no-such-topic", "--from-beginning")
    assert missing.returncode == 1
    assert "there is no topic no-such-topic" in missing.stderr


async def test_a_summary_counts_and_shows_the_latest(settings: Settings) -> None:
    await apply_topics(settings)
    sent = await send_examples(settings)
    done = run(settings, "show", "--from-beginning", "--max", str(sent), "--summary", "60")
    counted, latest = done.stdout.splitlines()
    assert counted.startswith(f"{sent} new; ")
    assert latest.startswith("  latest: ")


async def test_a_record_that_is_no_message_is_shown_without_what_a_terminal_obeys(settings: Settings) -> None:
    await apply_topics(settings)
    events = topic(TopicKind.CASE_EVENTS, generation=settings.kafka_generation).name
    async with producing(settings) as producer:
        await producer.send_and_wait(events, b"{\x1b[2J}", key=b"\x1b]0;owned\x07\nHS-1", partition=0)
        await producer.send_and_wait(events, None, key=b"HS-2", partition=0)
    done = run(settings, "show", "case-events", "--from-beginning", "--max", "2")
    first, second = done.stdout.splitlines()
    assert "cannot be read" in first
    assert "\x1b" not in done.stdout
    assert second.endswith(" deleted HS-2")


async def test_whoever_may_read_only_some_topics_is_shown_those(
    secured_kafka: SecuredKafka, generation: int, tmp_path: Path
) -> None:
    await apply_topics(settings_of(secured_kafka, "admin", generation, tmp_path))
    relay = settings_of(secured_kafka, "relay", generation, tmp_path)
    await send_examples(relay, only=TopicKind.CASE_EVENTS)
    shown = run(relay, "show", "--from-beginning", "--max", "1")
    assert "position 17" in shown.stdout
    states = topic(TopicKind.CASE_TIMELINES, generation=generation).name
    refused = run(relay, "show", states, "--from-beginning")
    assert refused.returncode == 1
    assert f"do not let user relay do this on the topic {states}" in refused.stderr


async def test_kafkas_own_tools_do_the_same(secured_kafka: SecuredKafka, generation: int, tmp_path: Path) -> None:
    admin = settings_of(secured_kafka, "admin", generation, tmp_path)
    commands = run(admin, "plan", "--commands").stdout.splitlines()
    agency = agency_topic("H34.STNMT", generation=generation).name
    theirs = [line for line in commands if agency in line or "--group tiendo.agency.H34.STNMT:" in line]
    assert [line.split()[0] for line in theirs] == [
        "kafka-topics.sh", "kafka-configs.sh", "kafka-acls.sh", "kafka-acls.sh", "kafka-acls.sh",
    ]  # fmt: skip
    for line in theirs:
        tool, *words = line.split()
        at = words.index("--command-config")
        await secured_kafka.run_tool(tool.removesuffix(".sh"), *words[2:at], *words[at + 2 :])
    plan = json.loads(run(admin, "plan", "--format", "json").stdout)
    assert {each["standing"] for each in plan["topics"] if each["name"] == agency} == {"present"}
    assert {each["standing"] for each in plan["rights"] if each["name"] == agency} == {"present"}
    assert {each["standing"] for each in plan["rights"] if each["principal"] == "User:agency"} == {"present"}
    assert (
        await refused_fetch(settings_of(secured_kafka, "agency", generation, tmp_path), agency)
    ).__name__ == "NoError"


def producing(settings: Settings) -> AIOKafkaProducer:
    assert settings.kafka is not None
    return AIOKafkaProducer(acks="all", **settings.kafka.options())


async def send_examples(settings: Settings, *, only: TopicKind | None = None) -> int:
    """Send messages of each kind to the first partitions, and say how many."""
    generation = settings.kafka_generation
    examples: dict[str, list[Example]] = {
        topic(TopicKind.CASE_EVENTS, generation=generation).name: case_event_examples(),
        topic(TopicKind.DIRECTORY, generation=generation).name: directory_examples(),
        topic(TopicKind.CASE_TIMELINES, generation=generation).name: case_timeline_examples(),
        topic(TopicKind.DELAY_ATTRIBUTIONS, generation=generation).name: delay_attributions_examples(),
        agency_topic("H34.STNMT", generation=generation).name: agency_examples("H34.STNMT"),
    }
    wanted = [name for name in examples if only is None or name == topic(only, generation=generation).name]
    async with producing(settings) as producer:
        for name in wanted:
            for example in examples[name]:
                record = example.record
                await producer.send_and_wait(name, record.value, key=record.key, headers=record.headers, partition=0)
    return sum(len(examples[name]) for name in wanted)
