"""`make bench-peers`: tiendo beside other programs that do a part of what it does, on the same server, settings and payloads.

Each peer lies in an environment of its own below `build/peers`; one whose packages cannot be had is left out, and the table says why.
Writes `bench-results/peers.json`; `python -m tests.bench.documents` puts it into the document.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from tests.bench.peers.catalogue import PEERS, Contest
from tests.bench.peers.contests import middle_of, prepare, taken
from tests.bench.peers.showing import table

from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.usage import embedded_database

ENVIRONMENTS = Path(__file__).parents[3] / "build/peers"


async def _all(folder: Path, given: argparse.Namespace) -> list[dict[str, Any]]:
    cluster = Cluster(data=folder / "data")
    await prepare(folder, cases=given.cases, pairs=given.pairs, scale=given.scale)
    results = []
    async with embedded_database(cluster, lambda _: None):
        for number, peer in product(range(given.runs), PEERS):
            if not given.peers or peer.name in given.peers:
                sys.stderr.write(f"{number + 1} of {given.runs}: {peer.name} {peer.version}, {peer.contest}\n")
                results.append(await taken(peer, cluster, ENVIRONMENTS, folder))
    return middle_of(results)


def main() -> None:
    """Ask the peers, show the tables and write them down."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description="tiendo beside its peers")
    parser.add_argument("peers", nargs="*", help="names of peers; all if none is given")
    parser.add_argument("--cases", type=int, default=2_500, help="cases of 8 events each for the stores")
    parser.add_argument("--pairs", type=int, default=1_000_000, help="pairs of instants for working time")
    parser.add_argument("--scale", type=float, default=0.05, help="share of the province for officers' minutes")
    parser.add_argument("--runs", type=int, default=3, help="how often each is asked, in turns; the median counts")
    parser.add_argument("--out", type=Path, default=Path("bench-results"), help="where the results go")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="tiendo-peers-") as folder:
        results = asyncio.run(_all(Path(folder), given))
    given.out.mkdir(parents=True, exist_ok=True)
    found = {
        "measured_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "load_before": load,
        "sizes": {"cases": given.cases, "pairs": given.pairs, "scale": given.scale, "runs": given.runs},
        "results": results,
    }
    (given.out / "peers.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for contest in Contest:
        sys.stdout.write(f"{table(results, contest)}\n\n")


if __name__ == "__main__":
    main()
