"""Keys and single questions, by the doors that everybody has: the command line and HTTP."""

import json
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url
from tests.bench.connection import Connection
from tests.bench.programs import said_by

_OK = 200


def settings_of(url: str) -> Mapping[str, str]:
    """The settings of programs on that database of the stage's; what they keep beside it lies beside its server's files."""
    server = Path(str(make_url(url).query["host"])).resolve()
    return {"TIENDO_DATABASE_URL": url, "TIENDO_DATA": str(server.parent / "tiendo")}


async def new_key(url: str) -> str:
    """A key that may send and read everything."""
    arguments = (
        "keys",
        "create",
        "--name",
        "bench",
        "--scope",
        "ingest",
        "--scope",
        "read",
        "--any-source",
        "--all-units",
    )
    said = await said_by(("-m", "tiendo_cli", *arguments, "--format", "json"), settings_of(url))
    key: str = json.loads(said)["key"]
    return key


async def answered(port: int, headers: Mapping[str, str], path: str) -> bytes:
    """The body of one answer. Raises RuntimeError where it is a refusal."""
    connection = await Connection.open(port)
    try:
        status, body = await connection.request("GET", path, headers)
    finally:
        await connection.close()
    if status != _OK:
        raise RuntimeError(f"{path} was answered {status}: {body[:300]!r}")
    return body
