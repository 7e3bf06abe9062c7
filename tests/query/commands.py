"""Commands run on the database of the service that is asked the same."""

import os
from pathlib import Path

from tests.preloaded.commands import tiendo_beside
from tests.query.serving import Asked


async def run(service: Asked, data: Path, *arguments: str, status: int = 0) -> str:
    """What a command prints on the service's database; on standard error where it is refused."""
    url = service.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "TIENDO_DATABASE_URL": url, "TIENDO_DATA": str(data)}
    done = await tiendo_beside(*arguments, environment=environment)
    assert done.returncode == status, done.stderr
    return done.stderr if status else done.stdout
