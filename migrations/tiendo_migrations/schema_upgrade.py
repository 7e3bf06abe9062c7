"""Running the migrations: one process at a time, all of them or none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from tiendo_contracts.database.advisory_locks import MIGRATION
from tiendo_migrations.database_rights import put_rights_in_order
from tiendo_migrations.differences import differences
from tiendo_migrations.errors import DatabaseUnsuitable, RightsMissing, SchemaNewer
from tiendo_migrations.roles import ensure_roles
from tiendo_migrations.row_policies import put_policies_in_order
from tiendo_migrations.states import SchemaState, newest_revision, state_of

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

SCHEMA = "tiendo"
_WAITING_FOR_THE_LOCK = "120s"
_SERVER_VERSION_MIN = 140_000

_journal = structlog.get_logger("tiendo.migrations")


async def upgrade(database: AsyncEngine | str, *, mends: bool = True) -> bool:
    """Whether migrations ran: False when the database was current. It is so afterwards; who fails, leaves it as it was.

    `database` is an engine of the owner's role or of an administrator's, or the address for one. The services' roles, which belong to
    the server, the rights of each and the policies are put in order each time, and what of a current database was not is told in the
    journal; unless it `mends`, a current database is left as it is: whoever looks into what somebody did wants to see it.
    Raises MigrationError for what the operator can mend.
    """
    async with _engine(database) as engine:
        try:
            async with engine.begin() as connection:
                return await _upgraded(connection, mends=mends)
        except DBAPIError as error:
            if error.orig is not None and isinstance(error.orig.__cause__, asyncpg.InsufficientPrivilegeError):
                raise await _rights_missing(engine) from error
            raise


async def _upgraded(connection: AsyncConnection, *, mends: bool) -> bool:
    await connection.execute(text(f"SET LOCAL lock_timeout = '{_WAITING_FOR_THE_LOCK}'"))
    await connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION.key})"))
    await _refuse_unsuitable(connection)
    revision = await _revision(connection)
    state = _state(revision)
    if state is SchemaState.NEWER:
        raise SchemaNewer(str(revision))
    if state is SchemaState.CURRENT:
        if not mends:
            return False
        await _tell_what_differs(connection)
    await ensure_roles(connection)
    if await connection.scalar(text("SELECT to_regnamespace(:schema)"), {"schema": SCHEMA}) is None:
        await connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    if state is SchemaState.BEHIND:
        await connection.run_sync(_run)
    await put_rights_in_order(connection)
    await put_policies_in_order(connection)
    return state is SchemaState.BEHIND


async def _tell_what_differs(connection: AsyncConnection) -> None:
    async with connection.begin_nested() as looking:
        for found in await differences(connection):
            _journal.warning("the database was not as it was made, and is put in order", found=found)
        await looking.rollback()  # also of the path by which the look finds names


async def _rights_missing(engine: AsyncEngine) -> RightsMissing:
    async with engine.connect() as connection:
        row = (await connection.execute(text("SELECT current_user::text, current_database()::text"))).one()
        return RightsMissing(*row)


async def check(database: AsyncEngine | str) -> SchemaState:
    """How the database stands to the code; any role that may read the schema will do, and nothing is changed."""
    async with _engine(database) as engine, engine.connect() as connection:
        return _state(await _revision(connection))


@asynccontextmanager
async def _engine(database: AsyncEngine | str) -> AsyncIterator[AsyncEngine]:
    if isinstance(database, AsyncEngine):
        yield database
        return
    engine = create_async_engine(database, poolclass=NullPool)
    try:
        yield engine
    finally:
        await engine.dispose()


async def _refuse_unsuitable(connection: AsyncConnection) -> None:
    row = (
        await connection.execute(
            text(
                "SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS shown, "
                "current_setting('server_encoding') AS encoding"
            )
        )
    ).one()
    if row.version < _SERVER_VERSION_MIN:
        raise DatabaseUnsuitable(f"tiendo needs PostgreSQL 14 or newer; this server is {row.shown}")
    if row.encoding != "UTF8":
        raise DatabaseUnsuitable(
            f"the database's encoding is {row.encoding}; make one with ENCODING 'UTF8' (and TEMPLATE template0)"
        )


async def _revision(connection: AsyncConnection) -> str | None:
    """The revision of the database; None where no migration has run, or none is to be seen."""
    table = f"{SCHEMA}.alembic_version"
    if await connection.scalar(text("SELECT to_regclass(:table)"), {"table": table}) is None:
        return None
    found = await connection.scalar(text(f"SELECT version_num FROM {table}"))
    return None if found is None else str(found)


def _state(revision: str | None) -> SchemaState:
    """How the revision stands; a database that is current needs no look at the scripts."""
    return SchemaState.CURRENT if revision == newest_revision() else state_of(revision, _scripts())


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - only a database that is not current needs Alembic

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - likewise

    return ScriptDirectory.from_config(_config())


def _run(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - likewise

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
