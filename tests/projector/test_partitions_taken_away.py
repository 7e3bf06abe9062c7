"""A partition may be taken away at any moment: between two looks at what is assigned a follower measures it and goes back in it."""

from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.kafka.brokers import Kafka
from tests.projector.followed_topics import topics_of

from tiendo_contracts.messages.topics import TopicKind, topic
from tiendo_event_store.followed.followed_positions import FollowedPlace, FollowedTopic
from tiendo_projector.over_kafka.reception import Partition, Reception

TAKEN_AWAY = 1_000
"""A partition that the consumer has not."""


async def test_what_was_taken_away_is_neither_measured_nor_sought(
    engine: AsyncEngine, kafka: Kafka, generation: int
) -> None:
    await topics_of(kafka.bootstrap_servers, generation)
    followed = FollowedTopic(consumer="c", topic=topic(TopicKind.CASE_EVENTS, generation=generation).name)
    async with AIOKafkaConsumer(followed.topic, bootstrap_servers=kafka.bootstrap_servers) as consumer:
        assert TopicPartition(followed.topic, 0) in consumer.assignment()
        reception = Reception(consumer, followed, engine)
        reception._open = {
            number: Partition(followed, number, FollowedPlace(offset=0, tails={})) for number in (0, TAKEN_AWAY)
        }
        for number in (0, TAKEN_AWAY):
            reception._seek(number, 5)
        reception.measure()
        assert reception._ends == {0: 5}
