"""What another agency installs: a typed Kafka consumer that hands over every message exactly once in effect, and a typed HTTP client."""

from tiendo_client.access import KafkaAccess, SaslMechanism, SecurityProtocol

__all__ = ["KafkaAccess", "SaslMechanism", "SecurityProtocol"]
