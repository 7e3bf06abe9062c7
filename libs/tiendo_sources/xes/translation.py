"""One trace of a log as case events (rule X).

Where the log tells only who finished something, every event says that its resource worked on the case until then (rule H12): so the time before
an event is its resource's, and after the last the holder is unknown. Where it tells starts as well, `lifecycle` says who holds. The responsible
officer of the case is the actor of its reception: shown, never a holder (rule H2).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiendo_contracts.problems.problem_kinds import ProblemKind
from tiendo_sources.file_remarks import FileRemark, RemarkKind
from tiendo_sources.fitted_names import identified, plain_text
from tiendo_sources.mapping_values import FixedName
from tiendo_sources.xes.case_ids import CaseIds
from tiendo_sources.xes.happenings import Unreadable, case_instant, happenings_of
from tiendo_sources.xes.mapping import Mapping
from tiendo_sources.xes.reader import EVENTS_PER_TRACE_MAX, Attributes, Stray, Trace
from tiendo_sources.xes.survey import Survey
from tiendo_sources.xes.transitions import SUSPEND, TAKING_UP, Effect, Happening, effects

CloudEvent = dict[str, Any]

AFTER_ALL = EVENTS_PER_TRACE_MAX + 1
"""The place of what the trace itself says to come last, behind every event of one instant with it (rule X4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The case events of one trace in order of time, what of it could not be taken over, and what has to be told of it."""

    case_id: str
    events: tuple[CloudEvent, ...]
    unreadable: tuple[Unreadable, ...]
    remarks: tuple[FileRemark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What one event says; `tag` tells it from the others of its case, however the log grows."""

    tag: str
    kind: str
    at: datetime
    place: int
    data: dict[str, Any]


class XesTranslator:
    """Turns the traces of one log into case events, given in the order of the log; `survey` is that of the whole log."""

    def __init__(self, mapping: Mapping, survey: Survey) -> None:
        self._mapping = mapping
        self._tells_starts = survey.tells_starts
        self._case_ids = CaseIds(mapping.case.prefix, survey.case_ids)

    def translate(self, trace: Trace) -> Translation:
        """The events of `trace`; none when nothing in it bears an instant."""
        case_id, remarks = self._case_id(trace)
        found = happenings_of(trace, self._mapping, tells_starts=self._tells_starts)
        happenings, unreadable = found.dated, found.unreadable
        remarks += found.remarks
        start, due, end = (
            case_instant(trace, key, self._mapping, unreadable)
            for key in (self._mapping.case.start, self._mapping.case.due, self._mapping.case.end)
        )
        instants = [at for at in (start, end, *(happening.at for happening in happenings)) if at]
        said: list[_Said] = []
        if instants:
            # A case cannot have been received after something happened to it, whatever its start attribute says.
            said.append(self._received(trace, min(instants), due))
            if self._tells_starts:
                said += self._by_lifecycle(trace, happenings, remarks)
            else:
                said += [_worked(happening, whole=not happening.after_undated) for happening in happenings]
            said += self._completed(end, happenings)
        return Translation(
            case_id=case_id,
            events=tuple(self._sealed(case_id, said)),
            unreadable=tuple(unreadable),
            remarks=tuple(remarks),
        )

    def left_out(self, stray: Stray) -> Unreadable:
        """The refusal of what stands outside of the log's traces."""
        where = f"{stray.part} number {stray.number} of those outside the log's traces"
        shown = stray.attributes.get(self._mapping.event.activity)
        return Unreadable(where=where, text=shown, problem=ProblemKind.FILE_EVENT_OUTSIDE_CASES)

    def _case_id(self, trace: Trace) -> tuple[str, list[FileRemark]]:
        name = trace.attributes.get(self._mapping.case.id, "").strip()
        case = self._case_ids.next_id(name, trace.number)
        if not case.made_up:
            return case.id, []
        kind = RemarkKind.CASE_RENAMED if name else RemarkKind.CASE_WITHOUT_NAME
        return case.id, [FileRemark(kind=kind, number=1, example=f"trace {trace.number}, now {case.id}")]

    def _received(self, trace: Trace, at: datetime, due: datetime | None) -> _Said:
        case = self._mapping.case
        responsible = self._mapping.name(trace.attributes, case.responsible)
        channel = self._mapping.name(trace.attributes, case.channel)
        data = {
            "procedure": _named(case.procedure),
            "field": _named(case.field),
            "channel": identified(channel)["name"] if channel else None,
            "unit": self._responsible_unit(trace.attributes),
            "due_at": due.isoformat() if due else None,
            "actor": identified(responsible) if responsible else None,
        }
        kept = {key: value for key, value in data.items() if value}
        return _Said(tag="received", kind="received", at=at, place=0, data=kept)

    def _responsible_unit(self, attributes: Attributes) -> dict[str, Any]:
        names = self._mapping.responsible_unit
        found = self._mapping.name(attributes, names.attribute)
        unit = identified(found) if found else _named(names.default or names.parent)
        if unit and names.parent is not None and unit["id"] != names.parent.id:
            unit["parent"] = names.parent.id
        return unit

    def _by_lifecycle(self, trace: Trace, happenings: list[Happening], remarks: list[FileRemark]) -> Iterator[_Said]:
        suspended = False
        silent = []
        for happening, effect in zip(happenings, effects(happenings), strict=True):
            if effect is Effect.SAYS_NOTHING:
                silent.append(happening)
                continue
            yield _lifecycle_event(happening, effect, suspended=suspended)
            suspended = effect is Effect.SUSPENDS or (suspended and effect is Effect.WORKS)
        if silent:
            example = f"trace {trace.number}, event {silent[0].place} ({plain_text(silent[0].transition or '')[:40]})"
            remarks.append(FileRemark(kind=RemarkKind.EVENT_SAYS_NO_HOLDER, number=len(silent), example=example))

    def _completed(self, end: datetime | None, happenings: list[Happening]) -> list[_Said]:
        if end is not None:
            return [_Said(tag="completed", kind="completed", at=end, place=AFTER_ALL, data={})]
        names = self._mapping.case.end_activities
        for last in reversed(happenings):
            if last.activity in names and (last.completes or not self._tells_starts):
                data = {"actor": identified(last.resource)} if last.resource else {}
                tag = f"{last.place}-completed"
                return [_Said(tag=tag, kind="completed", at=last.at, place=last.place, data=data)]
        return []

    def _sealed(self, case_id: str, said: Iterable[_Said]) -> Iterator[CloudEvent]:
        for each in said:
            yield {
                "specversion": "1.0",
                "id": f"{case_id}/{each.tag}",
                "source": self._mapping.source,
                "type": f"vn.tiendo.case.{each.kind}.v1",
                "subject": case_id,
                "time": each.at.isoformat(),
                "sequence": str(each.place),
                "datacontenttype": "application/json",
                "data": each.data,
            }


def _worked(happening: Happening, *, whole: bool = False, named: bool = True) -> _Said:
    """That its resource worked until then; `whole`: all the time since the event before, else none of it is known to be theirs."""
    data = (_holder(happening) if named else {}) | _step(happening)
    if not whole and "holder" in data:
        data["since"] = happening.at.isoformat()
    return _of(happening, "worked", data)


def _lifecycle_event(happening: Happening, effect: Effect, *, suspended: bool) -> _Said:
    match effect:
        case Effect.SUSPENDS:
            return _of(happening, "suspended", _actor(happening))
        case Effect.TAKES_UP:
            return _of(happening, "resumed" if suspended else "assigned", _holder(happening) | _step(happening))
        case Effect.LEAVES | Effect.PASSES if suspended:
            return _of(happening, "resumed", _actor(happening))
        case _:
            named = happening.completes or happening.transition in TAKING_UP or happening.transition == SUSPEND
            return _worked(happening, named=named)


def _of(happening: Happening, kind: str, data: dict[str, Any]) -> _Said:
    return _Said(tag=str(happening.place), kind=kind, at=happening.at, place=happening.place, data=data)


def _holder(happening: Happening) -> dict[str, Any]:
    """The resource, in its group; without a resource the group; else nobody known."""
    unit = {"unit": identified(happening.group)} if happening.group else {}
    person = (identified(happening.resource) if happening.resource else {}) | unit
    return {"holder": person} if person else {}


def _actor(happening: Happening) -> dict[str, Any]:
    return {"actor": holder["holder"]} if (holder := _holder(happening)) else {}


def _step(happening: Happening) -> dict[str, Any]:
    return {"step": identified(happening.activity)} if happening.activity else {}


def _named(thing: FixedName | None) -> dict[str, Any]:
    return thing.model_dump(exclude_none=True) if thing else {}
