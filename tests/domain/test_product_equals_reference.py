"""The product against the minute-by-minute reference, on cases of every kind."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.generated import asked_cases
from tests.domain.made_rules import rules
from tests.domain.plans import START, Plan, plans
from tests.domain.product import answer
from tests.domain.profile import bounded
from tests.domain.reference.timeline import timeline
from tests.domain.rules_for_tests import RULES

Plain = dict[str, Any]


@bounded(250)
@given(rules(), asked_cases())
def test_the_timeline_is_the_one_counted_minute_by_minute(made: Plain, case: tuple[list[Plain], Plain]) -> None:
    log, question = case
    assert answer(log, made, **question) == timeline(log, made, **question)


@bounded(40)
@given(rules(), asked_cases(length=30))
def test_long_cases_are_counted_alike(made: Plain, case: tuple[list[Plain], Plain]) -> None:
    log, question = case
    assert answer(log, made, **question) == timeline(log, made, **question)


@bounded(200)
@given(plans(procedures=("1.001", "1.002", "1.003")), st.sampled_from([30, 90, 480, 100_000]))
def test_cases_with_steps_and_queues_are_shared_alike(plan: Plan, minutes: int) -> None:
    question: Plain = {"as_of": START + timedelta(minutes=minutes)}
    assert answer(plan.log(), RULES, **question) == timeline(plan.log(), RULES, **question)
