"""The facts of one dossier as CloudEvents.

A fact's key comes from its content, so that the same fact told again is a duplicate. One that bears our receipt, for want of an instant of the
gateway's, has the place among such facts in its key instead of its time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tiendo_contracts.texts.canonical_json import digest_of_plain
from tiendo_sources.igate.dossiers import CatalogueEntry, Dossier, IgateUnit, Officer, Task, TaskStep

CloudEvent = dict[str, Any]

UNMAPPED: Final = "status-unmapped"
_DIGEST_LENGTH: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """The instant of a fact; `ours`: it is our receipt."""

    instant: datetime
    ours: bool = False


@dataclass(slots=True, kw_only=True)
class Telling:
    """Collects the facts of one dossier; `untimed` counts those that bear our receipt.

    `marks` go with each fact; `marked`: with one that names who holds the case.
    """

    source: str
    case_id: str
    untimed: int
    marks: tuple[str, ...] = ()
    events: list[CloudEvent] = field(default_factory=list)
    marked: bool = False

    def tell(self, kind: str, at: At, data: Mapping[str, Any]) -> None:
        """Tell a fact; members that are None or empty are left out."""
        said = {name: member for name, member in data.items() if member}
        if self.marks:
            said["marks"] = list(self.marks)
            self.marked |= "holder" in said
        time = at.instant.isoformat()
        key: dict[str, Any] = {"kind": str(kind), "case": self.case_id, "data": said, "time": time}
        if at.ours:
            key = {"kind": str(kind), "case": self.case_id, "place": self.untimed}
            self.untimed += 1
        self.events.append(
            {
                "specversion": "1.0",
                "id": f"{self.case_id}/{kind}/{_digest(key)}",
                "source": self.source,
                "type": f"vn.tiendo.case.{kind}.v1",
                "subject": self.case_id,
                "time": time,
                "recordedat": time,
                "datacontenttype": "application/json",
                "data": said,
            }
        )


def _digest(key: Mapping[str, Any]) -> str:
    return digest_of_plain(dict(key)).hex()[:_DIGEST_LENGTH]


def application(dossier: Dossier) -> dict[str, Any]:
    """What is applied for, and at which unit."""
    return {
        "procedure": _named(dossier.procedure),
        "field": _named(dossier.field),
        "channel": dossier.channel,
        "unit": _unit(dossier.agency),
    }


def reception(dossier: Dossier) -> dict[str, Any]:
    """The same, with the due; only where none is stated, with the norm that it would follow from."""
    said = application(dossier) | {"actor": _person(dossier.accepter, None)}
    if dossier.due_at is not None:
        return said | {"due_at": dossier.due_at.isoformat()}
    if dossier.norm_minutes is not None:
        said["procedure"] = said["procedure"] | {"norm_minutes": dossier.norm_minutes}
    return said


def queue(task: Task | None, otherwise: IgateUnit | None = None) -> dict[str, Any]:
    """That nobody of the task's unit has picked it up."""
    unit = otherwise if task is None or task.unit is None else task.unit
    return {"holder": _person(None, unit)} | _step(task)


def in_hands(task: Task) -> dict[str, Any]:
    """That the task's officer has it; its unit where there is none."""
    return {"holder": _person(task.officer, task.unit)} | _step(task)


def _step(task: Task | None) -> dict[str, Any]:
    step: TaskStep | None = None if task is None else task.step
    if step is None:
        return {}
    said = {"id": step.id, "name": step.name, "allotted_minutes": step.allotted_minutes}
    return {"step": {name: member for name, member in said.items() if member is not None}}


def _person(officer: Officer | None, unit: IgateUnit | None) -> dict[str, Any]:
    said: dict[str, Any] = {} if officer is None else {"id": officer.id, "name": officer.name}
    return {name: member for name, member in (said | {"unit": _unit(unit)}).items() if member}


def _unit(unit: IgateUnit | None) -> dict[str, Any]:
    said = {} if unit is None else {"id": unit.id, "name": unit.name, "parent": unit.parent}
    return {name: member for name, member in said.items() if member}


def _named(thing: CatalogueEntry | None) -> dict[str, Any]:
    said = {} if thing is None else {"id": thing.id, "name": thing.name}
    return {name: member for name, member in said.items() if member}
