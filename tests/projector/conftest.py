"""Projectors for the tests: as tasks of the test's own process, each with an engine of its own as every process has."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.conftest import migrated_database
from tests.ports import reserved_port
from tests.projector.logs import address_of

import tiendo_projector
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_projector import rebuild
from tiendo_read_models.builds import Build
from tiendo_runtime.database import engine_of, service_engine
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.settings import Settings


@asynccontextmanager
async def running_projector(
    database_url: str, shards: Collection[int] = range(16)
) -> AsyncIterator[asyncio.Task[None]]:
    """A projector that follows the log of the database until the context ends, and then stops in order."""
    stop = asyncio.Event()
    task = asyncio.ensure_future(tiendo_projector.run(Settings(), database_url, stop, shards=shards))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 60)


@pytest.fixture
async def projector(database_url: str) -> AsyncIterator[asyncio.Task[None]]:
    """A projector of all shards, running for the length of the test."""
    async with running_projector(database_url) as task:
        yield task


@pytest.fixture
def unused_port() -> Iterator[int]:
    """A port on which nobody listens, and that nobody else is given."""
    with reserved_port() as port:
        yield port


@pytest.fixture
async def other_engine(postgres_server: Cluster) -> AsyncIterator[AsyncEngine]:
    """An engine of the application's role on a second fresh database."""
    async with _further_database(postgres_server) as engine:
        yield engine


@pytest.fixture
async def third_engine(postgres_server: Cluster) -> AsyncIterator[AsyncEngine]:
    """An engine of the application's role on a third fresh database."""
    async with _further_database(postgres_server) as engine:
        yield engine


@asynccontextmanager
async def _further_database(postgres_server: Cluster) -> AsyncIterator[AsyncEngine]:
    async with migrated_database(postgres_server) as url:
        engine = engine_of(url)
        yield engine
        await engine.dispose()


async def rebuild_as_projectors_do(engine: AsyncEngine) -> Build:
    """A build that a projector goes on with: its tables belong to the projectors' role, as those of `tiendo rebuild` do."""
    projector = service_engine(address_of(engine), DatabaseRole.PROJECTOR)
    try:
        return await rebuild(projector, processes=1)
    finally:
        await projector.dispose()
