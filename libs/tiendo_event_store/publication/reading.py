"""The log read as it is published: with digests, and with texts that the database makes faster than we do."""

import asyncio
import json
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.canonical_json import digest
from tiendo_contracts.event_types import DIRECTORY_TYPE_PREFIX
from tiendo_contracts.messages.topics import TopicKind
from tiendo_contracts.publication_facts import PUBLICATION_TYPE_PREFIX
from tiendo_event_store.driver import driver_of
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.tables import TOLD_AT

_ENTRIES: Final = f"""
    SELECT position, subject,
           CASE WHEN log_id IS NOT NULL THEN NULL
                WHEN shard IS NOT NULL THEN '{TopicKind.CASE_EVENTS}'
                WHEN type ^@ '{DIRECTORY_TYPE_PREFIX}' THEN '{TopicKind.DIRECTORY}'
                WHEN type ^@ '{PUBLICATION_TYPE_PREFIX}' THEN '{TopicKind.PUBLICATIONS}' END,
           to_char({TOLD_AT} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           (extract(epoch FROM {TOLD_AT}) * 1000)::bigint, encode(digest, 'hex'), text
    FROM tiendo.events WHERE position > $1 ORDER BY position LIMIT $2"""
_DIGESTS: Final = (
    "SELECT position, coalesce(encode(digest, 'hex'), '') FROM tiendo.events WHERE position = ANY($1::bigint[])"
)
_HEAD: Final = "SELECT coalesce(max(position), 0) FROM tiendo.events"
_NOTED: Final = "SELECT position FROM tiendo.relay_feeds WHERE feed = $1"
_LOG_ID: Final = "SELECT log_id FROM tiendo.log_identity"


class EventToPublish(NamedTuple):
    """An event of the log. `ingested_at` is RFC 3339 in UTC, `ingested_at_ms` the same as milliseconds of the Unix era.

    `digest` is hexadecimal, `text` the CloudEvent as it was accepted. `kind` is that of the topic to which it is sent; None for what is not:
    what was accepted by a log that is followed, and facts of the house that are not of publications.
    """

    position: int
    subject: str
    kind: str | None
    ingested_at: str
    ingested_at_ms: int
    digest: str
    text: str


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
        rows = [EventToPublish(*row) for row in await self._fetch(_ENTRIES, after, limit)]
        return [row if row.digest is not None else row._replace(digest=_digest_of(row.text)) for row in rows]

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
