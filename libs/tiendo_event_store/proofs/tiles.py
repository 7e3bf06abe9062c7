"""The hashes of the tree, 256 to a row: appending costs a row or two, a proof reads as many rows as the tree has levels."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import asyncpg

from tiendo_contracts.proofs.merkle import HashOf, Leaves, TreeNode, hash_of, hash_of_full, subtrees_of

TILE: Final = 256
"""Hashes in a full tile, as in C2SP tlog-tiles: a tile above has the roots of full ones below."""
_TILE_HEIGHT: Final = 8
_HASH: Final = 32

_COVERED: Final = """
SELECT number * 256 + octet_length(hashes) / 32 FROM tiendo.log_tiles WHERE level = 0 ORDER BY number DESC LIMIT 1
"""
_TILES: Final = """
SELECT tile.level, tile.number, tile.hashes
  FROM unnest($1::smallint[], $2::bigint[]) AS wanted (level, number)
  JOIN tiendo.log_tiles AS tile ON tile.level = wanted.level AND tile.number = wanted.number
"""
_LEAVES: Final = (
    "SELECT number, hashes FROM tiendo.log_tiles WHERE level = 0 AND number BETWEEN $1 AND $2 ORDER BY number"
)
_KEEP: Final = """
INSERT INTO tiendo.log_tiles (level, number, hashes)
SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
    ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
"""

Tile = tuple[int, int]
"""Level and number."""


class TilesMissingError(LookupError):
    """The stored tree lacks hashes that it must have: somebody has taken them away."""

    def __init__(self, tiles: Collection[Tile]) -> None:
        level, number = min(tiles)
        super().__init__(f"the stored tree lacks the tile {number} of level {level}, or a part of it")


async def covered(driver: asyncpg.Connection) -> int:
    """How many events the stored tree has as leaves."""
    return int(await driver.fetchval(_COVERED) or 0)


async def hashes_of(driver: asyncpg.Connection, subtrees: Iterable[TreeNode]) -> HashOf:
    """What tells the hash of each of the subtrees. Raises TilesMissingError."""
    places = {subtree: _place(subtree) for subtree in subtrees}
    tiles = await _tiles(driver, {tile for tile, _, _ in places.values()})
    short = {tile for tile, start, count in places.values() if len(tiles.get(tile, ())) < start + count}
    if short:
        raise TilesMissingError(short)
    hashes = {
        subtree: hash_of_full(tiles[tile][start : start + count]) for subtree, (tile, start, count) in places.items()
    }
    return hashes.__getitem__


async def root_of(driver: asyncpg.Connection, size: int) -> bytes:
    """The root of the tree over the first `size` events, all of them covered. Raises TilesMissingError."""
    return (await path_hashes(driver, [Leaves(0, size)]))[0]


async def path_hashes(driver: asyncpg.Connection, path: Sequence[Leaves]) -> list[bytes]:
    """The hash over each of the stretches of leaves. Raises TilesMissingError."""
    hash_of_subtree = await hashes_of(driver, {subtree for leaves in path for subtree in subtrees_of(leaves)})
    return [hash_of(leaves, hash_of_subtree) for leaves in path]


async def leaf_hashes(driver: asyncpg.Connection, start: int, end: int) -> list[bytes | None]:
    """The stored hashes of the leaves `start` to `end`, the latter excluded; None where there is none."""
    rows = await driver.fetch(_LEAVES, start // TILE, max(start, end - 1) // TILE)
    found = {int(number): _split(hashes) for number, hashes in rows}
    places = (divmod(index, TILE) for index in range(start, end))
    return [hashes[place] if len(hashes := found.get(number, ())) > place else None for number, place in places]


async def grow(driver: asyncpg.Connection, size: int, leaves: Sequence[bytes]) -> None:
    """Add leaves by their hashes behind the first `size`. Whoever calls is alone to do so, and in a transaction."""
    level, start, new = 0, size, list(leaves)
    changed: dict[Tile, list[bytes]] = {}
    while new:
        first = start // TILE
        edge = (await _tiles(driver, {(level, first)})).get((level, first), [])
        row = edge[: start % TILE] + new
        for number, place in enumerate(range(0, len(row), TILE), first):
            changed[level, number] = row[place : place + TILE]
        full = [hash_of_full(changed[level, first + number]) for number in range(len(row) // TILE)]
        level, start, new = level + 1, first, full
    await driver.execute(
        _KEEP,
        [level for level, _ in changed],
        [number for _, number in changed],
        [b"".join(hashes) for hashes in changed.values()],
    )


def _place(subtree: TreeNode) -> tuple[Tile, int, int]:
    """The tile in which the hashes below a subtree stand, from which place on, and how many."""
    level, within = divmod(subtree.height, _TILE_HEIGHT)
    number, start = divmod(subtree.number << within, TILE)
    return (level, number), start, 1 << within


async def _tiles(driver: asyncpg.Connection, wanted: Collection[Tile]) -> dict[Tile, list[bytes]]:
    rows = await driver.fetch(_TILES, [level for level, _ in wanted], [number for _, number in wanted])
    return {(level, number): _split(hashes) for level, number, hashes in rows}


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[start : start + _HASH] for start in range(0, len(hashes), _HASH)]
