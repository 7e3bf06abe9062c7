"""Accepting and appending in process, beside COPY of the rows that came of it."""

import os
from collections.abc import Sequence
from itertools import islice

import asyncpg
from tests.bench.databases import administrator, engine_on, name_of
from tests.bench.measuring import Rate, timed
from tests.bench.memory import peak_memory
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.samples import event_texts
from tests.bench.stage import Stage

from tiendo_contracts.events.case_events import accept_text
from tiendo_event_store import CoalescingWriter
from tiendo_event_store.tables import events

BATCH = 500


async def in_process(url: str, texts: Sequence[str]) -> Rate:
    """How fast the texts are accepted and appended, in batches."""
    async with engine_on(url) as engine, CoalescingWriter(engine) as writer:
        with timed() as watch:
            left = iter(texts)
            while batch := list(islice(left, BATCH)):
                await writer.append([accept_text(text) for text in batch])
    return Rate(count=len(texts), seconds=watch.seconds, processor_seconds=watch.processor_seconds)


async def take(stage: Stage) -> Sample:
    """One fresh log, and then the bare table in the same database."""
    texts = list(event_texts(stage.size.cases))
    async with stage.database() as url:
        async with peak_memory(bench=os.getpid()) as peak:
            product = await in_process(url, texts)
        async with administrator(stage.cluster, name_of(url)) as connection:
            bare = await _copied(connection)
    return Sample(
        figures={"rate": product.per_second, "processor time": product.microseconds_each},
        floor={"rate": bare.per_second},
        peak_mebibytes=peak.mebibytes,
    )


async def _copied(connection: asyncpg.Connection) -> Rate:
    columns = [column.name for column in events.columns]
    found = await connection.fetch(f"SELECT {', '.join(columns)} FROM tiendo.events")
    rows = [tuple(row) for row in found]
    await connection.execute("CREATE TABLE bench_floor (LIKE tiendo.events)")
    with timed() as watch:
        for start in range(0, len(rows), BATCH):
            await connection.copy_records_to_table("bench_floor", records=rows[start : start + BATCH], columns=columns)
    return Rate(count=len(rows), seconds=watch.seconds)


ROW = Row(
    name="append",
    what=f"accept and append in process, batches of {BATCH}",
    floor="COPY of the same rows",
    ground=Ground.FRESH,
    figures=(
        Figure(name="rate", unit="events/s", better=Better.HIGHER, times_floor_aim=2.5),
        Figure(name="processor time", unit="µs/event", better=Better.LOWER),
    ),
    take=take,
)
