"""Section E, worked out by hand: what explanations and decisions do, and what they never do."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.domain.cases import BINH, Plain, completed, corrected, forwarded, received, step, supplement_requested
from tests.domain.decided_cases import (
    FROM_ANH,
    FROM_BINH,
    HEAD,
    LATE,
    PROOF,
    TO_OFFICE,
    TO_ORGANISATION,
    decided,
    entries_of,
    filed,
    move,
    shown,
    shown_log,
    withdrawn_explanation,
)

from tiendo_domain.timeline_types import Basis, PartyKind

IN_TIME = {"kind": "late-entry", "evidence": PROOF, "finished_at": "2022-08-15T09:55:00+07:00"}
LATE_SYNC = {"kind": "late-sync", "recorded_at_source": "2022-08-15T10:00:00+07:00"}
ENTERED_LATE: Sequence[Plain] = (
    received("08-15 08:00", BINH, due_at="08-15 10:00"),
    completed("08-15 09:50", recorded="08-15 11:00"),
)


def test_e1_without_decisions_both_figures_are_equal() -> None:
    answer = shown(*LATE, filed("08-20 08:00", "x"))
    assert answer.shares == answer.by_rule == {"B": 40, "A": 30}
    assert (answer.states, answer.anomalies) == ({"x": "pending"}, [])


def test_e1_explanations_are_no_events_of_the_walk() -> None:
    open_case = LATE[:2]
    told = [filed("08-15 09:40", "x"), decided("08-15 09:50", "d", move(5), of="x")]
    without, with_them = shown(*open_case).timeline, shown(*open_case, *told).timeline
    assert (with_them.holds, with_them.clocks, with_them.anomalies) == (
        without.holds,
        without.clocks,
        without.anomalies,
    )
    assert (with_them.event_count, without.event_count) == (4, 2)


def test_e4_a_move_takes_minutes_from_one_party_and_names_the_decision() -> None:
    answer = shown(*LATE, decided("09-01 08:00", "d", move(20)))
    assert answer.shares == {"B": 40, "organisation": 20, "A": 10}
    assert answer.by_rule == {"B": 40, "A": 30}
    rules = {row.party.id: (row.rule, row.event_ids[-1]) for row in answer.timeline.attributions}
    assert rules["B"] == ("step-norm/1 (A1, A2, A3)", "e3")
    assert rules["A"] == ("step-norm/1 (A1, A2, A3, E4)", "d")
    assert rules[None] == ("E4", "d")
    assert (answer.timeline.lateness_minutes, answer.timeline.lateness_by_rule_minutes) == (70, 70)


def test_e4_moves_of_one_decision_add_up_as_far_as_the_share_goes() -> None:
    answer = shown(*LATE, decided("09-01 08:00", "d", move(20), move(20, TO_OFFICE)))
    assert answer.shares == {"B": 40, "organisation": 20, "VP": 10}
    assert answer.marks == {"d": ["decision-outdated"]}


def test_e4_a_move_never_takes_from_what_another_moved() -> None:
    answer = shown(
        *LATE,
        decided("09-01 08:00", "d", move(30, TO_OFFICE)),
        decided("09-02 08:00", "e", move(10, source={"kind": "unit", "id": "VP"})),
    )
    assert answer.shares == {"B": 40, "VP": 30}
    received_minutes = {row.party.id: row.received_by_decision_minutes for row in answer.timeline.attributions}
    assert received_minutes == {"B": 0, "VP": 30}
    assert answer.marks == {"d": [], "e": ["decision-outdated"]}


def test_e4_without_minutes_the_whole_share_that_was_decided_on_moves() -> None:
    assert shown(*LATE, decided("09-01 08:00", "d", move(share_minutes=30))).shares == {"B": 40, "organisation": 30}


def test_e4_minutes_go_only_to_a_unit_that_had_to_do_with_the_case() -> None:
    answer = shown(*LATE, decided("09-01 08:00", "d", move(20, {"kind": "unit", "id": "STP"}), move(5)))
    assert answer.shares == {"B": 40, "A": 25, "organisation": 5}
    assert answer.marks == {"d": ["unit-not-in-case"]}
    assert "unit-not-in-case" in answer.anomalies


@pytest.mark.parametrize("named", [{"id": "VP"}, {"id": "VP", "name": "Phòng khác"}])
def test_a5_a_unit_that_a_decision_brings_in_is_named_as_the_case_names_it(named: Plain) -> None:
    answer = shown(*ENTERED_LATE[:1], completed("08-15 11:10"), decided("09-01 08:00", "d", _from_binh_to(named)))
    [row] = [row for row in answer.timeline.attributions if row.rule == "E4"]
    assert (row.party.id, row.party.name, row.minutes) == ("VP", "Văn phòng đăng ký", 5)


def _from_binh_to(unit: Plain) -> Plain:
    return move(5, {"kind": "unit", **unit}, FROM_BINH)


@pytest.mark.parametrize("blank", ["", " ", "\u3000"])
def test_h3_a_blank_id_in_an_effect_says_nothing(blank: str) -> None:
    nameless = {"name": "Nguyễn Thị Ánh", "unit": {"id": "MC"}}
    course = received("08-15 08:00", nameless, due_at="08-15 10:00"), completed("08-15 11:10")
    giver = {"kind": "officer", "id": blank, **nameless}
    answer = shown(*course, decided("09-01 08:00", "d", move(20, source=giver)))
    assert (answer.shares, answer.marks) == ({"Nguyễn Thị Ánh": 50, "organisation": 20}, {"d": []})


def test_e4_moves_count_on_every_basis() -> None:
    answer = shown(*LATE, decided("09-01 08:00", "d", move(20)), basis=Basis.RECORDED)
    assert sum(answer.shares.values()) == sum(answer.by_rule.values()) == 100
    assert answer.shares["organisation"] - answer.by_rule.get("organisation", 0) == 20


def test_e2_a_late_case_that_was_finished_in_time_becomes_a_late_entry() -> None:
    answer = shown(*LATE, decided("09-01 08:00", "d", IN_TIME))
    timeline = answer.timeline
    assert (timeline.case_class, timeline.class_by_rule, timeline.accepted) == ("late-entry", "actual", True)
    assert (timeline.lateness_minutes, timeline.lateness_by_rule_minutes, timeline.overdue) == (0, 70, True)
    assert timeline.clocks.resolution is not None
    assert timeline.clocks.resolution.lateness_minutes == 70
    assert (answer.shares, answer.by_rule) == ({}, {"B": 40, "A": 30})
    # The 70 minutes of lateness and the 30 until the finish was recorded.
    assert (timeline.late_entry_minutes, answer.late_entries) == (100, {"B": 100})


def test_e2_the_late_entry_goes_to_those_who_held_in_its_minutes() -> None:
    handed_on_late = (LATE[0], forwarded("08-15 10:30", BINH, step=step("S2", 60)), LATE[2])
    answer = shown(*handed_on_late, decided("09-01 08:00", "d", IN_TIME))
    assert answer.late_entries == {"B": 70, "A": 30}


def test_e1_decisions_on_the_class_leave_basis_recorded_and_the_system_lateness_alone() -> None:
    before, after = (
        shown(*LATE, basis=Basis.RECORDED),
        shown(*LATE, decided("09-01 08:00", "d", IN_TIME), basis=Basis.RECORDED),
    )
    assert after.shares == before.shares
    assert after.timeline.system_lateness_minutes == before.timeline.system_lateness_minutes == 100
    assert (after.timeline.lateness_minutes, after.timeline.overdue) == (100, True)


@pytest.mark.parametrize(
    "effect",
    [
        {"kind": "late-entry", "evidence": PROOF},
        {**IN_TIME, "finished_at": "2022-08-15T10:00:01+07:00"},
        {**IN_TIME, "evidence": {**PROOF, "signed_at": "2022-08-16"}},
        {"kind": "late-sync", "recorded_at_source": "2022-08-15T10:00:01+07:00"},
    ],
)
def test_e2_e3_evidence_after_the_due_or_an_unnamed_finish_has_no_effect(effect: Plain) -> None:
    answer = shown(*LATE, decided("09-01 08:00", "d", effect))
    assert (answer.timeline.case_class, answer.shares) == ("actual", answer.by_rule)
    assert answer.marks == {"d": ["evidence-too-late"]}


def test_e2_an_unproven_late_entry_is_accepted_with_evidence() -> None:
    answer = shown(*ENTERED_LATE, decided("09-01 08:00", "d", {"kind": "late-entry", "evidence": PROOF}))
    assert (answer.timeline.case_class, answer.timeline.class_by_rule) == ("late-entry", "unproven")
    assert (answer.timeline.accepted, answer.timeline.overdue, answer.late_entries) == (True, False, {"B": 60})


def test_e2_a_refused_late_entry_keeps_its_class() -> None:
    proven = (
        ENTERED_LATE[0],
        completed("08-15 09:50", recorded="08-15 11:00", evidence={"document_number": "1", "signed_at": "08-15"}),
    )
    answer = shown(*proven, filed("08-20 08:00", "x"), decided("09-01 08:00", "d", of="x"))
    assert (answer.timeline.case_class, answer.timeline.accepted) == ("late-entry", False)
    assert (answer.states, answer.timeline.decisions[0].stands) == ({"x": "decided"}, True)


def test_e3_a_late_synchronisation_is_no_lateness_at_all() -> None:
    answer = shown(*LATE, decided("09-01 08:00", "d", LATE_SYNC))
    timeline = answer.timeline
    assert (timeline.case_class, timeline.overdue, timeline.accepted) == ("late-sync", False, None)
    assert (timeline.lateness_minutes, timeline.late_entry_minutes, answer.late_entries) == (0, 0, {})


def test_e1_a_class_waits_for_the_finish_and_moves_do_not() -> None:
    answer = shown(*LATE[:2], decided("09-01 08:00", "d", IN_TIME, move(20)))
    assert (answer.timeline.case_class, answer.marks) == (None, {"d": []})
    assert answer.shares["organisation"] == answer.by_rule.get("organisation", 0) + 20


def test_e1_class_effects_come_before_moves() -> None:
    answer = shown(*LATE, decided("09-01 08:00", "d", move(20), IN_TIME))
    assert (answer.shares, answer.marks) == ({}, {"d": []})


def test_e4_late_entry_minutes_move_and_the_case_keeps_its_figure() -> None:
    moved = move(50, source=FROM_BINH, of="late-entry", share_minutes=100)
    answer = shown(*LATE, decided("09-01 08:00", "d", IN_TIME, moved))
    assert (answer.timeline.late_entry_minutes, answer.late_entries) == (100, {"B": 50, "organisation": 50})
    assert answer.marks == {"d": []}


def test_e1_of_two_decisions_on_one_explanation_the_later_stands_alone() -> None:
    told = [filed("08-20 08:00", "x"), decided("09-01 08:00", "d", move(20), of="x")]
    answer = shown(*LATE, *told, decided("09-02 08:00", "e", move(5, source=FROM_BINH), of="x"))
    assert answer.shares == {"B": 35, "A": 30, "organisation": 5}
    assert [one.stands for one in answer.timeline.decisions] == [False, True]
    assert shown(*LATE, *told, decided("09-02 08:00", "e", of="x")).shares == answer.by_rule


def test_e1_a_later_decision_replaces_what_an_earlier_one_says_of_the_same_party() -> None:
    first = decided("09-01 08:00", "d", move(20), move(20, source=FROM_BINH))
    answer = shown(*LATE, first, decided("09-02 08:00", "e", move(1, TO_OFFICE)))
    assert answer.shares == {"A": 29, "B": 20, "organisation": 20, "VP": 1}


def test_e1_late_entry_and_late_sync_replace_each_other() -> None:
    answer = shown(*LATE, decided("09-01 08:00", "d", IN_TIME), decided("09-02 08:00", "e", LATE_SYNC))
    assert answer.timeline.case_class == "late-sync"


def test_e1_an_effect_without_effect_still_replaces() -> None:
    too_late = {**IN_TIME, "evidence": {**PROOF, "signed_at": "2022-08-16"}}
    answer = shown(*LATE, decided("09-01 08:00", "d", IN_TIME), decided("09-02 08:00", "e", too_late))
    assert (answer.timeline.case_class, answer.marks) == ("actual", {"d": [], "e": ["evidence-too-late"]})


@pytest.mark.parametrize("decider", [{**HEAD, "id": "B"}, {"name": "Người khác", "id": "A"}])
def test_e1_nobody_decides_who_bears_something(decider: Plain) -> None:
    told = [filed("08-20 08:00", "x"), decided("09-01 08:00", "d", move(20), of="x")]
    answer = shown(*LATE, *told, decided("09-02 08:00", "e", move(1), of="x", by=decider))
    assert answer.shares == {"B": 40, "organisation": 20, "A": 10}
    assert answer.marks == {"d": [], "e": ["decided-by-party"]}
    alone = shown(*LATE, told[0], decided("09-02 08:00", "e", move(1), of="x", by=decider))
    assert (alone.states, alone.shares) == ({"x": "pending"}, alone.by_rule)


@pytest.mark.parametrize(
    ("moved", "outdated"),
    [
        ([move(10, share_minutes=30)], False),
        ([move(10, share_minutes=31)], True),
        ([move(share_minutes=29)], True),
        ([move(30)], False),
        ([move(31)], True),
        ([move(20), move(11, TO_OFFICE)], True),
        ([move(15), move(15, TO_OFFICE)], False),
    ],
)
def test_e5_a_decision_that_no_longer_fits_the_share_is_marked(moved: list[Plain], outdated: bool) -> None:  # noqa: FBT001 - a parameter of the test
    answer = shown(*LATE, decided("09-01 08:00", "d", *moved))
    assert answer.marks == {"d": ["decision-outdated"] if outdated else []}
    assert ("decision-outdated" in answer.anomalies) is outdated


def test_e5_only_a_decision_that_counts_is_marked() -> None:
    replaced = decided("09-01 08:00", "d", move(share_minutes=31))
    assert shown(*LATE, replaced, decided("09-02 08:00", "e", move(30))).marks == {"d": [], "e": []}


def test_e6_what_is_done_first_about_an_explanation_says_what_became_of_it() -> None:
    told, withdrawal = filed("08-20 08:00", "x"), withdrawn_explanation("08-25 08:00", "w", "x")
    assert shown(*LATE, told, withdrawal).states == {"x": "withdrawn"}
    earlier = decided("08-24 08:00", "d", move(1), of="x")
    assert shown(*LATE, told, withdrawal, earlier).states == {"x": "decided"}


@pytest.mark.parametrize(
    "about", [decided("09-01 08:00", "d", move(20), of="y"), withdrawn_explanation("09-01 08:00", "d", "y")]
)
def test_an_explanation_that_is_not_of_the_case_changes_nothing(about: Plain) -> None:
    answer = shown(*LATE, about)
    assert (answer.shares, answer.anomalies) == (answer.by_rule, ["correction-without-target"])


def test_h8_a_decision_can_be_annulled() -> None:
    decision = decided("09-01 08:00", "d", move(20))
    answer = shown(*LATE, decision, corrected("09-03 08:00", "d"))
    assert (answer.shares, answer.timeline.decisions, answer.anomalies) == (answer.by_rule, (), [])


def test_e1_decisions_count_whatever_their_time_but_for_whoever_states_as_of_when() -> None:
    decision = decided("09-01 08:00", "d", move(20))
    assert shown(*LATE, decision, as_of="08-20 08:00").shares["A"] == 10
    assert shown(*LATE, decision, as_of="08-20 08:00", explained_by="08-20 08:00").shares["A"] == 30
    assert shown(*LATE, decision, explained_by="09-01 08:00").shares["A"] == 10


_KINDS = st.sampled_from([TO_ORGANISATION, TO_OFFICE, {"kind": "applicant"}, {"kind": "suspension"}])
_MOVES = st.builds(
    move,
    st.integers(1, 60),
    _KINDS,
    st.sampled_from([FROM_ANH, FROM_BINH]),
    of=st.sampled_from(["share", "late-entry"]),
)
_EFFECTS = st.lists(_MOVES | st.sampled_from([IN_TIME, LATE_SYNC]), max_size=3)


@for_all(st.lists(_EFFECTS, max_size=4), st.randoms(use_true_random=False))
def test_the_laws_hold_for_persons_after_any_decisions(decisions: list[list[Plain]], order: random.Random) -> None:
    events = [decided(f"09-0{day} 08:00", f"d{day}", *effects) for day, effects in enumerate(decisions, start=1)]
    log = entries_of(*LATE, *events)
    answer = shown_log(log)
    timeline = answer.timeline
    assert sum(answer.shares.values()) == timeline.lateness_minutes
    assert sum(answer.late_entries.values()) == timeline.late_entry_minutes
    for row in timeline.attributions:
        if row.party.kind is PartyKind.OFFICER:
            assert row.minutes <= answer.by_rule[str(row.party.id)]
    order.shuffle(log)
    assert shown_log(log).timeline.attributions == timeline.attributions
    assert shown_log(log).timeline.decisions == timeline.decisions


def test_a_pause_and_a_decision_leave_the_holds_alone() -> None:
    paused = (LATE[0], supplement_requested("08-15 09:00"))
    assert shown(*paused, decided("09-01 08:00", "d", move(1))).timeline.holds == shown(*paused).timeline.holds
