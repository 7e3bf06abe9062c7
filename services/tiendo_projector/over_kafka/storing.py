"""Followed events into the log, and the places of their partitions moved, in one transaction."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.followed_appending import FollowedEvent, append_followed
from tiendo_event_store.followed_positions import FollowedPlace, FollowedTopic, hold_places, move_places
from tiendo_projector.over_kafka.metrics import EVENTS


async def store(
    engine: AsyncEngine,
    topic: FollowedTopic,
    events: Sequence[FollowedEvent],
    *,
    before: Mapping[int, FollowedPlace],
    after: Mapping[int, FollowedPlace],
) -> None:
    """Append the events that partitions held between two places. Raises FollowedElsewhere when another process was there first; then nothing stands."""
    async with engine.begin() as connection:
        await hold_places(connection, topic, before)
        appended = await append_followed(connection, events)
        await move_places(connection, topic, after)
    EVENTS.inc(appended)
