"""Difficulties as answers."""

from tiendo_contracts.answers.difficulties import GivenDifficulty, MissedNorm
from tiendo_query.answering.named_answers import named_from
from tiendo_query.breakdowns.given_reasons import GivenReason, MissedPlan


def given_difficulty(reason: GivenReason) -> GivenDifficulty:
    """A reason with its counts."""
    of, counts = reason.of, dict(reason.counts)
    return GivenDifficulty.model_validate(
        {
            **counts,
            "simulated": counts["simulated"] > 0,
            "month": of.month,
            "reason": of.reason,
            "unit": named_from(of.unit_id, of.unit_name),
            "procedure": named_from(of.procedure_id, of.procedure_name),
            "step": named_from(of.step_id, of.step_name),
        }
    )


def missed_norm(missed: MissedPlan) -> MissedNorm:
    """A step whose norm is missed at nobody's charge."""
    step = missed.step
    return MissedNorm.model_validate(
        {
            "procedure": named_from(step.procedure_id, step.procedure_name),
            "step": named_from(step.step, step.step_name),
            "cases": step.cases,
            "allotted_cases": step.allotted_cases,
            "met_cases": max(0, step.allotted_cases - step.overran_cases),
            "organisation_cases": missed.cases,
            "organisation_minutes": missed.organisation_minutes,
        }
    )
