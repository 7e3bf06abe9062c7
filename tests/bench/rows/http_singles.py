"""Single events over HTTP from many clients, each durable when it is answered."""

from collections.abc import Awaitable
from itertools import islice

from tests.bench.connection import Connection
from tests.bench.load import from_clients
from tests.bench.memory import peak_memory
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.samples import event_texts
from tests.bench.stage import Stage

CLIENTS = 64


async def take(stage: Stage) -> Sample:
    """The events into a fresh log, and echoed."""
    bodies = [text.encode() for text in islice(event_texts(stage.size.singles), stage.size.singles)]
    async with stage.served() as served:
        headers = {**served.headers, "content-type": "application/cloudevents+json"}

        def post(connection: Connection, number: int) -> Awaitable[tuple[int, bytes]]:
            return connection.request("POST", "/v1/events", headers, bodies[number])

        async with peak_memory(web=served.web.pid) as peak:
            met = await from_clients(served.web.port, post, len(bodies), CLIENTS)
        bare = await from_clients(await stage.echo(), post, len(bodies), CLIENTS)
    return Sample(
        figures={"rate": met.per_second, "p99": met.milliseconds(0.99)},
        floor={"rate": bare.per_second, "p99": bare.milliseconds(0.99)},
        peak_mebibytes=peak.mebibytes,
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
