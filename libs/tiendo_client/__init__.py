"""What another agency installs: a typed Kafka consumer that hands over every message exactly once in effect, and a typed HTTP client."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tiendo_client.api import TiendoApi
    from tiendo_client.chains import Gap
    from tiendo_client.consumers import (
        CaseEventConsumer,
        CaseTimelineConsumer,
        DelayAttributionsConsumer,
        DirectoryConsumer,
        PublicationConsumer,
    )
    from tiendo_client.deliveries import Batch, Delivery
    from tiendo_client.environment import access_from_environment
    from tiendo_client.errors import BatchNotSaved, ClientError, MessageUnreadable, PositionsMoved, TopicMissing
    from tiendo_client.file_positions import FilePositions
    from tiendo_client.kafka_access import KafkaAccess, SaslMechanism, SecurityProtocol
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
    "PublicationConsumer",
    "SaslMechanism",
    "SecurityProtocol",
    "StubResolver",
    "TiendoApi",
    "TopicMissing",
    "access_from_environment",
    "newest",
]

_MODULES: Final = {
    "Batch": "deliveries",
    "BatchNotSaved": "errors",
    "CaseEventConsumer": "consumers",
    "CaseTimelineConsumer": "consumers",
    "ClientError": "errors",
    "DelayAttributionsConsumer": "consumers",
    "Delivery": "deliveries",
    "DirectoryConsumer": "consumers",
    "PublicationConsumer": "consumers",
    "FilePositions": "file_positions",
    "Gap": "chains",
    "KafkaAccess": "kafka_access",
    "KafkaPositions": "kafka_positions",
    "MemoryPositions": "position_stores",
    "MemoryVersions": "versions",
    "MessageUnreadable": "errors",
    "PositionStore": "position_stores",
    "Positions": "positions",
    "PositionsMoved": "errors",
    "PostgresPositions": "postgres_positions",
    "PostgresVersions": "versions",
    "SaslMechanism": "kafka_access",
    "SecurityProtocol": "kafka_access",
    "StubResolver": "stubs",
    "TiendoApi": "api",
    "TopicMissing": "errors",
    "access_from_environment": "environment",
    "newest": "versions",
}


def __getattr__(name: str) -> object:
    """What is public, imported when it is first used: who only asks how a cluster is reached needs neither database nor Kafka."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found
