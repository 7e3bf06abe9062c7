"""The published policies: whose share of the lateness is whose (rules A3, A4). Each is a value in a module of its own."""

from typing import Final, assert_never

from tiendo_domain.timeline.policies.after_due import AFTER_DUE
from tiendo_domain.timeline.policies.policy import AttributionPolicy, HoldFigures, MeasuredCase
from tiendo_domain.timeline.policies.step_norm import STEP_NORM
from tiendo_domain.timeline_types import Policy

__all__ = ["DEFAULT_POLICY", "AttributionPolicy", "HoldFigures", "MeasuredCase", "policy_named", "policy_used"]

DEFAULT_POLICY: Final = Policy.STEP_NORM
"""The policy of all figures and of everybody who asks for none (rule A4)."""

_ELSEWHERE: Final = Policy.AFTER_DUE
"""The policy of a case to which the one asked for does not apply (rule A4)."""


def policy_named(name: Policy) -> AttributionPolicy:
    """The policy of that name."""
    match name:
        case Policy.STEP_NORM:
            return STEP_NORM
        case Policy.AFTER_DUE:
            return AFTER_DUE
        case _:
            assert_never(name)


def policy_used(asked: Policy | None, case: MeasuredCase) -> AttributionPolicy:
    """The policy asked for, or the default, where it applies to the case; else the one that always does."""
    wanted = policy_named(DEFAULT_POLICY if asked is None else asked)
    return wanted if wanted.applies(case) else policy_named(_ELSEWHERE)
