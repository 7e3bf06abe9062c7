"""The log as it is published over Kafka: read fast, in order, and noted how far the broker has acknowledged it."""

from tiendo_event_store.publication.checkpoints import (
    FeedState,
    LastAcknowledged,
    feed_states,
    forget_feeds,
    last_acknowledged,
    note_acknowledged,
    note_refusal,
    open_feed,
    settle_feed,
)
from tiendo_event_store.publication.locks import RELAY_LOCKS

__all__ = [
    "RELAY_LOCKS",
    "FeedState",
    "LastAcknowledged",
    "feed_states",
    "forget_feeds",
    "last_acknowledged",
    "note_acknowledged",
    "note_refusal",
    "open_feed",
    "settle_feed",
]
