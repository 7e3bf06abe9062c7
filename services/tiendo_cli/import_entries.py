"""What a file holds, entry by entry, judged by the very acceptance that events sent over HTTP meet."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from tiendo_contracts.case_events import EVENT_SIZE_MAX, AcceptedEvent, accept_text, too_large
from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_sources.errors import SourceError
from tiendo_sources.ndjson import read_lines
from tiendo_sources.opening import Format, OpenedLog
from tiendo_sources.xes.mapping import Mapping
from tiendo_sources.xes.reader import read_traces
from tiendo_sources.xes.translation import Translation, XesTranslator


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a file: its place among them from 0, where that is in words, its text, and the event or why it is refused."""

    index: int
    where: str
    raw: bytes
    content: AcceptedEvent | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The next entries of a file; `damage` says why it could not be read on after them, and `end` that nothing follows."""

    entries: tuple[Entry, ...]
    damage: SourceError | None = None
    end: bool = False


def entries_of(log: OpenedLog, mapping: Mapping) -> Iterator[Entry]:
    """Yield everything in `log`, in the order of the file; raises `SourceError` where it cannot be read on.

    `mapping` says what the attributes of an XES log mean.
    """
    if log.format is Format.NDJSON:
        yield from _line_entries(log)
    else:
        yield from _trace_entries(log, mapping)


def next_batch(entries: Iterator[Entry], size: int) -> Batch:
    """The next `size` entries at most; never fails for what is wrong with the file."""
    taken: list[Entry] = []
    try:
        for entry in entries:
            taken.append(entry)
            if len(taken) == size:
                return Batch(entries=tuple(taken))
    except SourceError as damage:
        return Batch(entries=tuple(taken), damage=damage, end=True)
    return Batch(entries=tuple(taken), end=True)


def _line_entries(log: OpenedLog) -> Iterator[Entry]:
    for line in read_lines(log.stream):
        content = _accepted(line.text) if line.length <= EVENT_SIZE_MAX else too_large(line.length)
        raw = line.text[:EVENT_SIZE_MAX]
        yield Entry(index=line.index, where=f"line {line.number}", raw=raw, content=content)


def _trace_entries(log: OpenedLog, mapping: Mapping) -> Iterator[Entry]:
    translator = XesTranslator(mapping)
    numbers = count()
    for trace in read_traces(log.stream):
        translation = translator.translate(trace)
        for index, (where, raw, content) in zip(numbers, _translated(translation), strict=False):
            yield Entry(index=index, where=where, raw=raw, content=content)


def _translated(translation: Translation) -> Iterator[tuple[str, bytes, AcceptedEvent | Refusal]]:
    for event in translation.events:
        raw = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        yield f"case {translation.case_id}, event {event['id']}", raw, _accepted(raw)
    for each in translation.unreadable:
        yield each.where, (each.text or "").encode(), Refusal(ProblemKind.INSTANT_INVALID, field=each.where)


def _accepted(text: bytes) -> AcceptedEvent | Refusal:
    try:
        return accept_text(text)
    except Refusal as refusal:
        return refusal
