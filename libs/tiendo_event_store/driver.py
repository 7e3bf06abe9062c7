"""The driver's own connection behind SQLAlchemy's: for statements that cost little, of which half is SQLAlchemy's share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_event_store.faults import is_answer


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """The connection of asyncpg. Raises OSError when it is closed."""
    driver: asyncpg.Connection | None = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise OSError("the connection is closed")
    return driver


@asynccontextmanager
async def lent_driver(engine: AsyncEngine) -> AsyncIterator[asyncpg.Connection]:
    """A connection of asyncpg out of the engine's pool, outside of any transaction; one over which a statement did not end is thrown away."""
    async with engine.connect() as connection:
        try:
            yield await driver_of(connection)
        except BaseException as error:
            if not is_answer(error):
                await connection.invalidate()
            raise
