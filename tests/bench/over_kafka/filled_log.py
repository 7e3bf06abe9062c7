"""The log that the rows over Kafka share."""

from itertools import islice

from tests.bench.databases import engine_on, fresh
from tests.bench.samples import EVENTS_PER_CASE, event_texts

from tiendo_contracts.events.case_events import accept_text
from tiendo_event_store import CoalescingWriter, EventLog
from tiendo_runtime.embedded import Cluster

FILLED = "bench_filled"
_BATCH = 500


async def filled_database(cluster: Cluster, events: int) -> tuple[str, int]:
    """The address of a database whose log has so many events, and its head, with the facts that the migrations bring."""
    url = await fresh(cluster, FILLED)
    texts = event_texts(events // EVENTS_PER_CASE)
    async with engine_on(url) as engine:
        async with CoalescingWriter(engine) as writer:
            while batch := list(islice(texts, _BATCH)):
                await writer.append([accept_text(text) for text in batch])
        return url, await EventLog(engine).head()
