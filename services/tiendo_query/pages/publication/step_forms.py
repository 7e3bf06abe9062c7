"""The forms of a list's steps: what is filled in, as the body that the interface takes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, assert_never
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from tiendo_contracts.problems.problem_kinds import Language, ProblemKind, Refusal
from tiendo_contracts.publications.publication_bodies import (
    ApproveBody,
    CorrectBody,
    OpenBody,
    PublishBody,
    WithdrawBody,
    checked,
)
from tiendo_domain.monthly_list.workflow import StepKind
from tiendo_query.pages.sent_forms import Faults, faults_of
from tiendo_query.publications.publishing import Body
from tiendo_runtime.authentication.people import SignedInPerson

STEPS: Final[Mapping[str, StepKind]] = {
    "open": StepKind.OPENED,
    "approve": StepKind.APPROVED,
    "publish": StepKind.PUBLISHED,
    "correct": StepKind.CORRECTED,
    "withdraw": StepKind.WITHDRAWN,
}
"""The last part of a step's address, as that of the interface."""

_FIELDS: Final[Mapping[str, str]] = {
    "window_ends_at": "window_ends_at",
    "approved_by.position": "position",
    "withdrawn_by.position": "position",
    "document.document_number": "document_number",
    "document.signed_at": "document_signed",
    "legal_basis": "legal_basis",
    "reason": "reason",
}
_BODIES: Final[Mapping[StepKind, type[BaseModel]]] = {
    StepKind.OPENED: OpenBody,
    StepKind.APPROVED: ApproveBody,
    StepKind.PUBLISHED: PublishBody,
    StepKind.CORRECTED: CorrectBody,
    StepKind.WITHDRAWN: WithdrawBody,
}


def body_of(kind: StepKind, fields: Mapping[str, str], person: SignedInPerson, zone: ZoneInfo) -> Body:
    """What is sent with the step, of which the person answers for it. Raises the refusal that names every fault."""
    body: Body = checked(_BODIES[kind], _sent(kind, fields, person, zone))
    return body


def faults_in(refusal: Refusal, fields: Mapping[str, str], language: Language) -> Faults:
    """What the interface refused, by field; what it says of the list itself stands in its own words."""
    of_the_list = refusal.kind is not ProblemKind.VALUE_INVALID and refusal.kind.value.startswith("publication-")
    return faults_of(refusal, {} if of_the_list else _FIELDS, fields, language)


def _sent(kind: StepKind, fields: Mapping[str, str], person: SignedInPerson, zone: ZoneInfo) -> dict[str, Any]:
    document = _filled({"document_number": fields.get("document_number"), "signed_at": fields.get("document_signed")})
    signer = _filled({"id": person.officer_id, "name": person.name, "position": fields.get("position")})
    said = {name: fields.get(name) for name in ("legal_basis", "reason")}
    match kind:
        case StepKind.OPENED:
            return _filled({"window_ends_at": _instant(fields.get("window_ends_at", ""), zone)})
        case StepKind.APPROVED:
            return {"approved_by": signer, "document": document, **_filled({"legal_basis": said["legal_basis"]})}
        case StepKind.PUBLISHED | StepKind.DRAFTED:
            return {}
        case StepKind.CORRECTED:
            return {"approved_by": signer, "document": document, **_filled(said)}
        case StepKind.WITHDRAWN:
            return _filled({"withdrawn_by": signer, "document": document, "reason": said["reason"]})
        case _:
            assert_never(kind)


def _filled(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}


def _instant(local: str, zone: ZoneInfo) -> str:
    """The instant of a local clock in the zone; what is no clock as it was written."""
    try:
        at = datetime.fromisoformat(local)
    except ValueError:
        return local
    return (at.replace(tzinfo=zone) if at.tzinfo is None else at).isoformat()
