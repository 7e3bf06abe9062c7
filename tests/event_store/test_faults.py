"""What a transient fault of the database is, is decided in one place, whichever layer the error comes through."""

import re
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.errors import LogUnavailable
from tiendo_event_store.faults import DATABASE_FAULTS, UNSTORABLE, is_transient, unavailable_when_unreachable

ROOT = Path(__file__).parents[2]

TRANSIENT = [
    ConnectionRefusedError("no server"),
    TimeoutError("no answer"),
    exc.TimeoutError("no connection of the pool became free"),
    LogUnavailable("the log"),
    asyncpg.ConnectionDoesNotExistError("gone"),
    asyncpg.CannotConnectNowError("starting up"),
    asyncpg.AdminShutdownError("shutting down"),
    asyncpg.QueryCanceledError("took too long"),
    asyncpg.TooManyConnectionsError("full"),
    asyncpg.DiskFullError("full"),
    asyncpg.DeadlockDetectedError("two waited for each other"),
    asyncpg.SerializationError("again"),
    asyncpg.LockNotAvailableError("lock_timeout"),
    asyncpg.IdleInTransactionSessionTimeoutError("cut off"),
    asyncpg.InvalidPasswordError("a password that is being changed"),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.InternalClientError("protocol"),
]
LASTING = [
    asyncpg.UniqueViolationError("twice"),
    asyncpg.CharacterNotInRepertoireError("no such character"),
    asyncpg.ProgramLimitExceededError("index row too large"),
    asyncpg.exceptions._base.DataError("the driver cannot encode it"),
    asyncpg.UndefinedTableError("no such table"),
    asyncpg.InsufficientPrivilegeError("not allowed"),
]


def bare(error: Exception) -> Exception:
    return error


def wrapped(error: Exception) -> Exception:
    """As SQLAlchemy hands on what the driver raised."""
    of_dialect = Exception(str(error))
    of_dialect.__cause__ = error
    return exc.DBAPIError("SELECT 1", {}, of_dialect)


@pytest.mark.parametrize("through", [bare, wrapped])
@pytest.mark.parametrize("error", TRANSIENT, ids=lambda error: type(error).__name__)
def test_what_may_succeed_on_a_new_connection_is_transient(
    error: Exception, through: Callable[[Exception], Exception]
) -> None:
    raised = through(error)
    assert is_transient(raised)
    assert isinstance(raised, DATABASE_FAULTS)
    with pytest.raises(LogUnavailable), unavailable_when_unreachable():
        raise raised


@pytest.mark.parametrize("through", [bare, wrapped])
@pytest.mark.parametrize("error", LASTING, ids=lambda error: type(error).__name__)
def test_what_the_database_refuses_is_not_transient(
    error: Exception, through: Callable[[Exception], Exception]
) -> None:
    raised = through(error)
    assert not is_transient(raised)
    assert isinstance(raised, DATABASE_FAULTS)
    with pytest.raises(type(raised)), unavailable_when_unreachable():
        raise raised


def test_faults_of_ours_are_no_faults_of_the_database() -> None:
    assert not is_transient(ValueError("ours"))
    assert not isinstance(ValueError("ours"), (*DATABASE_FAULTS, *UNSTORABLE))


@pytest.mark.parametrize(
    ("state", "transient"),
    [("57P01", True), ("40001", True), ("55P03", True), ("53100", True), ("22012", False), ("42P01", False)],
)
async def test_what_the_real_database_raises_is_told_apart(engine: AsyncEngine, state: str, *, transient: bool) -> None:
    async with engine.connect() as connection:
        with pytest.raises(exc.DBAPIError) as raised:
            await connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))
        assert is_transient(raised.value) is transient
        await connection.invalidate()


def test_no_other_module_lists_the_kinds_of_database_errors() -> None:
    classes = re.compile(
        r"(?<!raise )asyncpg\.(PostgresError|PostgresConnectionError|OperatorIntervention|InsufficientResources|TransactionRollback"
        r"|LockNotAvailable|InterfaceError|InternalClientError|InvalidAuthorization)|exc\.(DBAPIError|TimeoutError)"
    )
    sources = [path for folder in ("libs", "services") for path in (ROOT / folder).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in sources if classes.search(path.read_text(encoding="utf-8"))}
    assert found == {"libs/tiendo_event_store/faults.py"}
