"""How far each feed of states has been acknowledged by the broker: for each shard a revision of a build. All in the transaction of the caller."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.shards import SHARD_COUNT
from tiendo_event_store.publication.publication_tables import relay_cursors


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldCursor:
    """Every fold of a shard in the build `build_id` up to `revision`; of another build none."""

    build_id: int
    revision: int

    def revision_in(self, build_id: int) -> int:
        """What to go on behind in a build."""
        return self.revision if self.build_id == build_id else 0


Cursors = Mapping[int, FoldCursor]
"""Shard -> cursor, of all shards."""

BEGINNING: Cursors = dict.fromkeys(range(SHARD_COUNT), FoldCursor(build_id=0, revision=0))


async def cursors_of(connection: AsyncConnection, feed: str) -> Cursors:
    """Where a feed goes on."""
    return {**BEGINNING, **await _stored(connection, feed)}


async def put_cursors(connection: AsyncConnection, feed: str, cursors: Cursors) -> None:
    """Note where a feed goes on."""
    insertion = insert(relay_cursors)
    rows = [
        {"feed": feed, "shard": shard, "build_id": cursor.build_id, "revision": cursor.revision}
        for shard, cursor in sorted(cursors.items())
    ]
    newer = {"build_id": insertion.excluded.build_id, "revision": insertion.excluded.revision}
    await connection.execute(insertion.on_conflict_do_update(index_elements=["feed", "shard"], set_=newer), rows)


async def repeats_of(connection: AsyncConnection, feed: str) -> Cursors | None:
    """Behind what everything has to be sent once more, when nothing of an earlier producer can be under way any longer; None: nothing has to."""
    found = await _stored(connection, _repeats(feed))
    return {**BEGINNING, **found} if found else None


async def ask_for_repeats(connection: AsyncConnection, feed: str) -> None:
    """Note that everything behind the present cursors has to be sent once more; what was noted before goes further back, and stays."""
    columns = relay_cursors.c
    present = select(literal(_repeats(feed)), columns.shard, columns.build_id, columns.revision)
    insertion = insert(relay_cursors).from_select(
        ["feed", "shard", "build_id", "revision"], present.where(columns.feed == feed)
    )
    await connection.execute(insertion.on_conflict_do_nothing())


async def forget_repeats(connection: AsyncConnection, feed: str) -> None:
    """Note that everything has been sent once more."""
    await connection.execute(delete(relay_cursors).where(relay_cursors.c.feed == _repeats(feed)))


async def wait_for_the_disk(connection: AsyncConnection) -> None:
    """Let the transaction be on the disk when it is committed, and with it all that was committed before."""
    await connection.execute(text("SET LOCAL synchronous_commit = on"))


async def _stored(connection: AsyncConnection, feed: str) -> dict[int, FoldCursor]:
    columns = relay_cursors.c
    rows = await connection.execute(
        select(columns.shard, columns.build_id, columns.revision).where(columns.feed == feed)
    )
    return {row.shard: FoldCursor(build_id=row.build_id, revision=row.revision) for row in rows}


def _repeats(feed: str) -> str:
    return f"{feed}/repeats"
