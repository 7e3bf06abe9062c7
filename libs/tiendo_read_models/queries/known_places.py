"""Reading where units of cases hang."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import asyncpg

from tiendo_contracts.shards import SHARD_COUNT
from tiendo_read_models.builds import Build
from tiendo_read_models.unit_places import UnitPlace


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """How many rows of places each shard of a build has, which only become more, and the highest revision of its folds then."""

    revisions: tuple[int, ...] = (-1,) * SHARD_COUNT
    counts: tuple[int, ...] = (0,) * SHARD_COUNT


async def count_places(driver: asyncpg.Connection, build: Build, before: PlaceCounts) -> PlaceCounts:
    """How many there are now: `before` itself where nothing was folded since. A place is noted with a fold, so only shards that went on are counted."""
    moved = await driver.fetch(_moved(build), list(before.revisions))
    if not moved:
        return before
    revisions, counts = list(before.revisions), list(before.counts)
    for shard, revision, count in moved:
        revisions[shard], counts[shard] = revision, count
    return PlaceCounts(tuple(revisions), tuple(counts))


@cache
def _moved(build: Build) -> str:
    schema = build.schema_name
    return f"""
SELECT reached.shard, reached.revision, (SELECT count(*) FROM {schema}.places p WHERE p.shard = reached.shard)
  FROM (SELECT s.shard, coalesce((SELECT max(f.revision) FROM {schema}.folds f WHERE f.shard = s.shard), 0) AS revision
          FROM generate_series(0, {SHARD_COUNT - 1}) AS s (shard)) AS reached
 WHERE reached.revision <> ($1::bigint[])[reached.shard + 1]
"""


async def read_places(driver: asyncpg.Connection, build: Build) -> list[UnitPlace]:
    """Every place that cases of the build name, each once."""
    statement = f"SELECT DISTINCT ON (place_id) place_id, unit_id, unit_parents FROM {build.schema_name}.places"
    return [
        UnitPlace(place_id, unit_id, _parents(parents)) for place_id, unit_id, parents in await driver.fetch(statement)
    ]


def _parents(stored: str | Mapping[str, str]) -> Mapping[str, str]:
    """A jsonb column, as text unless the driver has read it."""
    return json.loads(stored) if isinstance(stored, str) else stored
