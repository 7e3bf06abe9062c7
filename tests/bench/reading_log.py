"""Reading the log once, the floor of all that folds it."""

from tests.bench.databases import engine_on
from tests.bench.measuring import Rate, timed

from tiendo_event_store import EventLog

_PAGE = 1_000


async def read_once(url: str) -> Rate:
    """How fast the whole log is read, in pages."""
    async with engine_on(url) as engine:
        log = EventLog(engine)
        count = position = 0
        with timed() as watch:
            while page := await log.read_after(position, _PAGE):
                position = page[-1].position
                count += len(page)
    return Rate(count=count, seconds=watch.seconds, processor_seconds=watch.processor_seconds)
