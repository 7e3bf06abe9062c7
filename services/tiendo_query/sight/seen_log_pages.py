"""The log as a caller reads it who sees some cases whole: from one of their events to the next, whatever lies between."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from tiendo_event_store.driver import driver_of
from tiendo_event_store.reading.seen_log import SeenLog
from tiendo_event_store.stored import ProvenEvent
from tiendo_query.query_side import LogEntries
from tiendo_read_models.builds import Reader
from tiendo_read_models.refolding import LARGE_CASE_EVENTS

_CODES_AT_ONCE: Final = 2_000
_FIRST_STRETCH: Final = 5_000

# The row of a very large case may be behind: whether anything came to it since, its row does not tell.
_CODES: Final = """
SELECT c.case_id, c.aliases FROM {cases} c
 WHERE c.first_position <= :up_to AND (c.last_position > :after OR c.event_count > :large) LIMIT :limit
"""


async def seen_log_page(reader: Reader, after: int, limit: int) -> LogEntries:
    """At most `limit` events behind `after`, up to what the read models reflect; `next` has passed the events of all other cases.

    Of few cases all events are looked for at once, of many in stretches of the log that grow while nothing is found in them.
    """
    log = SeenLog(await driver_of(reader.connection))
    found: list[ProvenEvent] = []
    reached, end, stretch = after, max(after, reader.position), _FIRST_STRETCH
    codes = await _codes(reader, reached, end, limit=_CODES_AT_ONCE)
    up_to = end if codes is not None else min(end, reached + stretch)
    while reached < end:
        if codes is None:
            codes = await _codes(reader, reached, up_to)
        new = await log.entries_between(codes or [], reached, up_to, limit - len(found))
        found += new
        if len(found) == limit:
            return LogEntries(found, found[-1].position)
        stretch = stretch * 2 if 2 * len(new) < limit else stretch
        codes, reached, up_to = None, up_to, min(end, up_to + stretch)
    return LogEntries(found, reached)


async def _codes(reader: Reader, after: int, up_to: int, *, limit: int | None = None) -> Sequence[str] | None:
    """All codes of the cases that are seen whole and may have events in (after, up_to]; None where these are `limit` or more."""
    values = {"after": after, "up_to": up_to, "large": LARGE_CASE_EVENTS, "limit": limit}
    rows = (await reader.connection.execute(text(_CODES.format(cases=reader.build.cases)), values)).all()
    if limit is not None and len(rows) >= limit:
        return None
    return [code for case_id, aliases in rows for code in (case_id, *aliases)]
