"""Commands run on the database of the service that is asked the same."""

import asyncio
import os
import sys
from pathlib import Path

from tests.query.serving import Asked


async def run(service: Asked, data: Path, *arguments: str, status: int = 0) -> str:
    """What a command prints on the service's database; on standard error where it is refused."""
    url = service.engine.url.render_as_string(hide_password=False)
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tiendo_cli",
        *arguments,
        env={**os.environ, "TIENDO_DATABASE_URL": url, "TIENDO_DATA": str(data)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await program.communicate()
    assert program.returncode == status, errors.decode()
    return (errors if status else out).decode()
