"""What every peer of a contest is given: the same server and payloads, or the same pairs and events."""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.databases import drop, fresh
from tests.bench.peers.catalogue import OWN, Contest, Peer
from tests.bench.programs import environment_of, said_by
from tests.bench.row import LeftOut
from tests.bench.samples import event_texts

from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.databases import ensure_database

_MONDAY = datetime.fromisoformat("2022-05-09T00:00:00+07:00")
_WEEKS_WITHOUT_HOLIDAY = 15
_SEED = 1


async def taken(peer: Peer, cluster: Cluster, environments: Path, folder: Path) -> dict[str, Any]:
    """What the peer did, or why it was left out."""
    head: dict[str, Any] = {"name": peer.name, "version": peer.version, "contest": peer.contest}
    try:
        command = await asyncio.to_thread(peer.command, environments, sys.executable)
    except LeftOut as reason:
        return {**head, "left_out": str(reason)}
    if peer.contest is Contest.MINUTES:
        return {**head, "figures": await _said([*command, str(folder)])}
    async with _database(peer, cluster) as name:
        given = [str(cluster.socket_folder()), name, str(folder / "payloads.ndjson")]
        return {**head, "figures": await _said([*command, *given])}


async def prepare(folder: Path, *, cases: int, pairs: int, scale: float) -> None:
    """Writes the payloads, the pairs and the simulated province below the folder."""
    await asyncio.to_thread(_write, folder / "payloads.ndjson", list(event_texts(cases)))
    await asyncio.to_thread(_write, folder / "pairs.ndjson", _pairs(pairs))
    given = ("--out", str(folder / "events.ndjson"), "--rules-out", str(folder / "rules.toml"))
    await said_by(("-m", "tiendo_cli", "simulate", "--scale", f"{scale:f}", *given), {})


def middle_of(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One result for each peer and contest, of whose figures it has the median."""
    found = []
    for key in dict.fromkeys((result["name"], result["contest"]) for result in results):
        of_one = [result for result in results if (result["name"], result["contest"]) == key]
        if "figures" in of_one[0]:
            figures = {name: median(result["figures"][name] for result in of_one) for name in of_one[0]["figures"]}
            found.append({**of_one[0], "figures": figures})
        else:
            found.append(dict(of_one[0]))
    return found


@asynccontextmanager
async def _database(peer: Peer, cluster: Cluster) -> AsyncIterator[str]:
    name = "peer_" + peer.name.replace("-", "_")
    try:
        if peer.name == OWN:
            await fresh(cluster, name)
        else:
            await drop(cluster, name)
            await ensure_database(cluster, name)
        yield name
    finally:
        await drop(cluster, name)


async def _said(command: Sequence[str]) -> Mapping[str, float]:
    process = await asyncio.create_subprocess_exec(
        *command, env=environment_of({}), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complained = await process.communicate()
    if process.returncode:
        raise RuntimeError(
            f"{' '.join(command)} failed with status {process.returncode}: {complained.decode()[-2000:]}"
        )
    figures: Mapping[str, float] = json.loads(said)
    return figures


def _write(file: Path, lines: Sequence[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _pairs(count: int) -> list[str]:
    """Pairs of instants in weeks without a holiday, a quarter of an hour to two weeks apart."""
    chance = random.Random(_SEED)
    minutes = _WEEKS_WITHOUT_HOLIDAY * 7 * 24 * 60
    found = []
    for _ in range(count):
        start = _MONDAY + timedelta(minutes=chance.randrange(minutes - 20_160))
        end = start + timedelta(minutes=chance.randrange(15, 20_160))
        found.append(json.dumps([start.isoformat(), end.isoformat()]))
    return found
