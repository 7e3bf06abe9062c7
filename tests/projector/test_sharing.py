"""Several projectors share the shards out, and take over what a dead one held."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.conftest import running_projector
from tests.projector.logs import address_of, followed_to_the_end, many_cases, read_models, send
from tests.waiting import until

from tiendo_contracts.database.advisory_locks import SHARDS
from tiendo_projector import rebuild
from tiendo_projector.ownership import ShardLocks

_HOLDERS = text("""
    SELECT pid, count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = :locks
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    GROUP BY pid
""")


async def test_two_projectors_share_the_shards_and_one_takes_over_from_the_other(engine: AsyncEngine) -> None:
    address = address_of(engine)
    texts = many_cases(200, seed=3)
    async with running_projector(address):
        await until(lambda: _shared_as(engine, [16]))
        async with running_projector(address):
            await until(lambda: _shared_as(engine, [8, 8]))
            for start in range(0, len(texts), 100):
                await send(engine, texts[start : start + 100])
            await until(lambda: followed_to_the_end(engine), seconds=60)
        await until(lambda: _shared_as(engine, [16]))
        followed = await read_models(engine)
    await rebuild(engine, processes=1)
    assert await read_models(engine) == followed


async def test_projectors_of_different_shards_follow_them_all(engine: AsyncEngine) -> None:
    address = address_of(engine)
    async with running_projector(address, range(5)), running_projector(address, range(5, 16)):
        await send(engine, many_cases(50))
        await until(lambda: followed_to_the_end(engine), seconds=60)


async def test_a_free_shard_that_nobody_else_wants_is_taken_in_the_end(engine: AsyncEngine) -> None:
    async with ShardLocks(engine, range(16)) as wanting_all, ShardLocks(engine, range(2)) as wanting_two:
        await wanting_two.refresh()
        await wanting_all.refresh()

        async def all_are_held() -> bool:
            await wanting_two.refresh()
            await wanting_all.refresh()
            return len(wanting_all.held | wanting_two.held) == 16

        await until(all_are_held)
        assert not wanting_all.held & wanting_two.held


async def test_shards_are_free_once_their_holder_is_gone(engine: AsyncEngine) -> None:
    async with ShardLocks(engine, range(16)) as first:
        await first.refresh()
        assert len(first.held) == 16
    async with ShardLocks(engine, range(16)) as second:

        async def has_all() -> bool:
            await second.refresh()
            return len(second.held) == 16

        await until(has_all)


async def test_a_shard_that_was_behind_catches_up_without_the_others_going_back(engine: AsyncEngine) -> None:
    address = address_of(engine)
    texts = many_cases(60, seed=4)
    async with running_projector(address, range(8)):
        await send(engine, texts[:150])
        await until(lambda: _has_checkpoint(engine, 0))
    async with running_projector(address):
        await send(engine, texts[150:])
        await until(lambda: followed_to_the_end(engine), seconds=60)
        followed = await read_models(engine)
    await rebuild(engine, processes=1)
    assert await read_models(engine) == followed


async def _shared_as(engine: AsyncEngine, wanted: list[int]) -> bool:
    async with engine.connect() as connection:
        rows = await connection.execute(_HOLDERS, {"locks": SHARDS.key})
        return sorted(count for _, count in rows) == wanted


async def _has_checkpoint(engine: AsyncEngine, shard: int) -> bool:
    async with engine.connect() as connection:
        statement = text("SELECT position FROM tiendo.projection_checkpoints WHERE shard = :shard")
        return int(await connection.scalar(statement, {"shard": shard}) or 0) >= 150
