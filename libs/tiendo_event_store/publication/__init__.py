"""The log as it is published over Kafka: read fast, in order, and noted how far the broker has acknowledged it."""

from tiendo_event_store.publication.checkpoints import (
    FeedState,
    LastAcknowledged,
    feed_states,
    forget_partitions,
    last_acknowledged,
    note_acknowledged,
    note_basis,
    note_refusal,
    open_feed,
    settle_feed,
)
from tiendo_event_store.publication.locks import relay_is_at_work
from tiendo_event_store.publication.reading import EventToPublish, PublicationLog

__all__ = [
    "EventToPublish",
    "FeedState",
    "LastAcknowledged",
    "PublicationLog",
    "feed_states",
    "forget_partitions",
    "last_acknowledged",
    "note_acknowledged",
    "note_basis",
    "note_refusal",
    "open_feed",
    "relay_is_at_work",
    "settle_feed",
]
