"""Difficulties as answers."""

from tiendo_contracts.answers.difficulties import GivenDifficulty, MissedNorm
from tiendo_query.answering.named_answers import named_from
from tiendo_query.breakdowns.case_links import CaseLinks
from tiendo_query.breakdowns.given_reasons import GivenReason, MissedPlan
from tiendo_query.breakdowns.reason_groups import cases_of


def given_difficulty(reason: GivenReason, links: CaseLinks) -> GivenDifficulty:
    """A reason with its counts, and the list of its cases among those that the links lead to."""
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
            "href": links.asking(cases_of(of)),
        }
    )


def missed_norm(missed: MissedPlan, links: CaseLinks) -> MissedNorm:
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
            "href": links.in_procedure(step.procedure_id).listed(step=step.step, step_overran=True, norm_missed=True),
        }
    )
