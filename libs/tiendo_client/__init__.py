"""What another agency installs: a typed Kafka consumer that hands over every message exactly once in effect, and a typed HTTP client."""

from tiendo_client.access import KafkaAccess, SaslMechanism, SecurityProtocol
from tiendo_client.api import TiendoApi
from tiendo_client.chains import Gap
from tiendo_client.consumers import (
    CaseEventConsumer,
    CaseTimelineConsumer,
    DelayAttributionsConsumer,
    DirectoryConsumer,
)
from tiendo_client.deliveries import Batch, Delivery
from tiendo_client.environment import access_from_environment
from tiendo_client.errors import BatchNotSaved, ClientError, MessageUnreadable, PositionsMoved, TopicMissing
from tiendo_client.file_positions import FilePositions
from tiendo_client.kafka_positions import KafkaPositions
from tiendo_client.position_stores import MemoryPositions, PositionStore
from tiendo_client.positions import Positions
from tiendo_client.postgres_positions import PostgresPositions
from tiendo_client.stubs import StubResolver
from tiendo_client.versions import MemoryVersions, PostgresVersions, newest

__all__ = [
    "Batch",
    "BatchNotSaved",
    "CaseEventConsumer",
    "CaseTimelineConsumer",
    "ClientError",
    "DelayAttributionsConsumer",
    "Delivery",
    "DirectoryConsumer",
    "FilePositions",
    "Gap",
    "KafkaAccess",
    "KafkaPositions",
    "MemoryPositions",
    "MemoryVersions",
    "MessageUnreadable",
    "PositionStore",
    "Positions",
    "PositionsMoved",
    "PostgresPositions",
    "PostgresVersions",
    "SaslMechanism",
    "SecurityProtocol",
    "StubResolver",
    "TiendoApi",
    "TopicMissing",
    "access_from_environment",
    "newest",
]
