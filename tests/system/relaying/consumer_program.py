"""Another agency's program: it writes down every event that the client library hands over, in the transaction that keeps its positions.

`python -m tests.system.relaying.consumer_program BOOTSTRAP_SERVERS TOPIC DATABASE_URL`
"""

import asyncio
import signal
import sys

from sqlalchemy import text

from tiendo_client import CaseEventConsumer, KafkaAccess, PositionsMoved, PostgresPositions
from tiendo_runtime.database import owner_engine

BATCH_SIZE_MAX = 50
CREATE = """
    CREATE TABLE IF NOT EXISTS deliveries
    (number bigserial PRIMARY KEY, log_id text NOT NULL, position bigint NOT NULL, case_id text NOT NULL, event_id text NOT NULL)
"""
_INSERT = (
    "INSERT INTO deliveries (log_id, position, case_id, event_id) VALUES (:log_id, :position, :case_id, :event_id)"
)


async def main(bootstrap_servers: str, topic: str, database_url: str) -> None:
    """Consume until asked to end. No constraint keeps the table from holding an event twice: the checker is to see it."""
    engine = owner_engine(database_url)
    consumer = CaseEventConsumer(
        KafkaAccess(bootstrap_servers=bootstrap_servers),
        positions=PostgresPositions(engine, consumer="agency"),
        group=f"agency-of-{topic}",
        topics=[topic],
        batch_size_max=BATCH_SIZE_MAX,
        options={"session_timeout_ms": 6_000, "heartbeat_interval_ms": 1_000, "metadata_max_age_ms": 5_000},
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, consumer.stop)
    async with consumer:
        async for batch in consumer:
            rows = [
                {
                    "log_id": str(message.logid),
                    "position": message.position,
                    "case_id": message.subject,
                    "event_id": message.id,
                }
                for message in batch
            ]
            try:
                async with engine.begin() as connection:
                    await connection.execute(text(_INSERT), rows)
                    await batch.save(connection)
            except PositionsMoved:
                continue
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
