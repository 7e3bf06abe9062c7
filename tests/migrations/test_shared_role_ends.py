"""A database in which all services shared one role keeps what it holds, and that role keeps no right."""

from sqlalchemy import text
from tests.migrations.older import migrate_to
from tests.projector.logs import received_text

import tiendo_migrations
from tiendo_contracts.database.database_roles import OWNER, DatabaseRole
from tiendo_contracts.texts.canonical_json import digest
from tiendo_contracts.texts.strict_json import parse_text
from tiendo_event_store import EventLog
from tiendo_migrations.database_rights import surplus_and_missing
from tiendo_runtime.database import owner_engine, service_engine

_AS_BEFORE = f"""
CREATE ROLE tiendo_app NOLOGIN;
REASSIGN OWNED BY {OWNER} TO tiendo;
GRANT SELECT, INSERT ON tiendo.events TO tiendo_app;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON tiendo.keys TO tiendo_app;
GRANT SELECT, INSERT, UPDATE (raw, resubmitted_at, resubmitted_position) ON tiendo.rejections TO tiendo_app;
GRANT USAGE ON SCHEMA tiendo TO tiendo_app;
CREATE SCHEMA build_000001 AUTHORIZATION tiendo_app;
SET ROLE tiendo_app;
CREATE TABLE build_000001.cases (id integer);
INSERT INTO build_000001.cases VALUES (7);
RESET ROLE
"""
_EVENT = text("""
INSERT INTO tiendo.events (position, source, id, subject, type, shard, ingested_at, digest, text)
VALUES (3, '/test', 'e1', 'HS-1', 'vn.tiendo.case.received.v1', 3, '2022-04-01T00:00:00Z', :digest, :text)
""")
_KEY = "INSERT INTO tiendo.keys (key_id, name, digest, scopes) VALUES ('key-1', 'x', '', '{read}')"


async def test_an_upgrade_keeps_what_a_database_holds_and_takes_all_rights_from_the_shared_role(
    empty_database_url: str,
) -> None:
    await migrate_to(empty_database_url, "0009")
    owner, sent = owner_engine(empty_database_url), received_text("HS-1")
    async with owner.begin() as connection:
        for statement in (*_AS_BEFORE.split(";\n"), _KEY):
            await connection.execute(text(statement))
        await connection.execute(_EVENT, {"digest": digest(parse_text(sent)), "text": sent})
    assert await tiendo_migrations.upgrade(empty_database_url)
    async with owner.connect() as connection:
        assert await surplus_and_missing(connection) == (set(), set())
        assert await connection.scalar(text("SELECT to_regrole('tiendo_app')")) is None
        assert await connection.scalar(text("SELECT count(*) FROM tiendo.keys")) == 1
        owners = "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'tiendo'::regnamespace"
        assert list(await connection.scalars(text(owners))) == [OWNER]
    await owner.dispose()
    projector = service_engine(empty_database_url, DatabaseRole.PROJECTOR)
    assert [event.text for event in await EventLog(projector).read_case("HS-1")] == [sent]
    async with projector.begin() as connection:
        assert await connection.scalar(text("UPDATE build_000001.cases SET id = 8 RETURNING id")) == 8
    await projector.dispose()
    query = service_engine(empty_database_url, DatabaseRole.QUERY)
    async with query.connect() as connection:
        assert await connection.scalar(text("SELECT id FROM build_000001.cases")) == 8
    await query.dispose()
