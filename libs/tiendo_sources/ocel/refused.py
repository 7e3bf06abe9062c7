"""The refused cases of an object-centric log as another: their events whole, with the reason, and the log's objects and types."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any

from tiendo_sources.formats import RefusedFile
from tiendo_sources.ocel.mapping import ObjectTypes
from tiendo_sources.ocel.reader import read_document
from tiendo_sources.ocel.translation import cases_of
from tiendo_sources.refused_files import REASON, gathered, written_whole
from tiendo_sources.xes.mapping import Mapping
from tiendo_sources.xes.reader import Stray, Trace


@contextmanager
def refused_ocel(stream: BufferedReader, path: Path, *, types: ObjectTypes, mapping: Mapping) -> Iterator[RefusedFile]:
    """The log of refused events at `path`; of a case with anything refused all events stand in it, once."""
    log = read_document(stream)
    cases = cases_of(log, types)
    reasons: dict[int, str] = {}

    def hand_on(original: Trace | Stray, reason: str) -> None:
        if isinstance(original, Stray):
            reasons[cases.strays[original.number - 1]] = reason
        else:
            reasons.update(dict.fromkeys(cases.cases[original.attributes[mapping.case.id]].events, reason))

    with written_whole(path) as file:
        with gathered(hand_on) as gathering:
            yield gathering
        events = [_with_reason(bytes(log.raw_events[number]), reasons[number]) for number in sorted(reasons)]
        whole: dict[str, Any] = {name: json.loads(bytes(raw)) for name, raw in log.types.items()}
        whole["objects"] = [json.loads(bytes(raw)) for raw in log.raw_objects]
        file.write(json.dumps({**whole, "events": events}, ensure_ascii=False).encode())


def _with_reason(raw: bytes, reason: str) -> Any:  # noqa: ANN401 - whatever stands in the list of events
    event = json.loads(raw)
    if not isinstance(event, dict):
        # What is no event stands as it is: it has no place for a reason.
        return event
    said = event.get("attributes")
    attributes = said if isinstance(said, list) else []
    kept = [each for each in attributes if not (isinstance(each, dict) and each.get("name") == REASON)]
    return {**event, "attributes": [*kept, {"name": REASON, "value": reason}]}
