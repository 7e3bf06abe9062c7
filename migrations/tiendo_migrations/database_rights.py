"""Who may do what in the database: one table, which the migrations grant by, `doctor` compares with, and the tests try right by right.

A new table, function or role is stated here; what is not stated, nobody but the owner may do.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.database.database_roles import SERVICE_ROLES, DatabaseRole

_INGEST: Final = DatabaseRole.INGEST
_PROJECTOR: Final = DatabaseRole.PROJECTOR
_QUERY: Final = DatabaseRole.QUERY
_QUERY_ALL: Final = DatabaseRole.QUERY_ALL
_RELAY: Final = DatabaseRole.RELAY
_POLLER: Final = DatabaseRole.POLLER
_COMMAND_LINE: Final = DatabaseRole.COMMAND_LINE

Rights = Mapping[DatabaseRole, frozenset[str]]
"""The privileges of each role on something, as PostgreSQL names them; on columns as `UPDATE (column)`."""


def _rights(**given: str) -> Rights:
    """Privileges by the name of the role's member, separated by commas."""
    return {DatabaseRole[name]: frozenset(privileges.split(", ")) for name, privileges in given.items()}


def _all_read(**given: str) -> Rights:
    """The same, and every service reads."""
    return {**_rights(**{role.name: "SELECT" for role in SERVICE_ROLES}), **_rights(**given)}


_JOINING: Final = dict.fromkeys(("INGEST", "POLLER", "PROJECTOR", "COMMAND_LINE"), "SELECT, INSERT")

_PUBLISHED: Final = _rights(
    **dict.fromkeys(("INGEST", "QUERY", "QUERY_ALL", "RELAY", "COMMAND_LINE"), "SELECT"),
)

TABLES: Final[Mapping[str, Rights]] = {
    "alembic_version": _all_read(),
    "events": _all_read(PROJECTOR="SELECT, MAINTAIN"),
    "joined_codes": _all_read(**_JOINING),
    "log_identity": _all_read(),
    "log_tiles": _all_read(INGEST="SELECT, INSERT, UPDATE (hashes)"),
    "log_checkpoints": _all_read(INGEST="SELECT, INSERT"),
    "keys": _rights(
        INGEST="SELECT, UPDATE (last_used_at)", QUERY="SELECT, UPDATE (last_used_at)", COMMAND_LINE="SELECT"
    ),
    "access_log": _rights(INGEST="SELECT, INSERT", QUERY="SELECT, INSERT", COMMAND_LINE="SELECT, INSERT"),
    "access_log_start": _rights(INGEST="SELECT", QUERY="SELECT", COMMAND_LINE="SELECT"),
    "sessions": _rights(INGEST="SELECT, INSERT, UPDATE, DELETE", QUERY="SELECT, INSERT, UPDATE, DELETE"),
    "sign_in_links": _rights(
        INGEST="SELECT, INSERT, UPDATE (used_at)",
        QUERY="SELECT, INSERT, UPDATE (used_at)",
        COMMAND_LINE="SELECT, INSERT",
    ),
    "logout_tokens": _rights(INGEST="SELECT, INSERT, DELETE", QUERY="SELECT, INSERT, DELETE"),
    "publication_steps": _PUBLISHED,
    "publication_contents": _PUBLISHED,
    "publication_people": _PUBLISHED,
    "rejections": _rights(
        INGEST="SELECT, INSERT, UPDATE (resubmitted_at), UPDATE (resubmitted_position), MAINTAIN",
        POLLER="SELECT, INSERT",
        COMMAND_LINE="SELECT, INSERT, UPDATE (resubmitted_at), UPDATE (resubmitted_position)",
    ),
    "rejection_counts": _rights(
        INGEST="SELECT, INSERT, UPDATE, DELETE", POLLER="SELECT, INSERT, UPDATE", COMMAND_LINE="SELECT, INSERT, UPDATE"
    ),
    "applicant_fingerprints": _rights(INGEST="SELECT, INSERT", POLLER="SELECT, INSERT", COMMAND_LINE="SELECT, INSERT"),
    "retired_sources": _all_read(COMMAND_LINE="SELECT, INSERT, UPDATE, DELETE"),
    "disappeared_rows": _rights(
        POLLER="SELECT, INSERT, DELETE", COMMAND_LINE="SELECT, INSERT, DELETE", QUERY_ALL="SELECT"
    ),
    "polled_sources": _rights(POLLER="SELECT, INSERT, UPDATE", COMMAND_LINE="SELECT"),
    "polled_cases": _rights(POLLER="SELECT, INSERT, UPDATE", COMMAND_LINE="SELECT"),
    "projection_builds": _all_read(PROJECTOR="SELECT, INSERT, UPDATE, DELETE"),
    "projection_checkpoints": _all_read(PROJECTOR="SELECT, INSERT, UPDATE, DELETE"),
    "projection_pointer": _all_read(PROJECTOR="SELECT, UPDATE"),
    "relay_feeds": _rights(RELAY="SELECT, INSERT, UPDATE, DELETE", COMMAND_LINE="SELECT"),
    "relay_partitions": _rights(RELAY="SELECT, INSERT, UPDATE, DELETE", COMMAND_LINE="SELECT"),
    "relay_cursors": _rights(RELAY="SELECT, INSERT, UPDATE, DELETE", COMMAND_LINE="SELECT"),
    "relay_agency_cases": _rights(RELAY="SELECT, INSERT, UPDATE, DELETE", COMMAND_LINE="SELECT"),
    "mail_deliveries": _rights(COMMAND_LINE="SELECT, INSERT, UPDATE"),
    "webhook_progress": _rights(NOTIFIER="SELECT, INSERT, UPDATE (position)", COMMAND_LINE="SELECT"),
    "webhook_deliveries": _rights(
        NOTIFIER="SELECT, INSERT, UPDATE",
        COMMAND_LINE="SELECT, UPDATE (state), UPDATE (attempts), UPDATE (due_at), UPDATE (ended_at)",
    ),
    "followed_positions": _rights(PROJECTOR="SELECT, INSERT, UPDATE, DELETE", COMMAND_LINE="SELECT"),
}
"""The tables of the schema `tiendo`. Sequences are given to nobody: numbers that rise are the database's own columns."""

