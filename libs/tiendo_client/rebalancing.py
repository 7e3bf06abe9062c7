"""A consumer group's rebalance as the consumer sees it: partitions are given away only when the batch in hand is done."""

import asyncio
import logging
from collections.abc import Callable, Collection

from aiokafka import TopicPartition
from aiokafka.abc import ConsumerRebalanceListener

logger = logging.getLogger("tiendo_client")


class Rebalancing(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka brings no types
    """Holds up a rebalance while a batch is in hand, for at most `release_seconds_max`; then calls `forget`."""

    def __init__(self, forget: Callable[[], None], release_seconds_max: float) -> None:
        self._forget = forget
        self._seconds_max = release_seconds_max
        self._free = asyncio.Event()
        self._free.set()
        self.under_way = False

    def take(self) -> None:
        """From now on a batch is in hand."""
        self._free.clear()

    def release(self) -> None:
        """No batch is in hand any more."""
        self._free.set()

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Wait until the batch in hand is done, and forget where the partitions stood."""
        self.under_way = True
        try:
            await asyncio.wait_for(self._free.wait(), self._seconds_max)
        except TimeoutError:
            logger.warning(
                "the batch in hand was not done within %s s: %s partitions are given away all the same",
                self._seconds_max,
                len(revoked),
            )
        self._forget()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:  # noqa: ARG002 - asked for when needed
        """Let the consumer load where its partitions stand."""
        self._forget()
        self.under_way = False
