"""`apply` makes what is missing, mends settings, touches no partitions, and does nothing the second time."""

from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from tests.kafka.brokers import Kafka
from tests.waiting import until

from tiendo_contracts.messages.topics import TopicKind, agency_topic, topic
from tiendo_runtime.kafka.applying import apply_topics, compare_topics
from tiendo_runtime.kafka.comparing import Standing
from tiendo_runtime.kafka.errors import ClusterAway, ClusterRefused, TopicsDiffer
from tiendo_runtime.settings import Settings


@pytest.fixture
def settings(kafka: Kafka, generation: int, tmp_path: Path) -> Settings:
    agencies = tmp_path / "agencies.toml"
    agencies.write_text('[[agency]]\nunit = "H34.STNMT"\nprincipals = ["User:stnmt"]\n')
    return Settings(
        kafka_bootstrap_servers=kafka.bootstrap_servers,
        kafka_generation=generation,
        kafka_partitions=3,
        kafka_agencies=agencies,
    )


async def test_what_is_missing_is_made_once(settings: Settings) -> None:
    before = await compare_topics(settings)
    assert {each.standing for each in before.topics} == {Standing.MISSING}
    applied = await apply_topics(settings)
    assert len(applied.done) == len(before.topics) == len(TopicKind) + len(["checkpoints", "the agency's"])
    assert "no authorizer" in " ".join(applied.remarks)
    after = await compare_topics(settings)
    assert {each.standing for each in after.topics} == {Standing.PRESENT}
    assert {standing for _, standing in after.rights} == {Standing.NOT_ENFORCED}
    assert (await apply_topics(settings)).done == []


async def test_events_are_kept_for_ever_and_states_by_key(settings: Settings) -> None:
    await apply_topics(settings)
    events = topic(TopicKind.CASE_EVENTS, generation=settings.kafka_generation).name
    kept = await configuration(settings, events)
    assert (kept["cleanup.policy"], kept["retention.ms"], kept["retention.bytes"]) == ("delete", "-1", "-1")
    states = agency_topic("H34.STNMT", generation=settings.kafka_generation).name
    assert (await configuration(settings, states))["cleanup.policy"] == "compact"


async def test_settings_that_differ_are_mended_and_others_left(settings: Settings) -> None:
    await apply_topics(settings)
    events = topic(TopicKind.CASE_EVENTS, generation=settings.kafka_generation).name
    changed = {
        **await configuration(settings, events, own=True),
        "retention.ms": "1000",
        "max.message.bytes": "2000000",
    }
    await administer(settings, "alter_configs", [ConfigResource(ConfigResourceType.TOPIC, events, changed)])

    async def seen() -> bool:
        return (await configuration(settings, events))["retention.ms"] == "1000"

    await until(seen)
    applied = await apply_topics(settings)
    assert applied.done == [f"topic {events}: retention.ms=-1 instead of 1000"]
    mended = await configuration(settings, events)
    assert (mended["retention.ms"], mended["max.message.bytes"]) == ("-1", "2000000")


async def test_another_number_of_partitions_is_refused_and_nothing_changed(settings: Settings) -> None:
    events = topic(TopicKind.CASE_EVENTS, generation=settings.kafka_generation).name
    await administer(settings, "create_topics", [NewTopic(events, num_partitions=2, replication_factor=1)])
    with pytest.raises(TopicsDiffer, match=r"has 2 partitions, 3 are asked for.*new generation"):
        await apply_topics(settings)
    standings = {each.planned.name: each.standing for each in (await compare_topics(settings)).topics}
    assert standings.pop(events) is Standing.DIFFERS
    assert set(standings.values()) == {Standing.MISSING}


async def test_more_copies_than_brokers_are_refused_with_the_setting(settings: Settings) -> None:
    with pytest.raises(ClusterRefused, match="TIENDO_KAFKA_REPLICATION"):
        await apply_topics(settings.model_copy(update={"kafka_replication": 5}))


async def test_brokers_that_are_away_are_told_from_those_that_refuse(settings: Settings) -> None:
    away = settings.model_copy(update={"kafka_bootstrap_servers": "127.0.0.1:1"})
    with pytest.raises(ClusterAway, match=r"127\.0\.0\.1:1.*TIENDO_KAFKA_BOOTSTRAP_SERVERS"):
        await apply_topics(away)


async def administer(settings: Settings, call: str, *arguments: Any) -> Any:
    client = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap_servers or "")
    await client.start()
    try:
        return await getattr(client, call)(*arguments)
    finally:
        await client.close()


async def configuration(settings: Settings, name: str, *, own: bool = False) -> dict[str, str]:
    (answer,) = await administer(settings, "describe_configs", [ConfigResource(ConfigResourceType.TOPIC, name)])
    return {entry[0]: entry[1] for entry in answer.resources[0][4] if not own or entry[3] == 1}


async def test_copies_are_those_asked_for_or_the_brokers_default(kafka_cluster: Kafka, generation: int) -> None:
    default = Settings(
        kafka_bootstrap_servers=kafka_cluster.bootstrap_servers, kafka_generation=generation, kafka_partitions=1
    )
    await apply_topics(default)
    three = default.model_copy(update={"kafka_replication": 3})
    assert {each.copies for each in (await compare_topics(three)).topics} == {None}
    two = default.model_copy(update={"kafka_replication": 2})
    assert {each.copies for each in (await compare_topics(two)).topics} == {3}
    assert "kept in 3 copies instead of 2" in " ".join((await apply_topics(two)).remarks)
