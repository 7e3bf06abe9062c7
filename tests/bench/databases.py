"""Databases on the stage's server: made, copied and dropped."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

import tiendo_migrations
from tiendo_contracts.database.database_roles import OWNER as OWNER_ROLE
from tiendo_migrations.database_rights import database_statements
from tiendo_runtime.database import engine_of
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.cluster import OWNER
from tiendo_runtime.embedded.databases import ensure_database

MIGRATED = "bench_migrated"
"""A database of the stage's without events, to copy from: that costs a tenth of migrating one."""

_OF_ITS_OWN = (
    "UPDATE tiendo.log_identity SET log_id = gen_random_uuid() WHERE NOT EXISTS (SELECT FROM tiendo.log_checkpoints)"
)
"""Two logs are never one; one that was signed keeps its name. Rights on a database are not copied with it either."""
_POOL_SIZE = 8


async def fresh(cluster: Cluster, name: str) -> str:
    """The address of a migrated database without events, in place of one of that name."""
    await drop(cluster, name)
    await ensure_database(cluster, name)
    await tiendo_migrations.upgrade(cluster.url(name))
    return cluster.url(name)


async def copied(cluster: Cluster, template: str, name: str) -> str:
    """The address of a copy of a database that nobody uses, in place of one of that name."""
    await drop(cluster, name)
    async with administrator(cluster) as connection:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER_ROLE}")
    async with administrator(cluster, name) as connection:
        for statement in (_OF_ITS_OWN, *database_statements(name)):
            await connection.execute(statement)
    return cluster.url(name)


async def drop(cluster: Cluster, name: str) -> None:
    """Drop the database if there is one of that name."""
    async with administrator(cluster) as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def name_of(url: str) -> str:
    """The name of the database at an address."""
    return str(make_url(url).database)


@asynccontextmanager
async def administrator(cluster: Cluster, database: str = "postgres") -> AsyncIterator[asyncpg.Connection]:
    """A connection of the owner's to a database of the server."""
    connection = await asyncpg.connect(host=str(cluster.socket_folder()), user=OWNER, database=database)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def engine_on(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine with the administrator's login."""
    engine = engine_of(url, pool_size=_POOL_SIZE)
    try:
        yield engine
    finally:
        await engine.dispose()
