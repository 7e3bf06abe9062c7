"""What an explanation says: a section for each question, every share with its arithmetic, its rules and its events, in two languages."""

import re
from typing import Any

import pytest
from tests.domain.cases import (
    ANH,
    BINH,
    OTHER_QUEUE,
    QUEUE,
    completed,
    extended,
    forwarded,
    given,
    moment,
    procedure,
    received,
    step,
    submitted,
    supplement_received,
    supplement_requested,
    suspended,
    withdrawn,
)
from tests.domain.product import asked
from tests.domain.rules_for_tests import RULES

from tiendo_contracts.explanation import (
    CLASS_WORDS,
    PARTY_WORDS,
    SECTION_WORDS,
    STATE_WORDS,
    Section,
    Sentence,
    explain,
)
from tiendo_domain.timeline_types import CaseClass, CaseTimeline, PartyKind, Policy, State

LATE = (
    received("08-15 08:00", ANH, due_at="08-15 11:30", step=step("s1", 60)),
    forwarded("08-15 10:00", BINH, step=step("s2", 120)),
    completed("08-16 08:00"),
)
"""Ánh overran by 60 minutes, Bình by 240 of 360; the case is 270 minutes late, so 300 minutes of overrun share them."""


def told(*events: dict[str, Any], at: str = "12-31 17:00", policy: str | None = None) -> list[Sentence]:
    """The sentences about the case at an instant."""
    return explain(timeline(*events, at=at, policy=policy))


def timeline(*events: dict[str, Any], at: str = "12-31 17:00", policy: str | None = None) -> CaseTimeline:
    return asked(given(*events).log, RULES, as_of=moment(at), policy=policy)


def english(sentences: list[Sentence], section: Section) -> list[str]:
    return [sentence.words.en for sentence in sentences if sentence.section is section]


def test_a_late_case_is_told_section_by_section() -> None:
    sentences = told(*LATE)
    sections = list(dict.fromkeys(sentence.section for sentence in sentences))
    assert sections == [Section.CASE, Section.DUE, Section.HOLDS, Section.SHARES]
    assert english(sentences, Section.CASE)[1:] == [
        "It was received at 08:00 15/08/2022.",
        "It ended at 08:00 16/08/2022: completed.",
    ]
    assert "The case is late by 270 minutes (4 h 30 min) of working time; pauses after the due are not counted." in (
        english(sentences, Section.DUE)
    )


def test_shares_by_steps_bear_their_arithmetic_and_add_up() -> None:
    rule, *shares = english(told(*LATE), Section.SHARES)
    assert rule.startswith(
        "The lateness of 270 minutes (4 h 30 min) is shared in proportion to the overruns, 300 minutes (5 h) together: "
        "by the allotments of the steps (step-norm/1);"
    )
    assert shares == [
        "Trần Văn Bình (B, Phó phòng, Văn phòng đăng ký): 216 minutes (3 h 36 min) = ⌊240 × 270 ÷ 300⌋, rounded down.",
        "Nguyễn Thị Ánh (A, Chuyên viên, Bộ phận tiếp nhận): 54 minutes = ⌊60 × 270 ÷ 300⌋, rounded down.",
        "Together: 270 minutes (4 h 30 min); the case is late by 270 minutes (4 h 30 min).",
    ]


def test_overruns_that_do_not_reach_the_lateness_are_borne_whole_and_the_rest_by_the_organisation() -> None:
    sentences = told(
        received("08-15 08:00", ANH, due_at="08-15 08:30", step=step("s1", 60)),
        forwarded("08-15 10:00", BINH, step=step("s2", 120)),
        completed("08-15 11:00"),
    )
    shares = english(sentences, Section.SHARES)
    assert "Nguyễn Thị Ánh (A, Chuyên viên, Bộ phận tiếp nhận): 60 minutes (1 h) = the whole overrun." in shares
    assert (
        "organisation or plan: 90 minutes (1 h 30 min); what no overrun explains, and roundings, never go to a person."
        in shares
    )


def test_shares_after_the_due_are_told_minute_by_minute() -> None:
    sentences = told(*LATE, policy="after-due/1")
    assert english(sentences, Section.SHARES) == [
        "Each minute of the lateness belongs to the party that held the case in it: by who held it after the due (after-due/1).",
        "Trần Văn Bình (B, Phó phòng, Văn phòng đăng ký): 270 minutes (4 h 30 min).",
        "Together: 270 minutes (4 h 30 min); the case is late by 270 minutes (4 h 30 min).",
    ]
    assert [text.rpartition("; ")[2] for text in english(sentences, Section.HOLDS)] == [
        "of these after the due: 0 minutes.",
        "of these after the due: 270 minutes (4 h 30 min).",
    ]
    assert {sentence.rules for sentence in sentences if sentence.section is Section.SHARES} == {("A4",)}


