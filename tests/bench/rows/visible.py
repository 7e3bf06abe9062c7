"""From an event's acknowledgement until the figures show it, at a steady rate."""

import asyncio
import json
import time

from tests.bench.asking import settings_of
from tests.bench.connection import Connection
from tests.bench.filling import fill, until_shown
from tests.bench.load import quantile
from tests.bench.memory import peak_memory
from tests.bench.programs import working
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.samples import EVENTS_PER_CASE, case_id, event_texts
from tests.bench.stage import Served, Stage

BATCHES_PER_SECOND = 20
_FIRST_CASE = 100_000
_OK = 200


async def take(stage: Stage) -> Sample:
    """Batches at a steady rate into a log of some cases; each batch's last case is asked for until it is shown."""
    size = stage.size
    async with stage.served() as served, working("projector", settings_of(served.url)) as projector:
        position = await fill(served, event_texts(size.cases))
        await until_shown(served.web.port, served.headers, case_id(0), position)
        async with peak_memory(web=served.web.pid, projector=projector.pid) as peak:
            delays = await _delays(served, size.arrivals_per_second, size.seconds)
    return Sample(
        figures={"p50": quantile(delays, 0.5) * 1000, "p99": quantile(delays, 0.99) * 1000},
        peak_mebibytes=peak.mebibytes,
    )


async def _delays(served: Served, per_second: int, seconds: float) -> list[float]:
    cases = max(1, per_second // BATCHES_PER_SECOND // EVENTS_PER_CASE)
    connection, delays, waiting = await Connection.open(served.web.port), list[float](), list[asyncio.Task[None]]()
    headers = {**served.headers, "content-type": "application/cloudevents-batch+json"}
    interval = cases * EVENTS_PER_CASE / per_second
    begun = time.perf_counter()
    for number in range(max(2, int(seconds / interval))):
        first = _FIRST_CASE + number * cases
        body = f"[{','.join(event_texts(cases, first))}]".encode()
        await asyncio.sleep(max(0.0, begun + number * interval - time.perf_counter()))
        status, answer = await connection.request("POST", "/v1/events", headers, body)
        if status != _OK:
            raise RuntimeError(f"a batch was answered {status}: {answer[:300]!r}")
        position = json.loads(answer)["events"][-1]["position"]
        waiting.append(asyncio.ensure_future(_wait(served, case_id(first + cases - 1), position, delays)))
    await asyncio.gather(*waiting)
    await connection.close()
    return delays


async def _wait(served: Served, case: str, position: int, delays: list[float]) -> None:
    acknowledged = time.perf_counter()
    await until_shown(served.web.port, served.headers, case, position)
    delays.append(time.perf_counter() - acknowledged)


ROW = Row(
    name="visible",
    what="acknowledged event to visible, at 1,000 events/s",
    floor="none: nothing else shows events",
    ground=Ground.FRESH,
    figures=(
        Figure(name="p50", unit="ms", better=Better.LOWER),
        Figure(name="p99", unit="ms", better=Better.LOWER, aim=100),
    ),
    take=take,
)
