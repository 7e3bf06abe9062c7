"""From a gateway's JSON to dossiers: every field name of iGate stands here.

What cannot be read refuses its dossier and is named. Members that are not read here are never looked at, so that no applicant's data goes on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from math import ceil
from typing import Any, Final, Never

from tiendo_contracts.events.event_types import SUBJECT_LENGTH_MAX
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_sources.fitted_names import NAME_LENGTH_MAX, plain_text
from tiendo_sources.igate.dossiers import CatalogueEntry, Dossier, DossierStatus, IgateUnit, Officer, Task, TaskStep

Json = Any

MINUTES_OF_UNITS: Final = {"d": 480, "h": 60}
"""What the units of a processing time are in working minutes; of any other unit nothing is known."""

TASKS_MAX: Final = 2_000
_VIETNAMESE: Final = 228
_NO_YEAR: Final = frozenset({1, 1900})
_MILLISECONDS: Final = 1_000
_MILLISECONDS_MIN: Final = 100_000_000_000
"""In March 1973: what is less was counted in seconds, and read as milliseconds would lie decades before."""
_MINUTES_MAX: Final = 2**31
_INSTANT: Final = Words(
    en="an instant such as `2022-08-15T08:05:00.000+0700`", vi="một thời điểm như `2022-08-15T08:05:00.000+0700`"
)
_OBJECT: Final = Words(en="a JSON object", vi="một đối tượng JSON")
_LIST: Final = Words(en="an array of objects", vi="một mảng đối tượng")
_CODE: Final = Words(
    en=f"the code of the dossier, at most {SUBJECT_LENGTH_MAX} characters",
    vi=f"mã hồ sơ, không quá {SUBJECT_LENGTH_MAX} ký tự",
)
_ID: Final = Words(en="the id of the task", vi="mã của bước xử lý")
_TASKS: Final = Words(en=f"at most {TASKS_MAX} tasks", vi=f"không quá {TASKS_MAX} bước xử lý")


def read_dossier(value: Json, zone: tzinfo) -> Dossier:
    """The dossier that one entry of a search holds; instants without an offset are of `zone`. Raises Refusal."""
    if not isinstance(value, dict):
        raise Refusal(ProblemKind.EVENT_NOT_AN_OBJECT)
    case_id = _text(value.get("code")) or _text(value.get("nationCode"))
    if case_id is None:
        raise Refusal(ProblemKind.MEMBER_MISSING, field="code", values={"expected": _CODE})
    if len(case_id) > SUBJECT_LENGTH_MAX:
        _refuse("code", _CODE)
    instants = _Instants(zone)
    procedure, agency, accepter = (_object(value, name) for name in ("procedure", "agency", "accepter"))
    updated_at = instants.read(value, "updatedDate")
    return Dossier(
        id=dossier_id(value) or case_id,
        case_id=case_id,
        status=_status(value.get("dossierStatus")),
        procedure=_named(procedure, _name(procedure.get("translate")) or _name(procedure.get("name"))),
        field=_sector(_object(procedure, "sector", "procedure.")),
        channel=_name(value.get("applyMethod")),
        agency=_unit(agency),
        accepter=_officer(accepter),
        applied_at=instants.read(value, "appliedDate"),
        accepted_at=instants.read(value, "acceptedDate"),
        due_at=instants.read(value, "appointmentDate") or instants.read(value, "dueDate"),
        norm_minutes=minutes(value.get("processingTime"), value.get("processingTimeUnit")),
        updated_at=updated_at,
        tasks=_in_order(value, instants, updated_at),
    )


def dossier_id(value: Json) -> str | None:
    """By what a dossier is known from one search to the next, also one that cannot be read on; None where nothing tells."""
    if not isinstance(value, dict):
        return None
    return _text(value.get("id")) or _text(value.get("code")) or _text(value.get("nationCode"))


def written_change(value: Json, zone: tzinfo) -> tuple[datetime, str] | None:
    """When the gateway says that it changed the dossier last, and how it wrote that; None where it cannot be read."""
    try:
        found = _Instants(zone).read(value, "updatedDate") if isinstance(value, dict) else None
    except Refusal:
        return None
    return None if found is None else (found, str(value["updatedDate"]))


def minutes(time: Json, unit: Json) -> int | None:
    """A processing time in working minutes, a part of one as a whole one; None where time or unit say nothing known."""
    each = MINUTES_OF_UNITS.get(unit.strip().casefold()) if isinstance(unit, str) else None
    if each is None or isinstance(time, bool) or not isinstance(time, int | float | str):
        return None
    try:
        found = Decimal(str(time).strip()) * each
    except InvalidOperation:
        return None
    return ceil(found) if found.is_finite() and 0 <= found < _MINUTES_MAX else None


class _Instants:
    """Reads the instants of one dossier."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def read(self, owner: Mapping[str, Json], name: str, where: str = "") -> datetime | None:
        """The instant of a member; None where it is missing, empty, or of a year that stands for nothing. Raises Refusal."""
        value = owner.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            found = self._found(value)
            return None if found is None else parse_instant(found.isoformat())
        except (ValueError, OverflowError, OSError):
            _refuse(where + name, _INSTANT)

    def _found(self, value: Json) -> datetime | None:
        if isinstance(value, int) and not isinstance(value, bool):
            return self._of_milliseconds(value) if value else None
        if not isinstance(value, str) or ":" not in value:
            raise ValueError("no instant")
        found = datetime.fromisoformat(value.strip())
        if found.year in _NO_YEAR:
            return None
        return found if found.tzinfo is not None else found.replace(tzinfo=self._zone)

    def _of_milliseconds(self, value: int) -> datetime:
        if value < _MILLISECONDS_MIN:
            raise ValueError("seconds, or no instant")
        return datetime.fromtimestamp(value / _MILLISECONDS, UTC).astimezone(self._zone)


