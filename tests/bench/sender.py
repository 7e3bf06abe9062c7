"""Events that keep coming in: `python -m tests.bench.sender PORT KEY PER_SECOND RUN FILE`, until it is ended.

Replays the courses of cases from a file of the simulation under new case ids, each event as if it happened now.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

from tests.bench.connection import Connection

_LINES = 20_000
_OK = 200
_CLIENTS = 8


def replayed(lines: list[str], run: str) -> Iterator[bytes]:
    """Yield the events for ever, under case ids that no other run and no earlier round has used."""
    numbers = count()
    for round_number in count():
        for line in lines:
            event: dict[str, Any] = json.loads(line)
            now = datetime.now(UTC)
            new = f"-{run}.{round_number}"
            event |= {
                "id": f"{run}.{next(numbers)}",  # a line that is in the file twice is an event of its own
                "subject": event["subject"] + new,
                "source": "/simulation/bench",
                "time": now.isoformat(),
                "recordedat": now.isoformat(),
            }
            if "due_at" in event["data"]:
                event["data"]["due_at"] = (now + timedelta(days=7)).isoformat()
            yield json.dumps(event, ensure_ascii=False).encode()


async def main(port: int, key: str, per_second: float, run: str, file: Path) -> None:
    """Send at the rate, whatever becomes of what was sent before, over connections that are kept open."""
    with file.open(encoding="utf-8") as opened:
        lines = [line for line in islice(opened, _LINES) if '"vn.tiendo.case.corrected.v1"' not in line]
    events, begun, numbers = replayed(lines, run), time.monotonic(), count()
    headers = {"authorization": f"Bearer {key}", "content-type": "application/cloudevents+json"}

    async def work() -> None:
        connection = await Connection.open(port)
        for number in numbers:
            await asyncio.sleep(max(0.0, begun + number / per_second - time.monotonic()))
            status, body = await connection.request("POST", "/v1/events", headers, next(events))
            if status != _OK:
                raise RuntimeError(f"an event was answered {status}: {body[:300]!r}")

    await asyncio.gather(*(work() for _ in range(_CLIENTS)))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), sys.argv[4], Path(sys.argv[5])))
