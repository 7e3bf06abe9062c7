"""One page of dossiers taken: compared with what was seen last, and what is new appended in the transaction that remembers it."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_event_store import Conflict, NewRejection, Rejections, Unstorable
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.rejected.refusals import POLLED, rejection_of
from tiendo_event_store.sources.disappeared_rows import ListedRow
from tiendo_event_store.sources.polled_sources import KeptCase, ListingChange, PolledSource
from tiendo_event_store.stored import case_candidate
from tiendo_poller import metrics
from tiendo_sources.igate.configuration import GatewayConfiguration
from tiendo_sources.igate.dossier_changes import RefusedDossier, compared, key_of
from tiendo_sources.igate.seen import seen_of

ENTRIES_AT_ONCE: Final = 500
"""A page may be as large as the gateway makes it; a transaction may not."""

_journal = structlog.get_logger("tiendo.poller")


class DossierIntake:
    """An asynchronous context over which pages are taken, one at a time."""

    def __init__(self, engine: AsyncEngine, source: PolledSource, configuration: GatewayConfiguration) -> None:
        self._appender = Appender(engine)
        self._rejections = Rejections(engine)
        self._source = source
        self._configuration = configuration

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._appender.__aexit__(kind, error, traceback)

    async def take(self, entries: Sequence[Any], received_at: datetime) -> None:
        """Append what is new in the entries of a page, and remember them. Raises PollerReplaced, LogUnavailable."""
        for first in range(0, len(entries), ENTRIES_AT_ONCE):
            await self._take(entries[first : first + ENTRIES_AT_ONCE], received_at, first)

    async def _take(self, entries: Sequence[Any], received_at: datetime, first: int) -> None:
        """Take a part of a page, whose entries are numbered from `first`, in one transaction."""
        before = dict(await self._source.kept([key for entry in entries if (key := key_of(entry)) is not None]))
        cases: dict[str, KeptCase] = {}
        events: list[AcceptedEvent] = []
        refused: list[NewRejection] = []
        gone: list[ListedRow] = []
        come: list[str] = []
        for number, entry in enumerate(entries, first):
            key = key_of(entry)
            kept = None if key is None else before.get(key)
            found = compared(entry, None if kept is None else kept.seen, self._configuration, received_at)
            if isinstance(found, RefusedDossier):
                key, now, rejection = self._set_aside(found, kept, number)
                if key not in before:
                    before |= await self._source.kept([key])
                if before.get(key) == now:
                    continue
                refused.append(rejection)
            else:
                key, now = found.key, KeptCase(seen=found.seen.text, is_open=found.is_open)
                events += found.events
                gone += [ListedRow(case_id=found.seen.case_id, item=f"{key}/{task}") for task in found.tasks_gone]
                come += [f"{key}/{task}" for task in found.tasks_come]
            if now != before.get(key):
                cases[key] = before[key] = now
        await self._store(cases, events, refused, ListingChange(gone=gone, come=come))
        metrics.DOSSIERS.labels(self._configuration.source).inc(len(entries))

    async def missed(self, listed: Collection[str]) -> list[str]:
        """The open dossiers that are not among those listed, by their keys, those left out that are missed already."""
        return await self._source.missed(listed)

    async def note_listing(self, listed: Collection[str], missed: Collection[str]) -> None:
        """Remember that of everything these were listed, and of the open dossiers that were seen before those `missed` were not. Raises PollerReplaced."""
        before = await self._source.kept(list(missed))
        gone = [
            ListedRow(case_id=seen_of(kept.seen).case_id, item=key)
            for key, kept in before.items()
            if kept.seen is not None
        ]
        if gone:
            _journal.warning(
                "dossiers are listed no more",
                source=self._configuration.source,
                number=len(gone),
                example=gone[0].case_id,
            )
        await self._source.note_listing(ListingChange(gone=gone, come=listed))

    def _set_aside(
        self, found: RefusedDossier, kept: KeptCase | None, number: int
    ) -> tuple[str, KeptCase, NewRejection]:
        """By what a refused entry is known, what is kept of it, and its rejection."""
        digest = hashlib.sha256(found.raw).digest()
        now = KeptCase(
            seen=None if kept is None else kept.seen, is_open=kept is not None and kept.is_open, refused=digest
        )
        rejection = rejection_of(
            found.refusal,
            raw=found.raw,
            index=number,
            request=f"poll {self._configuration.source}",
            origin={"format": POLLED, "source": self._configuration.source},
        )
        return found.key or f"sha256:{digest.hex()}", now, rejection

    async def _store(
        self,
        cases: dict[str, KeptCase],
        events: Sequence[AcceptedEvent],
        refused: Sequence[NewRejection],
        listing: ListingChange,
    ) -> None:
        if not cases:
            return
        await self._rejections.record(refused)
        beside = self._source.keeping(cases, changed=bool(events), listing=listing)
        outcomes = await self._appender.append([case_candidate(event) for event in events], beside=beside)
        for event, outcome in zip(events, outcomes, strict=True):
            # A fact with our receipt may have been told before, of a log or a database that was restored: the first one stands.
            if isinstance(outcome, Conflict | Unstorable):
                _journal.warning("not appended", event_id=event.id, outcome=type(outcome).__name__)
        metrics.EVENTS.labels(self._configuration.source).inc(len(events))
        metrics.REFUSED.labels(self._configuration.source).inc(len(refused))