_BATCH: Final = "text[], text[], text[], text[], smallint[], bytea[], text[], bytea"

_STEP: Final = (
    "text, text, text, integer, text, bigint, text, bytea, text, bytea, bytea, text, bytea, text[], text[], text[]"
)

FUNCTIONS: Final[Mapping[str, frozenset[DatabaseRole]]] = {
    "refuse_change()": frozenset(),
    "refuse_shrinking()": frozenset(),
    "refuse_event_change()": frozenset(),
    "only_redact()": frozenset(),
    "redact_event(bigint, text[], text, bytea)": frozenset(),
    "facts_of_key(text)": frozenset({_INGEST, _QUERY, _COMMAND_LINE}),
    "refuse_access_change()": frozenset(),
    "forget_access(integer)": frozenset({_INGEST}),
    "name_of_build(integer, text[])": frozenset(),
    f"append_events({_BATCH})": frozenset({_INGEST, _POLLER, _COMMAND_LINE}),
    f"append_followed({_BATCH}, uuid[], bigint[], timestamp with time zone[])": frozenset({_PROJECTOR}),
    f"redact_followed(bigint, text[], text, bytea, {_BATCH})": frozenset({_PROJECTOR}),
    "erase_old_raw(integer)": frozenset({_INGEST}),
    "make_build_schema(integer)": frozenset({_PROJECTOR}),
    "drop_build_schema(integer)": frozenset({_PROJECTOR}),
    f"append_publication_step({_STEP})": frozenset({_QUERY_ALL, _COMMAND_LINE}),
    "refuse_publication_change()": frozenset(),
    "log_head()": frozenset(SERVICE_ROLES),
}
"""Who may call the functions of the schema `tiendo`."""

SCHEMAS: Final[Mapping[str, Rights]] = {
    "tiendo": _rights(**{role.name: "USAGE" for role in SERVICE_ROLES}),
}

DATABASE: Final = _rights(**{role.name: "CONNECT" for role in SERVICE_ROLES})
"""Nobody makes schemas or temporary tables. Who else connects, is not asked: it leads to nothing."""

