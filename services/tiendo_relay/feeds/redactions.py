"""Events that were redacted after they were sent: each is sent once more, where the log says that it was redacted."""

from collections.abc import Collection, Mapping, Sequence

from aiokafka import TopicPartition

from tiendo_event_store.publication import EventToPublish, PublicationLog
from tiendo_relay.feeds.walks import ChainWalk
from tiendo_relay.sending.chunks import Redacted, Target, partition_for

Shown = tuple[TopicPartition, int, str]
"""A message of a redacted event, as a partition holds it: partition, position, digest."""


def up_to_redaction(entries: Sequence[EventToPublish]) -> Sequence[EventToPublish]:
    """The entries before the first fact of a redaction; that fact alone where it comes first."""
    for number, entry in enumerate(entries):
        if entry.redacts:
            return entries[: max(number, 1)]
    return entries


async def redacted_by(fact: EventToPublish, log: PublicationLog, targets: Mapping[str, Target]) -> Redacted | None:
    """The event that a fact of redaction is about, with its place; None of one that is not sent."""
    entry = await _sent_event(fact, log)
    if entry is None:
        return None
    where = partition_for(entry, targets)
    async for earlier in log.before(entry.position):
        if earlier.kind == entry.kind and partition_for(earlier, targets) == where:
            return Redacted(entry=entry, where=where, previous_position=earlier.position)
    return Redacted(entry=entry, where=where, previous_position=0)


async def first_not_shown(
    log: PublicationLog,
    targets: Mapping[str, Target],
    walks: Mapping[TopicPartition, ChainWalk],
    shown: Collection[Shown],
) -> int | None:
    """The position of the first fact of redaction whose event was not sent once more, so far as the ends of the partitions tell; None: all were.

    What was sent behind the last message of a chain is lost without a break, should the broker lose it; what was sent before is not.
    """
    for fact in await log.redactions(min((walk.position for walk in walks.values()), default=0)):
        entry = await _sent_event(fact, log)
        if entry is None:
            continue
        where = partition_for(entry, targets)
        if walks[where].position < fact.position and (where, entry.position, entry.digest) not in shown:
            return fact.position
    return None


async def _sent_event(fact: EventToPublish, log: PublicationLog) -> EventToPublish | None:
    """The event that a fact of redaction is about, as it is by now; None of one that is not sent."""
    position = fact.redacted_position
    found = [] if position is None else await log.entries_at([position])
    return found[0] if found and found[0].kind is not None else None
