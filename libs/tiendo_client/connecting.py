"""aiokafka's consumer as ours use it: its options, its start, the topics that it subscribes to."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import KafkaConnectionError, KafkaError

from tiendo_client.connectivity import reach
from tiendo_client.errors import TopicMissing
from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.lifecycle import begun

RELEASE_SECONDS_MAX = 60
"""How long a rebalance waits for the batch in hand."""
# A topic that was just made is not known to all brokers at once.
_LOOKED_FOR_TIMES = 10
_LOOK_AGAIN_SECONDS = 0.3


def new_client(access: KafkaAccess, group: str | None, options: Mapping[str, Any]) -> AIOKafkaConsumer:
    """A consumer, not started, which commits nothing by itself. Raises AccessUnusable."""
    return AIOKafkaConsumer(
        **{
            "group_id": group,
            "auto_offset_reset": "earliest",
            "max_partition_fetch_bytes": 4 * 1024 * 1024,
            "rebalance_timeout_ms": RELEASE_SECONDS_MAX * 1000,
            "metadata_max_age_ms": 60_000,
            **options,
            **access.options(),
            "enable_auto_commit": False,
        }
    )


async def start(client: AIOKafkaConsumer, access: KafkaAccess) -> None:
    """Start the consumer. Raises AccessRefused or BrokersAway, with the reason."""
    try:
        await begun(client.start())
    except KafkaConnectionError:
        await reach(access)  # says why, which aiokafka does not
        raise


async def subscribe(
    client: AIOKafkaConsumer, access: KafkaAccess, topics: Collection[str], listener: ConsumerRebalanceListener
) -> None:
    """Subscribe to the topics. Raises TopicMissing."""
    # Asked for by name, a topic that is missing would be created by brokers that are set so.
    for again in range(_LOOKED_FOR_TIMES, 0, -1):
        try:
            missing = sorted(set(topics) - await client.topics())
        except KafkaError:  # a connection was lost between two questions
            if again == 1:
                raise
        else:
            if not missing:
                break
            if again == 1:
                raise TopicMissing(missing[0], access.bootstrap_servers)
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    client.subscribe(list(topics), listener=listener)
