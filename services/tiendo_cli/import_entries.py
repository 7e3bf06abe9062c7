"""What a file holds, entry by entry, judged by the very acceptance that events sent over HTTP meet."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from tiendo_contracts.case_events import EVENT_SIZE_MAX, AcceptedEvent, accept_text, too_large
from tiendo_contracts.problem_kinds import Refusal
from tiendo_sources.errors import SourceError
from tiendo_sources.ndjson import read_lines
from tiendo_sources.opening import Format, OpenedLog
from tiendo_sources.remarks import Remark, RemarkKind
from tiendo_sources.xes.cases import read_cases
from tiendo_sources.xes.happenings import Unreadable
from tiendo_sources.xes.mapping import Mapping
from tiendo_sources.xes.names import plain_text
from tiendo_sources.xes.translation import Translation

SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a file: its place among them from 0, where that is in words, its text, and the event or why it is refused."""

    index: int
    where: str
    raw: bytes
    content: AcceptedEvent | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The next entries of a file; `damage` says why it could not be read on after them, and `end` that nothing follows.

    `remarks` are what has to be told of the part of the file that was read for them.
    """

    entries: tuple[Entry, ...]
    remarks: tuple[Remark, ...] = ()
    damage: SourceError | None = None
    end: bool = False


def entries_of(log: OpenedLog, mapping: Mapping) -> Iterator[Entry | Remark]:
    """Yield everything in `log`, in the order of the file, and what has to be told of it; raises `SourceError` where it cannot be read on.

    `mapping` says what the attributes of an XES log mean.
    """
    if log.format is Format.NDJSON:
        yield from _line_entries(log)
    else:
        yield from _trace_entries(log, mapping)


def next_batch(entries: Iterator[Entry | Remark], size: int) -> Batch:
    """The next `size` entries at most; never fails for what is wrong with the file."""
    taken: list[Entry] = []
    remarks: dict[RemarkKind, Remark] = {}
    damage: SourceError | None = None
    try:
        for entry in entries:
            if isinstance(entry, Remark):
                before = remarks.get(entry.kind)
                remarks[entry.kind] = entry if before is None else before.more(entry.number)
                continue
            taken.append(entry)
            if len(taken) == size:
                return Batch(entries=tuple(taken), remarks=tuple(remarks.values()))
    except SourceError as error:
        damage = error
    return Batch(entries=tuple(taken), remarks=tuple(remarks.values()), damage=damage, end=True)


def _line_entries(log: OpenedLog) -> Iterator[Entry]:
    for line in read_lines(log.stream):
        content = _accepted(line.text) if line.length <= EVENT_SIZE_MAX else too_large(line.length)
        raw = line.text[:EVENT_SIZE_MAX]
        yield Entry(index=line.index, where=f"line {line.number}", raw=raw, content=content)


def _trace_entries(log: OpenedLog, mapping: Mapping) -> Iterator[Entry | Remark]:
    numbers = count()
    for case in read_cases(log.stream, mapping):
        if isinstance(case, Remark):
            yield case
            continue
        for index, (where, raw, content) in zip(numbers, _translated(case), strict=False):
            yield Entry(index=index, where=where, raw=raw, content=content)


def _translated(case: Translation | Unreadable) -> Iterator[tuple[str, bytes, AcceptedEvent | Refusal]]:
    events, unreadable = (case.events, case.unreadable) if isinstance(case, Translation) else ((), (case,))
    for event in events:
        raw = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        yield f"case {event['subject']}, event {event['id']}", raw, _accepted(raw)
    for each in unreadable:
        text = each.text or ""
        shown = f" “{plain_text(text[:SHOWN_LENGTH])}”" if text else ""
        yield each.where + shown, text.encode(), Refusal(each.problem, field=each.where)


def _accepted(text: bytes) -> AcceptedEvent | Refusal:
    try:
        return accept_text(text)
    except Refusal as refusal:
        return refusal
