"""What a poller remembers: what was seen last of each case, kept in the transaction that appends the facts derived from it, and how far it is."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from sqlalchemy import ARRAY, Row, Text, any_, func, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_event_store.driver import lent_driver
from tiendo_event_store.errors import PollerReplaced
from tiendo_event_store.sources.disappeared_rows import ListedRow, note_disappeared, note_listed
from tiendo_event_store.sources.polled_tables import polled_cases, polled_sources
from tiendo_event_store.sources.retired_sources import is_retired, known_sources

_BEGIN = text("""
INSERT INTO tiendo.polled_sources AS polled (source, run, poll_seconds, failures) VALUES (:source, 1, :poll_seconds, 0)
    ON CONFLICT (source) DO UPDATE SET run = polled.run + 1, poll_seconds = excluded.poll_seconds
""")
_FENCE = "SELECT 1 FROM tiendo.polled_sources WHERE source = $1 AND run = $2 FOR UPDATE"
_KEEP = """
INSERT INTO tiendo.polled_cases AS kept (source, item, seen, is_open, refused)
SELECT $1, new.item, new.seen, new.is_open, new.refused FROM unnest($2::text[], $3::text[], $4::bool[], $5::bytea[])
       AS new (item, seen, is_open, refused)
    ON CONFLICT (source, item) DO UPDATE SET seen = excluded.seen, is_open = excluded.is_open, refused = excluded.refused
"""
_MISSED = """
SELECT kept.item FROM tiendo.polled_cases AS kept WHERE kept.source = $1 AND kept.is_open AND kept.seen IS NOT NULL
   AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS listed (item) WHERE listed.item = kept.item)
   AND NOT EXISTS (SELECT FROM tiendo.disappeared_rows d WHERE d.source = kept.source AND d.item = kept.item)
"""
_CHANGED = "UPDATE tiendo.polled_sources SET changed_at = clock_timestamp() WHERE source = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledState:
    """How far a source is read, as its table describes it; `read_at` is what our clock said when this was read."""

    source: str
    run: int
    poll_seconds: float
    bound_at: datetime | None
    bound_text: str | None
    anchor_at: datetime | None
    anchored_at: datetime | None
    gateway_at: datetime | None
    whole_at: datetime | None
    polled_at: datetime | None
    changed_at: datetime | None
    failures: int
    failure: str | None
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCase:
    """What is kept of a case: what the translator remembers, whether it is open, and the digest of what was refused last."""

    seen: str | None
    is_open: bool
    refused: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a poll that ended well moves; what is None stays as it was."""

    bound_at: datetime | None = None
    bound_text: str | None = None
    anchor_at: datetime | None = None
    gateway_at: datetime | None = None
    was_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingChange:
    """What a source lists no more (`gone`), and the items that it lists (`come`), whether or not they were missed."""

    gone: Sequence[ListedRow] = ()
    come: Collection[str] = ()


NO_NEWS = ListingChange()


