"""Engines of SQLAlchemy: one for the application's role, one for the owner's."""

import asyncio
from typing import Any, Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

APPLICATION_ROLE: Final = "tiendo_app"
"""The role that does not own the log: whatever the application does, it can only append to it."""

POOL_SIZE: Final = 10
_CONNECT_SECONDS: Final = 10
_POOL_WAIT_SECONDS: Final = 10
_CLOSE_SECONDS: Final = 1.0


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


def application_engine(url: str, *, pool_size: int = POOL_SIZE) -> AsyncEngine:
    """An engine whose connections act as the application's role: UTC, and commits that are durable when they return."""
    return _engine(url, pool_size, {"role": APPLICATION_ROLE})


def owner_engine(url: str, *, pool_size: int = 2) -> AsyncEngine:
    """An engine whose connections act as the role of the URL, which owns the tables: for migrations and repairs."""
    return _engine(url, pool_size, {})


def _engine(url: str, pool_size: int, server_settings: dict[str, str]) -> AsyncEngine:
    settings = {
        "timezone": "UTC",
        "synchronous_commit": "on",
        "application_name": "tiendo",
        # A plan made while a table was small would be kept while it grows to millions of rows.
        "plan_cache_mode": "force_custom_plan",
        **server_settings,
    }
    arguments: dict[str, Any] = {
        "server_settings": settings,
        "timeout": _CONNECT_SECONDS,
        "connection_class": BoundedConnection,
    }
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_POOL_WAIT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # errors go to the journal, names of officers do not
        connect_args=arguments,
    )
