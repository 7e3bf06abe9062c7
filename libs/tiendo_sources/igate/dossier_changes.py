"""One entry of a gateway's answer compared with what was seen last: accepted events, or a reasoned refusal with what of it may be kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tiendo_contracts.events.case_events import AcceptedEvent, accept_text
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_sources.igate.configuration import GatewayConfiguration
from tiendo_sources.igate.reader import dossier_id, read_dossier, written_change
from tiendo_sources.igate.seen import Seen, seen_of
from tiendo_sources.igate.statuses import ENDS
from tiendo_sources.igate.translation import difference

_NOT_KEPT: Final = "[…]"
_THING: Final = {
    "id": None,
    "code": None,
    "name": None,
    "languageId": None,
    "translate": {"languageId": None, "name": None},
}
_UNIT: Final = {**_THING, "parent": _THING}
_PERSON: Final = {"id": None, "fullname": None, "account": {"id": None}}
_STEP: Final = {
    **dict.fromkeys(("id", "processingTime", "processingTimeUnit")),
    "name": _THING,
    "definitionTask": {"definitionKey": None, "name": None},
}
_TASK: Final = {
    **dict.fromkeys(("id", "isCurrent", "createdDate", "updatedDate")),
    "assignee": _PERSON,
    "candidateGroup": _UNIT,
    "agency": _UNIT,
    "bpmProcessDefinitionTask": _STEP,
}
_KEPT: Final = {
    **dict.fromkeys(("id", "code", "nationCode", "processingTime", "processingTimeUnit")),
    **dict.fromkeys(("appliedDate", "acceptedDate", "appointmentDate", "dueDate", "updatedDate")),
    "dossierStatus": _THING,
    "procedure": {**_THING, "sector": _THING},
    "applyMethod": _THING,
    "agency": _UNIT,
    "accepter": _PERSON,
    "task": _TASK,
    "currentTask": _TASK,
}
"""The members of an entry that may be kept of one that is refused: those that are read. None of them concerns an applicant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What is new of a dossier: its events, and what is to be remembered; the tasks that it shows no more, and those that it did not show before."""

    key: str
    events: Sequence[AcceptedEvent]
    seen: Seen
    tasks_gone: Sequence[str] = ()
    tasks_come: Sequence[str] = ()

    @property
    def is_open(self) -> bool:
        """Whether the case has not ended."""
        return self.seen.stage not in ENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDossier:
    """An entry that cannot be taken; `raw` is what of it may be kept. `key` is None where it does not say what it is about."""

    key: str | None
    raw: bytes
    refusal: Refusal


def key_of(entry: object) -> str | None:
    """By what the dossier of an entry is known from one poll to the next; at most 200 characters."""
    found = dossier_id(entry)
    return None if found is None else found[:200]


def last_change(entry: object, configuration: GatewayConfiguration) -> tuple[datetime, str] | None:
    """When the gateway says that it changed the dossier of an entry last, and that as it wrote it; None where it does not."""
    return written_change(entry, configuration.zone)


def compared(
    entry: object, before: str | None, configuration: GatewayConfiguration, received_at: datetime
) -> Compared | RefusedDossier:
    """The entry compared with the text that was kept of its dossier (None: never seen); `received_at` is when we got it."""
    key = key_of(entry)
    try:
        dossier = read_dossier(entry, configuration.zone)
        found = difference(
            dossier,
            None if before is None else seen_of(before),
            source=configuration.source,
            statuses=configuration.statuses,
            received_at=received_at,
        )
        events = [accept_text(json.dumps(event, ensure_ascii=False, separators=(",", ":"))) for event in found.events]
    except Refusal as refusal:
        return RefusedDossier(key=key, raw=_kept(entry), refusal=refusal)
    tasks, tasks_before = found.seen.tasks.keys(), () if before is None else seen_of(before).tasks.keys()
    return Compared(
        key=key or dossier.case_id,
        events=events,
        seen=found.seen,
        tasks_gone=[task for task in tasks_before if task not in tasks],
        tasks_come=[task for task in tasks if task not in tasks_before],
    )


def _kept(entry: object) -> bytes:
    """What of a refused entry may be kept, as JSON."""
    return json.dumps(_pruned(entry, _KEPT), ensure_ascii=True, separators=(",", ":")).encode()


def _pruned(value: Any, shape: Mapping[str, Any] | None) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return [_NOT_KEPT if isinstance(each, list) else _pruned(each, shape) for each in value]
    if isinstance(value, dict):
        names = shape if shape is not None else {}
        return {name: _pruned(member, names[name]) for name, member in value.items() if name in names}
    return _NOT_KEPT if isinstance(value, str) and shape is not None else value
