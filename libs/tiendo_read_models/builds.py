"""Builds of the read models: each fills a PostgreSQL schema of its own; a pointer names the one that is read."""

import hashlib
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import asyncpg
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.schema import CreateIndex, CreateTable

from tiendo_contracts.database.database_roles import BUILD_READERS
from tiendo_contracts.shards import SHARD_COUNT
from tiendo_read_models.errors import CheckpointMoved, NoLiveBuild
from tiendo_read_models.projection_tables import (
    projection_builds,
    projection_checkpoints,
    projection_pointer,
)
from tiendo_read_models.row_security import IN_PART, policy_statements
from tiendo_read_models.rows import ROWS_VERSION
from tiendo_read_models.tables import CASE, metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """One build of the read models and the schema that holds its tables.

    `bound`: it is read for somebody who sees some cases whole and others in part; else everything is seen whole.
    """

    build_id: int
    schema_name: str
    bound: bool = False

    @property
    def cases(self) -> str:
        """The cases that are seen whole, as a relation to select from."""
        return f"{self.schema_name}.cases"

    @property
    def all_cases(self) -> str:
        """The cases that are seen, whole or in part; `seen_whole` of a row says which."""
        if not self.bound:
            return self.cases
        names = ", ".join(CASE.names)
        return f"""(SELECT {names}, TRUE AS seen_whole FROM {self.cases}
            UNION ALL SELECT {names}, FALSE FROM {self.schema_name}.{IN_PART})"""

    @property
    def seen_whole(self) -> str:
        """Whether a row `c` of `all_cases` is seen whole, as an expression."""
        return "c.seen_whole" if self.bound else "TRUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A snapshot of the live build: every query over `connection` sees the tables of `build` as they were at `position`.

    `position` is the lowest checkpoint of the shards: everything in the log up to it is in the tables (some later events may be too).
    """

    connection: AsyncConnection
    build: Build
    position: int


_LIVE: Final = text("""
SELECT live.build_id, live.schema_name,
       coalesce((SELECT min(mark.position) FROM tiendo.projection_checkpoints AS mark WHERE mark.build_id = live.build_id), 0) AS position
  FROM tiendo.projection_pointer AS pointer JOIN tiendo.projection_builds AS live USING (build_id)
""")

_LACKS: Final = frozenset({"42703", "42P01"})
"""SQLSTATE of a column and of a table that is not there."""


async def live_build(connection: AsyncConnection) -> Build | None:
    """The build that is read now; None before the first one."""
    found = await _live_build_and_position(connection)
    return None if found is None else found[0]


async def within(connection: AsyncConnection, build: Build) -> AsyncConnection:
    """The same connection, with the tables of `tables.py` meaning those of `build`."""
    return await connection.execution_options(schema_translate_map={None: build.schema_name})


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[Reader]:
    """A read-only snapshot of the live build, resolved once at the beginning.

    Raises NoLiveBuild, also where another version made the build and it lacks what is read of it.
    """
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        found = await _live_build_and_position(connection)
        if found is None:
            raise NoLiveBuild
        build, position = found
        try:
            yield Reader(connection=await within(connection, build), build=build, position=position)
        except (DBAPIError, asyncpg.UndefinedColumnError, asyncpg.UndefinedTableError) as error:
            if getattr(getattr(error, "orig", error), "sqlstate", None) in _LACKS and not await _is_of_this_version(
                engine, build
            ):
                raise NoLiveBuild from error
            raise


async def _is_of_this_version(engine: AsyncEngine, build: Build) -> bool:
    async with engine.connect() as connection:
        return await is_as_defined(connection, build)


async def checkpoints(connection: AsyncConnection, build: Build) -> dict[int, int]:
    """Shard -> log position up to which `build` holds everything of that shard."""
    statement = select(projection_checkpoints.c.shard, projection_checkpoints.c.position).where(
        projection_checkpoints.c.build_id == build.build_id
    )
    rows = await connection.execute(statement)
    return {row.shard: row.position for row in rows}


async def position_of(connection: AsyncConnection, build: Build) -> int:
    """The log position up to which `build` holds everything."""
    return min((await checkpoints(connection, build)).values(), default=0)


_FILLING: Final = text("""
SELECT min(mark.position) AS position FROM tiendo.projection_builds AS filling
  JOIN tiendo.projection_checkpoints AS mark USING (build_id) WHERE filling.state = 'filling' GROUP BY filling.build_id
 ORDER BY filling.build_id DESC LIMIT 1
