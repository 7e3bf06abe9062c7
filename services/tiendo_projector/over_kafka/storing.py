"""Followed events into the log, and the places of their partitions moved, in one transaction."""

from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_event_store.errors import RedactionRefused
from tiendo_event_store.followed.followed_appending import append_followed
from tiendo_event_store.followed.followed_positions import FollowedPlace, FollowedTopic, hold_places, move_places
from tiendo_event_store.followed.followed_redacting import FollowedRedaction, forget_rows, redact_followed
from tiendo_projector.over_kafka.metrics import EVENTS
from tiendo_projector.over_kafka.records import ReceivedEvent

_journal = structlog.get_logger("tiendo.projector")


async def store(
    engine: AsyncEngine,
    topic: FollowedTopic,
    received: Sequence[ReceivedEvent],
    *,
    before: Mapping[int, FollowedPlace],
    after: Mapping[int, FollowedPlace],
) -> None:
    """Append the events that partitions held between two places, each whole, and redact what was redacted in its own log.

    Raises FollowedElsewhere when another process was there first; then nothing stands.
    """
    async with engine.begin() as connection:
        await hold_places(connection, topic, before)
        appended = await append_followed(connection, [one.event for one in received if not one.replaces])
        redacted = sum([await _redact(connection, one) for one in received if one.replaces])
        await move_places(connection, topic, after)
    EVENTS.inc(appended)
    if redacted:
        await forget_rows(engine)


async def _redact(connection: AsyncConnection, one: ReceivedEvent) -> bool:
    redaction = FollowedRedaction(
        log_id=one.event.log_id, position=one.event.position, members=one.redacted, digest=one.event.digest
    )
    try:
        return await redact_followed(connection, redaction)
    except RedactionRefused as refused:
        _journal.warning("a redaction of another log is passed over", log_id=str(one.event.log_id), cause=str(refused))
        return False
