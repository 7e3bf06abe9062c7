"""Single events over HTTP from many clients, each durable when it is answered."""

from itertools import islice

from tests.bench.posting import posted
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.samples import event_texts
from tests.bench.stage import Stage

CLIENTS = 64


async def take(stage: Stage) -> Sample:
    """The events into a fresh log, and echoed."""
    bodies = [text.encode() for text in islice(event_texts(stage.size.singles), stage.size.singles)]
    met = await posted(stage, bodies, "application/cloudevents+json", CLIENTS)
    return Sample(
        figures={"rate": met.ingest.per_second, "p99": met.ingest.milliseconds(0.99)},
        floor={"rate": met.echo.per_second, "p99": met.echo.milliseconds(0.99)},
        peak_mebibytes=met.peak_mebibytes,
    )


ROW = Row(
    name="http-singles",
    what=f"ingest over HTTP, one event a request, {CLIENTS} clients",
    floor="the same bodies echoed",
    ground=Ground.FRESH,
    figures=(
        Figure(name="rate", unit="events/s", better=Better.HIGHER, aim=4_500),
        Figure(name="p99", unit="ms", better=Better.LOWER, aim=30),
    ),
    take=take,
)
