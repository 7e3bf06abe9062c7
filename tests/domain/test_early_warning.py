"""What is expected of an open case, from its plan and from the cases finished before (docs/warnings.md)."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.cases import moment
from tests.domain.profile import bounded

from tiendo_domain.early_warning import (
    SAMPLE_MIN,
    CaseInStep,
    FinishedCase,
    Likeness,
    Pace,
    PaceOver,
    StepHold,
    StepStay,
    apology_by,
    finished_stays,
    open_case,
    outlook,
)
from tiendo_domain.rules import RuleBook

CALENDAR = RuleBook().default_calendar


def hold(step: str | None, minutes: int, allotted: int | None = None, *, paused: bool = False) -> StepHold:
    return StepHold(step=step, working_minutes=minutes, allotted_minutes=allotted, paused=paused)


def finished(*holds: StepHold, left: int, procedure: str = "p") -> FinishedCase:
    """A case that had so many minutes left when it finished."""
    return FinishedCase(procedure=procedure, stays=finished_stays(holds, left), late=left < 0)


def test_a_finished_case_is_told_by_what_it_had_left_step_by_step_without_its_pauses() -> None:
    holds = [
        hold("a", 100, 120),
        hold(None, 900, paused=True),
        hold("a", 50, 20),
        hold("b", 200, 240),
        hold("a", 30, 0),
    ]

    assert finished_stays(holds, -40) == (
        StepStay(step="a", left_at_begin=340, left_at_end=190, allotted_after_minutes=240),
        StepStay(step="b", left_at_begin=190, left_at_end=-10, allotted_after_minutes=0),
        StepStay(step="a", left_at_begin=-10, left_at_end=-40, allotted_after_minutes=0),
    )


def test_an_open_case_is_in_the_step_stated_last_with_what_its_account_has_left() -> None:
    assert open_case([hold("a", 100, 120), hold(None, 30)]) == CaseInStep(step="a", left_in_step_minutes=None)
    assert open_case([hold("a", 100, 120), hold("b", 300, 240)]) == CaseInStep(step="b", left_in_step_minutes=0)
    assert open_case([hold("a", 100, 120)]) == CaseInStep(step="a", left_in_step_minutes=20)
    assert open_case([hold(None, 5, paused=True)]) is None


def test_more_still_allotted_than_left_is_late_by_plan() -> None:
    before = [finished(hold("a", 10, 60), hold("b", 10, 400), left=5) for _ in range(SAMPLE_MIN)]
    case = CaseInStep(step="a", left_in_step_minutes=100)

    expected = outlook("p", case, 480, Pace(before))

    assert expected.plan is not None
    assert (expected.plan.left_in_step_minutes, expected.plan.later_steps_minutes) == (100, 400)
    assert expected.late_by_plan
    assert not outlook("p", case, 500, Pace(before)).late_by_plan
    assert not outlook("p", case, 480, Pace(before[1:])).late_by_plan


def test_a_case_is_late_by_pace_when_half_of_those_were_that_had_as_much_left_in_its_step() -> None:
    on_time = [finished(hold("a", 100), hold("b", 100), left=50) for _ in range(5)]
    late = [finished(hold("a", 100), hold("b", 300), left=-150) for _ in range(5)]
    pace = Pace([*on_time, *late])
    case = CaseInStep(step="b", left_in_step_minutes=None)

    # In step b the ones had 150 to 51 minutes left, the others 150 and less.
    found = outlook("p", case, 100, pace)
    assert found.pace is not None
    assert (found.pace.cases, found.pace.late, found.pace.likeness) == (10, 5, Likeness.PROCEDURE_AND_STEP)
    assert found.late
    assert outlook("p", case, 151, pace).pace == PaceOver(cases=10, late=5, likeness=Likeness.PROCEDURE)
    assert outlook("p", case, 251, pace).pace is None
    as_the_late = PaceOver(cases=10, late=10, likeness=Likeness.PROCEDURE_AND_STEP)
    assert outlook("p", case, 50, Pace([*on_time, *late, *late])).pace == as_the_late


def test_where_too_few_were_in_the_step_of_the_procedure_other_procedures_tell_and_then_other_steps() -> None:
    case = CaseInStep(step="a", left_in_step_minutes=None)
    elsewhere = Pace(finished(hold("a", 100), left=-10, procedure="q") for _ in range(SAMPLE_MIN))
    of_procedure = Pace(finished(hold("z", 100), left=10) for _ in range(SAMPLE_MIN))

    for pace, likeness in ((elsewhere, Likeness.STEP), (of_procedure, Likeness.PROCEDURE)):
        found = pace.over("p", case, 50)
        assert found is not None
        assert found.likeness is likeness
    assert elsewhere.over("p", CaseInStep(step=None, left_in_step_minutes=None), 50) is None


def test_without_cases_before_the_plan_decides() -> None:
    case = CaseInStep(step="a", left_in_step_minutes=100)
    assert outlook("p", case, 99, Pace([])).late
    assert not outlook("p", case, 100, Pace([])).late
    nothing = outlook("p", CaseInStep(step="a", left_in_step_minutes=None), 1, Pace([]))
    assert (nothing.late, nothing.plan, nothing.pace) == (False, None, None)


HOLDS = st.builds(
    hold,
    st.sampled_from(["a", "b", None]),
    st.integers(0, 30),
    st.none() | st.integers(0, 40),
    paused=st.booleans(),
)


@bounded(100)
@given(
    st.lists(st.tuples(st.lists(HOLDS, max_size=5), st.integers(-20, 20)), max_size=40),
    st.sampled_from(["a", "b"]),
    st.integers(1, 60),
)
def test_pace_counts_the_cases_that_had_as_much_left_in_the_step(
    courses: Sequence[tuple[list[StepHold], int]], step: str, left: int
) -> None:
    cases = [finished(*holds, left=at_finish) for holds, at_finish in courses]
    there = [
        case
        for case in cases
        for stay in case.stays
        if stay.step == step and stay.left_at_end < left <= stay.left_at_begin
    ]

    found = Pace(cases).over("p", CaseInStep(step=step, left_in_step_minutes=None), left)

    if len(there) >= SAMPLE_MIN:
        assert found is not None
        assert (found.cases, found.late) == (len(there), sum(case.late for case in there))
    else:
        assert found is None or found.likeness is not Likeness.PROCEDURE_AND_STEP


@pytest.mark.parametrize(
    ("due", "by"),
    [
        ("08-17 17:00", "08-16 17:00"),
        ("08-17 10:00", "08-16 10:00"),
        ("08-17 12:00", "08-16 11:30"),
        ("08-22 10:00", "08-19 17:00"),
        ("08-15 17:00", "08-12 17:00"),
    ],
)
def test_an_apology_is_sent_in_working_time_a_day_before_the_due(due: str, by: str) -> None:
    assert apology_by(moment(due), CALENDAR) == moment(by)
