"""`python -m tests.bench`: the product's speed, each row beside a floor that was measured in the same run.

A ratio says how many times longer the product takes than the least that could be done; unlike a time it can be compared between machines.
The database is the embedded one with all its safety on. `python -m tests.bench kafka` measures what goes over Kafka alone; there ratios
are shares of the floor. They are left out where no broker can be started.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

import asyncpg
from rich.console import Console
from rich.table import Table
from tests.bench.measuring import Row
from tests.bench.over_kafka.results import markdown
from tests.bench.over_kafka.results import table as kafka_table
from tests.bench.over_kafka.rows import EVENTS, Part, kafka_rows
from tests.bench.servers import echo_server, projector, web_service
from tests.bench.serving import batch_row, query_row, single_row
from tests.bench.storing import CASES, append_row, rebuild_row

import tiendo_migrations
from tiendo_runtime.authentication import KeyStore, Scope
from tiendo_runtime.database import application_engine
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.cluster import OWNER
from tiendo_runtime.embedded.usage import embedded_database


async def rows(data: Path) -> list[Row]:
    """All measurements, one after the other, on a fresh database in `data`."""
    cluster = Cluster(data=data)
    async with embedded_database(cluster, lambda _: None) as url:
        await tiendo_migrations.upgrade(url)
        engine = application_engine(url, pool_size=5)
        floor = await asyncpg.connect(host=str(cluster.socket_folder()), user=OWNER, database=OWNER)
        try:
            measured = [await append_row(engine, floor), await rebuild_row(engine)]
            _, key = await KeyStore(engine).create("bench", {Scope.INGEST, Scope.READ}, None)
            async with web_service(data) as port, echo_server() as echo_port:
                async with projector(data):
                    measured.append(await query_row(port, echo_port, key, CASES))
                measured += [await single_row(port, echo_port, key), await batch_row(port, echo_port, key)]
        finally:
            await floor.close()
            await engine.dispose()
    return measured


def table(measured: list[Row]) -> Table:
    """The rows for people."""
    shown = Table(title=f"tiendo on {os.cpu_count()} cores")
    for heading in ("what", "tiendo", "floor", "floor is", "times the floor"):
        shown.add_column(heading, justify="left" if heading in {"what", "floor is"} else "right")
    for row in measured:
        shown.add_row(
            row.name,
            f"{row.product.per_second:,.0f} {row.unit}",
            f"{row.floor.per_second:,.0f} {row.unit}",
            row.floor_name,
            f"{row.ratio:.1f}",
        )
    return shown


def main() -> None:
    """Measure what the command line asks for, and show it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="how fast tiendo is")
    parser.add_argument("part", nargs="?", choices=("all", "local", "kafka"), default="all", help="what to measure")
    parser.add_argument("--events", type=int, default=EVENTS, help="how long the log is that goes over Kafka")
    parser.add_argument(
        "--rows", nargs="+", type=Part, choices=list(Part), default=list(Part), help="what to measure over Kafka"
    )
    parser.add_argument("--markdown", action="store_true", help="show what goes over Kafka as docs/performance.md does")
    given = parser.parse_args()
    console = Console(width=150)
    with tempfile.TemporaryDirectory(prefix="tiendo-bench-") as folder:
        if given.part != "kafka":
            console.print(table(asyncio.run(rows(Path(folder) / "local"))))
        if given.part != "local":
            found = asyncio.run(kafka_rows(Path(folder) / "kafka", given.events, given.rows))
            if isinstance(found, str):
                console.print(f"rows over Kafka are left out: {found}")
            elif given.markdown:
                sys.stdout.write(markdown(found) + "\n")
            else:
                console.print(kafka_table(found))


if __name__ == "__main__":
    main()
