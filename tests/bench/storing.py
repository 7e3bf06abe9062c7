"""Into the log and out of it, without HTTP."""

from collections.abc import Sequence
from itertools import islice

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.bench.measuring import Rate, Row, timed
from tests.bench.samples import event_texts

import tiendo_projector
from tiendo_contracts.case_events import accept_text
from tiendo_event_store import CoalescingWriter, EventLog
from tiendo_event_store.tables import events

BATCH = 500
CASES = 5_000
READ_PAGE = 1_000

_COLUMNS = [column.name for column in events.columns]


async def append_row(engine: AsyncEngine, floor: asyncpg.Connection) -> Row:
    """Accepting and appending in batches, beside COPY of the very rows that came of it into a bare table, in the same batches."""
    texts = iter(event_texts(CASES))
    batches = list(iter(lambda: list(islice(texts, BATCH)), []))
    async with CoalescingWriter(engine) as writer:
        with timed() as product:
            for batch in batches:
                await writer.append([accept_text(text) for text in batch])
    rows = [
        tuple(row) for row in await floor.fetch(f"SELECT {', '.join(_COLUMNS)} FROM tiendo.events WHERE shard >= 0")
    ]
    count = len(rows)
    await floor.execute("CREATE TABLE bench_floor (LIKE tiendo.events)")
    with timed() as bare:
        for start in range(0, count, BATCH):
            await _copy(floor, rows[start : start + BATCH])
    await floor.execute("DROP TABLE bench_floor")
    return Row(
        name=f"accept and append, {BATCH} events at a time",
        unit="events/s",
        product=Rate(count=count, seconds=product.seconds),
        floor_name="COPY of the same rows",
        floor=Rate(count=count, seconds=bare.seconds),
    )


async def rebuild_row(engine: AsyncEngine) -> Row:
    """Making all read models anew, beside reading the whole log once."""
    log = EventLog(engine)
    count = position = 0
    with timed() as bare:
        while page := await log.read_after(position, READ_PAGE):
            position = page[-1].position
            count += len(page)
    with timed() as product:
        await tiendo_projector.rebuild(engine)
    return Row(
        name="rebuild of the read models",
        unit="events/s",
        product=Rate(count=count, seconds=product.seconds),
        floor_name="reading the log once",
        floor=Rate(count=count, seconds=bare.seconds),
    )


async def _copy(connection: asyncpg.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    await connection.copy_records_to_table("bench_floor", records=rows, columns=_COLUMNS)
