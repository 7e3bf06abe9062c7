"""Which cases were folded since a reader last looked: what figures that are carried on go by."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.shards import SHARD_COUNT
from tiendo_read_models.builds import Build

Revisions = tuple[int, ...]
"""The highest revision of each shard, by shard: two snapshots of a build that have the same show the same rows of cases."""


async def revisions_of(connection: AsyncConnection, build: Build) -> Revisions:
    """How far the folds of the build have come; zeros where none are noted."""
    statement = f"""
        SELECT coalesce((SELECT max(f.revision) FROM {build.schema_name}.folds f WHERE f.shard = s.shard), 0)
        FROM generate_series(0, {SHARD_COUNT - 1}) AS s (shard) ORDER BY s.shard"""
    return tuple((await connection.execute(text(statement))).scalars())


async def changed_since(connection: AsyncConnection, build: Build, seen: Revisions, *, limit: int) -> list[str]:
    """Ids of the first `limit` cases that were folded after what `seen` shows."""
    # Shard by shard the index leads to what is newer: a join would read all that was ever folded.
    statement = f"""
        SELECT f.case_id FROM unnest(CAST(:shards AS smallint[]), CAST(:revisions AS bigint[])) AS s (shard, revision),
        LATERAL (
            SELECT f.case_id FROM {build.schema_name}.folds f WHERE f.shard = s.shard AND f.revision > s.revision
            ORDER BY f.revision LIMIT :limit
        ) f LIMIT :limit"""
    values: dict[str, Sequence[int] | int] = {
        "shards": list(range(SHARD_COUNT)),
        "revisions": list(seen),
        "limit": limit,
    }
    return list((await connection.execute(text(statement), values)).scalars())


async def case_codes(connection: AsyncConnection, build: Build, *, after: str, limit: int) -> list[str]:
    """The ids of the first `limit` cases behind `after`, by code point, faulty ones too; the index alone tells them."""
    statement = (
        f"SELECT f.case_id FROM {build.schema_name}.folds f WHERE f.case_id > :after ORDER BY f.case_id LIMIT :limit"
    )
    return list((await connection.execute(text(statement), {"after": after, "limit": limit})).scalars())


async def joined_cases_with(
    connection: AsyncConnection, build: Build, part: str, *, after: str, limit: int
) -> list[str]:
    """The ids of the first `limit` cases behind `after`, by code point, in one of whose other codes `part` stands, whatever the case of a to z."""
    statement = f"""
        SELECT DISTINCT a.case_id FROM {build.schema_name}.aliases a
        WHERE a.case_id > :after AND strpos(lower(a.code), lower(:part)) > 0 ORDER BY a.case_id LIMIT :limit"""
    return list((await connection.execute(text(statement), {"after": after, "part": part, "limit": limit})).scalars())
