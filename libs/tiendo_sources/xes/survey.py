"""What has to be known of a whole log before its first trace can be translated."""

from dataclasses import dataclass
from typing import IO

from tiendo_sources.errors import SourceError
from tiendo_sources.xes.lifecycle import START, transition_of
from tiendo_sources.xes.mapping import Mapping
from tiendo_sources.xes.names import is_case_id
from tiendo_sources.xes.reader import Trace, read_log


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The ids that its traces bear as their names, and whether anything in them is said to start (rule X2)."""

    case_ids: frozenset[str] = frozenset()
    tells_starts: bool = False


def surveyed(stream: IO[bytes], mapping: Mapping) -> Survey:
    """The survey of the log in `stream`, as far as it can be read."""
    case_ids: set[str] = set()
    tells_starts = False
    name_key, transition_key = mapping.case.id, mapping.event.transition
    try:
        for part in read_log(stream, frozenset({name_key, transition_key})):
            if isinstance(part, Trace):
                name = part.attributes.get(name_key, "").strip()
                if name and is_case_id(mapping.case.prefix + name):
                    case_ids.add(mapping.case.prefix + name)
                tells_starts = tells_starts or any(transition_of(e, transition_key) == START for e in part.events)
    except SourceError:
        pass  # whoever reads the log meets the same fault at the same place, and tells it
    return Survey(case_ids=frozenset(case_ids), tells_starts=tells_starts)