""")


async def filled_position(engine: AsyncEngine) -> int | None:
    """The log position up to which the build holds everything that is being filled to take the place of the live one; None where none is."""
    async with engine.connect() as connection:
        position = await connection.scalar(_FILLING)
        return None if position is None else int(position)


async def reached_position(engine: AsyncEngine) -> int:
    """The log position up to which the live build holds everything; 0 while there is none."""
    async with engine.connect() as connection:
        found = await _live_build_and_position(connection)
        return 0 if found is None else found[1]


async def _live_build_and_position(connection: AsyncConnection) -> tuple[Build, int] | None:
    """The build that is read now with what `position_of` says of it, in one question: every request begins with it."""
    row = (await connection.execute(_LIVE)).one_or_none()
    return None if row is None else (Build(build_id=row.build_id, schema_name=row.schema_name), row.position)


def definition() -> str:
    """The fingerprint of the tables of this version and of how their rows come about: a build of another has to be made anew."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    statements = [f"rows {ROWS_VERSION}"]
    statements += [str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]
    indexes = [index for table in metadata.sorted_tables for index in table.indexes]
    statements += sorted(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)
    statements += policy_statements("build")
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()


async def is_as_defined(connection: AsyncConnection, build: Build) -> bool:
    """Whether the build was made as this version makes builds."""
    statement = select(projection_builds.c.definition).where(projection_builds.c.build_id == build.build_id)
    return await connection.scalar(statement) == definition()


async def create_build(connection: AsyncConnection, *, indexed: bool = True) -> Build:
    """A new empty build in state `filling`, with its schema, tables and checkpoints at 0. The caller commits.

    Not `indexed`: the tables have their primary keys alone until `create_indexes`, which is quicker for one that is filled at once.
    """
    await connection.execute(text("LOCK TABLE tiendo.projection_builds IN SHARE ROW EXCLUSIVE MODE"))
    highest = await connection.scalar(select(func.coalesce(func.max(projection_builds.c.build_id), 0)))
    build_id = int(highest or 0) + 1
    build = Build(build_id=build_id, schema_name=f"build_{build_id:06d}")
    await connection.execute(
        insert(projection_builds).values(
            build_id=build_id, schema_name=build.schema_name, state="filling", definition=definition()
        )
    )
    await connection.execute(
        insert(projection_checkpoints),
        [{"build_id": build_id, "shard": shard, "position": 0} for shard in range(SHARD_COUNT)],
    )
    await connection.execute(select(func.tiendo.make_build_schema(build_id)))
    await connection.run_sync(_create_tables, build)
    for statement in policy_statements(build.schema_name):
        await connection.execute(text(statement))
    readers = ", ".join(BUILD_READERS)
    await connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA {build.schema_name} TO {readers}"))
    if indexed:
        await create_indexes(connection, build)
    return build


async def create_indexes(connection: AsyncConnection, build: Build) -> None:
    """Make the indexes of a build that was created without them. The caller commits."""
    await connection.run_sync(_create_indexes, build)


def _create_tables(connection: Connection, build: Build) -> None:
    bound = connection.execution_options(schema_translate_map={None: build.schema_name})
    for table in metadata.sorted_tables:
        bound.execute(CreateTable(table))


def _create_indexes(connection: Connection, build: Build) -> None:
    bound = connection.execution_options(schema_translate_map={None: build.schema_name})
    for table in metadata.sorted_tables:
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            bound.execute(CreateIndex(index))


async def ensure_live_build(connection: AsyncConnection) -> Build:
    """The live build; the first one is made, empty, if there is none. The caller commits."""
    await connection.execute(select(projection_pointer.c.build_id).with_for_update())
    build = await live_build(connection)
    if build is None:
        build = await create_build(connection)
        await _point_at(connection, build)
    return build