# Everything that is granted to somebody else than the owner, with the grantee's name, empty for PUBLIC. What was never granted or
# revoked has no list: then the defaults of PostgreSQL hold, which give PUBLIC the use of functions and databases.
_GRANTED: Final = """
WITH held (kind, name, acl, owner) AS (
    SELECT 'TABLE', relname::text, coalesce(relacl, acldefault('r', relowner)), relowner FROM pg_class
     WHERE relnamespace = to_regnamespace('tiendo') AND relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT 'SEQUENCE', relname::text, coalesce(relacl, acldefault('s', relowner)), relowner FROM pg_class
     WHERE relnamespace = to_regnamespace('tiendo') AND relkind = 'S'
    UNION ALL
    SELECT 'FUNCTION', proname || '(' || oidvectortypes(proargtypes) || ')', coalesce(proacl, acldefault('f', proowner)), proowner
      FROM pg_proc WHERE pronamespace = to_regnamespace('tiendo')
    UNION ALL
    SELECT 'SCHEMA', nspname::text, coalesce(nspacl, acldefault('n', nspowner)), nspowner FROM pg_namespace
     WHERE nspname = 'tiendo'
    UNION ALL
    SELECT 'DATABASE', '', coalesce(datacl, acldefault('d', datdba)), datdba FROM pg_database WHERE datname = current_database()
)
SELECT kind, name, CASE WHEN grantee = 0 THEN '' ELSE pg_get_userbyid(grantee) END AS grantee, privilege_type AS privilege
  FROM held CROSS JOIN LATERAL aclexplode(held.acl)
 WHERE grantee <> held.owner AND NOT (kind = 'DATABASE' AND grantee = 0 AND privilege_type = 'CONNECT')
UNION
SELECT 'TABLE', relname::text, CASE WHEN grantee = 0 THEN '' ELSE pg_get_userbyid(grantee) END,
       privilege_type || ' (' || attname || ')'
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid CROSS JOIN LATERAL aclexplode(attacl)
 WHERE relnamespace = to_regnamespace('tiendo') AND NOT attisdropped AND grantee <> relowner
"""
_NEWER: Final = {"MAINTAIN": 170_000}
"""Privileges that older servers do not know, with the version that does."""

Granted = tuple[str, str, str, str]
"""Kind and name of an object, grantee (empty for PUBLIC), privilege."""


async def surplus_and_missing(connection: AsyncConnection) -> tuple[set[Granted], set[Granted]]:
    """What is granted in this database and not stated here, and what is stated and not granted."""
    found = {tuple(row) for row in await connection.execute(text(_GRANTED))}
    version = int(await connection.scalar(text("SELECT current_setting('server_version_num')::int")) or 0)
    stated = {granted for granted in stated_rights() if version >= _NEWER.get(granted[3], 0)}
    return found - stated, stated - found


def stated_rights() -> Iterator[Granted]:
    """All that is granted to anybody but the owner."""
    for kind, objects in (("TABLE", TABLES), ("SCHEMA", SCHEMAS), ("DATABASE", {"": DATABASE})):
        for name, rights in objects.items():
            for role, privileges in rights.items():
                yield from ((kind, name, role.value, privilege) for privilege in privileges)
    for name, roles in FUNCTIONS.items():
        yield from (("FUNCTION", name, role.value, "EXECUTE") for role in roles)


async def put_rights_in_order(connection: AsyncConnection) -> None:
    """Grant what is stated and missing, and revoke what is not stated; for the owner."""
    surplus, missing = await surplus_and_missing(connection)
    for granted in sorted(surplus):
        await connection.exec_driver_sql(
            await _statement(connection, "REVOKE {privilege} ON {on} FROM {whom}", granted)
        )
    for granted in sorted(missing):
        await connection.exec_driver_sql(await _statement(connection, "GRANT {privilege} ON {on} TO {whom}", granted))


def database_statements(name: str) -> Iterator[str]:
    """What is stated of a database, as statements: a copy of a database has none of it. `name` as SQL names it."""
    yield f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC"
    for role, privileges in DATABASE.items():
        yield f"GRANT {', '.join(sorted(privileges))} ON DATABASE {name} TO {role}"


async def _statement(connection: AsyncConnection, words: str, granted: Granted) -> str:
    kind, name, grantee, privilege = granted
    quoted = text("SELECT quote_ident(current_database()), quote_ident(:grantee), quote_ident(:name)")
    database, whom, table = (await connection.execute(quoted, {"grantee": grantee, "name": name})).one()
    on = {"DATABASE": database, "SCHEMA": table, "FUNCTION": f"tiendo.{name}"}.get(kind, f"tiendo.{table}")
    return words.format(privilege=privilege, on=f"{kind} {on}", whom=whom if grantee else "PUBLIC")
