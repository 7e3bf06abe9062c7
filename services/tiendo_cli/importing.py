"""A file of events brought into the log, as if it had been sent: judged, appended, and what is refused kept as rejections.

Importing a file again appends nothing twice: what is in the log already counts as a duplicate. So an import that was interrupted is resumed
by running it again.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, assert_never

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.applying_rules import rules_in_force
from tiendo_cli.import_entries import EntryBatch, next_batch
from tiendo_contracts.case_events import AcceptedEvent
from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.problems import problem_document
from tiendo_domain.rules import RuleBook
from tiendo_event_store import (
    AlreadyAppended,
    Appended,
    CoalescingWriter,
    Conflict,
    Rejections,
    Unstorable,
)
from tiendo_event_store.refusals import refusal_of, rejection_of
from tiendo_sources.errors import SourceError
from tiendo_sources.file_remarks import FileRemark, RemarkKind
from tiendo_sources.formats import Entry, Reading
from tiendo_sources.opening import OpenedLog, opened_log

BATCH_SIZE = 1_000
SHOWN_MAX = 10
REJECTIONS_PAGE = 500
DIGEST_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEntry:
    """An event that was refused: where it stands in the file, and the problem document."""

    where: str
    problem: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class CountedKind:
    """So many of a kind, and where the first stands."""

    example: str
    number: int = 0


@dataclass(slots=True, kw_only=True)
class ImportTally:
    """What became of the events of a file so far; `shown` are the first SHOWN_MAX that were refused.

    `kinds` counts the refused ones by what was wrong, `remarks` what has to be told though it was not refused.
    """

    request: str
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    first_position: int | None = None
    last_position: int | None = None
    damage: SourceError | None = None
    shown: list[RefusedEntry] = field(default_factory=list)
    kinds: dict[ProblemKind, CountedKind] = field(default_factory=dict)
    remarks: dict[RemarkKind, CountedKind] = field(default_factory=dict)

    def count_kinds(self, refused: Iterable[tuple[Entry, Refusal]]) -> None:
        """These, given in the order of the file, were refused."""
        for entry, refusal in refused:
            self.kinds.setdefault(refusal.kind, CountedKind(example=entry.where)).number += 1

    def remark(self, remarks: Iterable[FileRemark]) -> None:
        """Something more has to be told of the file."""
        for each in remarks:
            self.remarks.setdefault(each.kind, CountedKind(example=each.example)).number += each.number

    @property
    def read(self) -> int:
        """How many events were read."""
        return self.accepted + self.duplicates + self.refused

    @property
    def complete(self) -> bool:
        """Whether the whole file was taken."""
        return self.damage is None and self.refused == 0


Progress = Callable[[int, ImportTally], None]
"""Is told how many bytes of the file were read, and what became of its events."""


async def import_file(engine: AsyncEngine, path: Path, reading: Reading, *, progress: Progress) -> ImportTally:
    """What became of the events of the file `path`; `reading` is how it is read.

    A file that is damaged in the middle is taken as far as it can be read, and the tally says so.

    Raises:
        SourceError: the file is of no format that is read here.
        OSError: it cannot be opened.
        LogUnavailable: the log cannot be written; what was told to `progress` is in it.
    """
    with opened_log(path) as log:
        request = f"import-{await asyncio.to_thread(_digest, path, reading)}"
        async with CoalescingWriter(engine) as writer:
            rules = await rules_in_force(engine)
            loading = _Loading(writer, Rejections(engine), rules, ImportTally(request=request))
            await loading.run(log, reading, progress)
            return loading.tally


class _Loading:
    def __init__(self, writer: CoalescingWriter, rejections: Rejections, rules: RuleBook, tally: ImportTally) -> None:
        self._writer = writer
        self._rejections = rejections
        self._rules = rules
        self._kept_before: frozenset[int] = frozenset()
        self.tally = tally

    async def run(self, log: OpenedLog, reading: Reading, progress: Progress) -> None:
        """Appends batch after batch; the next is read while one is written."""
        self._kept_before = await self._kept()
        entries = reading.entries(log.stream, self._rules)
        batch = await asyncio.to_thread(next_batch, entries, BATCH_SIZE)
        while batch.entries or not batch.end:
            self.tally.remark(batch.remarks)
            following = asyncio.ensure_future(_following(batch, entries))
            try:
                await self._store(batch.entries)
            finally:
                await asyncio.wait([following])
            progress(log.position(), self.tally)
            self.tally.damage = batch.damage
            batch = following.result()
        self.tally.remark(batch.remarks)
        self.tally.damage = self.tally.damage or batch.damage

    async def _store(self, entries: tuple[Entry, ...]) -> None:
        acceptable = [(entry, entry.content) for entry in entries if isinstance(entry.content, AcceptedEvent)]
        refused = [(entry, entry.content) for entry in entries if isinstance(entry.content, Refusal)]
        outcomes = await self._writer.append([event for _, event in acceptable])
        for (entry, event), outcome in zip(acceptable, outcomes, strict=True):
            match outcome:
                case Appended(position):
                    self._count_appended(position)
                case AlreadyAppended():
                    self.tally.duplicates += 1
                case Conflict() | Unstorable():
                    refused.append((entry, refusal_of(outcome, event_id=event.id)))
                case _:
                    assert_never(outcome)
        self.tally.count_kinds(sorted(refused, key=lambda pair: pair[0].index))
        await self._refuse(refused)

    def _count_appended(self, position: int) -> None:
        self.tally.accepted += 1
        self.tally.first_position = self.tally.first_position or position
        self.tally.last_position = position

    async def _refuse(self, refused: list[tuple[Entry, Refusal]]) -> None:
        new = []
        for entry, refusal in sorted(refused, key=lambda pair: pair[0].index):
            self.tally.refused += 1
            if len(self.tally.shown) < SHOWN_MAX:
                problem = problem_document(refusal, index=entry.index)
                self.tally.shown.append(RefusedEntry(where=entry.where, problem=problem))
            if entry.index not in self._kept_before:
                new.append(rejection_of(refusal, raw=entry.raw, index=entry.index, request=self.tally.request))
        if new:
            await self._rejections.record(new)

    async def _kept(self) -> frozenset[int]:
        """The places in this very file that an earlier import refused: they are kept once."""
        kept: set[int] = set()
        after = 0
        while page := await self._rejections.after(after, REJECTIONS_PAGE, request=self.tally.request):
            kept.update(rejection.index for rejection in page if rejection.index is not None)
            after = page[-1].id
        return frozenset(kept)


async def _following(batch: EntryBatch, entries: Iterator[Entry | FileRemark]) -> EntryBatch:
    return EntryBatch(entries=(), end=True) if batch.end else await asyncio.to_thread(next_batch, entries, BATCH_SIZE)


def _digest(path: Path, reading: Reading) -> str:
    """Names the same file read in the same way."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").digest()
    return hashlib.sha256(content + reading.identity.encode()).hexdigest()[:DIGEST_LENGTH]
