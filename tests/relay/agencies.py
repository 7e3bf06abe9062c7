"""What lies in the topics of agencies, and the feed that fills them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.relay.states import SentState, agreed, sent_states

from tiendo_contracts.messages.agencies import Agency
from tiendo_relay.feeds.agencies import agencies_feed
from tiendo_relay.feeds.states_feed import StateFeed
from tiendo_relay.lock import RelayLock
from tiendo_runtime.kafka.applying import access_of
from tiendo_runtime.settings import Settings


def feed_of(engine: AsyncEngine, lock: RelayLock, settings: Settings, agencies: Sequence[Agency]) -> StateFeed:
    """The feed of these agencies."""
    return agencies_feed(
        engine, lock, access_of(settings), agencies, generation=settings.kafka_generation, shared=False
    )


class Told:
    """What lies in the topics of agencies."""

    def __init__(self, kafka: Kafka, settings: Settings) -> None:
        self._kafka = kafka
        self._generation = settings.kafka_generation

    async def all(self, unit: str) -> list[SentState]:
        name = Agency(unit=unit, principals=("User:x",)).topic(generation=self._generation).name
        return await sent_states(self._kafka, name)

    async def left(self, unit: str) -> dict[str, dict[str, Any]]:
        """The data of the state that is left of each case."""
        return {case_id: data_of(state) for case_id, state in agreed(await self.all(unit)).items()}


def data_of(state: SentState) -> dict[str, Any]:
    assert state.message.data is not None
    return state.message.data.model_dump(mode="json", by_alias=True)
