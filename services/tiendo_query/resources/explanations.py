"""Explanations over all cases: what waits for a decision, and what became of the rest."""

from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field, WithJsonSchema

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.explanations import ExplanationPage
from tiendo_domain.timeline_types import ExplanationState
from tiendo_query.accountability.explained_cases import ExplanationQuestion, author_in, explanation_page
from tiendo_query.answering.answers import CallerParameter, QuerySideParameter, documented, mark, query_router
from tiendo_query.answering.explanations import listed_explanation
from tiendo_query.questions.parameters import (
    PAGE_SIZE,
    CursorParameter,
    PageSize,
    ReadParameters,
    TextParameter,
    one_of,
)

_STATES: Final = tuple(state.value for state in ExplanationState)

router: Final = query_router("explanations")


class ExplanationParameters(ReadParameters):
    """Which explanations, and which page."""

    state: Annotated[str | None, one_of(*_STATES), WithJsonSchema({"type": "string", "enum": list(_STATES)})] = Field(
        default=None, description="what has become of it; default: any"
    )
    unit: TextParameter = Field(
        default=None, description="id: explained by people of this unit or one below it, or by such a unit itself"
    )
    officer: TextParameter = Field(default=None, description="id: explained is what this officer bears")
    limit: PageSize = Field(default=PAGE_SIZE, description="entries in a page")
    cursor: CursorParameter = Field(default=None, description="`next` of the page before, with the same question")


@router.get(
    "/explanations",
    summary="Explanations and what has become of them",
    responses=documented(404, 504),
    operation_id="list_explanations",
)
async def list_explanations(
    side: QuerySideParameter,
    caller: CallerParameter,
    response: Response,
    asked: Annotated[ExplanationParameters, Query()],
) -> ExplanationPage:
    """Those that stand, the oldest first, as of now: each with its case, what whoever explains bears there, and the decisions on it.

    Of cases seen in part those about the caller's own people alone.
    """
    question = ExplanationQuestion(state=asked.state, unit=asked.unit, officer=asked.officer)
    async with side.snapshot(min_position=asked.min_position) as snapshot:
        page = await explanation_page(side, snapshot, question, limit=asked.limit, cursor=asked.cursor)
    now = side.now()
    author = author_in(snapshot, caller, now)
    simulated = any(one.seen.simulated for one in page.items)
    mark(response, snapshot, simulated=simulated)
    return ExplanationPage(
        simulated=simulated,
        notice=notice_of(simulated=simulated),
        items=[listed_explanation(one, caller, author, now) for one in page.items],
        next=page.next,
    )
