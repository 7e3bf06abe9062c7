"""Dossiers as a gateway would show them from instant to instant, made of a case's events: for simulations, and for nothing that is true.

What the gateway cannot say is lost on the way: a consultation is a task of the unit asked, an extension is another due without a word, a
completion that was clicked long after it happened is one of the click, calendar days are not told from working days, and evidence, actors and
corrections are not there.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tiendo_sources.igate.statuses import PAUSES, StatusKind

Json = dict[str, Any]

STATUS_IDS: Final = {
    StatusKind.SUBMITTED: 1,
    StatusKind.IN_PROCESS: 2,
    StatusKind.SUPPLEMENT_REQUESTED: 3,
    StatusKind.COMPLETED: 4,
    StatusKind.RESULT_DELIVERED: 5,
    StatusKind.WITHDRAWN: 6,
    StatusKind.PAYMENT_REQUESTED: 7,
    StatusKind.SUSPENDED: 8,
    StatusKind.DECLINED: 12,
}
"""The ids of the statuses of such dossiers, as the example of the configuration has them."""

_BEFORE_ALL: Final = datetime.min.replace(tzinfo=UTC)
_CLICKED_LATER: Final = timedelta(hours=1)
_HANDED_OVER: Final = frozenset({"assigned", "forwarded", "sent-back", "recalled"})
_GOES_ON: Final = frozenset({kind.value for kind in PAUSES.values()} | {"reopened"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierState:
    """What a search shows of a dossier from `at` on."""

    at: datetime
    dossier: Json


def dossier_states(events: Iterable[Mapping[str, Any]]) -> Iterator[DossierState]:
    """What a gateway shows of a case after each of its CloudEvents, given in the order of time."""
    made = _Made()
    for event in events:
        if made.take(event):
            yield DossierState(at=made.at, dossier=made.shown())


@dataclass(slots=True)
class _Made:
    """The dossier so far; `before` is the task that a consultation interrupted."""

    dossier: Json = field(default_factory=dict)
    tasks: list[Json] = field(default_factory=list)
    at: datetime = _BEFORE_ALL
    before: Json | None = None

    def shown(self) -> Json:
        """The dossier as a search shows it."""
        tasks = deepcopy(self.tasks)
        shown = {"task": tasks, "currentTask": [task for task in tasks if task["isCurrent"]]}
        return {**deepcopy(self.dossier), **shown, "updatedDate": _written(self.at)}

    def take(self, event: Mapping[str, Any]) -> bool:
        """Whether the event shows in the dossier, which it has changed then."""
        kind, data = event["type"].split(".")[3], event.get("data", {})
        self.at = _clicked_at(event) if kind == "completed" else datetime.fromisoformat(event["time"])
        if kind in {"submitted", "received"}:
            self._apply(event, kind, data)
        elif kind in _HANDED_OVER:
            self._pass_on(data.get("holder"), data.get("step"))
        elif kind == "claimed":
            self._claim(data.get("holder"))
        elif kind == "consultation-requested":
            self.before = self._current()
            self._pass_on({"unit": data["unit"]}, data.get("step"))
        elif kind == "consultation-answered":
            self._return()
        elif kind in _GOES_ON:
            self._go_on(kind, data)
        elif kind in {each.value for each in STATUS_IDS}:
            self._change_status(StatusKind(kind))
        elif kind not in {"deadline-extended", "deadline-restated"}:
            return False
        if "due_at" in data:
            self.dossier["appointmentDate"] = _written(datetime.fromisoformat(data["due_at"]))
        return True

    def _apply(self, event: Mapping[str, Any], kind: str, data: Mapping[str, Any]) -> None:
        procedure, sector = data.get("procedure", {}), data.get("field", {})
        self.dossier |= {
            "id": f"id-{event['subject']}",
            "code": event["subject"],
            "procedure": {
                "code": procedure.get("id"),
                "translate": [{"languageId": 228, "name": procedure.get("name")}],
                "sector": {"code": sector.get("id"), "name": sector.get("name")},
            },
            "agency": _unit(data.get("unit")),
            "applyMethod": {"name": data.get("channel")},
        }
        if procedure.get("days") == "working" and "norm_minutes" in procedure:
            self.dossier |= {"processingTime": procedure["norm_minutes"] / 60, "processingTimeUnit": "h"}
        if kind == "submitted":
            self.dossier["appliedDate"] = _written(self.at)
            self._set_status(StatusKind.SUBMITTED)
            return
        self.dossier |= {"acceptedDate": _written(self.at), "accepter": {"fullname": data.get("actor", {}).get("name")}}
        self._set_status(StatusKind.IN_PROCESS)
        self._begin(data.get("holder"), data.get("step"))

    def _begin(self, holder: Mapping[str, Any] | None, step: Mapping[str, Any] | None) -> None:
        named = holder or {}
        officer = _officer(named)
        unit = _unit(named.get("unit"))
        self.tasks.append(
            {
                "id": f"{self.dossier.get('id')}/{len(self.tasks) + 1}",
                "assignee": officer,
                "candidateGroup": [unit] if officer is None and unit is not None else [],
                "agency": unit,
                "isCurrent": 1,
                "createdDate": _written(self.at),
                "updatedDate": _written(self.at),
                "bpmProcessDefinitionTask": _definition(step),
            }
        )

    def _pass_on(self, holder: Mapping[str, Any] | None, step: Mapping[str, Any] | None) -> None:
        current = self._current()
        if current is not None:
            current |= {"isCurrent": 0, "updatedDate": _written(self.at)}
        self._begin(holder, step)

    def _claim(self, holder: Mapping[str, Any] | None) -> None:
        current = self._current()
        if current is None or current["assignee"] is not None:
            self._pass_on(holder, None)
        else:
            current |= {"assignee": _officer(holder or {}), "updatedDate": _written(self.at)}

    def _return(self) -> None:
        """Back to the task that a consultation interrupted, as a task of its own."""
        current, before = self._current(), self.before
        if current is None or before is None:
            return
        current |= {"isCurrent": 0, "updatedDate": _written(self.at)}
        again = {"id": f"{self.dossier.get('id')}/{len(self.tasks) + 1}", "isCurrent": 1}
        instants = {"createdDate": _written(self.at), "updatedDate": _written(self.at)}
        self.tasks.append({**deepcopy(before), **again, **instants})
        self.before = None

    def _go_on(self, kind: str, data: Mapping[str, Any]) -> None:
        self._set_status(StatusKind.IN_PROCESS)
        if kind == "reopened" or self._current() is None:
            last = self.tasks[-1]["bpmProcessDefinitionTask"] if self.tasks else None
            self._pass_on(data.get("holder"), data.get("step"))
            if "step" not in data:
                self.tasks[-1]["bpmProcessDefinitionTask"] = last

    def _change_status(self, kind: StatusKind) -> None:
        self._set_status(kind)
        current = self._current()
        if kind not in PAUSES and current is not None:
            current |= {"isCurrent": 0, "updatedDate": _written(self.at)}

    def _set_status(self, kind: StatusKind) -> None:
        self.dossier["dossierStatus"] = {"id": STATUS_IDS[kind], "name": kind.value}

    def _current(self) -> Json | None:
        return next((task for task in reversed(self.tasks) if task["isCurrent"]), None)


def _clicked_at(event: Mapping[str, Any]) -> datetime:
    """When the gateway learnt of it: at once, unless it was clicked long after."""
    happened = datetime.fromisoformat(event["time"])
    recorded = datetime.fromisoformat(event.get("recordedat", event["time"]))
    return recorded if recorded - happened > _CLICKED_LATER else happened


def _officer(person: Mapping[str, Any]) -> Json | None:
    return {"id": person["id"], "fullname": person.get("name")} if "id" in person else None


def _unit(unit: Mapping[str, Any] | None) -> Json | None:
    if unit is None:
        return None
    said: Json = {"code": unit.get("id"), "name": unit.get("name")}
    return {**said, "parent": {"code": unit["parent"]}} if "parent" in unit else said


def _definition(step: Mapping[str, Any] | None) -> Json | None:
    if step is None:
        return None
    said: Json = {"id": step.get("id"), "name": step.get("name")}
    allotted = step.get("allotted_minutes")
    return said if allotted is None else {**said, "processingTime": allotted / 60, "processingTimeUnit": "h"}


def _written(instant: datetime) -> str:
    """An instant as the gateway writes it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000%z")
