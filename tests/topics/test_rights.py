"""On a broker that asks who you are: everybody works with the rights of the plan, and can do nothing more."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from aiokafka.admin import NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    NoError,
    TopicAuthorizationFailedError,
    for_code,
)
from aiokafka.protocol.admin import CreateAclsRequest
from aiokafka.structs import TopicPartition
from tests.kafka.fixtures import SecuredKafka
from tests.topics.secured import (
    admin_client,
    read,
    refused_fetch,
    refused_group,
    refused_produce,
    settings_of,
    visible_topics,
    write,
)

from tiendo_contracts.messages.topics import TopicKind, agency_topic, topic
from tiendo_runtime.kafka.applying import apply_topics, compare_topics, plan_of
from tiendo_runtime.kafka.comparing import Standing
from tiendo_runtime.kafka.errors import ClusterRefused
from tiendo_runtime.settings import Settings

As = Callable[[str], Settings]


@pytest.fixture
async def signed_in(secured_kafka: SecuredKafka, generation: int, tmp_path: Path) -> As:
    """The settings of any user, on a broker to which the administrator has applied the plan."""

    def of(user: str) -> Settings:
        return settings_of(secured_kafka, user, generation, tmp_path)

    await apply_topics(of("admin"))
    return of


@pytest.fixture
def own(generation: int) -> str:
    return agency_topic("H34.STNMT", generation=generation).name


@pytest.fixture
def foreign(generation: int) -> str:
    return agency_topic("H34.20", generation=generation).name


async def test_an_administrator_makes_topics_and_rights_once(
    secured_kafka: SecuredKafka, generation: int, tmp_path: Path
) -> None:
    admin = settings_of(secured_kafka, "admin", generation, tmp_path)
    before = await compare_topics(admin)
    applied = await apply_topics(admin)
    given = [line for line in applied.done if line.startswith("right: ")]
    assert len(given) == [standing for _, standing in before.rights].count(Standing.MISSING)
    assert applied.remarks == []
    after = await compare_topics(admin)
    assert {standing for _, standing in after.rights} == {Standing.PRESENT}
    assert (await apply_topics(admin)).done == []


async def test_the_relay_may_look_at_what_is_there_but_make_nothing(signed_in: As) -> None:
    relay = signed_in("relay")
    applied = await apply_topics(relay)
    assert applied.done == []
    assert "could not be seen" in applied.remarks[0]
    newer = relay.model_copy(update={"kafka_generation": relay.kafka_generation + 500_000})
    with pytest.raises(ClusterRefused, match=r"user relay may not make .*tiendo topics apply.*administrator"):
        await apply_topics(newer)


async def test_the_relay_writes_everything_idempotently_and_reads_only_what_it_checks(signed_in: As) -> None:
    relay = signed_in("relay")
    for planned in plan_of(relay).topics:
        await write(relay, planned.name)
    for kind in (TopicKind.CASE_EVENTS, TopicKind.DIRECTORY):
        assert await read(relay, topic(kind, generation=relay.kafka_generation).name) == [b"{}"]
    async with admin_client(relay) as client:
        events = topic(TopicKind.CASE_EVENTS, generation=relay.kafka_generation).name
        (answer,) = await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, events)])
        assert answer.resources[0][0] == 0
    states = topic(TopicKind.CASE_TIMELINES, generation=relay.kafka_generation).name
    assert await refused_fetch(relay, states) is TopicAuthorizationFailedError


async def test_a_projector_reads_events_in_its_group_and_nothing_else(signed_in: As, own: str) -> None:
    projector, generation = signed_in("projector"), signed_in("projector").kafka_generation
    events = topic(TopicKind.CASE_EVENTS, generation=generation).name
    await write(signed_in("relay"), events)
    assert await read(projector, events, group="tiendo.projector") == [b"{}"]
    for denied in (topic(TopicKind.CASE_TIMELINES, generation=generation).name, own):
        assert await refused_fetch(projector, denied) is TopicAuthorizationFailedError
    assert await refused_produce(projector, events) is TopicAuthorizationFailedError


async def test_an_agency_reads_its_own_topic_in_its_own_groups(signed_in: As, own: str) -> None:
    await write(signed_in("relay"), own, value=b"theirs")
    agency = signed_in("agency")
    assert await read(agency, own) == [b"theirs"]
    assert await read(agency, own, group="tiendo.agency.H34.STNMT:reports") == [b"theirs"]


async def test_an_agency_sees_no_other_topic_and_reads_none(signed_in: As, own: str, foreign: str) -> None:
    agency = signed_in("agency")
    others = [planned.name for planned in plan_of(agency).topics if planned.name != own]
    assert foreign in others
    assert set(await visible_topics(agency)).isdisjoint(others)
    for name in [*others, "__consumer_offsets"]:
        assert await refused_fetch(agency, name) is TopicAuthorizationFailedError
    assert await refused_fetch(agency, own) is NoError


async def test_an_agency_joins_no_groups_of_others(signed_in: As) -> None:
    agency = signed_in("agency")
    for group in ("tiendo.agency.H34.20:reports", "tiendo.agency.H34.STNMT", "tiendo.projector", "anything"):
        with pytest.raises(GroupAuthorizationFailedError):
            await refused_group(agency, group)


async def test_an_agency_writes_nowhere(signed_in: As, own: str) -> None:
    agency = signed_in("agency")
    for name in [*(planned.name for planned in plan_of(agency).topics), "__consumer_offsets"]:
        assert await refused_produce(agency, name) is TopicAuthorizationFailedError
    with pytest.raises(KafkaError) as refused:
        await write(agency, own)
    assert isinstance(refused.value, ClusterAuthorizationFailedError | TopicAuthorizationFailedError)


async def test_an_agency_administers_nothing(signed_in: As, own: str, foreign: str) -> None:
    async with admin_client(signed_in("agency")) as client:
        made = await client.create_topics([NewTopic(f"{own}.mine", num_partitions=1, replication_factor=1)])
        assert refusals(code for _, code, *_ in made.topic_errors) == {TopicAuthorizationFailedError}
        deleted = await client.delete_topics([own, foreign])
        assert refusals(code for _, code, *_ in deleted.topic_error_codes) == {TopicAuthorizationFailedError}
        changes = [ConfigResource(ConfigResourceType.TOPIC, own, {"retention.ms": "1"})]
        (changed,) = await client.alter_configs(changes)
        assert refusals(code for code, *_ in changed.resources) == {TopicAuthorizationFailedError}
        with pytest.raises(TopicAuthorizationFailedError):
            await client.delete_records({TopicPartition(own, 0): RecordsToDelete(before_offset=1)})
        right = CreateAclsRequest(2, foreign, 3, "User:agency", "*", 3, 3)
        answer = await client._send_request(right)
        assert refusals(code for code, _ in answer.creation_responses) == {ClusterAuthorizationFailedError}


async def test_rights_that_nobody_planned_are_told(signed_in: As, foreign: str, secured_kafka: SecuredKafka) -> None:
    allow = ("--add", "--allow-principal", "User:agency", "--operation", "Read", "--topic", foreign)
    await secured_kafka.run_tool("kafka-acls", *allow)
    besides = (await compare_topics(signed_in("admin"))).besides
    assert [str(each.right) for each in besides if each.right.name == foreign and "agency" in each.right.principal] == [
        f"User:agency Read topic {foreign}"
    ]


async def test_a_denial_is_told_for_it_goes_before_every_right(
    signed_in: As, own: str, secured_kafka: SecuredKafka
) -> None:
    deny = ("--add", "--deny-principal", "User:agency", "--operation", "Read", "--topic", own)
    await secured_kafka.run_tool("kafka-acls", *deny)
    applied = await apply_topics(signed_in("admin"))
    assert applied.remarks == [f"denied in spite of the plan: User:agency Read topic {own}"]


def refusals(codes: Iterable[int]) -> set[type[Exception]]:
    return {for_code(code) for code in codes}
