"""Connections of the pool: looked at before they are lent, so that no question meets one that the server has closed."""

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.waiting import until

from tiendo_event_store.driver import lent_driver
from tiendo_runtime import database

_PROCESS = "SELECT pg_backend_pid()"


async def _process(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(text(_PROCESS)) or 0)


async def test_a_connection_that_the_server_has_closed_gives_way_to_a_new_one(
    engine: AsyncEngine, owner_engine: AsyncEngine
) -> None:
    async with lent_driver(engine) as driver:
        old: int = await driver.fetchval(_PROCESS)
    async with owner_engine.connect() as owner:
        await owner.execute(text("SELECT pg_terminate_backend(:process)"), {"process": old})
    await until(driver.is_closed)
    assert await _process(engine) != old


async def test_a_connection_is_asked_again_once_nothing_was_heard_over_it_for_a_while(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    ask = engine.dialect.do_ping
    monkeypatch.setattr(engine.dialect, "do_ping", lambda lent: asked.append(lent) or ask(lent))
    first = await _process(engine)
    assert (await _process(engine), len(asked)) == (first, 0)
    monkeypatch.setattr(database, "_TRUSTED_SECONDS", 0)
    assert (await _process(engine), len(asked)) == (first, 1)


async def test_a_connection_that_does_not_answer_gives_way_to_a_new_one(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unanswered(_: object) -> None:
        raise engine.dialect.loaded_dbapi.OperationalError("no answer")

    old = await _process(engine)
    monkeypatch.setattr(engine.dialect, "do_ping", unanswered)
    monkeypatch.setattr(database, "_TRUSTED_SECONDS", 0)
    assert await _process(engine) != old


async def test_a_connection_over_which_a_statement_did_not_end_is_thrown_away(engine: AsyncEngine) -> None:
    async with lent_driver(engine) as driver:
        old: int = await driver.fetchval(_PROCESS)
    with pytest.raises(TimeoutError):
        async with lent_driver(engine) as driver:
            await driver.fetch("SELECT pg_sleep(10)", timeout=0.01)
    assert await _process(engine) != old


async def test_a_connection_over_which_a_statement_was_refused_is_lent_again(engine: AsyncEngine) -> None:
    async with lent_driver(engine) as driver:
        old: int = await driver.fetchval(_PROCESS)
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with lent_driver(engine) as driver:
            await driver.fetch("SELECT 1 / 0")
    assert await _process(engine) == old
