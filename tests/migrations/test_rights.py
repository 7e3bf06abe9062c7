"""Each service may do in the database what the table of rights says, and nothing else, whatever it tries."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

import tiendo_migrations
from tiendo_contracts.database.database_roles import OWNER, SERVICE_ROLES, DatabaseRole
from tiendo_migrations.database_rights import TABLES, surplus_and_missing
from tiendo_migrations.differences import differences
from tiendo_migrations.row_policies import policy_differences, put_policies_in_order

_COLUMNS = """
SELECT relname::text, attname::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
 WHERE relnamespace = 'tiendo'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
"""
_TRIES = {
    "SELECT": "SELECT FROM tiendo.{table}",
    "INSERT": "INSERT INTO tiendo.{table} DEFAULT VALUES",
    "DELETE": "DELETE FROM tiendo.{table} WHERE false",
    "TRUNCATE": "TRUNCATE tiendo.{table} CASCADE",
    "REFERENCES": "ALTER TABLE tiendo.{table} ADD CONSTRAINT mine CHECK (true)",
    "TRIGGER": "CREATE TRIGGER mine BEFORE INSERT ON tiendo.{table} FOR EACH STATEMENT EXECUTE FUNCTION tiendo.refuse_change()",
    "DISABLE TRIGGER": "ALTER TABLE tiendo.{table} DISABLE TRIGGER ALL",
    "DROP": "DROP TABLE tiendo.{table} CASCADE",
    "OWNER": "ALTER TABLE tiendo.{table} OWNER TO CURRENT_USER",
}


@asynccontextmanager
async def logged_in(url: str, role: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the driver's, with the login of a role."""
    address = make_url(url)
    connection = await asyncpg.connect(host=address.query["host"], user=str(role), database=address.database)
    try:
        yield connection
    finally:
        await connection.close()


async def is_allowed(connection: asyncpg.Connection, statement: str) -> bool:
    """Whether the role has the right that a statement needs, which is rolled back."""
    attempt = connection.transaction()
    await attempt.start()
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return False
    except asyncpg.PostgresError:
        return True  # refused for another reason: a value that is missing, a guard
    finally:
        await attempt.rollback()
    return True


def tries_of(table: str, columns: list[str]) -> Iterator[tuple[str, str]]:
    """Privileges on a table and the statement that needs each."""
    for privilege, statement in _TRIES.items():
        yield privilege, statement.format(table=table)
    for column in columns:
        yield f"UPDATE ({column})", f'UPDATE tiendo.{table} SET "{column}" = DEFAULT WHERE false'


def is_stated(role: DatabaseRole, table: str, privilege: str) -> bool:
    stated = TABLES[table].get(role, frozenset())
    return privilege in stated or privilege.partition(" (")[0] in stated


@pytest.fixture
async def columns(owner_engine: AsyncEngine) -> dict[str, list[str]]:
    """The columns of each table of the log's schema, as PostgreSQL has them."""
    found: dict[str, list[str]] = {}
    async with owner_engine.connect() as connection:
        for table, column in await connection.execute(text(_COLUMNS)):
            found.setdefault(table, []).append(column)
    return found


async def test_every_table_has_its_rights_stated(columns: dict[str, list[str]]) -> None:
    assert sorted(columns) == sorted(TABLES)


@pytest.mark.parametrize("role", SERVICE_ROLES)
async def test_a_service_may_do_with_a_table_what_is_stated_and_nothing_else(
    database_url: str, columns: dict[str, list[str]], role: DatabaseRole
) -> None:
    async with logged_in(database_url, role) as connection:
        for table, its_columns in columns.items():
            for privilege, statement in tries_of(table, its_columns):
                assert await is_allowed(connection, statement) is is_stated(role, table, privilege), statement


async def test_what_was_granted_is_what_is_stated(owner_engine: AsyncEngine) -> None:
    async with owner_engine.connect() as connection:
        assert await surplus_and_missing(connection) == (set(), set())


_LED_ASTRAY = (
    f"SET ROLE {OWNER}",
    "SET ROLE tiendo",
    f"SET SESSION AUTHORIZATION {OWNER}",
    "SET SESSION AUTHORIZATION tiendo",
    "SET session_replication_role = replica",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "COPY (SELECT 1) TO '/tmp/tiendo-rights'",
    "CREATE TEMPORARY TABLE own (line text); COPY own FROM '/etc/passwd'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_reload_conf()",
    "ALTER SYSTEM SET fsync = off",
    "CREATE SCHEMA mine",
    "CREATE TABLE public.mine (id integer)",
    "CREATE TABLE tiendo.mine (id integer)",
    "CREATE TEMPORARY TABLE events (id integer)",
    "CREATE FUNCTION tiendo.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION tiendo.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "DROP FUNCTION tiendo.refuse_change() CASCADE",
    "ALTER SCHEMA tiendo RENAME TO mine",
    "DROP SCHEMA tiendo CASCADE",
    "CREATE ROLE mine SUPERUSER LOGIN",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    f"GRANT {OWNER} TO CURRENT_USER",
    "CREATE DATABASE mine",
    "SELECT pg_authid.rolpassword FROM pg_authid",
)


