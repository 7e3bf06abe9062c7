"""What the rows have in common that ask the province something while events come in."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from tests.bench.asking import answered
from tests.bench.connection import Connection
from tests.bench.load import at_intervals
from tests.bench.memory import peak_memory
from tests.bench.province import ARRIVALS_PER_SECOND, Province
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.stage import Stage

PathOf = Callable[[Province, int], str]


def reading_row(name: str, what: str, path: PathOf, *, p50: float | None = None, p99: float | None = None) -> Row:
    """A row of one question, asked again and again; the aims are milliseconds.

    Between two questions at least two events come in, so that each is the first one after an event.
    """

    async def take(stage: Stage) -> Sample:
        province = await stage.province()

        def ask(connection: Connection, number: int) -> Awaitable[tuple[int, bytes]]:
            return connection.request("GET", path(province, number), province.headers)

        answer = await answered(province.web.port, province.headers, path(province, 0))
        every = stage.size.ask_every_seconds
        async with peak_memory(web=province.web.pid, projector=province.projector.pid) as peak:
            met = await at_intervals(province.web.port, ask, stage.size.asks, every)
        bare = await at_intervals(await stage.echo(), _bytes(len(answer)), stage.size.asks, every / 4)
        return Sample(
            figures={"p50": met.milliseconds(0.5), "p99": met.milliseconds(0.99), "size": len(answer) / 1024},
            floor={"p50": bare.milliseconds(0.5), "p99": bare.milliseconds(0.99)},
            peak_mebibytes=peak.mebibytes,
        )

    return Row(
        name=name,
        what=f"{what}, with {ARRIVALS_PER_SECOND} events a second coming in",
        floor="as many bytes from an empty server",
        ground=Ground.PROVINCE,
        figures=(
            Figure(name="p50", unit="ms", better=Better.LOWER, aim=p50),
            Figure(name="p99", unit="ms", better=Better.LOWER, aim=p99),
            Figure(name="size", unit="KiB", better=Better.LOWER),
        ),
        take=take,
    )


def always(path: str) -> PathOf:
    """The same path each time."""
    return lambda _province, _number: path


def escaped(text: str) -> str:
    """The text as a part of a path."""
    return quote(text, safe="")


def _bytes(length: int) -> Callable[[Connection, int], Awaitable[tuple[int, bytes]]]:
    def ask(connection: Connection, _: int) -> Awaitable[tuple[int, bytes]]:
        return connection.request("GET", f"/{length}", {})

    return ask
