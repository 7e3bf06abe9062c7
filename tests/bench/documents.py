"""`python -m tests.bench.documents`: puts the measured tables of `bench-results/` into the documents, between their marks.

A table stands between `<!-- bench NAME -->` and `<!-- /bench -->`; what stood there is replaced.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.bench.peers.catalogue import Contest
from tests.bench.peers.showing import table
from tests.bench.results import Result
from tests.bench.samples import EVENTS_PER_CASE
from tests.bench.showing import markdown
from tests.marked_tables import with_table

DOCUMENT = Path("docs/performance.md")
RESULTS = Path("bench-results")


def with_bench_table(text: str, name: str, table: str) -> str:
    """The document with that table between the marks of that name. Raises ValueError where it has none."""
    return with_table(text, (f"<!-- bench {name} -->", "<!-- /bench -->"), f"\n{table}\n\n")


def rows_table(rows: list[Result]) -> str:
    """When and where the rows were measured, and their table."""
    measured = [row for row in rows if "left_out" not in row]
    days = sorted({row["measured_at"][:16].replace("T", " ") for row in measured})
    loads = [row["load_before"] for row in measured]
    scales = sorted({row["scale"] for row in measured})
    said = (
        f"Measured from {days[0]} to {days[-1]} UTC on {measured[0]['cores']} cores, the province at scale "
        f"{', '.join(f'{scale:g}' for scale in scales)}. Programs that wanted to run on the machine when a row began "
        f"(load average): {min(loads):.1f} to {max(loads):.1f}."
    )
    return f"{said}\n\n{markdown(rows)}"


def details_table(row: Result) -> str:
    """The further numbers of one row."""
    lines = [f"| {name} | {value:,.1f} |" for name, value in sorted(row["details"].items(), key=lambda pair: -pair[1])]
    return "\n".join(["| table or index | bytes an event |", "| --- | ---: |", *lines])


def peers_tables(found: dict[str, Any]) -> str:
    """When the peers were asked, and the table of each contest."""
    sizes = found["sizes"]
    when = found["measured_at"][:16].replace("T", " ")
    said = (
        f"Asked on {when} UTC on {found['cores']} cores (load average before: {found['load_before']:.1f}): "
        f"{sizes['cases'] * EVENTS_PER_CASE:,} events, {sizes['pairs']:,} pairs, the province at scale {sizes['scale']:g}; "
        f"medians of {sizes['runs']} runs in turns."
    )
    return "\n\n".join([said, *(table(found["results"], contest) for contest in Contest)])


def main() -> None:
    """Write the tables of all results that there are."""
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = json.loads((RESULTS / "bench.json").read_text(encoding="utf-8"))["rows"]
    text = with_bench_table(text, "rows", rows_table(rows))
    for row in rows:
        if row["name"] == "disk":
            text = with_bench_table(text, "disk", details_table(row))
    peers = RESULTS / "peers.json"
    if peers.exists():
        text = with_bench_table(text, "peers", peers_tables(json.loads(peers.read_text(encoding="utf-8"))))
    DOCUMENT.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT} has the tables of {len(rows)} rows\n")


if __name__ == "__main__":
    main()