class PolledSource:
    """One source as the poller at work sees it; each writing raises PollerReplaced once another poller has begun."""

    def __init__(self, engine: AsyncEngine, source: str) -> None:
        self._engine = engine
        self._source = source
        self._run = 0

    async def begin(self, poll_seconds: float) -> None:
        """From now on this poller writes, and none that began before."""
        async with self._engine.begin() as connection:
            await connection.execute(_BEGIN, {"source": self._source, "poll_seconds": poll_seconds})
        self._run = (await self.state()).run

    async def state(self) -> PolledState:
        """How far the source is read."""
        async with self._engine.connect() as connection:
            return next(state for state in await _states(connection) if state.source == self._source)

    async def kept(self, items: Sequence[str]) -> Mapping[str, KeptCase]:
        """What is kept of those of the cases that were seen before."""
        columns = polled_cases.c
        wanted = columns.item == any_(literal(list(items), ARRAY(Text)))
        statement = select(columns.item, columns.seen, columns.is_open, columns.refused)
        async with self._engine.connect() as connection:
            rows = await connection.execute(statement.where(columns.source == self._source, wanted))
            return {row.item: KeptCase(seen=row.seen, is_open=row.is_open, refused=row.refused) for row in rows}

    async def missed(self, listed: Collection[str]) -> list[str]:
        """The open cases that are not among those listed, and are not known to be missed."""
        async with lent_driver(self._engine) as driver:
            return [row["item"] for row in await driver.fetch(_MISSED, self._source, list(listed))]

    async def note_listing(self, listing: ListingChange) -> None:
        """Remember what is listed no more, and forget what is listed again."""
        async with lent_driver(self._engine) as driver, driver.transaction():
            await self._check_fence(driver)
            await self._note(driver, listing)

    async def _check_fence(self, connection: asyncpg.Connection) -> None:
        if await connection.fetchval(_FENCE, self._source, self._run) is None:
            raise PollerReplaced(self._source)

    async def _note(self, connection: asyncpg.Connection, listing: ListingChange) -> None:
        await note_listed(connection, self._source, listing.come)
        await note_disappeared(connection, self._source, listing.gone)

    def keeping(
        self, cases: Mapping[str, KeptCase], *, changed: bool, listing: ListingChange = NO_NEWS
    ) -> Callable[[asyncpg.Connection], Awaitable[None]]:
        """What keeps the cases in a transaction of the log; `changed`: something new was seen, `listing`: what of the cases is listed or not any more."""

        async def keep(connection: asyncpg.Connection) -> None:
            await self._check_fence(connection)
            await self._note(connection, listing)
            # In one order always: two pollers, were there two, would not wait for each other.
            items = sorted(cases)
            rows = [cases[item] for item in items]
            await connection.execute(
                _KEEP,
                self._source,
                items,
                [row.seen for row in rows],
                [row.is_open for row in rows],
                [row.refused for row in rows],
            )
            if changed:
                await connection.execute(_CHANGED, self._source)

        return keep

    async def note_good(self, progress: Progress) -> None:
        """A poll ended well."""
        now = func.clock_timestamp()
        moved = {
            "bound_at": progress.bound_at,
            "bound_text": progress.bound_text,
            "anchor_at": progress.anchor_at,
            "gateway_at": progress.gateway_at,
            "anchored_at": None if progress.anchor_at is None else now,
            "whole_at": now if progress.was_whole else None,
        }
        values = {name: value for name, value in moved.items() if value is not None}
        await self._update({**values, "polled_at": now, "failures": 0, "failure": None})

    async def note_failure(self, failure: str) -> None:
        """A poll failed; `failure` says why."""
        await self._update({"failures": polled_sources.c.failures + 1, "failure": failure})

    async def _update(self, values: Mapping[str, object]) -> None:
        columns = polled_sources.c
        statement = update(polled_sources).where(columns.source == self._source, columns.run == self._run)
        async with self._engine.begin() as connection:
            if (await connection.execute(statement.values(dict(values)))).rowcount == 0:
                raise PollerReplaced(self._source)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """How a polled source stands, and how many of its cases are open; `retired`: nothing more is expected of it."""

    state: PolledState
    open_cases: int
    retired: bool


async def source_standings(engine: AsyncEngine) -> list[SourceStanding]:
    """Every source that was ever polled, by name, all as at one moment."""
    columns = polled_cases.c
    counted = select(columns.source, func.count().label("open_cases")).where(columns.is_open).group_by(columns.source)
    async with engine.connect() as connection:
        # A source may begin to be polled between two questions.
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        counts = {row.source: row.open_cases for row in await connection.execute(counted)}
        known = {one.source: one.retired_at for one in await known_sources(connection, [])}
        return [
            SourceStanding(
                state=state,
                open_cases=counts.get(state.source, 0),
                retired=is_retired(known[state.source], state.polled_at),
            )
            for state in await _states(connection)
        ]


async def _states(connection: AsyncConnection) -> list[PolledState]:
    statement = select(polled_sources, func.clock_timestamp().label("read_at")).order_by(polled_sources.c.source)
    return [_state(row) for row in await connection.execute(statement)]


def _state(row: Row[tuple[object, ...]]) -> PolledState:
    return PolledState(**row._mapping)  # noqa: SLF001 - how SQLAlchemy names it
