"""A program that uses the embedded database until it is killed."""

import asyncio
from pathlib import Path

from tests.conftest import QUICK

from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.server import find_server
from tiendo_runtime.embedded.usage import embedded_database


async def hold(folder: str) -> None:
    """Print the server's process id, and stay."""
    cluster = Cluster(data=Path(folder), settings=QUICK)
    async with embedded_database(cluster):
        print(find_server(cluster), flush=True)  # noqa: T201 - what the test reads
        await asyncio.Event().wait()
