"""The product against the minute-by-minute reference, on cases of every kind."""

from typing import Any

from hypothesis import given
from tests.domain.generated import asked_cases
from tests.domain.product import answer
from tests.domain.profile import bounded
from tests.domain.reference.timeline import timeline
from tests.domain.rules_for_tests import RULES

Plain = dict[str, Any]


@bounded(500)
@given(asked_cases())
def test_the_timeline_is_the_one_counted_minute_by_minute(case: tuple[list[Plain], Plain]) -> None:
    log, question = case
    assert answer(log, RULES, **question) == timeline(log, RULES, **question)


@bounded(40)
@given(asked_cases(length=30))
def test_long_cases_are_counted_alike(case: tuple[list[Plain], Plain]) -> None:
    log, question = case
    assert answer(log, RULES, **question) == timeline(log, RULES, **question)
