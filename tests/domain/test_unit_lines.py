"""Which unit of a case hangs below which: by the facts that hold today, and where these know nothing by what the case's own events say."""

from datetime import date

import pytest

from tiendo_domain.rules import RuleBook, UnitLines, UnitRule

TODAY = date(2026, 11, 30)
EARLIER, LATER = date(2025, 7, 1), date(2027, 1, 1)


def line(unit: str, *rules: UnitRule, **said: str) -> list[str]:
    """The unit and all above it today; `said` is what the case's events say, child = parent."""
    return [*UnitLines(rules=RuleBook().with_definitions(rules), on=TODAY).line(unit, said)]


@pytest.mark.parametrize(
    ("rules", "said", "expected"),
    [
        pytest.param([], {"A": "B", "B": "C"}, "ABC", id="the facts know nothing"),
        pytest.param([UnitRule(id="A", parent="B")], {"A": "X", "B": "C"}, "ABC", id="the facts know the lowest"),
        pytest.param([UnitRule(id="B", parent="C")], {"A": "B", "B": "X"}, "ABC", id="the facts know one on the way"),
        pytest.param([UnitRule(id="A")], {"A": "X"}, "A", id="the facts know the unit and name nothing above it"),
        pytest.param([], {"A": "B", "B": "A"}, "AB", id="a circle is gone round once"),
        pytest.param([UnitRule(id="A", parent="B", merged_into="C")], {}, "AC", id="merged since ever"),
        pytest.param([UnitRule(id="A", parent="B", merged_into="C", valid_to=EARLIER)], {}, "AC", id="merged"),
        pytest.param([UnitRule(id="A", parent="B", merged_into="C", valid_to=LATER)], {}, "AB", id="yet to be merged"),
        pytest.param(
            [UnitRule(id="A", parent="B", valid_to=EARLIER), UnitRule(id="A", parent="C", valid_from=EARLIER)],
            {},
            "AC",
            id="moved",
        ),
        pytest.param([UnitRule(id="A", parent="B", valid_to=EARLIER)], {"A": "X"}, "AB", id="ended and not merged"),
        pytest.param(
            [UnitRule(id="A", parent="B", valid_from=LATER)], {"A": "X"}, "AX", id="known from a later day on"
        ),
    ],
)
def test_a_unit_hangs_where_todays_facts_say_else_where_the_case_says(
    rules: list[UnitRule], said: dict[str, str], expected: str
) -> None:
    assert line("A", *rules, **said) == list(expected)
