"""Warnings of open cases, as answers."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.early_warnings import (
    METHOD,
    ReasonAnswer,
    WarningAnswer,
    WarningReason,
    WarningsAnswer,
)
from tiendo_contracts.explanation import (
    DUE_WITHIN_A_DAY,
    DUE_WITHIN_THREE_DAYS,
    apology_in_words,
    pace_in_words,
    plan_in_words,
)
from tiendo_contracts.problems.problem_documents import Language
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.answering.named_answers import named_from
from tiendo_query.early_warning.early_warnings import WarnedCase


def reasons_of(one: WarnedCase) -> Iterator[tuple[WarningReason, Words]]:
    """Why there is a warning of the case, what has to be done first first."""
    expected = one.outlook
    if one.apology_today:
        yield WarningReason.APOLOGY_TODAY, apology_in_words(one.apology_by)
    if expected.late_by_pace and expected.pace is not None:
        yield WarningReason.LATE_BY_PACE, pace_in_words(expected.pace, expected.left_minutes)
    if expected.late_by_plan and expected.plan is not None:
        step = one.record["step_name"] or one.record["step_id"]
        yield WarningReason.LATE_BY_PLAN, plan_in_words(expected.plan, expected.left_minutes, step)
    if one.due_within_a_day:
        yield WarningReason.DUE_WITHIN_24_HOURS, DUE_WITHIN_A_DAY
    elif one.due_within_three_days:
        yield WarningReason.DUE_WITHIN_3_DAYS, DUE_WITHIN_THREE_DAYS


def warning_answer(one: WarnedCase, language: Language) -> WarningAnswer:
    """The warning of one case."""
    record, expected = one.record, one.outlook
    return WarningAnswer.model_validate(
        {
            "case_id": record["case_id"],
            "procedure": named_from(record["procedure_id"], record["procedure_name"]),
            "unit": named_from(record["unit_id"], record["unit_name"]),
            "step": named_from(record["step_id"], record["step_name"]),
            "holder": one.holder,
            "judged_due_at": record["judged_due_text"],
            "left_minutes": expected.left_minutes,
            "late_expected": expected.late,
            "plan": expected.plan,
            "pace": expected.pace,
            "apology_by": one.apology_by.isoformat(),
            "reasons": [ReasonAnswer(kind=kind, message=words.spoken(language)) for kind, words in reasons_of(one)],
        }
    )


def warnings_answer(
    shown: Sequence[WarnedCase], language: Language, *, as_of: datetime, total: int, following: str | None
) -> WarningsAnswer:
    """A page of warnings; `as_of` in the zone in which it is to be shown."""
    simulated = any(one.record["simulated"] for one in shown)
    return WarningsAnswer(
        simulated=simulated,
        notice=notice_of(simulated=simulated),
        method=METHOD,
        as_of=as_of.isoformat(),
        total=total,
        items=[warning_answer(one, language) for one in shown],
        next=following,
    )
