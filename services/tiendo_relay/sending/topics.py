"""What the broker says of the topics that the relay writes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from tiendo_client.aiokafka_internals import network_of
from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.lifecycle import begun, closed
from tiendo_relay.errors import TopicsMissing

_BATCH_BYTES_UNTOLD: Final = 1_000_000
"""Below what brokers take by default, where they do not tell."""

_SETTING: Final = "max.message.bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFacts:
    """A topic as it is: its partitions, and the largest batch that it takes."""

    partitions: int
    batch_bytes_max: int


async def topic_facts(access: KafkaAccess, names: Sequence[str], *, request_seconds: float) -> dict[str, TopicFacts]:
    """The facts of topics. Raises TopicsMissing, and what aiokafka raises when no broker answers."""
    admin = AIOKafkaAdminClient(**access.options(), request_timeout_ms=int(request_seconds * 1000))
    try:
        await begun(admin.start())
        # All topics: asking for one by name would make it, where the brokers are so configured.
        every = await admin.describe_topics()
        found = {topic["topic"]: topic for topic in every if not topic["error_code"] and topic["partitions"]}
        missing = [name for name in names if name not in found]
        if missing:
            raise TopicsMissing(missing)
        limits = await _batch_limits(admin, names)
        return {
            name: TopicFacts(
                partitions=len(found[name]["partitions"]), batch_bytes_max=limits.get(name, _BATCH_BYTES_UNTOLD)
            )
            for name in names
        }
    finally:
        client = network_of(admin)
        await closed(client.close(), client=client, within_seconds=request_seconds)


async def _batch_limits(admin: Any, names: Sequence[str]) -> Mapping[str, int]:  # noqa: ANN401 - aiokafka has no types
    """The largest batch of each topic that the brokers tell of: they need not let the relay know."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, name, {_SETTING: None}) for name in names]
    limits: dict[str, int] = {}
    for answer in await admin.describe_configs(resources):
        for code, _, _, name, entries, *_ in answer.resources:
            if code == 0:
                limits[name] = next(int(entry[1]) for entry in entries if entry[0] == _SETTING)
    return limits
