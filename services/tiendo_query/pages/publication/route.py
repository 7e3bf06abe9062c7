"""The address of one monthly list, and those of its steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from tiendo_contracts.problems.problem_documents import status_of
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.monthly_list.workflow import StepKind
from tiendo_query.pages.desk_visitors import publisher, publishes, reader_of_lists
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.publication.effects import effect_of, effects_of
from tiendo_query.pages.publication.step_forms import STEPS, body_of, faults_in
from tiendo_query.pages.publication.view import STEP_WORDS, FilledIn, Looker, changes_of, list_page_view
from tiendo_query.pages.rendering import Frame, rendered
from tiendo_query.pages.sent_forms import UNPROCESSABLE, sent_fields
from tiendo_query.pages.showing import in_path
from tiendo_query.publications.if_approved import if_approved
from tiendo_query.publications.list_callers import everything_of, publications_of
from tiendo_query.publications.publishing import JudgedStep, Publications
from tiendo_query.publications.seen_lists import SeenList, seen_list
from tiendo_query.questions.parameters import VersionNumber
from tiendo_runtime.authentication import Caller
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.web import language_of_page

router: Final = page_router()
_ADDRESS: Final = "/desk/publications/{publication_id}"
_SERVER_ERROR: Final = 500


class OneListParameters(LookingParameters):
    """Which version; absent: the newest."""

    version: VersionNumber = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A list that the caller sees, the zone of its instants, and the position of the caller as it is configured."""

    found: SeenList
    caller: Caller
    zone: ZoneInfo
    position: str
    frame: Frame


@router.get(_ADDRESS)
async def list_page(
    request: Request, publication_id: str, session: OneVisitor, asked: Annotated[OneListParameters, Query()]
) -> Response:
    """The list with everything that it says, how it came about, and its next step."""
    caller = reader_of_lists(session)
    return await _page(request, await _shown(request, caller, publication_id, asked, asked.version))


@router.get(f"{_ADDRESS}/{{step}}")
async def step_page(request: Request, publication_id: str, step: str, session: OneVisitor) -> Response:
    """Back to the list, for whoever comes to a step's address by a link: nothing is taken by looking."""
    shown = await _shown(request, reader_of_lists(session), publication_id, LookingParameters())
    if step not in STEPS:
        raise Refusal(ProblemKind.NOT_FOUND)
    return _back(shown.found.list.id)


@router.post(f"{_ADDRESS}/{{step}}")
async def send_step(request: Request, publication_id: str, step: str, session: OneVisitor) -> Response:
    """What the step means for the people whom the list names; once confirmed it is taken."""
    person = publisher(session)
    if step not in STEPS:
        raise Refusal(ProblemKind.NOT_FOUND)
    fields = await sent_fields(request)
    doing, seen_effect = fields.pop("step", "look"), fields.pop("effect", "")
    shown = await _shown(request, person, publication_id, LookingParameters())
    if doing == "edit":
        return await _page(request, shown, FilledIn(form=step, values=fields))
    publications = publications_of(request, person)
    try:
        judged = await _judged(publications, shown, STEPS[step], fields, person)
        is_as_shown = effect_of(judged) == seen_effect
        if doing == "confirmed" and is_as_shown:
            await publications.take(judged)
            return _back(shown.found.list.id)
    except Refusal as refusal:
        if status_of(refusal.kind) >= _SERVER_ERROR:
            raise
        faults = faults_in(refusal, fields, language_of_page(request))
        page = await _page(request, shown, FilledIn(form=step, values=fields, faults=faults))
        page.status_code = UNPROCESSABLE
        return page
    return _second(request, shown, step, judged, fields, changed=doing == "confirmed" and not is_as_shown)


async def _judged(
    publications: Publications, shown: _Shown, kind: StepKind, fields: Mapping[str, str], person: SignedInPerson
) -> JudgedStep:
    return await publications.judged(shown.found.list.id, body_of(kind, fields, person, shown.zone))


async def _shown(
    request: Request, caller: Caller, publication_id: str, asked: LookingParameters, version: int | None = None
) -> _Shown:
    """Raises the refusal of a list that is not there, or not seen."""
    side = publications_of(request, caller).seen
    found = await seen_list(side, publication_id, version)
    async with side.snapshot() as snapshot:
        zone, rules = snapshot.zone, snapshot.rules
    officer_id = caller.officer_id if isinstance(caller, SignedInPerson) else None
    stated = None if officer_id is None else rules.officer(officer_id)
    frame = Frame(
        caller=caller,
        simulated=found.content["simulated"],
        position=found.content["known_position"],
        as_of=found.content["known_at"],
        kept_as_of=None,
        looking=asked.looking,
    )
    position = "" if stated is None or stated.position is None else stated.position
    return _Shown(found=found, caller=caller, zone=zone, position=position, frame=frame)


async def _page(request: Request, shown: _Shown, filled: FilledIn | None = None) -> Response:
    everything, caller = everything_of(request), shown.caller
    entered_by = caller.entered_by if isinstance(caller, SignedInPerson) else ""
    view = list_page_view(
        shown.found,
        await if_approved(everything, shown.found),
        Looker(publishes=publishes(caller), entered_by=entered_by, position=shown.position),
        now=everything.now(),
        zone=shown.zone,
        filled=filled,
    )
    return rendered(request, "publication/page.html", shown.frame, view)


def _second(
    request: Request, shown: _Shown, step: str, judged: JudgedStep, fields: Mapping[str, str], *, changed: bool
) -> Response:
    made = judged.step.kind in {StepKind.APPROVED, StepKind.CORRECTED}
    values = {
        "id": shown.found.list.id,
        "unit": shown.found.content["unit_name"] or shown.found.list.unit_id,
        "month": shown.found.list.month,
        "step": step,
        "words": STEP_WORDS[judged.step.kind],
        "effects": effects_of(judged),
        "differences": changes_of(judged.content["differences"]) if made else [],
        "fields": {**fields, "effect": effect_of(judged)},
        "changed": changed,
    }
    return rendered(request, "publication/second.html", shown.frame, values)


def _back(publication_id: str) -> Response:
    return RedirectResponse(f"/desk/publications/{in_path(publication_id)}", status_code=303)
