"""The running projector catches up with a log that grew while it stood still."""

import time

import psutil
from tests.bench.asking import settings_of
from tests.bench.filling import fill, until_shown
from tests.bench.memory import peak_memory
from tests.bench.programs import working
from tests.bench.reading_log import read_once
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.samples import EVENTS_PER_CASE, case_id, event_texts
from tests.bench.stage import Stage


async def take(stage: Stage) -> Sample:
    """The projector is stopped by a signal, the log filled, and the projector let go on."""
    cases = stage.size.cases
    async with stage.served() as served, working("projector", settings_of(served.url)) as projector:
        first = await fill(served, event_texts(1, cases))
        await until_shown(served.web.port, served.headers, case_id(cases), first)
        process = psutil.Process(projector.pid)
        process.suspend()
        try:
            position = await fill(served, event_texts(cases))
        finally:
            begun, computed = time.perf_counter(), sum(process.cpu_times()[:2])
            process.resume()
        async with peak_memory(projector=projector.pid) as peak:
            await until_shown(served.web.port, served.headers, case_id(cases - 1), position)
        seconds = time.perf_counter() - begun
        computed = sum(process.cpu_times()[:2]) - computed
        bare = await read_once(served.url)
    events = cases * EVENTS_PER_CASE
    return Sample(
        figures={"rate": events / seconds, "processor time": computed / events * 1e6},
        floor={"rate": bare.per_second, "processor time": bare.microseconds_each},
        peak_mebibytes=peak.mebibytes,
    )


ROW = Row(
    name="catch-up",
    what="live catch-up of one projector, with full timelines",
    floor="reading the log once",
    ground=Ground.FRESH,
    figures=(
        Figure(name="rate", unit="events/s", better=Better.HIGHER, aim=20_000),
        Figure(name="processor time", unit="µs/event", better=Better.LOWER),
    ),
    take=take,
)
