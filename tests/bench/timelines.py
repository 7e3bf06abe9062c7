"""What the rows of the timeline over HTTP have in common."""

from collections.abc import Awaitable

from tests.bench.asking import answered, settings_of
from tests.bench.connection import Connection
from tests.bench.filling import fill, until_shown
from tests.bench.load import from_clients
from tests.bench.memory import peak_memory
from tests.bench.programs import working
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.samples import case_id, event_texts
from tests.bench.stage import Stage


def timeline_row(clients: int, *, rate: float | None = None, p99: float | None = None) -> Row:
    """A row of timelines, each of another case than the one before, with the aims of so many clients."""

    async def take(stage: Stage) -> Sample:
        cases = stage.size.cases
        async with stage.served() as served, working("projector", settings_of(served.url)):
            position = await fill(served, event_texts(cases))
            await until_shown(served.web.port, served.headers, case_id(0), position)
            length = len(await answered(served.web.port, served.headers, f"/v1/cases/{case_id(0)}/timeline"))

            def ask(connection: Connection, number: int) -> Awaitable[tuple[int, bytes]]:
                return connection.request("GET", f"/v1/cases/{case_id(number % cases)}/timeline", served.headers)

            def bare(connection: Connection, _: int) -> Awaitable[tuple[int, bytes]]:
                return connection.request("GET", f"/{length}", served.headers)

            async with peak_memory(web=served.web.pid) as peak:
                met = await from_clients(served.web.port, ask, stage.size.queries, clients)
            floor = await from_clients(await stage.echo(), bare, stage.size.queries, clients)
        return Sample(
            figures={"rate": met.per_second, "p99": met.milliseconds(0.99)},
            floor={"rate": floor.per_second, "p99": floor.milliseconds(0.99)},
            peak_mebibytes=peak.mebibytes,
        )

    return Row(
        name=f"timeline-{clients}",
        what=f"timeline of a case over HTTP, {clients} clients",
        floor="as many bytes from an empty server",
        ground=Ground.FRESH,
        figures=(
            Figure(name="rate", unit="requests/s", better=Better.HIGHER, aim=rate),
            Figure(name="p99", unit="ms", better=Better.LOWER, aim=p99),
        ),
        take=take,
    )
