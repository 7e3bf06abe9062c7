"""The format as a value."""

import re
from collections.abc import Iterator
from functools import partial
from io import BufferedReader

from tiendo_domain.rules import RuleBook
from tiendo_sources.file_remarks import FileRemark, RemarkKind
from tiendo_sources.formats import Entry, Reading, SourceFormat, text_of
from tiendo_sources.ocel.mapping import ObjectTypes, parse_ocel_mapping
from tiendo_sources.ocel.reader import read_document
from tiendo_sources.ocel.refused import refused_ocel
from tiendo_sources.ocel.translation import cases_of, traces
from tiendo_sources.xes.cases import cases_of_parts
from tiendo_sources.xes.format import entries_of_cases
from tiendo_sources.xes.mapping import Mapping

_BEGINNING = re.compile(rb'\{\s*"(?:objectTypes|eventTypes|objects|events|ocel:[a-z-]+)"\s*:\s*[\[{]')


def _reading(text: str | None) -> Reading:
    types, mapping, rules = parse_ocel_mapping(text)
    return Reading(
        entries=partial(_entries, types=types, mapping=mapping),
        refused_file=partial(refused_ocel, types=types, mapping=mapping),
        rules=rules,
        identity=types.model_dump_json() + mapping.model_dump_json(exclude={"whole"}),
        source=mapping.source,
        whole=mapping.whole,
    )


def _entries(
    stream: BufferedReader, _: RuleBook, *, types: ObjectTypes, mapping: Mapping
) -> Iterator[Entry | FileRemark]:
    log = read_document(stream)
    cases = cases_of(log, types)
    yield FileRemark(kind=RemarkKind.OBJECT_TYPES, number=len(cases.cases), example=cases.told)
    yield from entries_of_cases(cases_of_parts(lambda _: traces(log, cases, mapping), mapping))


FORMAT = SourceFormat(
    name="OCEL 2.0",
    described="object-centric logs (OCEL 2.0 as JSON)",
    looks_like=lambda head: bool(_BEGINNING.match(text_of(head))),
    reading=_reading,
    takes_mapping=True,
)
