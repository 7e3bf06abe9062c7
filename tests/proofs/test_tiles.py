"""The stored tree: however it grew, it proves what a tree of all leaves proves."""

import itertools
from hashlib import sha256

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.proofs.outsider import includes, is_consistent, tree_head

from tiendo_event_store.driver import lent_driver
from tiendo_event_store.proofs.proving import LogProofs
from tiendo_event_store.proofs.tiles import TilesMissingError, covered, grow, leaf_hashes, root_of

EDGES = [1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000]
LEAVES = [sha256(number.to_bytes(4)).digest() for number in range(EDGES[-1])]


async def grown(driver: asyncpg.Connection, *sizes: int) -> None:
    for start, end in itertools.pairwise((0, *sizes)):
        async with driver.transaction():
            await grow(driver, start, LEAVES[start:end])


async def test_a_tree_that_grew_in_pieces_proves_what_the_whole_would_also_around_its_tiles_edges(
    engine: AsyncEngine,
) -> None:
    proofs = LogProofs(engine)
    heads = {size: tree_head(LEAVES[:size]) for size in EDGES}
    async with lent_driver(engine) as driver:
        await grown(driver, *EDGES)
        assert await covered(driver) == EDGES[-1]
        assert {size: await root_of(driver, size) for size in EDGES} == heads
        assert await leaf_hashes(driver, 250, 520) == LEAVES[250:520]
        assert await leaf_hashes(driver, 65_999, 66_001) == [LEAVES[65_999], None]
    for size in EDGES:
        for index in {0, size // 3, size - 1}:
            proof = await proofs.inclusion(index + 1, size)
            assert includes(index, size, LEAVES[index], proof.path, heads[size])
            assert proof.leaf == LEAVES[index]
    for smaller, size in itertools.combinations(EDGES, 2):
        assert is_consistent(smaller, size, await proofs.consistency(smaller, size), heads[smaller], heads[size])


async def test_the_tree_only_grows_also_for_its_owner(engine: AsyncEngine, owner_engine: AsyncEngine) -> None:
    async with lent_driver(engine) as driver:
        await grown(driver, 300)
    for statement in (
        "DELETE FROM tiendo.log_tiles",
        "TRUNCATE tiendo.log_tiles",
        "UPDATE tiendo.log_tiles SET hashes = sha256(hashes)",
        "UPDATE tiendo.log_tiles SET number = number + 5",
        "UPDATE tiendo.log_tiles SET hashes = substring(hashes from 1 for 32)",
        "TRUNCATE tiendo.log_checkpoints",
        "DELETE FROM tiendo.log_checkpoints",
    ):
        async with owner_engine.connect() as connection:
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
            with pytest.raises(DBAPIError, match="is refused"):
                await connection.execute(text(statement))


async def test_a_proof_out_of_a_tree_that_lacks_a_part_is_refused(
    engine: AsyncEngine, owner_engine: AsyncEngine
) -> None:
    async with lent_driver(engine) as driver:
        await grown(driver, 700)
        async with owner_engine.begin() as connection:
            await connection.execute(text("ALTER TABLE tiendo.log_tiles DISABLE TRIGGER USER"))
            await connection.execute(text("DELETE FROM tiendo.log_tiles WHERE number = 1"))
        with pytest.raises(TilesMissingError, match="lacks the tile 1 of level 0"):
            await LogProofs(engine).inclusion(300, 700)
