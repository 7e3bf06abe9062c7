"""The format as a value."""

import json
from collections.abc import Iterator
from functools import partial
from io import BufferedReader
from itertools import count
from typing import Final

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_domain.rules import RuleBook
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.fitted_names import plain_text
from tiendo_sources.formats import Entry, Reading, SourceFormat, accepted, text_of
from tiendo_sources.xes.cases import Cases, read_cases
from tiendo_sources.xes.happenings import Unreadable
from tiendo_sources.xes.mapping import Mapping, default_mapping, parse_mapping
from tiendo_sources.xes.refused import refused_xes
from tiendo_sources.xes.translation import Translation

SHOWN_LENGTH: Final = 60
_XML_IN_UTF16: Final = (b"\xff\xfe<\x00", b"\xfe\xff\x00<", b"<\x00?\x00", b"\x00<\x00?")
_DEFAULT_MAPPING_USED: Final = (
    "no --mapping: taken over is what the standard extensions of XES say; no due, end or unit is guessed, cases stay open, "
    "and working time is counted by the default calendar"
)


def _looks_like(head: bytes) -> bool:
    return text_of(head).startswith(b"<") or head.startswith(_XML_IN_UTF16)


def _reading(text: str | None) -> Reading:
    """By the mapping; without one by what the standard extensions say."""
    mapping, rules = (default_mapping(), {}) if text is None else parse_mapping(text)
    return Reading(
        entries=partial(_entries, mapping=mapping),
        refused_file=refused_xes,
        rules=rules,
        told=_DEFAULT_MAPPING_USED if text is None else None,
        identity=mapping.model_dump_json(exclude={"whole"}),
        source=mapping.source,
        whole=mapping.whole,
    )


def _entries(stream: BufferedReader, _: RuleBook, *, mapping: Mapping) -> Iterator[Entry | FileRemark]:
    return entries_of_cases(read_cases(stream, mapping))


def entries_of_cases(cases: Cases) -> Iterator[Entry | FileRemark]:
    """Yield the events of the cases, and what of them is refused or has to be told."""
    numbers = count()
    for case in cases:
        if isinstance(case, FileRemark):
            yield case
            continue
        part, translated = case
        for index, (where, raw, content) in zip(numbers, _translated(translated), strict=False):
            yield Entry(index=index, where=where, raw=raw, content=content, original=part)


def _translated(case: Translation | Unreadable) -> Iterator[tuple[str, bytes, AcceptedEvent | Refusal]]:
    events, unreadable = (case.events, case.unreadable) if isinstance(case, Translation) else ((), (case,))
    for event in events:
        raw = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        yield f"case {event['subject']}, event {event['id']}", raw, accepted(raw)
    for each in unreadable:
        text = each.text or ""
        shown = f" “{plain_text(text[:SHOWN_LENGTH])}”" if text else ""
        yield each.where + shown, text.encode(), Refusal(each.problem, field=each.where)


FORMAT = SourceFormat(name="XES", described="XES logs", looks_like=_looks_like, reading=_reading, takes_mapping=True)
