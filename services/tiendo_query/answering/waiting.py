"""Why cases waited, as answers."""

from collections.abc import Sequence

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.waiting import (
    METHOD,
    CaseWaitingAnswer,
    OfficerWaitingAnswer,
    OfficerWaitingHold,
    WaitingHold,
    WaitingOfOfficer,
    causes_answer,
)
from tiendo_contracts.explanation import waiting_in_words
from tiendo_contracts.problems.problem_documents import Language
from tiendo_domain.waiting import WaitingCauses, summed
from tiendo_query.answering.officers import officer_name
from tiendo_query.figures.officer_pages import OfficerEntries
from tiendo_query.figures.ranking import OfficerDelay
from tiendo_query.figures.waiting import CaseWaiting
from tiendo_query.questions.periods import AskedPeriod
from tiendo_read_models.tables import HOLD

_OF_HOLD = ("party", "step", "started_at", "ended_at", "working_minutes", "inferred", "absent")


def case_waiting_answer(found: CaseWaiting, language: Language) -> CaseWaitingAnswer:
    """Why one case waited: hold by hold, and for each officer beside the share."""
    seen = found.seen
    return CaseWaitingAnswer(
        simulated=seen.simulated,
        notice=notice_of(simulated=seen.simulated),
        case_id=seen.timeline.case_id,
        method=METHOD,
        as_of=seen.as_of_text,
        calendar_version=seen.timeline.calendar_version,
        holds=[
            WaitingHold.model_validate(
                {
                    **{name: getattr(hold, name) for name in _OF_HOLD},
                    "causes": None if causes is None else causes_answer(causes),
                }
            )
            for hold, causes in zip(seen.timeline.holds, found.causes, strict=True)
        ],
        officers=[
            WaitingOfOfficer.model_validate(
                {
                    "party": one.party,
                    "attributed_minutes": one.attributed_minutes,
                    "attributed_by_rule_minutes": one.attributed_by_rule_minutes,
                    "causes": causes_answer(one.causes),
                    "sentence": waiting_in_words(one.causes).spoken(language),
                }
            )
            for one in found.officers
        ],
    )


def officer_waiting_answer(
    found: OfficerDelay,
    causes: Sequence[WaitingCauses],
    seen: AskedPeriod,
    page: OfficerEntries,
    following: str | None,
) -> OfficerWaitingAnswer:
    """Why cases waited with one officer over a period; `causes` are those of all holds that were found, in their order."""
    of_hold = {
        (hold["case_id"], hold["ordinal"]): causes_answer(one) for hold, one in zip(found.holds, causes, strict=True)
    }
    return OfficerWaitingAnswer.model_validate(
        {
            "simulated": found.simulated,
            "notice": notice_of(simulated=found.simulated),
            "officer": officer_name(found.key, found.names),
            "method": METHOD,
            "from": seen.from_text,
            "to": seen.to_text,
            "as_of": seen.as_of_text,
            "totals": causes_answer(summed(causes)),
            "holds": [
                OfficerWaitingHold.model_validate(
                    {**HOLD.read(hold, (*_OF_HOLD, "case_id")), "causes": of_hold[hold["case_id"], hold["ordinal"]]}
                )
                for hold in page.holds
            ],
            "next": following,
        }
    )
