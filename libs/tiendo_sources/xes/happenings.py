"""What happened in a trace and when, in order of time; events without a time are left out and told (rule X3)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from tiendo_contracts.problems.problem_kinds import ProblemKind
from tiendo_sources.file_remarks import FileRemark, RemarkKind
from tiendo_sources.written_instants import InstantFault
from tiendo_sources.xes.mapping import Mapping
from tiendo_sources.xes.reader import Attributes, Trace
from tiendo_sources.xes.transitions import Happening, transition_of

_PROBLEMS = {
    InstantFault.UNREADABLE: ProblemKind.FILE_INSTANT_UNREADABLE,
    InstantFault.WITHOUT_OFFSET: ProblemKind.FILE_INSTANT_WITHOUT_OFFSET,
    InstantFault.WITHOUT_TIME_OF_DAY: ProblemKind.FILE_INSTANT_WITHOUT_TIME_OF_DAY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """What could not be taken over: where it stands, the text that stood there (None: nothing), and why."""

    where: str
    text: str | None
    problem: ProblemKind


@dataclass(slots=True, kw_only=True)
class Happenings:
    """The events of a trace that count and bear a time, in order of time and then of place; the others, and what to tell of them."""

    dated: list[Happening] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    remarks: list[FileRemark] = field(default_factory=list)


def happenings_of(trace: Trace, mapping: Mapping, *, tells_starts: bool) -> Happenings:
    """What happened in the trace.

    Between an event without a time and the next one that bears one nobody is known to have held the case: both neighbours say so.
    """
    found = Happenings()
    undated = False
    not_counted = []
    for place, event in enumerate(trace.events, start=1):
        if not (tells_starts or _counts(event, mapping)):
            not_counted.append(place)
            continue
        at = _instant(event, mapping.event.time, mapping)
        if isinstance(at, datetime):
            found.dated.append(_happening(place, at, event, mapping, after_undated=undated))
            undated = False
        else:
            where = f"trace {trace.number}, event {place}, {mapping.event.time}"
            found.unreadable.append(Unreadable(where=where, text=event.get(mapping.event.time), problem=at))
            undated = True
    if not_counted:
        example = f"trace {trace.number}, event {not_counted[0]}"
        found.remarks.append(FileRemark(kind=RemarkKind.EVENT_NOT_COUNTED, number=len(not_counted), example=example))
    found.dated.sort(key=lambda one: one.at)
    found.dated = _with_gaps(found.dated, open_end=undated)
    return found


def case_instant(trace: Trace, key: str | None, mapping: Mapping, unreadable: list[Unreadable]) -> datetime | None:
    """The instant that the trace's attribute `key` says, None where it says none; one that cannot be read joins `unreadable`."""
    text = trace.attributes.get(key) if key else None
    if key is None or text is None or text.strip() in mapping.no_name:
        return None
    at = _instant(trace.attributes, key, mapping)
    if isinstance(at, datetime):
        return at
    unreadable.append(Unreadable(where=f"trace {trace.number}, {key}", text=text, problem=at))
    return None


def _counts(event: Attributes, mapping: Mapping) -> bool:
    transition = transition_of(event, mapping.event.transition)
    return transition is None or not mapping.event.counted or transition in mapping.event.counted


def _instant(attributes: Attributes, key: str, mapping: Mapping) -> datetime | ProblemKind:
    text = attributes.get(key, "").strip()
    if not text:
        return ProblemKind.FILE_INSTANT_MISSING
    at = mapping.time.notation.read(text)
    return at if isinstance(at, datetime) else _PROBLEMS[at]


def _happening(place: int, at: datetime, event: Attributes, mapping: Mapping, *, after_undated: bool) -> Happening:
    names = mapping.event
    return Happening(
        place=place,
        at=at,
        transition=transition_of(event, names.transition),
        activity=mapping.name(event, names.activity),
        resource=mapping.name(event, names.resource),
        group=mapping.name(event, names.group),
        after_undated=after_undated,
    )


def _with_gaps(found: list[Happening], *, open_end: bool) -> list[Happening]:
    """The happenings, those marked after which nobody is known to hold because an event without a time comes next."""
    marked = list(found)
    for index, (one, following) in enumerate(pairwise(found)):
        if following.after_undated and one.at < following.at:
            marked[index] = replace(one, before_undated=True)
    if open_end and marked:
        marked[-1] = replace(marked[-1], before_undated=True)
    return marked
