"""The log read as it is published: with digests, and with texts that the database makes faster than we do."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.events.event_types import DIRECTORY_TYPE_PREFIX
from tiendo_contracts.messages.topics import TopicKind
from tiendo_contracts.publications.publication_facts import PUBLICATION_TYPE_PREFIX
from tiendo_contracts.texts.canonical_json import digest
from tiendo_event_store.driver import driver_of
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.proofs.log_facts import REDACTED, data_of
from tiendo_event_store.tables import TOLD_AT

_ENTRY: Final = f"""
    SELECT position, subject,
           CASE WHEN log_id IS NOT NULL THEN NULL
                WHEN shard IS NOT NULL THEN '{TopicKind.CASE_EVENTS}'
                WHEN type ^@ '{DIRECTORY_TYPE_PREFIX}' THEN '{TopicKind.DIRECTORY}'
                WHEN type ^@ '{PUBLICATION_TYPE_PREFIX}' THEN '{TopicKind.PUBLICATIONS}' END,
           to_char({TOLD_AT} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           (extract(epoch FROM {TOLD_AT}) * 1000)::bigint, encode(digest, 'hex'), text, coalesce(redacted, '{{}}'),
           type = '{REDACTED}' AND log_id IS NULL
    FROM tiendo.events"""
_ENTRIES: Final = f"{_ENTRY} WHERE position > $1 ORDER BY position LIMIT $2"
_ENTRIES_AT: Final = f"{_ENTRY} WHERE position = ANY($1::bigint[]) ORDER BY position"
_BEFORE: Final = f"{_ENTRY} WHERE position < $1 AND log_id IS NULL ORDER BY position DESC LIMIT $2"
_REDACTIONS: Final = f"""
    {_ENTRY} WHERE shard IS NULL AND type = '{REDACTED}' AND log_id IS NULL AND position > $1 ORDER BY position"""
_DIGESTS: Final = (
    "SELECT position, coalesce(encode(digest, 'hex'), '') FROM tiendo.events WHERE position = ANY($1::bigint[])"
)
_BACK_AT_ONCE: Final = 200
_HEAD: Final = "SELECT coalesce(max(position), 0) FROM tiendo.events"
_NOTED: Final = "SELECT position FROM tiendo.relay_feeds WHERE feed = $1"
_LOG_ID: Final = "SELECT log_id FROM tiendo.log_identity"


class EventToPublish(NamedTuple):
    """An event of the log. `ingested_at` is RFC 3339 in UTC, `ingested_at_ms` the same as milliseconds of the Unix era.

    `digest` is hexadecimal; `text` is the CloudEvent as it was accepted, but for the members in `redacted`. `kind` is that of the topic to
    which it is sent; None for what is not: what was accepted by a log that is followed, and facts of the house that are not of publications.
    `redacts`: the event is the fact that another one was redacted.
    """

    position: int
    subject: str
    kind: str | None
    ingested_at: str
    ingested_at_ms: int
    digest: str
    text: str
    redacted: Sequence[str] = ()
    redacts: bool = False

    @property
    def redacted_position(self) -> int | None:
        """The position that a fact of redaction is about; None for another event, and for a fact that cannot be read."""
        data = data_of(self.text) if self.redacts else None
        position = data.get("position") if isinstance(data, dict) else None
        return position if isinstance(position, int) else None


class PublicationLog:
    """An asynchronous context in which the log is read over one connection; every method raises LogUnavailable when it is away."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        with unavailable_when_unreachable():
            self._connection = await self._engine.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            if error is not None:
                await connection.invalidate()
            await connection.close()

    async def read_after(self, after: int, limit: int) -> list[EventToPublish]:
        """At most `limit` events with positions after `after`, rising; nothing is ever missing between them."""
        return await self._entries(_ENTRIES, after, limit)

    async def entries_at(self, positions: Sequence[int]) -> list[EventToPublish]:
        """The events at these positions, rising; those that there are."""
        return await self._entries(_ENTRIES_AT, list(positions))

    async def redactions(self, after: int) -> list[EventToPublish]:
        """The facts behind a position that say that an event was redacted, rising."""
        return await self._entries(_REDACTIONS, after)

    async def before(self, position: int) -> AsyncIterator[EventToPublish]:
        """What this log accepted itself before a position, falling."""
        while rows := await self._entries(_BEFORE, position, _BACK_AT_ONCE):
            for row in rows:
                yield row
            position = rows[-1].position

    async def digests(self, positions: Sequence[int]) -> dict[int, str]:
        """The digest, hexadecimal, of each of these positions that the log has; of one that is redacted none ("")."""
        return dict(await self._fetch(_DIGESTS, list(positions)))

    async def head(self) -> int:
        """The highest position, 0 when the log is empty."""
        return int((await self._fetch(_HEAD))[0][0])

    async def noted_position(self, feed: str) -> int:
        """The position up to which a feed is noted to be acknowledged, 0 for one that has not begun."""
        rows = await self._fetch(_NOTED, feed)
        return int(rows[0][0]) if rows else 0

    async def log_id(self) -> UUID:
        """The name of the log."""
        return UUID(str((await self._fetch(_LOG_ID))[0][0]))

    async def _entries(self, statement: str, *parameters: object) -> list[EventToPublish]:
        rows = [EventToPublish(*row) for row in await self._fetch(statement, *parameters)]
        return [row if row.digest is not None else row._replace(digest=_digest_of(row.text)) for row in rows]

    async def _fetch(self, statement: str, *parameters: object) -> list[Any]:
        """Rows as the driver hands them out: SQLAlchemy's own cost as much again."""
        if self._connection is None:
            raise RuntimeError("the log is read within the context only")
        with unavailable_when_unreachable():
            async with self._turn:
                rows: list[Any] = await (await driver_of(self._connection)).fetch(statement, *parameters)
        return rows


def _digest_of(text: str) -> str:
    """The digest of a redacted text: that of what it was is erased."""
    return digest(json.loads(text)).hex()
