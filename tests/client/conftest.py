"""Topics of a fresh generation for the tests of consumers."""

import pytest
from tests.client.publishing import PARTITIONS, create
from tests.kafka.brokers import Kafka

from tiendo_client import KafkaAccess
from tiendo_contracts.messages import Topic, TopicKind, topic


@pytest.fixture
def access(kafka: Kafka) -> KafkaAccess:
    """How the broker of the tests is reached."""
    return KafkaAccess(bootstrap_servers=kafka.bootstrap_servers)


@pytest.fixture
async def events(kafka: Kafka, generation: int) -> Topic:
    """A topic of events."""
    found = topic(TopicKind.CASE_EVENTS, generation=generation, partitions=PARTITIONS)
    await create(kafka.bootstrap_servers, found)
    return found


@pytest.fixture
async def attributions(kafka: Kafka, generation: int) -> Topic:
    """A topic of shares of lateness."""
    found = topic(TopicKind.DELAY_ATTRIBUTIONS, generation=generation, partitions=PARTITIONS)
    await create(kafka.bootstrap_servers, found)
    return found
