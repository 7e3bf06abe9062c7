"""The address of one case."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import Basis
from tiendo_query.answering.answers import query_side_of
from tiendo_query.cases.single_cases import CaseView, SeenCase, shown_case, worked_on
from tiendo_query.figures.waiting import CaseWaiting, waiting_of
from tiendo_query.names.known_officers import officer_key
from tiendo_query.pages.bar import Choice, ChoiceBar, offset_of
from tiendo_query.pages.case.view import case_values, waited_in_words
from tiendo_query.pages.code.route import has_figures
from tiendo_query.pages.desk_visitors import decides, is_officer, officer_of
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.rendering import Frame, NewsOf, rendered
from tiendo_query.questions.parameters import InstantParameter, PageNumber

router: Final = page_router()
_ANSWERS: Final = frozenset({Choice.AS_OF, Choice.BASIS, Choice.POLICY})


class CasePageParameters(LookingParameters):
    """How a case is looked at, and which page of its holds.

    `as_at`: the end of the period on whose page a link stood. The case is shown as at it, with all that was decided until `as_of`, if that is stated.
    """

    as_at: InstantParameter = None
    page: PageNumber = 1

    @property
    def shown_at(self) -> Instant | None:
        """The instant as at which the case is shown; None for now."""
        return min((one for one in (self.as_at, self.as_of) if one is not None), key=lambda one: one.at, default=None)


@router.get("/cases/{case_id:path}")
async def case(
    request: Request, case_id: str, session: AnyVisitor, asked: Annotated[CasePageParameters, Query()]
) -> HTMLResponse:
    """One case: who held it, its picture, whose share of the lateness is whose, and why."""
    side = query_side_of(request, sight_of(session))
    stated, shown_at = asked.as_of, asked.shown_at
    view = replace(
        CaseView.asked(as_of=shown_at, known_at=None, basis=asked.basis, policy=asked.policy, now=side.now()),
        explained_by=None if stated is None else stated.at,
    )
    kept = None if shown_at is None else shown_at.text

    def show(seen: SeenCase, waiting: CaseWaiting | None) -> HTMLResponse:
        frame = Frame(
            caller=session,
            simulated=seen.simulated,
            position=seen.position,
            as_of=seen.as_of_text,
            kept_as_of=kept,
            stated_as_of=None if stated is None else stated.text,
            as_at=None if asked.as_at is None else asked.as_at.text,
            looking=asked.looking,
            bar=ChoiceBar(
                answers=_ANSWERS,
                as_of=None if stated is None else stated.text,
                offset=offset_of(seen.as_of_text),
                own={"as_at": asked.as_at},
            ),
            news_of=NewsOf.unless_as_of(asked.as_of or asked.as_at, case_id)
            if seen.whole and has_figures(request, session)
            else None,
        )
        events = seen.events if seen.whole else None
        own_key = officer_key(officer_of(session), seen.rules) if session is not None and is_officer(session) else None
        values = case_values(seen.timeline, events, page=asked.page, names=frame.signed_in, own_key=own_key)
        return rendered(
            request,
            "case/page.html",
            frame,
            {**values, "decides": decides(session), "waited": waited_in_words(waiting)},
        )

    seen = await shown_case(side, case_id, view, lambda case: case)
    # Why it waited is told beside names alone, and of what happened rather than of when it was recorded.
    told = session is not None and view.basis is Basis.OCCURRED
    waiting = await waiting_of(side, seen) if told else None
    return await worked_on(side, seen, partial(show, seen, waiting))
