"""What another agency installs: a typed Kafka consumer that hands over every message exactly once in effect, and a typed HTTP client."""

from tiendo_client.access import KafkaAccess, SaslMechanism, SecurityProtocol
from tiendo_client.chains import Gap
from tiendo_client.consumers import (
    CaseEventConsumer,
    CaseTimelineConsumer,
    DelayAttributionsConsumer,
    DirectoryConsumer,
)
from tiendo_client.deliveries import Batch, Delivery
from tiendo_client.errors import BatchNotSaved, ClientError, MessageUnreadable, PositionsMoved, TopicMissing
from tiendo_client.position_stores import MemoryPositions, PositionStore
from tiendo_client.positions import Positions
from tiendo_client.postgres_positions import PostgresPositions

__all__ = [
    "Batch",
    "BatchNotSaved",
    "CaseEventConsumer",
    "CaseTimelineConsumer",
    "ClientError",
    "DelayAttributionsConsumer",
    "Delivery",
    "DirectoryConsumer",
    "Gap",
    "KafkaAccess",
    "MemoryPositions",
    "MessageUnreadable",
    "PositionStore",
    "Positions",
    "PositionsMoved",
    "PostgresPositions",
    "SaslMechanism",
    "SecurityProtocol",
    "TopicMissing",
]
