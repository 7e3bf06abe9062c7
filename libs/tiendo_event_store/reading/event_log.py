"""Reading the log: everything after a position, one case, the directory facts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from itertools import starmap
from typing import Final
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.directory import directory_fact
from tiendo_contracts.events.case_events import joined_alias
from tiendo_contracts.events.event_types import CORRECTED_TYPE, DIRECTORY_TYPE_PREFIX
from tiendo_domain.facts import EventKey
from tiendo_domain.rules import DirectoryFact
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.reading.joined_codes import groups_of
from tiendo_event_store.reading.log_rules import LogFact
from tiendo_event_store.stored import ProvenEvent, StoredEvent, ToldEvent, ToldGroup
from tiendo_event_store.tables import TOLD_AT


def _columns(event: type[StoredEvent | ProvenEvent]) -> str:
    """The columns of the log that make such an event, in its order."""
    return ", ".join(TOLD_AT if name == "ingested_at" else name for name in event.__struct_fields__)


_ALL: Final = f"SELECT {_columns(StoredEvent)} FROM tiendo.events"
_AFTER: Final = f"{_ALL} WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3"
_AFTER_OF_SHARDS: Final = f"""
{_ALL} WHERE position > $1 AND position <= $2 AND (shard IS NULL OR shard = ANY($4::smallint[])) ORDER BY position LIMIT $3
"""
# The instant is asked for in a form of which a plan can do without it.
_OF_CASE: Final = f"""
{_ALL} WHERE shard IS NOT NULL AND subject = $1 AND position > $2 AND {TOLD_AT} <= coalesce($3::timestamptz, 'infinity')
 ORDER BY subject, position LIMIT $4
"""
_OF_CODES: Final = f"""
{_ALL} WHERE shard IS NOT NULL AND subject = ANY($1::text[]) AND position > $2 AND {TOLD_AT} <= coalesce($3::timestamptz, 'infinity')
 ORDER BY position LIMIT $4
"""
_OF_CASES: Final = f"""
{_ALL} WHERE shard IS NOT NULL AND subject = ANY($1::text[]) AND position <= $2 ORDER BY subject, position
"""
# A loose index scan: from one case to the next, whatever the number of their events.
_CASE_IDS: Final = """
WITH RECURSIVE following AS (
    (SELECT subject, 1 AS number FROM tiendo.events WHERE shard IS NOT NULL AND subject > $1 ORDER BY subject LIMIT 1)
    UNION ALL
    SELECT next.subject, following.number + 1 FROM following CROSS JOIN LATERAL (
        SELECT subject FROM tiendo.events WHERE shard IS NOT NULL AND subject > following.subject ORDER BY subject LIMIT 1
    ) AS next WHERE following.number < $2
)
SELECT subject FROM following ORDER BY subject
"""
_IS_OF_DIRECTORY: Final = f"shard IS NULL AND type ^@ '{DIRECTORY_TYPE_PREFIX}'"
_FACTS: Final = f"{_ALL} WHERE {_IS_OF_DIRECTORY} AND position > $1 AND position <= $2 ORDER BY position"
_OWN_FACTS: Final = f"""
{_ALL} WHERE {_IS_OF_DIRECTORY} AND position > $1 AND position <= $2 AND log_id IS NULL
   AND {TOLD_AT} <= coalesce($3::timestamptz, 'infinity') ORDER BY position
"""
ENTRY: Final = f"SELECT {_columns(ProvenEvent)} FROM tiendo.events"
_ENTRIES: Final = f"{ENTRY} WHERE position > $1 ORDER BY position LIMIT $2"
_ENTRIES_OF_CODES: Final = f"""
{ENTRY} WHERE shard IS NOT NULL AND subject = ANY($1::text[]) AND position > $2 ORDER BY position LIMIT $3
"""
_TOLD_UNDER_KEYS: Final = f"""
WITH RECURSIVE told AS (
    SELECT named.source, named.id FROM unnest($1::text[], $2::text[]) AS named (source, id)
    UNION
    SELECT event.text::json #>> '{{data,annuls,source}}', event.text::json #>> '{{data,annuls,id}}'
      FROM told JOIN tiendo.events AS event ON event.source = told.source AND event.id = told.id
     WHERE event.shard IS NOT NULL AND event.log_id IS NULL AND event.type = '{CORRECTED_TYPE}'
)
SELECT event.source, event.id, event.subject, event.type,
       CASE WHEN event.type = '{CORRECTED_TYPE}' THEN event.text::json #>> '{{data,annuls,source}}' END,
       CASE WHEN event.type = '{CORRECTED_TYPE}' THEN event.text::json #>> '{{data,annuls,id}}' END
  FROM told JOIN tiendo.events AS event ON event.source = told.source AND event.id = told.id
 WHERE event.shard IS NOT NULL AND event.log_id IS NULL
