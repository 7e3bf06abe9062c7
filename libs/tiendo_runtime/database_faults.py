"""Whether an error means that the database did not answer, as against a statement that it refused."""

from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_GONE: Final = (
    OSError,
    TimeoutError,
    PoolTimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InternalClientError,
)
KINDS: Final = (*_GONE, DBAPIError)
"""The classes of errors among which `did_not_answer` tells."""


def did_not_answer(error: BaseException) -> bool:
    """Whether the same again may succeed later, on a new connection."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, _GONE)
    cause = error.orig.__cause__ if error.orig is not None else None
    return error.connection_invalidated or isinstance(cause, _GONE)
