"""What a file holds, batch by batch."""

from collections.abc import Iterator
from dataclasses import dataclass

from tiendo_sources.errors import SourceError
from tiendo_sources.file_remarks import FileRemark, RemarkKind
from tiendo_sources.formats import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryBatch:
    """The next entries of a file; `damage` says why it could not be read on after them, and `end` that nothing follows.

    `remarks` are what has to be told of the part of the file that was read for them.
    """

    entries: tuple[Entry, ...]
    remarks: tuple[FileRemark, ...] = ()
    damage: SourceError | None = None
    end: bool = False


def next_batch(entries: Iterator[Entry | FileRemark], size: int) -> EntryBatch:
    """The next `size` entries at most; never fails for what is wrong with the file."""
    taken: list[Entry] = []
    remarks: dict[RemarkKind, FileRemark] = {}
    damage: SourceError | None = None
    try:
        for entry in entries:
            if isinstance(entry, FileRemark):
                before = remarks.get(entry.kind)
                remarks[entry.kind] = entry if before is None else before.more(entry.number)
                continue
            taken.append(entry)
            if len(taken) == size:
                return EntryBatch(entries=tuple(taken), remarks=tuple(remarks.values()))
    except SourceError as error:
        damage = error
    return EntryBatch(entries=tuple(taken), remarks=tuple(remarks.values()), damage=damage, end=True)
