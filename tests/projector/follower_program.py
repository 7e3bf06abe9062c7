"""A projector over Kafka as a process of its own, for tests that kill it: `python -m tests.projector.follower_program DATABASE BROKERS GENERATION`."""

import asyncio
import signal
import sys

import tiendo_projector
from tiendo_runtime.settings import Settings


async def main(database_url: str, servers: str, generation: int) -> None:
    """Follow the topics until asked to end."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = Settings(kafka_bootstrap_servers=servers, kafka_generation=generation)
    await tiendo_projector.run_over_kafka(settings, database_url, stop)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
