"""Reading where units of cases hang."""

import json
from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.builds import Build
from tiendo_read_models.unit_places import UnitPlace


async def count_places(connection: AsyncConnection, build: Build) -> int:
    """How many rows of places the build has: they only become more."""
    return int(await connection.scalar(text(f"SELECT count(*) FROM {build.schema_name}.places")) or 0)


async def read_places(connection: AsyncConnection, build: Build) -> list[UnitPlace]:
    """Every place that cases of the build name, each once."""
    statement = f"SELECT DISTINCT ON (place_id) place_id, unit_id, unit_parents FROM {build.schema_name}.places"
    rows = await connection.execute(text(statement))
    return [UnitPlace(row.place_id, row.unit_id, _parents(row.unit_parents)) for row in rows]


def _parents(stored: str | Mapping[str, str]) -> Mapping[str, str]:
    """A jsonb column, as text unless the driver has read it."""
    return json.loads(stored) if isinstance(stored, str) else stored
