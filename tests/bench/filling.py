"""Events brought into the log over HTTP, and waiting until they are shown."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from itertools import islice

from tests.bench.connection import Connection
from tests.bench.stage import Served

_LINES = 5_000
_OK = 200
_VISIBLE_SECONDS = 1_800


async def fill(served: Served, texts: Iterable[str]) -> int:
    """The position of the last event, once all are durable. Raises RuntimeError where any is refused."""
    left, position = iter(texts), 0
    headers = {**served.headers, "content-type": "application/x-ndjson"}
    connection = await Connection.open(served.web.port)
    try:
        while lines := list(islice(left, _LINES)):
            status, body = await connection.request("POST", "/v1/events", headers, "\n".join(lines).encode())
            if status != _OK:
                raise RuntimeError(f"events were answered {status}: {body[:300]!r}")
            position = max(entry["position"] for entry in json.loads(body)["events"])
    finally:
        await connection.close()
    return position


async def until_shown(port: int, headers: Mapping[str, str], case: str, position: int) -> None:
    """Return once the case is shown as at that position or later."""
    async with asyncio.timeout(_VISIBLE_SECONDS):
        connection = await Connection.open(port)
        try:
            while not await _shown(connection, headers, case, position):  # noqa: ASYNC110 - another process shows it
                await asyncio.sleep(0.002)  # the server itself waits; this is for one that answers at once
        finally:
            await connection.close()


async def _shown(connection: Connection, headers: Mapping[str, str], case: str, position: int) -> bool:
    status, _ = await connection.request("GET", f"/v1/cases/{case}?min_position={position}", headers)
    return status == _OK
