"""`python -m tests.bench`: the product's speed, each row beside a floor that was measured in the same run.

The database is the embedded one with all its safety on. Writes `bench-results/bench.json`, in which rows that are measured alone replace
their earlier results, and `bench-results/index.html`.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from rich.console import Console
from tests.bench.catalogue import all_rows, chosen
from tests.bench.page import write_page
from tests.bench.results import Result, merged
from tests.bench.row import Row
from tests.bench.running import measured
from tests.bench.showing import table
from tests.bench.sizes import DEFAULT_SCALE, Size
from tests.bench.stage import Stage

from tiendo_runtime.embedded import Cluster


async def _measured(rows: list[Row], folder: Path, size: Size, console: Console) -> list[Result]:
    async with Stage(Cluster(data=folder), size) as stage:
        return await measured(stage, rows, lambda word: console.print(word, style="dim"))


def main() -> None:
    """Measure what the command line asks for, show it and write it down."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="how fast tiendo is")
    parser.add_argument("rows", nargs="*", help="names of rows, or `list`; all if none is given")
    parser.add_argument("--scale", type=float, default=DEFAULT_SCALE, help="share of the province; 1: 200,000 cases")
    parser.add_argument("--runs", type=int, default=Size(scale=1).runs, help="runs of each row")
    parser.add_argument(
        "--row-seconds", type=float, default=Size(scale=1).row_seconds, help="no run begins beyond them"
    )
    parser.add_argument("--data", type=Path, help="a folder that keeps the loaded province for the next time")
    parser.add_argument("--out", type=Path, default=Path("bench-results"), help="where the results go")
    given = parser.parse_args()
    console = Console(width=190)
    if given.rows == ["list"]:
        for row in all_rows():
            console.print(f"{row.name:<16} {row.what}", highlight=False)
        return
    size = Size(scale=given.scale, runs=given.runs, row_seconds=given.row_seconds)
    with tempfile.TemporaryDirectory(prefix="tiendo-bench-") as folder:
        found = asyncio.run(_measured(chosen(given.rows), given.data or Path(folder) / "data", size, console))
    write_page(given.out / "index.html", merged(given.out / "bench.json", found))
    console.print(table(found))
    console.print(f"{given.out}/bench.json, {given.out}/index.html")


if __name__ == "__main__":
    main()
