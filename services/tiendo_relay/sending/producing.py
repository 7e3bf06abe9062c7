"""aiokafka's producer with what the relay needs of it besides: an end without delay, and no topic made by asking for it."""

from aiokafka import AIOKafkaProducer

from tiendo_client.aiokafka_internals import end_sending, mark_closed
from tiendo_client.lifecycle import closed


class Producer(AIOKafkaProducer):  # type: ignore[misc] # aiokafka has no types
    """A producer that can be abandoned."""

    def partition_count(self, topic: str) -> int | None:
        """The number of partitions of a topic; None for one that is not there. Nothing is asked."""
        found = self.client.cluster.partitions_for_topic(topic)
        return None if found is None else len(found)

    async def look(self) -> None:
        """Ask for the topics anew: for all of them, since asking for one by name would make it."""
        self.client.set_topics([])
        await self.client.force_metadata_update()

    async def abandon(self, *, within_seconds: float) -> None:
        """Close without sending what waits or repeating what is under way; aiokafka's own `stop` would wait for all of it."""
        mark_closed(self)
        await closed(end_sending(self), self.client.close(), client=self.client, within_seconds=within_seconds)
