"""Engines of SQLAlchemy: each service connects as its own role, migrations and repairs as the owner."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

import asyncpg
from sqlalchemy import Dialect, event, exc
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from tiendo_contracts.database.database_roles import OWNER, DatabaseRole
from tiendo_runtime.database_urls import login_url

POOL_SIZE: Final = 10
_STATEMENT_SECONDS: Final = "statement_seconds"
_CONNECT_SECONDS: Final = 10
_POOL_WAIT_SECONDS: Final = 10
_CLOSE_SECONDS: Final = 1.0
_TRUSTED_SECONDS: Final = 1.0
"""How long after a server was last heard over a connection that is not asked anew before the connection is lent."""

_HEARD_AT: Final = "heard_at"


class BoundedConnection(asyncpg.Connection):
    """asyncpg's connection, which closes in limited time though the server does not answer."""

    async def close(self, *, timeout: float | None = None) -> None:
        """Take leave of the server, or go without; `timeout` in seconds, at most _CLOSE_SECONDS."""
        try:
            # asyncpg's own limit leaves out the time that it takes to have a running statement cancelled.
            async with asyncio.timeout(min(timeout or _CLOSE_SECONDS, _CLOSE_SECONDS)):
                await super().close()
        except TimeoutError:
            self.terminate()


def service_engine(
    url: str, role: DatabaseRole, *, pool_size: int = POOL_SIZE, statement_seconds: float | None = None
) -> AsyncEngine:
    """An engine whose connections log in as `role`: UTC, and commits that are durable when they return.

    They log in as nobody else: neither SET ROLE nor RESET ROLE leads to another role's rights. A statement is ended by the database after
    `statement_seconds`; None for no limit.
    """
    return engine_of(login_url(url, role), pool_size=pool_size, statement_seconds=statement_seconds)


def owner_engine(url: str, *, pool_size: int = 2) -> AsyncEngine:
    """An engine whose connections act as the role of the address given, which owns the tables: for migrations, keys and repairs."""
    return engine_of(login_url(url, OWNER), pool_size=pool_size)


def engine_like(engine: AsyncEngine, *, pool_size: int) -> AsyncEngine:
    """Another engine with the same address, login and limit of statements."""
    url = engine.url.render_as_string(hide_password=False)
    seconds: float | None = engine.sync_engine.get_execution_options().get(_STATEMENT_SECONDS)
    return engine_of(url, pool_size=pool_size, statement_seconds=seconds)


def engine_of(url: str, *, pool_size: int = POOL_SIZE, statement_seconds: float | None = None) -> AsyncEngine:
    """An engine of exactly this address, as another process of the same service was given it."""
    settings = {
        "timezone": "UTC",
        "synchronous_commit": "on",
        "application_name": "tiendo",
        # A plan made while a table was small would be kept while it grows to millions of rows.
        "plan_cache_mode": "force_custom_plan",
    }
    if statement_seconds is not None:
        settings["statement_timeout"] = f"{statement_seconds * 1000:.0f}ms"
    arguments: dict[str, Any] = {
        "server_settings": settings,
        "timeout": _CONNECT_SECONDS,
        "connection_class": BoundedConnection,
    }
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_POOL_WAIT_SECONDS,
        hide_parameters=True,  # errors go to the journal, names of officers do not
        connect_args=arguments,
        execution_options={_STATEMENT_SECONDS: statement_seconds},
    )
    event.listen(engine.sync_engine, "checkout", _lent_alive(engine.dialect))
    return engine


def _lent_alive(dialect: Dialect) -> Callable[[Any, ConnectionPoolEntry, object], None]:
    """What looks at a connection before it is lent: one that is known to be closed, or does not answer, gives way to a new one.

    The driver knows at once of a connection that the server has closed; one from which nothing was heard for a while is asked.
    """

    def look(lent: Any, entry: ConnectionPoolEntry, _: object) -> None:  # noqa: ANN401 - the driver's, as SQLAlchemy wraps it
        if lent.driver_connection.is_closed():
            raise exc.InvalidatePoolError
        heard_at = entry.info.get(_HEARD_AT)
        if heard_at is not None and time.monotonic() - heard_at >= _TRUSTED_SECONDS:
            try:
                dialect.do_ping(lent)
            except dialect.loaded_dbapi.Error as error:
                raise exc.InvalidatePoolError from error
            heard_at = None
        if heard_at is None:
            entry.info[_HEARD_AT] = time.monotonic()

    return look
