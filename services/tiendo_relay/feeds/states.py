"""The states of all cases: timelines and shares of lateness, each to a topic of its own."""

import asyncio
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_client.kafka_access import KafkaAccess
from tiendo_contracts.messages import TopicKind, topic
from tiendo_read_models.published import ChangedCase
from tiendo_relay.feeds.states_ends import TopicEnds
from tiendo_relay.feeds.states_feed import BREATH_CASES, Outgoing, StateFeed
from tiendo_relay.feeds.states_messages import shares_of, timeline_state
from tiendo_relay.lock import RelayLock


class StatesTeller:
    """Says of every changed case how its timeline stands, and all shares of its lateness."""

    def __init__(self, *, generation: int) -> None:
        self._timelines = topic(TopicKind.CASE_TIMELINES, generation=generation).name
        self._attributions = topic(TopicKind.DELAY_ATTRIBUTIONS, generation=generation).name

    @property
    def topics(self) -> Sequence[str]:
        """The two topics."""
        return [self._timelines, self._attributions]

    @property
    def with_holds(self) -> bool:
        """Timelines say who held."""
        return True

    async def basis(self) -> str:
        """Nothing: the cases say all."""
        return ""

    async def outgoing(self, cases: Sequence[ChangedCase], *, again: bool) -> Sequence[Outgoing]:  # noqa: ARG002 - always everything
        """Two messages a case."""
        found: list[Outgoing] = []
        for number, changed in enumerate(cases, start=1):
            timeline = timeline_state(changed)
            found.append(Outgoing(topic=self._timelines, state=timeline, version=changed.version))
            found.append(Outgoing(topic=self._attributions, state=shares_of(timeline), version=changed.version))
            if number % BREATH_CASES == 0:
                await asyncio.sleep(0)
        return found

    async def before(self, connection: AsyncConnection, outgoing: Sequence[Outgoing]) -> None:
        """Nothing has to be noted."""

    async def after(self, connection: AsyncConnection, outgoing: Sequence[Outgoing]) -> None:
        """Nothing has to be noted."""


def states_feed(
    engine: AsyncEngine, lock: RelayLock, access: KafkaAccess, *, generation: int, shared: bool
) -> StateFeed:
    """The feed of the states of all cases."""
    teller, ends = StatesTeller(generation=generation), TopicEnds(access, shared=shared)
    return StateFeed(engine, lock, teller, ends, name=f"states:g{generation}")
