"""A case of very many events: what a further one costs, and how long another case waits meanwhile."""

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import psutil
from tests.bench.asking import settings_of
from tests.bench.filling import fill, until_shown
from tests.bench.load import quantile
from tests.bench.memory import peak_memory
from tests.bench.programs import Program, working
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.samples import SOURCE, event_texts
from tests.bench.stage import Served, Stage

LONG, SHORT = "000.00.20.B34-220104-LONG", "000.00.20.B34-220104-SHORT"
_BEGIN = datetime.fromisoformat("2022-01-04T08:00:00+07:00")
_OFFICERS = 40


def handovers(case: str, first: int, count: int) -> Iterator[str]:
    """Yield so many handovers of the case, a minute apart, from hand to hand; the one of number 0 is its reception."""
    for number in range(first, first + count):
        holder = {"id": f"CC-{number % _OFFICERS:04}", "name": f"Nguyễn Văn {number % _OFFICERS}"}
        step = {"id": f"buoc-{number % 4}", "allotted_minutes": 240}
        at = (_BEGIN + timedelta(minutes=number)).isoformat()
        yield json.dumps({
            "specversion": "1.0",
            "id": f"{case}-{number}",
            "source": SOURCE,
            "type": f"vn.tiendo.case.{'forwarded' if number else 'received'}.v1",
            "subject": case,
            "time": at,
            "recordedat": at,
            "data": {"holder": holder, "step": step},
        }, ensure_ascii=False)  # fmt: skip


async def take(stage: Stage) -> Sample:
    """Further events one after the other, each shown before the next; beside them single events of another case."""
    size = stage.size
    async with stage.served() as served, working("projector", settings_of(served.url)) as projector:
        await _sent(served, LONG, 0, size.long_case_events)
        await _sent(served, SHORT, 0, 1)
        await fill(served, event_texts(1))
        async with peak_memory(web=served.web.pid, projector=projector.pid) as peak:
            short = await _further(served, projector, SHORT, 1, size.long_case_more)
            others, further = await _beside(served, projector, size.long_case_events, size.long_case_more)
    return Sample(
        figures={"work": further[0], "visible": further[1], "another case, p99": quantile(others, 0.99) * 1000},
        floor={"work": short[0], "visible": short[1]},
        peak_mebibytes=peak.mebibytes,
    )


async def _beside(served: Served, projector: Program, first: int, more: int) -> tuple[list[float], tuple[float, float]]:
    """How long each event of another case took until it was shown, while the long case got its further ones; and what these took."""
    others: list[float] = []
    running = asyncio.ensure_future(_further(served, projector, LONG, first, more))
    number = 1_000
    while not running.done():
        others.append(await _sent(served, SHORT, number, 1))
        number += 1
        await asyncio.sleep(0.05)
    return others, await running


async def _further(served: Served, projector: Program, case: str, first: int, more: int) -> tuple[float, float]:
    """Seconds that the projector computed, and seconds until it was shown, for each further event."""
    process = psutil.Process(projector.pid)
    computed = sum(process.cpu_times()[:2])
    seconds = [await _sent(served, case, first + number, 1) for number in range(more)]
    return (sum(process.cpu_times()[:2]) - computed) / more, sum(seconds) / more


async def _sent(served: Served, case: str, first: int, count: int) -> float:
    """Seconds from the acknowledgement of the events until the case shows them."""
    position = await fill(served, handovers(case, first, count))
    acknowledged = time.perf_counter()
    await until_shown(served.web.port, served.headers, case, position)
    return time.perf_counter() - acknowledged


ROW = Row(
    name="long-case",
    what="a further event of a case of 30,000",
    floor="a further event of a case of one",
    ground=Ground.FRESH,
    figures=(
        Figure(name="work", unit="s", better=Better.LOWER, aim=0.2),
        Figure(name="visible", unit="s", better=Better.LOWER),
        Figure(name="another case, p99", unit="ms", better=Better.LOWER),
    ),
    take=take,
)
