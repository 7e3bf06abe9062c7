"""Batches of 500 events over HTTP, beside the same bodies echoed."""

from tests.bench.posting import posted
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.rows.append import BATCH, in_process
from tests.bench.samples import EVENTS_PER_CASE, event_texts
from tests.bench.stage import Stage

CLIENTS = 4


async def take(stage: Stage) -> Sample:
    """The batches into a fresh log, echoed, and appended in process to another fresh log."""
    texts = list(event_texts(stage.size.batches * BATCH // EVENTS_PER_CASE))
    bodies = [f"[{','.join(texts[start : start + BATCH])}]".encode() for start in range(0, len(texts), BATCH)]
    met = await posted(stage, bodies, "application/cloudevents-batch+json", CLIENTS)
    async with stage.database() as url:
        inside = await in_process(url, texts)
    rate = len(texts) / met.ingest.seconds
    return Sample(
        figures={
            "rate": rate,
            "of the rate in process": rate / inside.per_second,
            "p99": met.ingest.milliseconds(0.99),
        },
        floor={"rate": len(texts) / met.echo.seconds, "p99": met.echo.milliseconds(0.99)},
        peak_mebibytes=met.peak_mebibytes,
    )


ROW = Row(
    name="http-batches",
    what=f"ingest over HTTP, {BATCH} events a request, {CLIENTS} clients",
    floor="the same bodies echoed",
    ground=Ground.FRESH,
    figures=(
        Figure(name="rate", unit="events/s", better=Better.HIGHER, aim=35_000),
        Figure(name="of the rate in process", unit="", better=Better.HIGHER, aim=0.7),
        Figure(name="p99", unit="ms", better=Better.LOWER),
    ),
    take=take,
)