def _in_order(value: Mapping[str, Json], instants: _Instants, last: datetime | None) -> tuple[Task, ...]:
    """The tasks in the order in which they began; where nothing says which is the current one, it is the last."""
    tasks = sorted(_tasks(value, instants, last), key=lambda task: task.created_at)
    silent = value.get("currentTask") is None and all(
        _flag(task.get("isCurrent")) is None for _, task in _listed(value, "task")
    )
    if tasks and silent:
        tasks[-1] = replace(tasks[-1], current=True)
    return tuple(tasks)


def _tasks(value: Mapping[str, Json], instants: _Instants, last: datetime | None) -> Iterator[Task]:
    """Every task once; `last` is when one began that does not say."""
    listed, current = _listed(value, "task"), _listed(value, "currentTask")
    if len(listed) + len(current) > TASKS_MAX:
        _refuse("task", _TASKS)
    current_ids = {_text(task.get("id")) for _, task in current}
    seen: set[str] = set()
    for where, task in (*listed, *current):
        task_id = _text(task.get("id"))
        if task_id is None:
            raise Refusal(ProblemKind.MEMBER_MISSING, field=f"{where}.id", values={"expected": _ID})
        if task_id not in seen:
            seen.add(task_id)
            stated = _flag(task.get("isCurrent"))
            is_current = task_id in current_ids if stated is None else stated
            yield _task(task, task_id, f"{where}.", instants, last, current=is_current)


def _task(
    task: Mapping[str, Json], task_id: str, where: str, instants: _Instants, last: datetime | None, *, current: bool
) -> Task:
    touched_at = instants.read(task, "updatedDate", where)
    created_at = instants.read(task, "createdDate", where) or touched_at or last
    if created_at is None:
        raise Refusal(ProblemKind.MEMBER_MISSING, field=f"{where}createdDate", values={"expected": _INSTANT})
    groups = [unit for _, group in _listed(task, "candidateGroup", where) if (unit := _unit(group)) is not None]
    agency = _unit(_object(task, "agency", where))
    return Task(
        id=task_id,
        officer=_officer(_object(task, "assignee", where)),
        unit=groups[0] if len(groups) == 1 else agency,
        queued=bool(groups),
        current=current,
        created_at=created_at,
        updated_at=touched_at,
        step=_step(_object(task, "bpmProcessDefinitionTask", where)),
    )


