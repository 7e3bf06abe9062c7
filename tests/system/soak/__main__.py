"""A soak: a whole `tiendo up` with a relay takes events at a steady rate for long, is asked meanwhile, and its memory is watched.

`python -m tests.system.soak --minutes 30 --rate 300`; ends with status 1 if an event is missing or a process grows.
"""

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cli.running_up import Up, run_tiendo, start_up
from tests.kafka import java
from tests.kafka.layouts import one_broker
from tests.system.soak.load import Readers, Senders
from tests.system.soak.memory import Memory

SAMPLES = 160


async def soak(folder: Path, *, minutes: float, rate: int) -> int:
    """The exit status: 0 when all that was acknowledged is there, in order and proven, and no process grows."""
    java.require()
    kafka = one_broker(folder / "kafka")
    await kafka.start()
    try:
        up = await start_up(folder / "data", TIENDO_KAFKA_BOOTSTRAP_SERVERS=kafka.bootstrap_servers)
        try:
            return await _run(up, minutes=minutes, rate=rate)
        finally:
            await up.stop()
    finally:
        await kafka.remove()


async def _run(up: Up, *, minutes: float, rate: int) -> int:
    senders, readers, memory = Senders(up=up, rate=rate), Readers(up=up), Memory(up=up)
    base = await readers.head()
    beside = [
        asyncio.create_task(each)
        for each in (senders.run(minutes * 60), readers.run(), memory.watch(minutes * 60 / SAMPLES))
    ]
    await beside[0]
    for task in beside[1:]:
        task.cancel()
    ended = await asyncio.gather(*beside, return_exceptions=True)
    print(senders.account())
    print(readers.account())
    print(memory.table())
    faults = await readers.faults(base, senders.accepted) + memory.growing()
    status, said, complained = await run_tiendo(up.data, "log", "verify")
    faults += [complained] if status else []
    faults += [repr(error) for error in ended if isinstance(error, Exception)]
    print(said.strip())
    for fault in faults:
        print(f"FAULT: {fault}")
    return 1 if faults else 0


def main() -> int:
    """Run it as asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=int, default=300, help="events a second")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="tiendo-soak-") as folder:
        return asyncio.run(soak(Path(folder), minutes=asked.minutes, rate=asked.rate))


if __name__ == "__main__":
    sys.exit(main())