def test_a_hold_before_a_restart_has_no_part_in_the_shares() -> None:
    sentences = told(
        received("08-15 08:00", ANH, due_at="08-16 17:00", procedure=procedure("1.002"), step=step("s1", 60)),
        supplement_requested("08-15 10:00"),
        supplement_received("08-16 08:00", ANH, step=step("s1", 60)),
        completed("08-25 08:00"),
    )
    first, pause, second = english(sentences, Section.HOLDS)
    assert first.endswith("overrun 60 minutes (1 h); before a restart, so without part in the shares.")
    assert pause.endswith("the clock stands and nobody overruns.")
    assert "restart" not in second
    assert "the overruns, 3,300 minutes (6 days 7 h) together" in english(sentences, Section.SHARES)[0]


def test_a_late_entry_is_told_with_the_party_that_had_the_case() -> None:
    sentences = told(
        received("08-15 08:00", ANH, due_at="08-15 11:00"), completed("08-15 10:00", recorded="08-15 14:00")
    )
    due = english(sentences, Section.DUE)
    assert "The case is not late." not in due
    assert due[-2] == "Class: unproven late entry."
    assert due[-1] == (
        "The finish was in time but recorded 60 minutes (1 h) of working time after the due; "
        "the case was with Nguyễn Thị Ánh (A, Chuyên viên, Bộ phận tiếp nhận) then."
    )
    assert english(sentences, Section.SHARES) == []


def test_an_open_case_is_told_as_provisional() -> None:
    sentences = told(received("08-15 08:00", ANH, due_at="08-15 11:00"), at="08-15 10:00")
    assert "It is open (in process); what follows is provisional, as of 10:00 15/08/2022." in english(
        sentences, Section.CASE
    )
    assert english(sentences, Section.HOLDS)[0].startswith("since 08:00 15/08/2022: ")


def test_without_a_due_no_lateness_is_told() -> None:
    sentences = told(received("08-15 08:00", ANH))
    assert english(sentences, Section.DUE) == ["No due is known, so no lateness can be told."]
    assert english(sentences, Section.SHARES) == []


def test_of_a_case_that_nobody_has_received_only_its_state_is_told() -> None:
    sentences = told(submitted("08-15 08:00"), at="08-15 09:00")
    assert {sentence.section for sentence in sentences} == {Section.CASE}


def test_anomalies_are_told_with_their_events() -> None:
    sentences = told(
        received("08-15 08:00", ANH, due_at="08-15 11:00"), withdrawn("08-15 09:00"), completed("08-15 10:00")
    )
    (anomaly,) = [sentence for sentence in sentences if sentence.section is Section.ANOMALIES]
    assert anomaly.words.en.startswith("out of order (out-of-order): ")
    assert anomaly.event_ids == ("e3",)


CASES = [
    LATE,
    (received("08-15 08:00", QUEUE, due_at="08-15 09:00"), forwarded("08-15 10:00", OTHER_QUEUE)),
    (received("08-15 08:00", {"name": "Chuyên viên"}, due_at="08-15 09:00"), suspended("08-15 10:00", reason="x")),
    (received("08-15 08:00", ANH, due_at="08-15 09:00"), extended("08-15 08:30", due_at="08-19 17:00", reason="x")),
]


@pytest.mark.parametrize("events", CASES)
@pytest.mark.parametrize("policy", [Policy.STEP_NORM, Policy.AFTER_DUE])
def test_every_sentence_has_both_languages_rules_and_the_same_figures(
    events: tuple[dict[str, Any], ...], policy: Policy
) -> None:
    for sentence in told(*events, policy=policy, at="09-30 17:00"):
        assert sentence.rules
        assert sentence.words.en != sentence.words.vi
        assert re.findall(r"\d+", sentence.words.en) == re.findall(r"\d+", sentence.words.vi)


@pytest.mark.parametrize("events", CASES)
def test_every_hold_and_every_share_is_told_with_its_events(events: tuple[dict[str, Any], ...]) -> None:
    case = timeline(*events, at="09-30 17:00")
    sentences = explain(case)
    holds = [sentence.event_ids for sentence in sentences if sentence.section is Section.HOLDS]
    assert holds == [hold.event_ids for hold in case.holds]
    shares = [sentence.event_ids for sentence in sentences if sentence.section is Section.SHARES and sentence.event_ids]
    assert shares == [share.event_ids for share in case.attributions]


def test_every_party_state_class_and_section_has_words() -> None:
    assert set(PARTY_WORDS) == set(PartyKind)
    assert set(STATE_WORDS) == set(State)
    assert set(CLASS_WORDS) == set(CaseClass)
    assert set(SECTION_WORDS) == set(Section)
