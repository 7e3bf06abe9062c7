"""The address at which a head or the office decides on one explanation, and of the second step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Final
from uuid import uuid4

import orjson
from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.accountability import ExplainedCase, Objection, objection_to_deciding_on
from tiendo_domain.facts import EventKey
from tiendo_domain.rules import UnitLines
from tiendo_domain.timeline import standing_events, unit_parents
from tiendo_query.answering.answers import query_side_of
from tiendo_query.cases.single_cases import CaseView, seen_case
from tiendo_query.desk.decision_form import effects_of
from tiendo_query.desk.drafting import Stamp, UnsentEvent, decided, document
from tiendo_query.desk.previewing import known_case, preview
from tiendo_query.desk.said_of_one import Explained, SaidOfOne, called, explained_key, said_of_one
from tiendo_query.pages.decide.view import FIELDS, chosen_effect, decide_view, decider_of, preview_view
from tiendo_query.pages.desk_visitors import decider
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import Frame, rendered
from tiendo_query.pages.sent_forms import NO_FAULTS, UNPROCESSABLE, Faults, faults_of, sent_fields
from tiendo_query.pages.showing import in_path
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.parameters import TextParameter
from tiendo_runtime.authentication.authors import author_of
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.web import language_of_page
from tiendo_runtime.web.explanation_intake import explanation_intake_of

router: Final = page_router()
_ADDRESS: Final = "/desk/decide/{case_id:path}"


class DecideParameters(LookingParameters):
    """The explanation by its key; how the case was looked at changes nothing here."""

    source: TextParameter = None
    id: TextParameter = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An explanation, what the case says of who explains, and why the caller may not decide on it."""

    said: SaidOfOne
    one: Explained
    objection: Objection | None
    frame: Frame
    at: datetime
    position: str

    @property
    def key(self) -> EventKey:
        return EventKey(source=self.one.said.source, id=self.one.said.id)

    @property
    def figures(self) -> str:
        """What the rules say of the case: another text once that is another. What is still under way grows by the minute: that it is, alone."""
        timeline = self.said.timeline
        if timeline.finished_at is None:
            return "open"
        shares = [f"{row.party.key} {row.minutes}" for row in timeline.attributions_by_rule]
        entry = f"{self.said.late_entry.by_rule} of {timeline.late_entry_by_rule_minutes}"
        said = "; ".join([str(timeline.class_by_rule), entry, *shares])
        return blake2b(said.encode(), digest_size=8).hexdigest()


@router.get(_ADDRESS)
async def decide(
    request: Request, case_id: str, session: OneVisitor, asked: Annotated[DecideParameters, Query()]
) -> Response:
    """What is claimed, what the events say, and what can be decided."""
    person = decider(session)
    explanation_intake_of(request)  # nobody fills in what cannot be sent
    side = query_side_of(request, person.sight)
    key = EventKey(source=asked.source or "", id=asked.id or "")
    async with side.snapshot() as snapshot:
        found = await _asked(side, snapshot, person, case_id, key)
    return _form(request, found, {"position": found.position})


@router.post(_ADDRESS)
async def send_decision(request: Request, case_id: str, session: OneVisitor) -> Response:
    """What the decision would do; once confirmed it is made."""
    person = decider(session)
    fields = await sent_fields(request)
    side = query_side_of(request, person.sight)
    key = EventKey(source=fields.get("source", ""), id=fields.get("id", ""))
    step = fields.pop("step", "look")
    fields.setdefault("event_id", uuid4().hex)
    async with side.snapshot() as snapshot:
        found = await _asked(side, snapshot, person, case_id, key)
        if step == "edit" or found.objection is not None:
            return _form(request, found, fields)
        try:
            unsent = _unsent(person, found, fields)
        except Refusal as refusal:
            return _form(request, found, fields, faults_of(refusal, FIELDS, fields, language_of_page(request)))
        was_shown = fields.get("figures") == found.figures
        if step != "confirmed" or not was_shown:
            fields["figures"] = found.figures
            would_be = await preview(side, snapshot, found.said.timeline.case_id, unsent.event, found.at)
            view = preview_view(
                found.said, found.one, would_be, unsent, fields, changed=step == "confirmed" and not was_shown
            )
            return rendered(request, "decide/second.html", found.frame, view)
    return await _sent(request, person, found, fields, unsent)


async def _sent(
    request: Request, person: SignedInPerson, found: _Asked, fields: Mapping[str, str], unsent: UnsentEvent
) -> Response:
    intake = explanation_intake_of(request)
    try:
        position = await intake.take(person, orjson.loads(unsent.text), address=_ADDRESS)
    except Refusal as refusal:
        if refusal.kind is ProblemKind.LOG_UNAVAILABLE:
            raise
        if refusal.kind is not ProblemKind.CONFLICT:
            return _form(request, found, fields, faults_of(refusal, FIELDS, fields, language_of_page(request)))
        position = 0
    side = query_side_of(request, person.sight)
    async with side.snapshot(min_position=position):
        pass  # so that the page of the case knows it
    return RedirectResponse(f"/cases/{in_path(found.said.timeline.case_id)}#explained", status_code=303)


async def _asked(side: QuerySide, snapshot: Snapshot, person: SignedInPerson, case_id: str, key: EventKey) -> _Asked:
    """Raises the refusal of a case or an explanation that the caller does not see."""
    now = side.now()
    known = await known_case(snapshot, case_id)
    if known is None:
        raise await side.missing_case_in(snapshot, case_id)
    seen = await seen_case(side, snapshot, case_id, known, CaseView(as_of=now))
    timeline = seen.timeline
    filed = next((one for one in timeline.explanations if (one.source, one.id) == (key.source, key.id)), None)
    if filed is None:
        raise Refusal(ProblemKind.NOT_FOUND)
    key_of = explained_key(filed.said, snapshot.rules) or ""
    said = said_of_one(timeline, key_of, snapshot.rules, called=called(timeline, key_of))
    lines = UnitLines(rules=snapshot.rules, on=now.astimezone(snapshot.zone).date())
    case = ExplainedCase(timeline=timeline, parents=unit_parents(standing_events(seen.events)))
    stated = None if person.officer_id is None else snapshot.rules.officer(person.officer_id)
    return _Asked(
        said=said,
        one=next(one for one in said.explanations if one.said is filed),
        objection=objection_to_deciding_on(author_of(person, lines), filed.said, case),
        frame=Frame(
            caller=person, simulated=seen.simulated, position=seen.position, as_of=seen.as_of_text, kept_as_of=None
        ),
        at=now.astimezone(timeline.calendar.zone),
        position="" if stated is None or stated.position is None else stated.position,
    )


def _unsent(person: SignedInPerson, found: _Asked, fields: Mapping[str, str]) -> UnsentEvent:
    return decided(
        Stamp(case_id=found.said.timeline.case_id, event_id=fields["event_id"], at=found.at),
        found.key,
        effects=effects_of(chosen_effect(fields, found.said), found.said, found.one.said.said),
        decided_by=decider_of(person.name, person.officer_id, fields.get("position", "")),
        document=document(fields.get("document_number", ""), fields.get("document_signed", "")),
        text=fields.get("text", ""),
    )


def _form(request: Request, found: _Asked, values: Mapping[str, str], faults: Faults = NO_FAULTS) -> Response:
    view = decide_view(found.said, found.one, found.objection, values, faults)
    page = rendered(request, "decide/page.html", found.frame, view)
    page.status_code = UNPROCESSABLE if faults else page.status_code
    return page
