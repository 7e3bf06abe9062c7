"""The migrations make what the code defines, once, whole or not at all, and guard it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from tests.migrations.catalog import described

import tiendo_migrations
import tiendo_migrations.defaults
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_contracts.directory.public_holidays import public_holidays_of
from tiendo_contracts.texts.canonical_json import digest
from tiendo_contracts.texts.strict_json import parse_text
from tiendo_domain.calendar import OverrideKind
from tiendo_domain.rules import (
    DEFAULT_PLACEHOLDERS,
    CalendarDefinition,
    Definition,
    DueOnDayOff,
    Override,
    PlaceholdersDefinition,
    RuleBook,
)
from tiendo_event_store import EventLog
from tiendo_event_store import tables as log_tables
from tiendo_event_store.access_log import access_tables
from tiendo_event_store.deliveries import mail_tables, webhook_tables
from tiendo_event_store.monthly_lists import list_tables
from tiendo_event_store.proofs import proof_tables
from tiendo_event_store.publication import publication_tables
from tiendo_event_store.sources import polled_tables
from tiendo_migrations import DatabaseUnsuitable, RightsMissing, RoleNotGranted, SchemaNewer, SchemaState
from tiendo_read_models import projection_tables
from tiendo_runtime.authentication import session_tables
from tiendo_runtime.authentication import tables as key_tables
from tiendo_runtime.database import engine_of, service_engine
from tiendo_runtime.database import owner_engine as make_owner_engine
from tiendo_runtime.embedded import Cluster


async def test_the_migrated_database_is_what_the_table_definitions_say(
    owner_engine: AsyncEngine, empty_database_url: str
) -> None:
    defined = make_owner_engine(empty_database_url)
    async with defined.begin() as connection:
        await connection.execute(text("CREATE SCHEMA tiendo"))
        for metadata in (
            log_tables.metadata,
            key_tables.metadata,
            projection_tables.metadata,
            polled_tables.metadata,
            access_tables.metadata,
            publication_tables.metadata,
            webhook_tables.metadata,
            mail_tables.metadata,
            proof_tables.metadata,
            list_tables.metadata,
            session_tables.metadata,
        ):
            await connection.run_sync(metadata.create_all)
    assert await described(owner_engine) == await described(defined)
    await defined.dispose()


async def test_an_empty_database_is_behind_and_current_after_the_upgrade(empty_database_url: str) -> None:
    assert await tiendo_migrations.check(empty_database_url) is SchemaState.BEHIND
    assert await tiendo_migrations.upgrade(empty_database_url)
    assert await tiendo_migrations.check(empty_database_url) is SchemaState.CURRENT
    assert not await tiendo_migrations.upgrade(empty_database_url)


async def test_a_service_may_ask_for_the_state(database_url: str) -> None:
    engine = service_engine(database_url, DatabaseRole.RELAY)
    assert await tiendo_migrations.check(engine) is SchemaState.CURRENT
    await engine.dispose()


async def test_of_upgrades_at_the_same_time_one_does_the_work(empty_database_url: str) -> None:
    done = await asyncio.gather(*(tiendo_migrations.upgrade(empty_database_url) for _ in range(5)))
    assert sorted(done) == [False, False, False, False, True]


async def test_an_upgrade_that_fails_leaves_nothing(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(tiendo_migrations.defaults, "_definitions", broken)
        with pytest.raises(RuntimeError, match="the power went"):
            await tiendo_migrations.upgrade(empty_database_url)
    engine = make_owner_engine(empty_database_url)
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT to_regnamespace('tiendo')")) is None
    await engine.dispose()
    assert await tiendo_migrations.upgrade(empty_database_url)


async def test_a_newer_database_is_refused_with_a_clear_word(owner_engine: AsyncEngine) -> None:
    async with owner_engine.begin() as connection:
        await connection.execute(text("UPDATE tiendo.alembic_version SET version_num = '9999'"))
    state = await tiendo_migrations.check(owner_engine)
    assert state is SchemaState.NEWER
    assert state == "newer than the code"
    with pytest.raises(SchemaNewer, match=r"newer than this version of tiendo.*9999.*install the newer version"):
        await tiendo_migrations.upgrade(owner_engine)


async def test_a_database_of_another_encoding_is_refused(postgres_server: Cluster, empty_database_url: str) -> None:
    await _run(empty_database_url, "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(DatabaseUnsuitable, match=r"LATIN1.*UTF8"):
        await tiendo_migrations.upgrade(postgres_server.url("latin"))


async def test_a_login_that_may_not_make_roles_says_what_an_administrator_must_do(empty_database_url: str) -> None:
    await _run(empty_database_url, f"CREATE ROLE plain LOGIN; ALTER ROLE {DatabaseRole.POLLER} RENAME TO away")
    plain = create_async_engine(empty_database_url, connect_args={"server_settings": {"role": "plain"}})
    with pytest.raises(RoleNotGranted, match="CREATE ROLE tiendo_poller LOGIN;"):
        await tiendo_migrations.upgrade(plain)
    await plain.dispose()
    await _run(empty_database_url, f"DROP ROLE plain; ALTER ROLE away RENAME TO {DatabaseRole.POLLER}")


async def test_a_role_that_may_not_make_the_schema_says_what_an_administrator_must_do(empty_database_url: str) -> None:
    await _run(empty_database_url, "CREATE ROLE guest LOGIN")
    guest = create_async_engine(empty_database_url, connect_args={"server_settings": {"role": "guest"}})
    with pytest.raises(RightsMissing, match=r'ALTER DATABASE "test_.*" OWNER TO "guest"'):
        await tiendo_migrations.upgrade(guest)
    await guest.dispose()
    await _run(empty_database_url, "DROP ROLE guest")


async def _run(url: str, statement: str) -> None:
    engine = make_owner_engine(url)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        for one in statement.split(";"):
            await connection.execute(text(one))
    await engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tiendo.events SET text = ''",
        "UPDATE tiendo.events SET text = '' WHERE false",
        "DELETE FROM tiendo.events",
        "TRUNCATE tiendo.events",
        "INSERT INTO tiendo.events SELECT * FROM tiendo.events ON CONFLICT (position) DO UPDATE SET text = ''",
    ],
)
@pytest.mark.parametrize("replication_role", ["origin", "replica"])
async def test_the_database_refuses_to_change_the_log_even_to_its_owner(
    owner_engine: AsyncEngine, statement: str, replication_role: str
) -> None:
    async with owner_engine.connect() as connection:
        await connection.execute(text(f"SET LOCAL session_replication_role = {replication_role}"))
        with pytest.raises(DBAPIError, match="the log is append-only"):
            await connection.execute(text(statement))


async def test_the_defaults_are_the_first_facts_of_the_log(engine: AsyncEngine) -> None:
    log = EventLog(engine)
    facts = await log.directory_facts()
    assert [fact.position for fact in facts] == [1, 2]
    book = RuleBook.fold(facts)
    assert book.placeholders == DEFAULT_PLACEHOLDERS
    assert book.default_calendar.version_name == "vn/1"
    assert all(map(book.default_calendar.is_working_day, [date(2024, 5, 4), date(2025, 4, 26), date(2026, 8, 22)]))
    assert book.default_calendar.due_on_day_off is DueOnDayOff.NEXT_WORKING_DAY
    assert await log.head() == 2


async def test_a_database_that_stands_gets_the_make_up_days_of_its_calendars_as_facts(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule T7: a new version of each calendar with swaps, as it stands otherwise; what was known before is had by `known_at`."""
    office_closed = Override(on=date(2024, 5, 4), kind=OverrideKind.OFF)

    def older() -> Iterator[Definition]:
        yield PlaceholdersDefinition(names=DEFAULT_PLACEHOLDERS)
        days_off = public_holidays_of("VN").days_off
        vn = CalendarDefinition(id="vn", time_zone="Asia/Ho_Chi_Minh", holidays="VN", days_off=days_off)
        yield vn
        yield replace(vn, id="huyện", units=("H34.6",), overrides=(office_closed,))
        yield replace(vn, id="ams", holidays="NL", days_off=public_holidays_of("NL").days_off)

    with monkeypatch.context() as patched:
        patched.setattr(tiendo_migrations.defaults, "_definitions", older)
        await tiendo_migrations.upgrade(empty_database_url)
    engine = engine_of(empty_database_url)
    facts = await EventLog(engine).directory_facts()
    assert [fact.position for fact in facts] == [1, 2, 3, 4, 5, 6]
    book = RuleBook.fold(facts)
    default, district = book.calendar_of(None, {}), book.calendar_of("H34.6", {})
    assert (default.version_name, district.version_name) == ("vn/2", "huyện/2")
    assert all(map(default.is_working_day, [date(2024, 5, 4), date(2025, 4, 26), date(2026, 8, 22)]))
    assert [district.is_working_day(day) for day in (date(2024, 5, 4), date(2025, 4, 26))] == [False, True]
    [first, second] = book.calendar_versions_of(None, {})
    assert not first.calendar.is_working_day(date(2024, 5, 4))
    assert second.known_since == facts[-1].ingested_at > facts[0].ingested_at
    assert book.calendars["ams"].version == 1
    assert not await tiendo_migrations.upgrade(empty_database_url)
    await engine.dispose()


async def test_the_defaults_are_the_same_texts_each_time_with_the_digest_of_their_content() -> None:
    first, second = list(tiendo_migrations.defaults.default_facts()), list(tiendo_migrations.defaults.default_facts())
    assert first == second
    for fact in first:
        assert fact.digest == digest(parse_text(fact.text))


async def test_each_log_has_a_name_of_its_own(empty_database_url: str, engine: AsyncEngine) -> None:
    await tiendo_migrations.upgrade(empty_database_url)
    other = engine_of(empty_database_url)
    assert await EventLog(other).log_id() != await EventLog(engine).log_id()
    await other.dispose()
