"""A file of events brought into the log, as if it had been sent: judged, appended, and what is refused kept as rejections.

Importing a file again appends nothing twice: what is in the log already counts as a duplicate. So an import that was interrupted is resumed
by running it again.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, assert_never

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.applying_rules import rules_in_force
from tiendo_cli.importing.import_entries import EntryBatch, next_batch
from tiendo_cli.importing.import_keeping import Keeping, keeping
from tiendo_cli.importing.whole_listing import WholeListing, whole_listing
from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_contracts.problems.problem_kinds import Language, ProblemKind, Refusal
from tiendo_domain.rules import RuleBook
from tiendo_event_store import AlreadyAppended, Appended, Conflict, Unstorable
from tiendo_event_store.appending.trial import NO_POSITION
from tiendo_event_store.rejected.refusals import TABLE, refusal_of, rejection_of
from tiendo_event_store.sources.disappeared_rows import ListedRow
from tiendo_sources.errors import SourceError
from tiendo_sources.file_remarks import FileRemark, RemarkKind
from tiendo_sources.formats import Entry, Reading, RefusedFile
from tiendo_sources.opening import OpenedLog, opened_log

BATCH_SIZE = 1_000
SHOWN_MAX = 10
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

    `kinds` counts the refused ones by what was wrong, `remarks` what has to be told though it was not refused. `disappeared` are the rows that an
    earlier file listed and this one does not; None where that was not looked for, `listing_is_incomplete` where it could not be.
    """

    request: str
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    first_position: int | None = None
    last_position: int | None = None
    damage: SourceError | None = None
    disappeared: Sequence[ListedRow] | None = None
    listing_is_incomplete: bool = False
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


async def import_file(
    engine: AsyncEngine,
    path: Path,
    reading: Reading,
    *,
    progress: Progress,
    dry_run: bool = False,
    refused_path: Path | None = None,
) -> ImportTally:
    """What became of the events of the file `path`; `reading` is how it is read. A dry run keeps nothing, and tells what would become of them.

    A file that is damaged in the middle is taken as far as it can be read, and the tally says so.
    At `refused_path` what was refused is written in the file's format, with the reasons.

    Raises:
        SourceError: the file is of no format that is read here.
        OSError: it cannot be opened, or what was refused cannot be written.
        LogUnavailable: the log cannot be written; what was told to `progress` is in it.
    """
    with opened_log(path) as log:
        request = f"import-{await asyncio.to_thread(_digest, path, reading)}"
        async with keeping(engine, dry_run=dry_run) as kept:
            rules = await rules_in_force(engine)
            with (
                _refused_file(path, reading, refused_path) as refused_file,
                whole_listing(reading.source if reading.whole else None) as listing,
            ):
                loading = _Loading(kept, refused_file, listing, reading.source, ImportTally(request=request))
                await loading.run(log, reading, rules, progress)
                await _note_disappeared(engine, kept, listing, loading.tally)
        return loading.tally


async def _note_disappeared(
    engine: AsyncEngine, kept: Keeping, listing: WholeListing | None, tally: ImportTally
) -> None:
    """Look for what the file lists no more, where it says that it lists everything, and could be read as a whole."""
    if listing is None:
        return
    # A table that came out empty says nothing, as a gateway that lists nothing does.
    lists_nothing = tally.accepted + tally.duplicates == 0
    if tally.damage is not None or lists_nothing or not listing.is_complete:
        tally.listing_is_incomplete = True
        return
    tally.disappeared = await listing.disappeared(engine)
    await kept.disappeared(listing.source, tally.disappeared)


@contextmanager
def _refused_file(path: Path, reading: Reading, refused_path: Path | None) -> Iterator[RefusedFile | None]:
    if refused_path is None or reading.refused_file is None:
        yield None
        return
    with opened_log(path) as log, reading.refused_file(log.stream, refused_path) as file:
        yield file


class _Loading:
    def __init__(
        self,
        kept: Keeping,
        refused_file: RefusedFile | None,
        listing: WholeListing | None,
        source: str | None,
        tally: ImportTally,
    ) -> None:
        self._kept = kept
        self._source = source
        self._listing = listing
        self._refused_file = refused_file
        self._refused_before: frozenset[int] = frozenset()
        self.tally = tally

    async def run(self, log: OpenedLog, reading: Reading, rules: RuleBook, progress: Progress) -> None:
        """Appends batch after batch; the next is read while one is written."""
        self._refused_before = await self._kept.refused_before(self.tally.request)
        entries = reading.entries(log.stream, rules)
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
        if self._listing is not None:
            await asyncio.to_thread(self._listing.note, entries)
        accepted = [(entry, entry.content) for entry in entries if isinstance(entry.content, AcceptedEvent)]
        marked = await self._kept.marked([event for _, event in accepted])
        acceptable = [(entry, event) for (entry, _), event in zip(accepted, marked, strict=True)]
        refused = [(entry, entry.content) for entry in entries if isinstance(entry.content, Refusal)]
        outcomes = await self._kept.append([event for _, event in acceptable])
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
        taken = zip(acceptable, outcomes, strict=True)
        await self._kept.note(
            [
                event
                for (entry, event), outcome in taken
                if isinstance(outcome, Appended) and event is not entry.content  # it was marked
            ]
        )
        refused.sort(key=lambda pair: pair[0].index)
        self.tally.count_kinds(refused)
        await self._refuse(refused)

    def _count_appended(self, position: int) -> None:
        self.tally.accepted += 1
        if position != NO_POSITION:
            self.tally.first_position = self.tally.first_position or position
            self.tally.last_position = position

    async def _refuse(self, refused: list[tuple[Entry, Refusal]]) -> None:
        new = []
        for entry, refusal in refused:
            self.tally.refused += 1
            if len(self.tally.shown) < SHOWN_MAX:
                problem = problem_document(refusal, index=entry.index)
                self.tally.shown.append(RefusedEntry(where=entry.where, problem=problem))
            if self._refused_file is not None:
                self._refused_file.write(entry.original, in_one_line(problem_document(refusal, Language.VIETNAMESE)))
            if entry.index not in self._refused_before:
                of_table = entry.is_kept_whole and self._source is not None
                new.append(
                    rejection_of(
                        refusal,
                        raw=entry.raw,
                        index=entry.index,
                        request=self.tally.request,
                        origin={"format": TABLE, "source": str(self._source)} if of_table else None,
                    )
                )
        if new:
            await self._kept.refuse(new)


async def _following(batch: EntryBatch, entries: Iterator[Entry | FileRemark]) -> EntryBatch:
    return EntryBatch(entries=(), end=True) if batch.end else await asyncio.to_thread(next_batch, entries, BATCH_SIZE)


def _digest(path: Path, reading: Reading) -> str:
    """Names the same file read in the same way."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").digest()
    return hashlib.sha256(content + reading.identity.encode()).hexdigest()[:DIGEST_LENGTH]


def in_one_line(problem: dict[str, Any]) -> str:
    """What a problem document says, as sentences."""
    parts = (problem["title"], problem["detail"], problem.get("remedy"))
    return ". ".join(part.rstrip(".") for part in parts if part)
