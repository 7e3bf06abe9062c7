"""The product's attributions against the ground truth, case by case."""

import json
import random
from collections.abc import Mapping
from itertools import islice

import pytest
from tests.simulation.answers import AS_OF, Answer, World, events_of, given_answer, true_answer
from tests.simulation.bounds import BOUNDS, assert_undisturbed

from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import CaseTimeline
from tiendo_simulation import Story
from tiendo_simulation.defects import DISTURBS, Defect, told_badly
from tiendo_simulation.quotas import Fate

# One worker makes the simulation for all that need it.
pytestmark = pytest.mark.xdist_group("simulation")

NEVER_OF_LATE_CASES = frozenset({Defect.MISSING_RECEPTION, Defect.DUE_MOVED_SILENTLY})
EXPECTED_OF_CLEAN_CASES = frozenset({"silent-tail", "reopened"})


@pytest.fixture(scope="module")
def timelines(simulated: World) -> Mapping[str, CaseTimeline]:
    """The product's timeline of each case."""
    return {
        case_id: case_timeline(events, simulated.rules, as_of=AS_OF) for case_id, events in simulated.events.items()
    }


@pytest.fixture(scope="module")
def answered(simulated: World, timelines: Mapping[str, CaseTimeline]) -> Mapping[str, tuple[Answer, Answer]]:
    """Of each case the truth and the product's answer."""
    return {
        case_id: (true_answer(truth), given_answer(timelines[case_id])) for case_id, truth in simulated.truths.items()
    }


def defect_of(truth: Mapping[str, list[Mapping[str, str]]]) -> Defect | None:
    return Defect(truth["defects"][0]["kind"]) if truth["defects"] else None


def test_every_attribution_of_a_case_without_defects_is_exactly_the_truth(
    simulated: World, answered: Mapping[str, tuple[Answer, Answer]]
) -> None:
    clean = [case_id for case_id, truth in simulated.truths.items() if not truth["defects"]]
    assert len(clean) > 0.9 * len(simulated.truths)
    assert {case_id: answered[case_id][1] for case_id in clean} == {case_id: answered[case_id][0] for case_id in clean}


def test_clean_cases_show_no_anomaly_that_did_not_happen(
    simulated: World, timelines: Mapping[str, CaseTimeline]
) -> None:
    for case_id, truth in simulated.truths.items():
        if not truth["defects"]:
            shown = {anomaly.kind.value for anomaly in timelines[case_id].anomalies}
            assert shown <= EXPECTED_OF_CLEAN_CASES, case_id


@pytest.mark.parametrize("defect", list(Defect))
def test_a_defect_moves_no_more_than_its_kind_allows(
    defect: Defect, simulated: World, answered: Mapping[str, tuple[Answer, Answer]]
) -> None:
    cases = [case_id for case_id, truth in simulated.truths.items() if defect_of(truth) is defect]
    assert cases, f"no case has the defect {defect}; take a larger scale"
    for case_id in cases:
        true, given = answered[case_id]
        assert_undisturbed(true, given)
        BOUNDS[DISTURBS[defect]](true, given)


@pytest.fixture(scope="module")
def late(simulated: World) -> list[tuple[Story, Answer]]:
    """Cases that end late, told as they happened, with their truth: what a defect moves shows most here."""
    told = islice((case for case in simulated.simulation.cases(defects=False) if case.story.fate is Fate.ACTUAL), 70)
    return [(case.story, true_answer(json.loads(case.truth))) for case in told]


@pytest.mark.parametrize("defect", sorted(set(Defect) - NEVER_OF_LATE_CASES))
def test_a_defect_of_a_late_case_moves_no_more_than_its_kind_allows(
    defect: Defect, simulated: World, late: list[tuple[Story, Answer]]
) -> None:
    rng = random.Random(f"late/{defect}")
    told = 0
    for story, true in late:
        badly = told_badly(story, defect, rng)
        if badly is not None:
            told += 1
            given = given_answer(case_timeline(events_of(badly), simulated.rules, as_of=AS_OF))
            assert_undisturbed(true, given)
            BOUNDS[DISTURBS[defect]](true, given)
    assert told > len(late) / 10


def test_every_kind_of_case_and_of_rule_occurs(simulated: World) -> None:
    """What the comparison rests on: pauses of all modes, late and in time, both policies, minutes borne by each kind of party."""
    seen = {(truth["pause_mode"], truth["fate"]) for truth in simulated.truths.values()}
    assert {(mode, fate) for mode in ("suspend", "restart", "shift") for fate in ("on-time", "actual")} <= seen
    late = [truth for truth in simulated.truths.values() if truth.get("lateness_minutes")]
    assert {truth["policy"] for truth in late} == {"step-norm/1", "after-due/1"}
    bearers = {share["kind"] for truth in late for share in truth["shares"]}
    assert bearers == {"officer", "unit", "consulted-unit", "organisation"}
    assert any(
        truth["overdue"] and not truth["lateness_minutes"] for truth in simulated.truths.values() if "held" in truth
    )
