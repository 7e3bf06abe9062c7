"""Which errors of the database mean what: gone for a while, an event that it will never take, or a fault of ours. Decided here alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

import asyncpg
from sqlalchemy import exc

from tiendo_event_store.causes import innermost
from tiendo_event_store.errors import LogUnavailable

_CLIENT_DATA_ERROR = asyncpg.exceptions._base.DataError  # noqa: SLF001 - asyncpg hides it behind the server's error of the same name

UNSTORABLE: Final = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    _CLIENT_DATA_ERROR,
)
"""The database refuses what it was given; given one event at a time it may take the others. None of them is transient."""

_TRANSIENT: Final = (
    OSError,
    TimeoutError,
    exc.TimeoutError,
    LogUnavailable,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)

DATABASE_FAULTS: Final = (
    OSError,
    exc.TimeoutError,
    exc.DBAPIError,
    LogUnavailable,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""The classes of errors among which `is_transient` tells: the driver's own, SQLAlchemy's, and the log's."""


def is_denied(error: BaseException) -> bool:
    """Whether the login lacks a right: somebody has taken it away, or the database was not migrated."""
    return isinstance(innermost(error), asyncpg.InsufficientPrivilegeError)


class Unwritable(StrEnum):
    """Why the log cannot be written, in words for everybody who asks."""

    AWAY = "the database does not answer"
    DISK_FULL = "the database's disk is full"
    READ_ONLY = "the database takes no changes"
    RIGHT_MISSING = "the right to append is missing"
    REFUSED = "the database does not take the append"


_UNWRITABLE: Final = (
    (asyncpg.DiskFullError, Unwritable.DISK_FULL),
    (asyncpg.ReadOnlySQLTransactionError, Unwritable.READ_ONLY),
    # A standby: it cannot even begin a transaction that writes.
    (asyncpg.FeatureNotSupportedError, Unwritable.READ_ONLY),
    (asyncpg.InsufficientPrivilegeError, Unwritable.RIGHT_MISSING),
    (asyncpg.PostgresConnectionError, Unwritable.AWAY),
    (asyncpg.OperatorInterventionError, Unwritable.AWAY),
    (asyncpg.PostgresError, Unwritable.REFUSED),
)


def why_unwritable(error: Exception) -> Unwritable:
    """Why an append fails that failed with this error."""
    cause = innermost(error)
    return next((found for kind, found in _UNWRITABLE if isinstance(cause, kind)), Unwritable.AWAY)


def is_transient(error: BaseException) -> bool:
    """Whether the connection or the server went away, or gave up for the moment: the same again, on a new connection, may succeed."""
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    cause = driver_error(error)
    return isinstance(cause, _TRANSIENT) and not isinstance(cause, UNSTORABLE)


def is_too_costly(error: BaseException) -> bool:
    """Whether the server ended a statement because it took longer than is allowed."""
    told = error.__cause__ if isinstance(error, LogUnavailable) and error.__cause__ is not None else error
    return isinstance(driver_error(told), asyncpg.QueryCanceledError)


def is_answer(error: BaseException) -> bool:
    """Whether the driver's error is what the server answered to a statement, after which the connection takes the next one."""
    return isinstance(error, asyncpg.PostgresError)


def driver_error(error: BaseException) -> BaseException:
    """The driver's own error behind SQLAlchemy's; any other as it is."""
    if isinstance(error, exc.DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


@contextmanager
def unavailable_when_unreachable() -> Iterator[None]:
    """Turn transient errors of the database into LogUnavailable."""
    try:
        yield
    except DATABASE_FAULTS as error:
        if isinstance(error, LogUnavailable) or not is_transient(error):
            raise
        raise LogUnavailable("the log's database cannot be reached") from error
