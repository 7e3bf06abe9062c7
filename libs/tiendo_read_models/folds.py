"""When each case of a build was folded last: noted with its rows, for those who pass states on."""

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.builds import Build

_NOTE = """
    WITH folded AS (
        SELECT * FROM unnest(CAST(:case_ids AS text[]), CAST(:shards AS smallint[])) AS n (case_id, shard)
    ), reached AS (
        SELECT s.shard, coalesce((SELECT max(f.revision) FROM {schema}.folds f WHERE f.shard = s.shard), 0) AS revision
        FROM (SELECT DISTINCT shard FROM folded) s
    )
    INSERT INTO {schema}.folds AS present (case_id, shard, position, revision)
    SELECT folded.case_id, folded.shard, CAST(:position AS bigint), reached.revision + row_number() OVER (PARTITION BY folded.shard)
    FROM folded JOIN reached USING (shard)
    ON CONFLICT (case_id) DO UPDATE
    SET position = greatest(present.position, excluded.position), revision = excluded.revision"""

_NOTE_ALL = """
    INSERT INTO {schema}.folds (case_id, shard, position, revision)
    SELECT n.case_id, n.shard, CAST(:position AS bigint), row_number() OVER (PARTITION BY n.shard ORDER BY n.case_id)
    FROM (SELECT case_id, shard FROM {schema}.cases UNION ALL SELECT case_id, shard FROM {schema}.faults
          UNION ALL SELECT code, shard FROM {schema}.aliases) n"""


async def note_folds(connection: AsyncConnection, build: Build, shards: Mapping[str, int], position: int) -> None:
    """Note that each case in `shards` (code -> shard) has been folded, from at least all that the log holds up to `position`.

    A code may be that of no case any more, because it is another's alias now: that too is passed on.
    The caller's transaction wrote the rows and holds the shards' checkpoints until it ends, so that revisions rise as folds become visible.
    A position noted once stays: after a crash in the middle of a long stretch a case may be folded again by rules of a little earlier,
    until the projection is there again; its events are all the same ones or more.
    """
    values = {"case_ids": list(shards), "shards": list(shards.values()), "position": position}
    await connection.execute(text(_NOTE.format(schema=build.schema_name)), values)


async def note_all(connection: AsyncConnection, build: Build, position: int) -> None:
    """Note the same of every case of a build that was filled without notes."""
    await connection.execute(text(_NOTE_ALL.format(schema=build.schema_name)), {"position": position})