@pytest.mark.parametrize("role", SERVICE_ROLES)
async def test_no_way_leads_from_the_login_of_a_service_to_the_rights_of_another(
    database_url: str, role: DatabaseRole
) -> None:
    others = [f"SET ROLE {other}" for other in SERVICE_ROLES if other is not role]
    async with logged_in(database_url, role) as connection:
        for statement in (*_LED_ASTRAY, *others):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        await connection.execute("RESET ROLE; RESET SESSION AUTHORIZATION")
        assert await connection.fetchval("SELECT current_user::text || session_user") == str(role) * 2


async def test_only_the_projector_makes_schemas_and_only_of_builds_that_are_being_filled(database_url: str) -> None:
    note = "INSERT INTO tiendo.projection_builds (build_id, schema_name, state, definition) VALUES (7, '{}', '{}', '')"
    make = "SELECT tiendo.make_build_schema(7)"
    for role in SERVICE_ROLES:
        async with logged_in(database_url, role) as connection:
            assert await is_allowed(connection, make) is (role is DatabaseRole.PROJECTOR)
    async with logged_in(database_url, DatabaseRole.PROJECTOR) as connection:
        for name, state in (
            ("tiendo", "filling"),
            ("public", "filling"),
            ("build_000007", "live"),
            ('x"; --', "filling"),
        ):
            attempt = connection.transaction()
            await attempt.start()
            await connection.execute(note.format(name, state))
            with pytest.raises(asyncpg.InvalidSchemaNameError):
                await connection.execute(make)
            await attempt.rollback()
        await connection.execute(note.format("build_000007", "filling"))
        await connection.execute(make)
        await connection.execute("CREATE TABLE build_000007.cases (id integer)")
        await connection.execute("SELECT tiendo.drop_build_schema(7)")
        assert await connection.fetchval("SELECT to_regnamespace('build_000007')") is None


_APPEND = """
SELECT last_position FROM tiendo.append_events(
    '{/x}', '{e1}', '{c}', '{t}', '{1}', ARRAY[decode(repeat('00', 32), 'hex')], '{x}', decode(repeat('00', 16), 'hex'))
"""
_LAST = "SELECT position, log_id, ingested_at, origin_ingested_at FROM tiendo.events ORDER BY position DESC LIMIT 1"
_ASTRAY = """
CREATE FUNCTION mine.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$SELECT timestamptz '1999-01-01'$$;
CREATE OPERATOR mine.+ (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = int8mi);
CREATE VIEW mine.events AS SELECT 77::bigint AS position, timestamptz '1999-01-01' AS ingested_at;
SET search_path = mine, pg_temp, pg_catalog;
"""


async def test_who_appends_has_no_say_in_position_and_instant_whatever_names_mean_to_them(database_url: str) -> None:
    """Functions, operators and tables on the caller's search path mean nothing within a function of the owner's."""
    async with logged_in(database_url, "tiendo") as administrator:
        await administrator.execute(f"CREATE SCHEMA mine AUTHORIZATION {DatabaseRole.INGEST}")
        head = (await administrator.fetchrow(_LAST))["position"]
    async with logged_in(database_url, DatabaseRole.INGEST) as connection:
        await connection.execute(_ASTRAY)
        assert await connection.fetchval("SELECT clock_timestamp() + interval '0' < timestamptz '2000-01-01'")
        assert await connection.fetchval(_APPEND) == head
        last = await connection.fetchrow(_LAST)
        assert (last["position"], last["ingested_at"].year > 1999) == (head + 1, True)


async def test_only_who_takes_events_in_appends_them_and_only_a_projector_those_of_other_logs(
    database_url: str,
) -> None:
    of_another = _APPEND.replace("append_events", "append_followed").strip().removesuffix(")")
    followed = f"{of_another}, '{{{UUID(int=7)}}}', '{{1}}', '{{2022-01-01}}')"
    of_no_log = f"{of_another}, '{{null}}', '{{null}}', '{{null}}')"
    for role in SERVICE_ROLES:
        async with logged_in(database_url, role) as connection:
            appends = role in {DatabaseRole.INGEST, DatabaseRole.POLLER, DatabaseRole.COMMAND_LINE}
            assert await is_allowed(connection, _APPEND) is appends
            assert await is_allowed(connection, followed) is (role is DatabaseRole.PROJECTOR)
    async with logged_in(database_url, DatabaseRole.PROJECTOR) as connection:
        await connection.execute(followed)
        last = await connection.fetchrow(_LAST)
        assert (last["log_id"], last["origin_ingested_at"].year) == (UUID(int=7), 2022)
        assert last["ingested_at"] > last["origin_ingested_at"]
        await connection.execute(of_no_log)
        assert await connection.fetchrow(_LAST) == last


