"""What one row says has happened, as case events.

A row of cases says when the case was received, when it ended, and how; a row of steps also who had it from when on, or who worked on it until when.
Each event is keyed by its case, its kind, and the instants that it states, of steps also by which step it is and whose: so a table that has grown,
or is sorted otherwise, adds only what is new, and one that states another due or another finish adds that beside what stood before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.names import name_key
from tiendo_domain.rules import RuleBook
from tiendo_sources.fitted_names import short_id
from tiendo_sources.tables.mapping import RowKind, StatedKind, TableMapping
from tiendo_sources.tables.sheet_row import NamedCells, StatedInstant

CloudEvent = dict[str, Any]

_ENDS = {
    "completed": StatedKind.COMPLETED,
    "delivered": StatedKind.DELIVERED,
    "declined": StatedKind.DECLINED,
    "withdrawn": StatedKind.WITHDRAWN,
}
_EVENT_KINDS = {StatedKind.DELIVERED: "result-delivered"}
_PROCEDURE_CODE = re.compile(r"\d+\.\d{6}(?:\.\S+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What a row says has happened: the kind of the event, when, and by what beside these it is keyed."""

    kind: str
    at: StatedInstant
    data: dict[str, Any]
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTold:
    """The events of a row, and whether it states a due of a reception that it does not state."""

    events: tuple[CloudEvent, ...]
    leaves_due: bool = False


def told_by(cells: NamedCells, mapping: TableMapping, rules: RuleBook) -> RowTold:
    """What a row says; raises the Refusal of one that names no case, says of nothing when it happened, or cannot be read."""
    case_id = cells.case_id()
    said = list(_case_events(cells, mapping, rules))
    if mapping.table.row is RowKind.STEP:
        said += _step_events(cells)
    if not said:
        raise Refusal(ProblemKind.FILE_ROW_SAYS_NOTHING)
    return RowTold(
        events=tuple(_sealed(each, case_id, mapping.source) for each in said),
        leaves_due=cells.says_when("due") and not cells.says_when("received"),
    )


def _case_events(cells: NamedCells, mapping: TableMapping, rules: RuleBook) -> Iterator[_Said]:
    received = cells.instant("received")
    unit = _unit(cells)
    due = cells.due(rules, unit.get("id"), received.at.date() if received else None)
    if received is not None:
        yield _received(cells, mapping, received, due, unit)
    for kind, at in _ends(cells, mapping):
        yield _Said(kind=_EVENT_KINDS.get(kind, kind.value), at=at, data={})


def _received(
    cells: NamedCells, mapping: TableMapping, at: StatedInstant, due: StatedInstant | None, unit: dict[str, str]
) -> _Said:
    data = {
        "procedure": _procedure(cells, mapping),
        "field": {"name": field} if (field := cells.text("field")) else None,
        "channel": cells.text("channel"),
        "unit": unit,
        "due_at": due.at.isoformat() if due else None,
        # As in the national format (rule N1): the unit has the case until somebody is said to.
        "holder": {"unit": unit} if unit else None,
    }
    kept = {name: value for name, value in data.items() if value}
    return _Said(kind="received", at=at, data=kept, key=(due.stated,) if due else ())


def _ends(cells: NamedCells, mapping: TableMapping) -> Iterator[tuple[StatedKind, StatedInstant]]:
    """Yield how the case ended or came to stand, and when: by its columns, of which a status may say that they mean something else."""
    stated = {f"columns.{name}": kind for name, kind in _ENDS.items() if getattr(mapping.columns, name) is not None}
    for number, status in enumerate(mapping.status):
        if name_key(cells.status(number)).casefold() == name_key(status.text).casefold():
            where = f"status.{number}.at" if status.at is not None else "columns.completed"
            stated = {each: kind for each, kind in stated.items() if not _is_same_column(each, where, number, mapping)}
            stated[where] = status.kind
    for where, kind in stated.items():
        at = cells.instant_at(where)
        if at is not None and kind is not StatedKind.IN_PROCESS:
            yield kind, at


def _is_same_column(where: str, other: str, number: int, mapping: TableMapping) -> bool:
    if where == other:
        return True
    at = mapping.status[number].at
    heading = mapping.columns.named.get(where.removeprefix("columns."))
    return at is not None and heading is not None and name_key(heading) == name_key(at)


def _step_events(cells: NamedCells) -> Iterator[_Said]:
    started, ended = cells.instant("started"), cells.instant("ended")
    step, holder = _step(cells), _holder(cells)
    data = {name: value for name, value in (("holder", holder), ("step", step)) if value}
    which = (str(step.get("id") or ""), _who(holder))
    if started is not None:
        yield _Said(kind="assigned", at=started, data=data, key=which)
    elif ended is not None:
        yield _Said(kind="worked", at=ended, data=data, key=which)


def _holder(cells: NamedCells) -> dict[str, Any]:
    """The officer, else the unit alone: the officer's, or where the row does not name that, the responsible one."""
    officer = _some(id=cells.text("officer_id"), name=cells.text("officer"))
    own = cells.text("officer_unit")
    if officer:
        position = _some(position=cells.text("position"))
        return officer | position | ({"unit": {"name": own}} if own else {})
    unit = {"name": own} if own else _unit(cells)
    return {"unit": unit} if unit else {}


def _who(holder: dict[str, Any]) -> str:
    """By what a holder is told from another of the same instant, as names are compared (rule H3)."""
    if "id" in holder:
        return str(holder["id"])
    unit = holder.get("unit", {})
    names = (holder.get("name", ""), unit.get("id") or unit.get("name", ""))
    return "/".join(name_key(name) for name in names)


def _step(cells: NamedCells) -> dict[str, Any]:
    """The step; one without a code is known by its name."""
    name, code = cells.text("step"), cells.text("step_id")
    step: dict[str, Any] = _some(id=code or (short_id(name_key(name)) if name else ""), name=name)
    minutes = cells.whole_number("allotted_minutes")
    return step if minutes is None or not step else step | {"allotted_minutes": minutes}


def _unit(cells: NamedCells) -> dict[str, str]:
    return _some(id=cells.text("unit_id"), name=cells.text("unit"))


def _procedure(cells: NamedCells, mapping: TableMapping) -> dict[str, Any] | None:
    """The procedure that the row names, by its national code or by its name; else the mapping's."""
    text = cells.text("procedure")
    if not text:
        return mapping.procedure.model_dump(mode="json", exclude_none=True) if mapping.procedure else None
    return {"id": text} if _PROCEDURE_CODE.fullmatch(text) else {"name": text}


def _some(**members: str) -> dict[str, str]:
    return {name: text for name, text in members.items() if text}


def _sealed(said: _Said, case_id: str, source: str) -> CloudEvent:
    key = "/".join((case_id, said.kind, said.at.stated, *filter(None, said.key)))
    return {
        "specversion": "1.0",
        "id": short_id(key),
        "source": source,
        "type": f"vn.tiendo.case.{said.kind}.v1",
        "subject": case_id,
        "time": said.at.at.isoformat(),
        "datacontenttype": "application/json",
        "data": said.data,
    }
