"""PostgreSQL as the consumer's own programs reach it: one statement, run over SQLAlchemy or over asyncpg alone."""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

Connection = Any
"""A connection within a transaction: SQLAlchemy's AsyncConnection or AsyncSession, or asyncpg's."""
Connections = AsyncEngine | asyncpg.Pool | Callable[[], AbstractAsyncContextManager[Any]]
"""Where a connection is to be had: an engine, a pool, or a function that gives a context with a connection of asyncpg's."""

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?")
_PLACEHOLDER = re.compile(r"\$(\d+)")


async def rows_of(connection: Connection, statement: str, *values: object) -> Sequence[Sequence[Any]]:
    """The rows that a statement returns; its placeholders are `$1`, `$2`, …."""
    if isinstance(connection, AsyncConnection | AsyncSession):
        bound = {f"v{number}": value for number, value in enumerate(values, start=1)}
        result: Any = await connection.execute(text(_PLACEHOLDER.sub(r":v\1", statement)), bound)
        return [] if not result.returns_rows else list(result.all())
    if not hasattr(connection, "fetch"):
        raise TypeError(
            f"a connection of SQLAlchemy's asyncio or of asyncpg is needed, within a transaction; not {type(connection).__name__}"
        )
    return list(await connection.fetch(statement, *values))


async def rows_within(connection: Connection, statement: str, *values: object) -> Sequence[Sequence[Any]]:
    """As `rows_of`, within the caller's transaction. Raises TypeError for a connection that has none: SQLAlchemy begins one itself."""
    in_transaction = getattr(connection, "is_in_transaction", None)
    if in_transaction is not None and not in_transaction():
        raise TypeError("the connection is in no transaction: positions and results would not be kept as one")
    return await rows_of(connection, statement, *values)


def transaction(connections: Connections) -> AbstractAsyncContextManager[Any]:
    """A context with a connection of its own; with an engine in a transaction, with a pool each statement is one."""
    if isinstance(connections, AsyncEngine):
        return connections.begin()
    if isinstance(connections, asyncpg.Pool):
        context: AbstractAsyncContextManager[Any] = connections.acquire()
        return context
    return connections()


def table_name(name: str) -> str:
    """The name, fit to stand in a statement. Raises ValueError for one that is not."""
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot name a table: small letters, digits and _, with a schema before a full stop at most"
        )
    return name
