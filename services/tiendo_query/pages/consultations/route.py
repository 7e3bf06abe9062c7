"""The addresses of the cases that wait for consulted units, and of the letters to these."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_documents.document_files import DocumentFormat
from tiendo_query.answering.answers import query_side_of
from tiendo_query.answering.document_answers import document_answer
from tiendo_query.desk.consultation_letters import AwaitedUnit, LetterHead, asked_units, consultation_letter
from tiendo_query.desk.unit_work import consulting_now
from tiendo_query.names.known_units import known_subtree, known_trees
from tiendo_query.official_forms.case_forms import superior_of
from tiendo_query.pages.desk_visitors import decider
from tiendo_query.pages.framing import frame_of_now
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.unit_desk.route import own_units
from tiendo_query.query_side import Snapshot
from tiendo_query.questions.parameters import TextParameter, one_of
from tiendo_query.questions.periods import asked_period

router: Final = page_router()
ADDRESS: Final = "/desk/consultations"
LetterFormat = Annotated[str, one_of(DocumentFormat.PDF.value, DocumentFormat.DOCX.value)]


class LetterParameters(LookingParameters):
    """The unit that writes, the consulted unit that it writes to, and the format."""

    asked: TextParameter = None
    format: LetterFormat = DocumentFormat.PDF.value


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationsView:
    """The page: the units that answers are waited for from, each with its cases."""

    unit_id: str
    unit_name: str
    units: Sequence[AwaitedUnit]
    count: int


@router.get(ADDRESS)
async def consultations(
    request: Request, session: OneVisitor, asked: Annotated[LookingParameters, Query()]
) -> Response:
    """What waits now for whom; without a unit, the choice among the caller's own."""
    person = decider(session)
    side = query_side_of(request, person.sight)
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        own = await own_units(snapshot, person)
        unit_id = asked.unit or (own[0][0] if len(own) == 1 else None)
        found = [] if unit_id is None else await _waiting(snapshot, unit_id, now)
        name = None if unit_id is None else await _name(snapshot, unit_id)
        simulated = any(row.case.simulated for one in found for row in one.rows)
        frame = frame_of_now(snapshot, person, now, simulated=simulated)
    if unit_id is None:
        return rendered(request, "unit_desk/choose.html", frame, {"units": own})
    count = sum(len(one.rows) for one in found)
    view = ConsultationsView(unit_id=unit_id, unit_name=name or unit_id, units=found, count=count)
    return rendered(request, "consultations/page.html", frame, view)


@router.get(f"{ADDRESS}/letter")
async def letter(request: Request, session: OneVisitor, asked: Annotated[LetterParameters, Query()]) -> Response:
    """The letter to one consulted unit, as PDF or DOCX. Raises the refusal of a unit that nothing is waited for from."""
    person = decider(session)
    side = query_side_of(request, person.sight)
    async with side.snapshot(heavy=True) as snapshot:
        now = side.now().astimezone(snapshot.zone)
        units = [] if asked.unit is None else await _waiting(snapshot, asked.unit, now)
        to = next((one for one in units if one.key == asked.asked), None)
        if to is None or asked.unit is None:
            raise Refusal(ProblemKind.NOT_FOUND)
        head = LetterHead(
            agency=await _name(snapshot, asked.unit), superior=superior_of(snapshot.rules, asked.unit, now.date())
        )
    return await document_answer(
        consultation_letter(head, to, now),
        asked.format,
        name="de-nghi-tra-loi-y-kien",
        headers={"Cache-Control": "private, no-store"},
    )


async def _waiting(snapshot: Snapshot, unit_id: str, now: datetime) -> list[AwaitedUnit]:
    """The cases of the unit's subtree, by whom they wait for. Raises the refusal of a unit that the caller does not know."""
    period = asked_period(None, None, as_of=None, now=now, zone=snapshot.zone).period
    units = await known_subtree(snapshot, unit_id, period)
    return asked_units(await consulting_now(snapshot, units, now))


async def _name(snapshot: Snapshot, unit_id: str) -> str:
    trees = await known_trees(snapshot)
    node = trees.of_span(len(trees.days)).nodes.get(unit_id)
    return (None if node is None else node.name) or unit_id
