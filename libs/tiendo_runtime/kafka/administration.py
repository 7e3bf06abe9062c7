"""Asking a cluster what is there, and changing it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, NoError, TopicAlreadyExistsError, for_code

from tiendo_client.access_errors import AccessFault, BrokersAway
from tiendo_client.connectivity import reach, refusal
from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.lifecycle import begun
from tiendo_runtime.kafka.acl_requests import give_rights, list_rights
from tiendo_runtime.kafka.comparing import FoundOnCluster, FoundTopic
from tiendo_runtime.kafka.errors import ClusterAway, ClusterFault, ClusterRefused
from tiendo_runtime.kafka.planning import PlannedTopic, Right, TopicsPlan
from tiendo_runtime.settings import with_settings

REQUEST_SECONDS: Final = 15.0
_VISIBLE_SECONDS: Final = 15.0
_POLL_SECONDS: Final = 0.05
_ALL_SECONDS: Final = 120.0
_BROKERS_DEFAULT: Final = -1
_OF_THE_TOPIC: Final = 1
"""Where a setting comes from: set for the topic itself."""


@asynccontextmanager
async def administration(access: KafkaAccess) -> AsyncIterator["Administration"]:
    """A connection to the cluster for the block, of at most two minutes. Raises ClusterFault for all that goes wrong in it."""
    try:
        await reach(access, timeout_seconds=REQUEST_SECONDS)
        async with asyncio.timeout(_ALL_SECONDS):
            client = AIOKafkaAdminClient(request_timeout_ms=int(REQUEST_SECONDS * 1000), **access.options())
            try:
                await begun(client.start())
                yield Administration(client)
            finally:
                await client.close()
    except (AccessFault, KafkaError, OSError, TimeoutError) as error:
        raise kafka_fault(error, access) from None


def kafka_fault(error: Exception, access: KafkaAccess) -> ClusterFault:
    """What to tell the operator of an error in talking to the brokers."""
    if isinstance(error, KafkaError):
        refused = refusal(error, access)
        if refused is None:
            again = "the brokers do not do what was asked" if not error.retriable else "the brokers do not answer"
            return (ClusterAway if error.retriable else ClusterRefused)(f"{again}: {error}")
        error = refused
    if isinstance(error, AccessFault):
        return (ClusterAway if isinstance(error, BrokersAway) else ClusterRefused)(with_settings(error))
    return ClusterAway(f"the brokers do not answer in time: {str(error) or type(error).__name__}")


class Administration:
    """What can be asked of a cluster, and changed on it. Errors are aiokafka's."""

    def __init__(self, client: AIOKafkaAdminClient) -> None:
        self._client = client

    async def find(self, plan: TopicsPlan) -> FoundOnCluster:
        """What is there of the plan, as far as this user may see it."""
        there = await self._topics(plan)
        settings = await self._settings(list(there))
        rights, shown = await list_rights(self._client)
        topics = {
            name: FoundTopic(
                partitions=len(found["partitions"]),
                copies=min(len(partition["replicas"]) for partition in found["partitions"]),
                configuration=settings[name][0],
                own=settings[name][1],
            )
            for name, found in there.items()
        }
        return FoundOnCluster(topics=topics, rights=rights, rights_shown=shown)

    async def partitions(self) -> dict[str, int]:
        """The number of partitions of each topic that this user may see."""
        return {found["topic"]: len(found["partitions"]) for found in await self._client.describe_topics()}

    async def create(self, topics: Sequence[PlannedTopic]) -> None:
        """Make the topics, and return when the brokers show them all with leaders. Those that another made meanwhile are left as they are."""
        wanted = [_new_topic(each) for each in topics]
        answer = await self._client.create_topics(wanted)
        for name, code, *message in answer.topic_errors:
            kind = for_code(code)
            if kind not in {NoError, TopicAlreadyExistsError}:
                raise kind(name, *message)
        await self._shown([each.name for each in topics])

    async def configure(self, name: str, settings: Mapping[str, str]) -> None:
        """Set these settings of the topic and take back all others that were set for it."""
        resource = ConfigResource(ConfigResourceType.TOPIC, name, dict(settings))
        for answer in await self._client.alter_configs([resource]):
            for code, message, *_ in answer.resources:
                if code:
                    raise for_code(code)(name, message)

    async def allow(self, rights: Sequence[Right]) -> None:
        """Give the rights."""
        await give_rights(self._client, rights)

    async def _topics(self, plan: TopicsPlan) -> dict[str, dict[str, Any]]:
        """The topics of the plan that are there and usable, by name; asking for all makes none, as asking by name may."""
        names = {planned.name for planned in plan.topics}
        return {
            found["topic"]: found
            for found in await self._client.describe_topics()
            if found["topic"] in names and not found["error_code"] and found["partitions"]
        }

    async def _settings(self, names: Sequence[str]) -> dict[str, tuple[dict[str, str] | None, dict[str, str]]]:
        """What holds for each topic (None if that may not be seen), and what of it is set for the topic itself."""
        if not names:
            return {}
        found: dict[str, tuple[dict[str, str] | None, dict[str, str]]] = dict.fromkeys(names, (None, {}))
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        for answer in await self._client.describe_configs(resources):
            for code, _message, _kind, name, entries in answer.resources:
                if not code:
                    every = {entry[0]: entry[1] for entry in entries}
                    found[name] = (every, {entry[0]: entry[1] for entry in entries if entry[3] == _OF_THE_TOPIC})
        return found

    async def _shown(self, names: Sequence[str]) -> None:
        async with asyncio.timeout(_VISIBLE_SECONDS):
            while True:
                found = {each["topic"]: each for each in await self._client.describe_topics()}
                if all(name in found and _led(found[name]) for name in names):
                    return
                await asyncio.sleep(_POLL_SECONDS)


def _new_topic(planned: PlannedTopic) -> NewTopic:
    new = NewTopic(
        planned.name,
        num_partitions=planned.topic.partitions,
        replication_factor=planned.copies or 1,
        topic_configs=dict(planned.configuration),
    )
    if planned.copies is None:
        new.replication_factor = _BROKERS_DEFAULT  # aiokafka refuses it as an argument; brokers take it
    return new


def _led(found: Mapping[str, Any]) -> bool:
    """Whether every partition has a broker that takes messages."""
    return bool(found["partitions"]) and all(partition["leader"] >= 0 for partition in found["partitions"])
