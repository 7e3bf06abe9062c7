"""The timeline of one case, folded from the log when it is asked for."""

from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field

from tiendo_contracts.answers.timelines import TimelineAnswer, timeline_answer
from tiendo_query.answering.answers import (
    POSITION_HEADER,
    SIMULATED_HEADER,
    CaseId,
    LanguageParameter,
    QuerySideParameter,
    documented,
    query_router,
)
from tiendo_query.answering.json_answers import json_answer
from tiendo_query.cases.single_cases import CaseView, SeenCase, shown_case
from tiendo_query.questions.parameters import BasisParameter, InstantParameter, PolicyParameter, ReadParameters

router: Final = query_router("cases")


class TimelineParameters(ReadParameters):
    """How one case is to be looked at; every combination is answered."""

    as_of: InstantParameter = Field(
        default=None, description="what the clocks show at this instant; default now (rule T5)"
    )
    known_at: InstantParameter = Field(
        default=None, description="leave out what was ingested later; default: nothing (rule T5)"
    )
    basis: BasisParameter = Field(default="occurred", description="which instants count (rule T4)")
    policy: PolicyParameter = Field(
        default=None, description="how lateness is shared; default and fallback: rules A3, A4"
    )


@router.get(
    "/cases/{case_id}/timeline",
    summary="Who held the case, for how long, and whose delay it is",
    response_model=TimelineAnswer,
    responses=documented(404, 504),
    operation_id="read_timeline",
)
async def read_timeline(
    case_id: CaseId,
    side: QuerySideParameter,
    language: LanguageParameter,
    asked: Annotated[TimelineParameters, Query()],
) -> Response:
    """The case's holds, dues, lateness, shares and anomalies, each with the rule and the events that it rests on."""
    view = CaseView.asked(
        as_of=asked.as_of, known_at=asked.known_at, basis=asked.basis, policy=asked.policy, now=side.now()
    )

    def show(seen: SeenCase) -> Response:
        answer = timeline_answer(
            seen.timeline,
            language=language,
            as_of=seen.as_of_text,
            known_at=None if asked.known_at is None else asked.known_at.text,
            simulated=seen.simulated,
        )
        headers = {
            POSITION_HEADER: str(seen.position),
            SIMULATED_HEADER: "true" if seen.simulated else "false",
        }
        return json_answer(answer, headers)

    return await shown_case(side, case_id, view, show, min_position=asked.min_position)
