"""Bodies posted to ingest over a fresh log, and to a server that only echoes them."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.connection import Connection
from tests.bench.load import Load, from_clients
from tests.bench.memory import peak_memory
from tests.bench.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What clients met at ingest and at the echo, and the peak of ingest's memory."""

    ingest: Load
    echo: Load
    peak_mebibytes: Mapping[str, float]


async def posted(stage: Stage, bodies: Sequence[bytes], content_type: str, clients: int) -> Posted:
    """The bodies from so many clients at once, into a fresh log and echoed."""
    async with stage.served() as served:
        headers = {**served.headers, "content-type": content_type}

        def post(connection: Connection, number: int) -> Awaitable[tuple[int, bytes]]:
            return connection.request("POST", "/v1/events", headers, bodies[number])

        async with peak_memory(web=served.web.pid) as peak:
            met = await from_clients(served.web.port, post, len(bodies), clients)
        bare = await from_clients(await stage.echo(), post, len(bodies), clients)
    return Posted(ingest=met, echo=bare, peak_mebibytes=peak.mebibytes)