_SPOILT = {
    f"ALTER ROLE {DatabaseRole.QUERY} CREATEDB": "the role tiendo_query may do more than log in",
    f"GRANT {DatabaseRole.INGEST} TO {DatabaseRole.RELAY}": "the role tiendo_relay may do more than log in",
    f"ALTER TABLE tiendo.keys OWNER TO {DatabaseRole.INGEST}": "keys belongs to the role of a service",
    f"GRANT UPDATE (scopes) ON tiendo.keys TO {DatabaseRole.QUERY}": "UPDATE (scopes) on keys was granted to tiendo_query",
    "GRANT EXECUTE ON FUNCTION tiendo.append_followed TO PUBLIC": "was granted to everybody",
    f"REVOKE SELECT ON tiendo.events FROM {DatabaseRole.RELAY}": "SELECT on events was taken from tiendo_relay",
    "ALTER FUNCTION tiendo.append_events RESET ALL": "the function append_events acts for the owner, and takes names",
    "DROP FUNCTION tiendo.erase_old_raw": "the function erase_old_raw is missing",
    "CREATE OR REPLACE FUNCTION tiendo.erase_old_raw(most integer) RETURNS integer LANGUAGE sql AS 'SELECT 0'": (
        "the function erase_old_raw is another than was made"
    ),
    "DROP POLICY sight ON tiendo.events": "the policy sight of events is missing",
    "ALTER POLICY sight ON tiendo.events USING (shard IS NOT NULL)": "the policy sight of events is another than was made",
    "ALTER POLICY everything ON tiendo.joined_codes TO tiendo_query, tiendo_ingest": "the policy everything of joined_codes is",
    "ALTER POLICY everything ON tiendo.events TO PUBLIC": "the policy everything of events is another than was made",
    "CREATE POLICY mine ON tiendo.publication_people FOR SELECT TO tiendo_query USING (TRUE)": "the policy mine of publication_people",
    "ALTER TABLE tiendo.events DISABLE ROW LEVEL SECURITY": "row-level security of events is switched off",
    "ALTER TABLE tiendo.joined_codes FORCE ROW LEVEL SECURITY": "row-level security of joined_codes is forced",
    "ALTER TABLE tiendo.keys ENABLE ROW LEVEL SECURITY": "row-level security of keys is switched on",
    "CREATE TABLE tiendo.mine (id integer); GRANT SELECT ON tiendo.mine TO PUBLIC": "SELECT on mine was granted to everybody",
}


@pytest.mark.parametrize("statements", _SPOILT)
async def test_what_is_not_as_it_was_made_is_told(owner_engine: AsyncEngine, statements: str) -> None:
    async with owner_engine.connect() as connection:
        assert await differences(connection) == []
        for statement in statements.split("; "):
            await connection.execute(text(statement))
        assert any(_SPOILT[statements] in told for told in await differences(connection))
        await connection.rollback()


async def test_policies_are_put_in_order_by_the_next_migration(owner_engine: AsyncEngine) -> None:
    async with owner_engine.connect() as connection:
        spoilt = [one for one in _SPOILT if "POLICY" in one or "ROW LEVEL" in one]
        for statement in spoilt:
            if not statement.startswith("ALTER POLICY sight"):  # another has dropped it
                await connection.execute(text(statement))
        assert len(await policy_differences(connection)) == len(spoilt) - 1
        await put_policies_in_order(connection)
        assert await policy_differences(connection) == []
        await connection.rollback()


async def test_what_somebody_changed_stays_to_be_seen_until_it_is_put_in_order_which_the_journal_tells(
    owner_engine: AsyncEngine,
) -> None:
    async with owner_engine.begin() as connection:
        for statement in ("GRANT INSERT ON tiendo.events TO tiendo_query", "DROP POLICY sight ON tiendo.events"):
            await connection.execute(text(statement))
    async with owner_engine.connect() as connection:
        spoilt = await differences(connection)
    assert len(spoilt) == 2

    await tiendo_migrations.upgrade(owner_engine, mends=False)
    async with owner_engine.connect() as connection:
        assert await differences(connection) == spoilt
    with capture_logs() as journal:
        await tiendo_migrations.upgrade(owner_engine)

    assert [entry["found"] for entry in journal if entry["log_level"] == "warning"] == spoilt
    async with owner_engine.connect() as connection:
        assert await differences(connection) == []
