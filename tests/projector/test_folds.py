"""What the build notes of folds: whoever has seen a revision of a shard has seen all below it, and every case shows what its position says."""

import asyncio
from collections import defaultdict

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.conftest import running_projector
from tests.projector.logs import (
    STARTED_AT,
    address_of,
    define,
    event_text,
    followed_to_the_end,
    many_cases,
    received_text,
    rows_of,
    send,
)
from tests.waiting import until

from tiendo_domain.rules import CalendarDefinition
from tiendo_event_store import EventLog
from tiendo_projector import rebuild
from tiendo_projector.projection import Projection
from tiendo_read_models.builds import Build, ensure_live_build, reading
from tiendo_read_models.errors import NoLiveBuild

Fold = tuple[str, int, int, int]


async def folds_of(engine: AsyncEngine) -> dict[str, Fold]:
    """Case -> case, shard, position, revision."""
    return {row[0]: row for row in await rows_of(engine, "folds")}


def received(*case_ids: str) -> list[str]:
    return [received_text(case_id) for case_id in case_ids]


async def test_every_case_has_a_fold_and_faulty_ones_too(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiendo_read_models.folding.case_rows", _faulty_case_rows)
    await send(engine, received("A", "FAULTY", "C"))
    build = await _live(engine)
    projection = await Projection.open(engine, build, range(16), live=True)
    await projection.step()
    followed = await folds_of(engine)
    assert sorted(followed) == ["A", "C", "FAULTY"]
    assert await rows_of(engine, "faults", "case_id") == [("FAULTY",)]
    await rebuild(engine, processes=1)
    assert sorted(await folds_of(engine)) == ["A", "C", "FAULTY"]


def _faulty_case_rows(*arguments: object) -> object:
    from tiendo_read_models.rows import case_rows  # noqa: PLC0415 - the one that is replaced

    rows = case_rows(*arguments)  # type: ignore[arg-type]
    if rows.case_id == "FAULTY":
        raise ArithmeticError("cannot")
    return rows


async def test_a_case_that_is_folded_again_gets_the_highest_revision_of_its_shard(engine: AsyncEngine) -> None:
    await send(engine, received(*(f"C-{number}" for number in range(60))))
    build = await _live(engine)
    projection = await Projection.open(engine, build, range(16), live=True)
    await projection.step()
    before = await folds_of(engine)
    assert {fold[2] for fold in before.values()} == {await EventLog(engine).head()}
    await send(engine, [event_text("C-7", "C-7-end", "completed", STARTED_AT)])
    await projection.step()
    after = await folds_of(engine)
    changed = {case_id for case_id, fold in after.items() if fold != before[case_id]}
    assert changed == {"C-7"}
    of_the_shard = [fold[3] for fold in before.values() if fold[1] == before["C-7"][1]]
    assert sorted(of_the_shard) == list(range(1, len(of_the_shard) + 1))
    assert after["C-7"][2:] == (await EventLog(engine).head(), len(of_the_shard) + 1)


async def test_a_case_folded_again_by_new_rules_shows_the_position_of_the_rules(engine: AsyncEngine) -> None:
    await send(engine, received("A"))
    build = await _live(engine)
    projection = await Projection.open(engine, build, range(16), live=True)
    await projection.step()
    await define(engine, CalendarDefinition(id="riêng", time_zone="Asia/Ho_Chi_Minh", units=("H34.1",)))
    await projection.step()
    before = (await folds_of(engine))["A"]
    assert await projection.refold() == 1
    after = (await folds_of(engine))["A"]
    assert (before[2], after[2]) == (projection.position - 1, projection.position)
    assert after[3] == before[3] + 1


async def test_a_rebuild_notes_every_case_at_the_position_it_was_filled_from(engine: AsyncEngine) -> None:
    await send(engine, many_cases(120, seed=3))
    head = await EventLog(engine).head()
    await rebuild(engine, processes=1)
    folds = await folds_of(engine)
    assert len(folds) == 120
    assert {fold[2] for fold in folds.values()} == {head}
    by_shard = defaultdict(list)
    for _, shard, _, revision in folds.values():
        by_shard[shard].append(revision)
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in by_shard.values())


async def test_a_position_noted_once_is_not_taken_back(engine: AsyncEngine) -> None:
    """As after a crash in the middle of a stretch, when the next one is shorter."""
    await send(engine, received("A"))
    build = await _live(engine)
    projection = await Projection.open(engine, build, range(16), live=True)
    await projection.step()
    async with engine.begin() as connection:
        await connection.execute(text(f"UPDATE {build.schema_name}.folds SET position = position + 100"))
    await send(engine, [event_text("A", "A-end", "completed", STARTED_AT)])
    before = (await folds_of(engine))["A"]
    await projection.step()
    after = (await folds_of(engine))["A"]
    assert after[2:] == (before[2], before[3] + 1)


async def test_a_reader_of_revisions_never_misses_a_fold(engine: AsyncEngine) -> None:
    """While two projectors share the shards and others come and go, what the reader has put together is what is there."""
    texts = many_cases(250, seed=8)
    seen: dict[str, int] = {}
    done = asyncio.Event()
    watching = asyncio.ensure_future(_read_changes(engine, seen, done))
    async with running_projector(address_of(engine)):
        for start in range(0, len(texts), 100):
            await send(engine, texts[start : start + 100])
            async with running_projector(address_of(engine)):
                await asyncio.sleep(0)
        await until(lambda: followed_to_the_end(engine), seconds=60)
    done.set()
    await watching
    shown = dict(await rows_of(engine, "cases", "case_id", "event_count"))
    assert seen == shown


_CHANGES = text("""
    SELECT f.case_id, f.shard, f.revision, c.event_count
    FROM unnest(CAST(:shards AS smallint[]), CAST(:revisions AS bigint[])) AS r (shard, revision)
    JOIN folds f ON f.shard = r.shard AND f.revision > r.revision
    JOIN cases c USING (case_id) ORDER BY f.shard, f.revision LIMIT 20
""")


async def _read_changes(engine: AsyncEngine, seen: dict[str, int], done: asyncio.Event) -> None:
    cursor = dict.fromkeys(range(16), 0)
    while True:
        last = done.is_set()
        found = await _changes(engine, cursor)
        for case_id, shard, revision, event_count in found:
            assert event_count >= seen.get(case_id, 0)
            cursor[shard], seen[case_id] = revision, event_count
        if last and not found:
            return
        await asyncio.sleep(0)


async def _changes(engine: AsyncEngine, cursor: dict[int, int]) -> list[tuple[str, int, int, int]]:
    try:
        async with reading(engine) as reader:
            await reader.connection.execute(text(f"SET LOCAL search_path = {reader.build.schema_name}"))
            values = {"shards": list(cursor), "revisions": list(cursor.values())}
            return [tuple(row) for row in await reader.connection.execute(_CHANGES, values)]
    except NoLiveBuild:
        return []


async def _live(engine: AsyncEngine) -> Build:
    async with engine.begin() as connection:
        return await ensure_live_build(connection)
