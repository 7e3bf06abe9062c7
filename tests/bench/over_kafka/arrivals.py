"""When messages arrive at a plain consumer: `python -m tests.bench.over_kafka.arrivals SERVERS TOPIC COUNT`.

Prints `ready` when it listens, and in the end the id of each event with the machine's own clock in nanoseconds.
"""

import asyncio
import json
import sys
import time

from aiokafka import AIOKafkaConsumer


async def main(servers: str, topic: str, count: int) -> None:
    """Listen until so many have come."""
    arrived: dict[str, int] = {}
    async with AIOKafkaConsumer(topic, bootstrap_servers=servers, auto_offset_reset="earliest") as consumer:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while len(arrived) < count:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                now = time.monotonic_ns()
                for record in records:
                    arrived.setdefault(dict(record.headers)["ce_id"].decode(), now)
    sys.stdout.write(json.dumps(arrived) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
