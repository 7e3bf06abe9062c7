"""Thousands of events of one instant cost little more than as many of different ones: counted in questions, not in seconds."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.domain.decided_cases import LATE, decided, shown
from tests.domain.plans import entries
from tests.domain.product import asked
from tests.domain.rules_for_tests import RULES

from tiendo_domain.explanations import ExplanationDecided
from tiendo_domain.facts import CaseFact
from tiendo_domain.timeline.course import Course
from tiendo_domain.timeline.decisions import standing
from tiendo_domain.timeline.placed import PlacedExplanation

EVENTS = 1_500
DECISIONS = 100
QUESTIONS_PER_EVENT = 20


def event(number: int) -> dict[str, Any]:
    """A handover between two of many officers, all at one instant."""
    kind = ("received", "forwarded", "worked")[number % 3] if number else "received"
    data: dict[str, Any] = {"holder": {"id": f"A{number}"}}
    if kind != "worked":
        data["actor"] = {"id": f"A{(number * 7) % EVENTS}"}
    return {
        "id": f"e{number}",
        "source": "/t/a",
        "type": f"vn.tiendo.case.{kind}.v1",
        "subject": "H34-1",
        "time": "2022-08-15T08:00:00+07:00",
        "data": data,
    }


def test_events_of_one_instant_are_chosen_with_few_questions_each(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = 0
    fits = Course.fits

    def counted(course: Course, fact: CaseFact) -> bool:
        nonlocal questions
        questions += 1
        return fits(course, fact)

    monkeypatch.setattr(Course, "fits", counted)
    log = entries([event(number) for number in range(EVENTS)])
    answer = asked(log, RULES, as_of=datetime(2022, 9, 1, tzinfo=UTC))
    assert answer.event_count == EVENTS
    assert questions < QUESTIONS_PER_EVENT * EVENTS


def test_decisions_on_one_case_are_looked_at_few_times_each(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    said = standing._said

    def counted(decision: PlacedExplanation) -> ExplanationDecided:
        nonlocal looked
        looked += 1
        return said(decision)

    monkeypatch.setattr(standing, "_said", counted)
    refused = [decided("09-01 08:00", f"d{number}") for number in range(DECISIONS)]
    answer = shown(*LATE, *refused)
    assert all(one.stands for one in answer.timeline.decisions)
    assert looked < QUESTIONS_PER_EVENT * DECISIONS
