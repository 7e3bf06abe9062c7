"""The format as a value."""

from collections.abc import Iterator
from io import BufferedReader

from tiendo_contracts.events.case_events import EVENT_SIZE_MAX, too_large
from tiendo_domain.rules import RuleBook
from tiendo_sources.formats import Entry, Reading, SourceFormat, accepted, text_of
from tiendo_sources.ndjson.reader import read_lines
from tiendo_sources.ndjson.refused import refused_ndjson


def _looks_like(head: bytes) -> bool:
    """An object on one line; one that goes on over several lines is none."""
    text = text_of(head)
    return text.startswith(b"{") and text[1:].lstrip(b" \t\r")[:1] != b"\n"


def _entries(stream: BufferedReader, _: RuleBook) -> Iterator[Entry]:
    for line in read_lines(stream):
        content = accepted(line.text) if line.length <= EVENT_SIZE_MAX else too_large(line.length)
        raw = line.text[:EVENT_SIZE_MAX]
        yield Entry(index=line.index, where=f"line {line.number}", raw=raw, content=content, original=line.text)


FORMAT = SourceFormat(
    name="CloudEvents NDJSON",
    described="CloudEvents as NDJSON (one JSON object a line)",
    looks_like=_looks_like,
    reading=lambda _: Reading(entries=_entries, refused_file=refused_ndjson),
    has_no_mark=True,
)