def _step(definition: Mapping[str, Json]) -> TaskStep | None:
    """A step is told from others by the id of its definition, else by its key there, else by its name."""
    if not definition:
        return None
    inner, label = definition.get("definitionTask"), definition.get("name")
    inner = inner if isinstance(inner, dict) else {}
    name = _name(label) or _name(inner)
    labelled = _text(label.get("id")) if isinstance(label, dict) else None
    found = _text(definition.get("id")) or _text(inner.get("definitionKey")) or labelled or name
    if found is None:
        return None
    allotted = minutes(definition.get("processingTime"), definition.get("processingTimeUnit"))
    return TaskStep(id=found, name=name, allotted_minutes=allotted)


def _officer(person: Mapping[str, Json]) -> Officer | None:
    account = person.get("account")
    by_account = _text(account.get("id")) if isinstance(account, dict) else None
    found, name = _text(person.get("id")) or by_account, _name(person.get("fullname"))
    return None if found is None and name is None else Officer(id=found, name=name)


def _unit(agency: Mapping[str, Json]) -> IgateUnit | None:
    """A unit is known by its code, as it is to other systems, else by its id here."""
    code, found = _text(agency.get("code")), _text(agency.get("id"))
    name = _name(agency.get("name"))
    if code is None and found is None and name is None:
        return None
    parent = agency.get("parent")
    above = _text(parent.get("code" if code is not None else "id")) if isinstance(parent, dict) else None
    return IgateUnit(id=code or found, name=name, parent=above)


def _status(value: Json) -> DossierStatus | None:
    if isinstance(value, dict):
        found = _text(value.get("id"))
        return None if found is None else DossierStatus(id=found, name=_name(value.get("name")))
    found = _text(value)
    return None if found is None else DossierStatus(id=found, name=None)


def _sector(sector: Mapping[str, Json]) -> CatalogueEntry | None:
    return _named(sector, _name(sector.get("name")) or _name(sector.get("translate")))


def _named(value: Mapping[str, Json], name: str | None) -> CatalogueEntry | None:
    found = _text(value.get("code")) or _text(value.get("id"))
    return None if found is None and name is None else CatalogueEntry(id=found, name=name)


def _name(value: Json) -> str | None:
    """A name as it stands, or of one in several languages the Vietnamese one, else the first."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        named = [each for each in value if isinstance(each, dict) and _text(each.get("name")) is not None]
        ours = [each for each in named if each.get("languageId") == _VIETNAMESE]
        value = (ours or named)[0]["name"] if named else None
    found = _text(value)
    return None if found is None else found[:NAME_LENGTH_MAX]


def _text(value: Json) -> str | None:
    """The text on one line; a number in its digits. None where nothing is said."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 2**63 else None
    return plain_text(value.encode(errors="ignore").decode()).strip() or None if isinstance(value, str) else None


def _flag(value: Json) -> bool | None:
    if isinstance(value, str):
        return {"1": True, "true": True, "0": False, "false": False}.get(value.strip().casefold())
    return bool(value) if isinstance(value, bool | int) else None


def _object(owner: Mapping[str, Json], name: str, where: str = "") -> Mapping[str, Json]:
    value = owner.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        _refuse(where + name, _OBJECT)
    return value


def _listed(owner: Mapping[str, Json], name: str, where: str = "") -> Sequence[tuple[str, Mapping[str, Json]]]:
    """The objects of a list with the places where they stand; a single one may stand without a list."""
    value = owner.get(name)
    if value is None:
        return ()
    entries = [value] if isinstance(value, dict) else value
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        _refuse(where + name, _LIST)
    return [(f"{where}{name}[{number}]", entry) for number, entry in enumerate(entries)]


def _refuse(field: str, expected: Words) -> Never:
    raise Refusal(ProblemKind.VALUE_INVALID, field=field, values={"expected": expected})
