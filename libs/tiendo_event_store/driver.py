"""The driver's own connection behind SQLAlchemy's."""

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """The connection of asyncpg. Raises OSError when it is closed."""
    driver: asyncpg.Connection | None = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise OSError("the connection is closed")
    return driver
