"""Which errors of the database mean what: gone for a while, an event that it will never take, or a fault of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy import exc

from tiendo_event_store.errors import LogUnavailable

_CLIENT_DATA_ERROR = asyncpg.exceptions._base.DataError  # noqa: SLF001 - asyncpg hides it behind the server's error of the same name

UNSTORABLE = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    _CLIENT_DATA_ERROR,
)
"""The database refuses what it was given; given one event at a time it may take the others."""

TRANSIENT = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    exc.DBAPIError,
    exc.TimeoutError,
)
"""The connection or the server went away, or gave up for the moment: the same again, on a new connection, may succeed.
`UNSTORABLE` is to be asked first: a client-side data error is an InterfaceError too."""


@contextmanager
def unavailable_when_unreachable() -> Iterator[None]:
    """Turn the errors of an unreachable database into LogUnavailable."""
    try:
        yield
    except (OSError, exc.DBAPIError, exc.TimeoutError) as error:
        if isinstance(error, exc.DBAPIError) and not _unreachable(error):
            raise
        raise LogUnavailable("the log's database cannot be reached") from error


def _unreachable(error: exc.DBAPIError) -> bool:
    cause = error.orig.__cause__ if error.orig is not None else None
    return error.connection_invalidated or isinstance(cause, (*TRANSIENT, asyncpg.LockNotAvailableError))