"""
_COUNT_OF_CASES: Final = """
SELECT count(*) FROM (SELECT FROM tiendo.events WHERE shard IS NOT NULL AND position > $1 AND position <= $2 LIMIT $3) AS few
"""
_COUNT_OF_CODES: Final = """
SELECT count(*) FROM (
    SELECT FROM tiendo.events WHERE shard IS NOT NULL AND subject = ANY($4::text[]) AND position > $1 AND position <= $2 LIMIT $3
) AS few
"""
_HEAD: Final = "SELECT tiendo.log_head()"
_LOG_ID: Final = "SELECT log_id FROM tiendo.log_identity"

_POSITION_MAX: Final = 2**63 - 1


class EventLog:
    """The log as readers see it, always on the primary. Every method raises LogUnavailable when the database cannot be reached."""

    def __init__(self, engine: AsyncEngine) -> None:
        # Every read is one statement and so one snapshot: no transaction around it is needed.
        self._engine = engine

    async def head(self) -> int:
        """The highest position, 0 when the log is empty."""
        return int((await self._rows(_HEAD))[0][0])

    async def read_after(
        self, after: int, limit: int, *, shards: Collection[int] | None = None, up_to: int | None = None
    ) -> list[StoredEvent]:
        """At most `limit` events with positions in (after, up_to], rising; nothing is ever missing between them.

        With `shards`: the case events of those shards, and all directory facts.
        """
        end = _POSITION_MAX if up_to is None else up_to
        if shards is None:
            return await self._events(_AFTER, after, end, limit)
        return await self._events(_AFTER_OF_SHARDS, after, end, limit, list(shards))

    async def entries_after(self, after: int, limit: int) -> list[ProvenEvent]:
        """At most `limit` events with positions behind `after`, rising, each with what proves it; nothing is ever missing between them."""
        return list(starmap(ProvenEvent, await self._rows(_ENTRIES, after, limit)))

    async def entries_of_codes(self, codes: Sequence[str], after: int, limit: int) -> list[ProvenEvent]:
        """The same of the events told of any of the codes."""
        return list(starmap(ProvenEvent, await self._rows(_ENTRIES_OF_CODES, list(codes), after, limit)))

    async def count_between(self, after: int, up_to: int, limit: int, *, codes: Sequence[str] | None = None) -> int:
        """How many events of cases have positions in (after, up_to], of any or of those codes; at most `limit` are counted."""
        if codes is None:
            return int((await self._rows(_COUNT_OF_CASES, after, up_to, limit))[0][0])
        return int((await self._rows(_COUNT_OF_CODES, after, up_to, limit, list(codes)))[0][0])

    async def read_codes(
        self, codes: Sequence[str], *, known_at: datetime | None = None, after: int = 0, limit: int | None = None
    ) -> list[StoredEvent]:
        """The events told of any of the codes by position, behind `after` and at most `limit` (None: all); with `known_at` (aware) those ingested by then."""
        if len(codes) == 1:
            return await self._events(_OF_CASE, codes[0], after, known_at, limit)
        return await self._events(_OF_CODES, list(codes), after, known_at, limit)

    async def read_case(self, code: str, *, known_at: datetime | None = None) -> list[StoredEvent]:
        """The events told of one code, whatever others it is joined with, by position; with `known_at` (aware) those ingested by then."""
        return await self.read_codes([code], known_at=known_at)

    async def case_ids(self, after: str, limit: int) -> list[str]:
        """At most `limit` codes of cases behind `after`, rising by code points."""
        return [row[0] for row in await self._rows(_CASE_IDS, after, limit)]

    async def read_cases(self, codes: Collection[str]) -> dict[str, list[StoredEvent]]:
        """The events told of each code itself by position, read in one snapshot; a code of which nothing is told is not in the answer."""
        return _by_code(await self._events(_OF_CASES, list(codes), _POSITION_MAX))

    async def read_groups(self, codes: Collection[str], *, up_to: int | None = None) -> list[ToldGroup]:
        """What is told of the codes and of all that were ever joined with them, group by group, in the order of `codes`.

        `up_to`: of the events and joins up to that position. A group of which nothing is told is not in the answer. The events of all groups
        are read in one snapshot, and every group has all codes that its own events name.
        """
        end = _POSITION_MAX if up_to is None else up_to
        wanted = list(dict.fromkeys(codes))
        while True:
            groups = await self.groups_of(wanted, up_to=end)
            reached = frozenset().union(*groups)
            told = await self._events(_OF_CASES, list(reached), end)
            missing = {alias for event in told if (alias := joined_alias(event.type, event.text)) is not None} - reached
            if not missing:
                break
            wanted += sorted(missing)  # joined in this moment
        by_code = _by_code(told)
        found = [_told_group(group, by_code) for group in groups]
        return [group for group in found if group.events]

    async def groups_of(self, codes: Collection[str], *, up_to: int | None = None) -> list[frozenset[str]]:
        """The codes given, each with all that were ever joined with it, also by chains; each group once, by the order of `codes`.

        `up_to`: of what was told of joins up to that position.
        """
        with unavailable_when_unreachable():
            async with self._lent() as driver:
                return await groups_of(driver, codes, up_to=_POSITION_MAX if up_to is None else up_to)

    async def told_under(self, keys: Sequence[EventKey]) -> dict[EventKey, ToldEvent]:
        """What this log accepted itself under each of those keys, and what corrections among them annul, on to the end.

        One that is not stored, or is no event of a case, is not in the answer.
        """
        rows = await self._rows(_TOLD_UNDER_KEYS, [key.source for key in keys], [key.id for key in keys])
        return {
            EventKey(source=source, id=event_id): ToldEvent(
                case_id=subject, type=type_, annuls=None if of is None else EventKey(source=of, id=annulled)
            )
            for source, event_id, subject, type_, of, annulled in rows
        }

    async def directory_facts(
        self, *, after: int = 0, up_to: int | None = None, known_at: datetime | None = None
    ) -> list[DirectoryFact]:
        """The directory facts of this log itself with positions in (after, up_to] and ingested by `known_at` (aware), in the order of the log."""
        end = _POSITION_MAX if up_to is None else up_to
        return [one.fact for one in _as_facts(await self._events(_OWN_FACTS, after, end, known_at))]

    async def facts_of_logs(self, *, after: int = 0, up_to: int | None = None) -> list[LogFact]:
        """The directory facts of this log and of those that it follows with positions in (after, up_to]; each log's in its order."""
        return _as_facts(await self._events(_FACTS, after, _POSITION_MAX if up_to is None else up_to))

    async def log_id(self) -> UUID:
        """The name of this log, drawn when it was made and anew when it was restored."""
        return UUID(str((await self._rows(_LOG_ID))[0][0]))

    async def _events(self, statement: str, *parameters: object) -> list[StoredEvent]:
        return list(starmap(StoredEvent, await self._rows(statement, *parameters)))

    async def _rows(self, statement: str, *parameters: object) -> list[asyncpg.Record]:
        with unavailable_when_unreachable():
            async with self._lent() as driver:
                return await driver.fetch(statement, *parameters)

    def _lent(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        return lent_driver(self._engine)


def _by_code(told: Iterable[StoredEvent]) -> dict[str, list[StoredEvent]]:
    by_code: defaultdict[str, list[StoredEvent]] = defaultdict(list)
    for event in told:
        by_code[event.subject].append(event)
    return dict(by_code)


def _told_group(codes: frozenset[str], by_code: Mapping[str, list[StoredEvent]]) -> ToldGroup:
    if len(codes) == 1:
        return ToldGroup(codes=codes, events=by_code.get(next(iter(codes)), []))
    told = [event for code in codes for event in by_code.get(code, ())]
    return ToldGroup(codes=codes, events=sorted(told, key=lambda event: event.position))


def _as_facts(stored: Sequence[StoredEvent]) -> list[LogFact]:
    return [
        LogFact(event.log_id, directory_fact(event.text, position=event.position, ingested_at=event.ingested_at))
        for event in stored
    ]