async def hold_live_still(connection: AsyncConnection) -> int:
    """The position of the live build, which neither advances nor is replaced until the caller's transaction ends; 0 without one."""
    await connection.execute(select(projection_pointer.c.build_id).with_for_update())
    present = await live_build(connection)
    if present is None:
        return 0
    await _hold_still(connection, present)
    return await position_of(connection, present)


async def swap(connection: AsyncConnection, build: Build) -> bool:
    """Whether `build` is live now: False, with nothing changed, while it is behind the present one. The caller commits.

    So a reader that has seen a position never sees an earlier one.
    """
    wanted = await hold_live_still(connection)
    present = await live_build(connection)
    if present is not None and present != build:
        if await position_of(connection, build) < wanted:
            return False
        await _set_state(connection, present, "retired")
    await _point_at(connection, build)
    return True


async def _hold_still(connection: AsyncConnection, build: Build) -> None:
    """Keep the checkpoints of `build` from advancing until the transaction ends."""
    rows = select(projection_checkpoints.c.shard).where(projection_checkpoints.c.build_id == build.build_id)
    await connection.execute(rows.order_by(projection_checkpoints.c.shard).with_for_update())


async def _point_at(connection: AsyncConnection, build: Build) -> None:
    await _set_state(connection, build, "live")
    await connection.execute(update(projection_pointer).values(build_id=build.build_id))


async def _set_state(connection: AsyncConnection, build: Build, state: str) -> None:
    row = update(projection_builds).where(projection_builds.c.build_id == build.build_id)
    await connection.execute(row.values(state=state, swapped_at=func.now()))


async def hold(
    connection: AsyncConnection, build: Build, expected: Mapping[int, int], also: Collection[int] = ()
) -> None:
    """Keep the checkpoints of shards at `expected`, and those of `also` where they are, until the caller's transaction ends.

    What it then reads and writes of cases in these shards no other overtakes.

    Raises CheckpointMoved when another projector was there first: its rows stand, the caller rolls back.
    """
    table = projection_checkpoints
    rows = select(table.c.shard, table.c.position).where(table.c.build_id == build.build_id)
    rows = rows.where(table.c.shard.in_(sorted({*expected, *also}))).order_by(table.c.shard).with_for_update()
    found = {row.shard: row.position for row in await connection.execute(rows)}
    moved = frozenset(shard for shard, position in expected.items() if found.get(shard) != position)
    if moved:
        raise CheckpointMoved(moved)


async def advance(connection: AsyncConnection, build: Build, reached: Mapping[int, int]) -> None:
    """Move the checkpoints of shards to `reached`, in the transaction that holds them."""
    table = projection_checkpoints
    for position in sorted(set(reached.values())):
        shards = sorted(shard for shard, target in reached.items() if target == position)
        which = (table.c.build_id == build.build_id) & table.c.shard.in_(shards)
        await connection.execute(update(table).where(which).values(position=position))


async def drop_build(connection: AsyncConnection, build: Build) -> None:
    """Remove a build that is not live, with its schema. The caller commits."""
    await connection.execute(text("SET LOCAL lock_timeout = '2s'"))
    await connection.execute(select(func.tiendo.drop_build_schema(build.build_id)))
    table = projection_builds
    await connection.execute(table.delete().where(table.c.build_id == build.build_id))


async def retired_builds(connection: AsyncConnection, *, older_than: timedelta) -> list[Build]:
    """Builds that were replaced longer ago than `older_than`: no request that began on them can still run."""
    table = projection_builds
    statement = select(table.c.build_id, table.c.schema_name).where(
        table.c.state == "retired", table.c.swapped_at < func.now() - older_than
    )
    rows = await connection.execute(statement.order_by(table.c.build_id))
    return [Build(build_id=row.build_id, schema_name=row.schema_name) for row in rows]


async def abandoned_builds(connection: AsyncConnection) -> list[Build]:
    """Builds that were never finished; the caller knows that no rebuild is running."""
    table = projection_builds
    statement = select(table.c.build_id, table.c.schema_name).where(table.c.state == "filling")
    rows = await connection.execute(statement.order_by(table.c.build_id))
    return [Build(build_id=row.build_id, schema_name=row.schema_name) for row in rows]
