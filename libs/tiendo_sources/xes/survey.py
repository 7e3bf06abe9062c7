"""What has to be known of a whole log before its first trace can be translated."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tiendo_sources.errors import SourceError
from tiendo_sources.file_remarks import FileRemark, RemarkKind
from tiendo_sources.fitted_names import is_case_id
from tiendo_sources.xes.mapping import Mapping
from tiendo_sources.xes.reader import Stray, Trace
from tiendo_sources.xes.transitions import START, transition_of


@dataclass(slots=True, kw_only=True)
class Survey:
    """The ids that its traces bear as their names, whether anything in them is said to start (rule X2), and what has to be told of the whole."""

    case_ids: set[str] = field(default_factory=set)
    tells_starts: bool = False
    remarks: tuple[FileRemark, ...] = ()


def surveyed(parts: Iterable[Trace | Stray], mapping: Mapping) -> Survey:
    """The survey of a log with these parts, as far as it can be read."""
    survey = Survey()
    never_found = set(mapping.case_keys - {mapping.case.id})
    try:
        for part in parts:
            if isinstance(part, Trace):
                never_found.difference_update(part.attributes)
                _add(part, survey, mapping)
    except SourceError:
        return survey  # whoever reads the log meets the same fault at the same place, and tells it
    if never_found:
        example = f"“{min(never_found)}”"
        survey.remarks = (FileRemark(kind=RemarkKind.ATTRIBUTE_NEVER_FOUND, number=len(never_found), example=example),)
    return survey


def _add(trace: Trace, survey: Survey, mapping: Mapping) -> None:
    name = trace.attributes.get(mapping.case.id, "").strip()
    if name and is_case_id(mapping.case.prefix + name):
        survey.case_ids.add(mapping.case.prefix + name)
    if not survey.tells_starts:
        key = mapping.event.transition
        survey.tells_starts = any(transition_of(event, key) == START for event in trace.events)
