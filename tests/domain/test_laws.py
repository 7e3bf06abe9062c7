"""The seven laws that an attribution obeys whatever the policy, and the invariance of rule T1, on the product."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.domain.generated import asked_cases
from tests.domain.made_rules import rules
from tests.domain.plans import CALENDAR, PARTIES, PAUSE, Plan, entries, event, plans, plans_with_absences
from tests.domain.product import answer, asked
from tests.domain.profile import bounded
from tests.domain.reference.counting import cut
from tests.domain.reference.parties import compared
from tests.domain.rules_for_tests import RULES

Plain = dict[str, Any]
Asked = tuple[list[Plain], Plain]

LATER = datetime(2022, 12, 31, tzinfo=UTC)
POLICIES = ("step-norm/1", "after-due/1")


def identity(party: Plain) -> tuple[Any, ...]:
    """What tells parties apart (rule H3): ids, without them names, and the unit of an officer without id."""
    kind, unit = party["kind"], party["unit"] or {}
    if kind == "unknown" or party["id"]:
        return (kind, party["id"])
    of_unit = unit.get("id") or compared(unit.get("name") or "") if kind == "officer" else None
    return (kind, None, compared(party["name"] or ""), of_unit)


def shares(timeline: Plain) -> dict[tuple[Any, ...], int]:
    """Minutes by party."""
    return {identity(share["party"]): share["minutes"] for share in timeline["attributions"]}


def overruns(timeline: Plain) -> Counter[tuple[Any, ...]]:
    """Each party's own overrun, as its policy counts it (rules A3, A4)."""
    found: Counter[tuple[Any, ...]] = Counter()
    for hold in timeline["holds"]:
        own = hold["overrun_minutes"] or 0
        if timeline["policy"] == "after-due/1" and hold["lateness_out_minutes"] is not None:
            own = hold["lateness_out_minutes"] - hold["lateness_in_minutes"]
        found[identity(hold["party"])] += 0 if hold["paused"] else own
    return found


def told(plan: Plan, policy: str | None = None) -> Plain:
    """The product's answer to a finished plan."""
    return answer(plan.log(), plan.rules(), as_of=LATER, policy=policy)


@bounded(90)
@given(rules(), asked_cases())
def test_law_1_the_shares_sum_to_the_lateness(made: Plain, case: Asked) -> None:
    log, question = case
    timeline = answer(log, made, **question)
    assert sum(shares(timeline).values()) == (timeline["lateness_minutes"] or 0)


@bounded(90)
@given(rules(), asked_cases())
def test_laws_2_and_3_no_share_without_overrun_and_none_above_it(made: Plain, case: Asked) -> None:
    log, question = case
    timeline = answer(log, made, **question)
    own = overruns(timeline)
    for party, minutes in shares(timeline).items():
        assert minutes > 0
        if party[0] != "organisation":
            assert minutes <= min(own[party], timeline["lateness_minutes"])


@bounded(72)
@given(plans(), st.permutations(["A", "B", "C"]))
def test_law_4_equal_conduct_bears_an_equal_share_whoever_it_is(plan: Plan, names: list[str]) -> None:
    renamed = dict(zip("ABC", names, strict=True))
    other = replace(plan, parts=tuple(replace(part, who=renamed.get(part.who, part.who)) for part in plan.parts))
    before, after = shares(told(plan)), shares(told(other))
    assert {(kind, *(renamed.get(rest, rest) for rest in more)): m for (kind, *more), m in before.items()} == after


@bounded(72)
@given(plans())
def test_law_4_equal_overruns_bear_equal_shares(plan: Plan) -> None:
    timeline = told(plan, "step-norm/1")
    assume(timeline["policy"] == "step-norm/1")
    # A restart ends the accounts: what was overrun before it takes no part.
    assume(plan.procedure == "1.001")
    own, shared = overruns(timeline), shares(timeline)
    by_overrun: dict[int, set[int]] = {}
    for party, overrun in own.items():
        by_overrun.setdefault(overrun, set()).add(shared.get(party, 0))
    assert all(len(minutes) == 1 for minutes in by_overrun.values())


@bounded(72)
@given(rules(), asked_cases(), st.randoms(use_true_random=False))
def test_law_5_order_of_delivery_changes_no_byte(made: Plain, case: Asked, random: Any) -> None:
    log, question = case
    question["known_at"] = None
    delivered_at = [(entry["position"], entry["ingested_at"]) for entry in log]
    random.shuffle(delivered_at)
    arrival = datetime(2023, 6, 1, tzinfo=UTC)
    together = [entry | {"ingested_at": arrival} for entry in log]
    shuffled = [entry | {"position": position} for entry, (position, _) in zip(together, delivered_at, strict=True)]
    random.shuffle(shuffled)
    assert repr(asked(together, made, **question)) == repr(asked(shuffled, made, **question))


@bounded(72)
@given(plans(), st.data())
def test_law_5_an_irrelevant_event_in_a_hold_changes_nothing(plan: Plan, data: st.DataObject) -> None:
    log = plan.log()
    offsets = [sum(part.minutes for part in plan.parts[: number + 1]) for number in range(len(plan.parts))]
    index = data.draw(st.sampled_from([n for n, part in enumerate(plan.parts) if part.who in PARTIES]))
    part = plan.parts[index]
    offset = data.draw(st.integers(offsets[index] - part.minutes, offsets[index]))
    assume(offset not in {offsets[index] - part.minutes, offsets[index]})
    again: Plain = {"holder": PARTIES[part.who]}
    irrelevant = data.draw(
        st.sampled_from(
            [
                event("assigned", offset, 90, again),
                event("sent-back", offset, 90, again | {"step": {"id": part.step}}),
                event("deadline-restated", offset, 90, {"due_at": log[0]["event"]["data"]["due_at"]}),
                event("consultation-answered", offset, 90, {}),
                event("submitted", offset, 90, {}),
            ]
        )
    )
    before = told(plan)
    after = answer(entries([*(entry["event"] for entry in log), irrelevant]), RULES, as_of=LATER)
    for name in ("holds", "lateness_minutes", "judged_due_at", "class", "policy"):
        assert before[name] == after[name]
    assert shares(before) == shares(after)


@bounded(72)
@given(plans())
def test_law_6_every_minute_is_on_the_account_of_who_held_it(plan: Plan) -> None:
    timeline = told(plan)
    planned: Counter[str] = Counter()
    for part in plan.parts:
        planned[{PAUSE: "suspension"}.get(part.who, part.who)] += part.minutes
    held: Counter[str] = Counter()
    for hold in timeline["holds"]:
        held[hold["party"]["id"] or hold["party"]["kind"]] += hold["working_minutes"]
    assert +planned == +held
    assert "suspension" not in {share["party"]["kind"] for share in timeline["attributions"]}


@bounded(60)
@given(rules(), asked_cases())
def test_a2_held_minutes_are_all_the_working_minutes_and_nobody_s_are_the_others(made: Plain, case: Asked) -> None:
    log, question = case
    for entry in log:
        entry["event"]["data"].pop("procedure", None)
        entry["event"]["data"] |= {"unit": {"id": "U-1"}} if entry["event"]["type"].endswith(".received.v1") else {}
    timeline = answer(log, made, **question)
    holds = timeline["holds"]
    assume(holds and timeline["calendar_version"] == "vn/1")
    start, end = holds[0]["started_at"], holds[-1]["ended_at"] or question["as_of"]
    assert sum(hold["working_minutes"] for hold in holds) == CALENDAR.count(cut(start), cut(end))
    for hold, following in pairwise(holds):
        assert hold["ended_at"] == following["started_at"]


@bounded(72)
@given(plans_with_absences())
def test_h10_an_absence_takes_minutes_of_the_officer_to_the_unit_and_of_nobody_else(plan: Plan) -> None:
    present, away = answer(plan.log(), RULES, as_of=LATER), told(plan)
    for name in ("lateness_minutes", "judged_due_at", "class", "overdue"):
        assert present[name] == away[name]
    held: Counter[tuple[Any, ...]] = Counter()
    for hold, sign in [*((hold, -1) for hold in present["holds"]), *((hold, 1) for hold in away["holds"])]:
        held[identity(hold["party"])] += sign * hold["working_minutes"]
    absent = sum(hold["working_minutes"] for hold in away["holds"] if hold["absent"])
    assert absent == sum(part.minutes for part in plan.parts if part.away)
    assert sum(minutes for (kind, *_), minutes in held.items() if kind == "officer") == -absent
    assert all(minutes >= 0 for (kind, *_), minutes in held.items() if kind != "officer")


@bounded(72)
@given(rules(), asked_cases())
def test_h11_renaming_an_officer_by_a_joined_id_changes_no_minute(made: Plain, case: Asked) -> None:
    log, question = case
    joined = made | {"officers": [{"id": "A2", "same_as": "A"}, {"id": "A3", "same_as": "A"}]}
    before = answer(log, joined, **question)
    for entry in log:
        for member in ("holder", "actor"):
            person = entry["event"]["data"].get(member)
            if person and person.get("id") == "A":
                entry["event"]["data"][member] = person | {"id": "A3"}
    assert answer(log, joined, **question) == before


@bounded(60)
@given(asked_cases())
def test_a6_what_one_hold_hands_on_the_next_one_gets(case: Asked) -> None:
    log, question = case
    timeline = answer(log, RULES, **question)
    procedure = (timeline["procedure"] or "").partition(".000.")[0]  # with or without its local suffix
    restarted = any(rule["pause"] == "restart" for rule in RULES["procedures"] if rule["id"] == procedure)
    assume(not restarted)
    holds = timeline["holds"]
    for hold, following in pairwise(holds):
        assert hold["lateness_out_minutes"] == following["lateness_in_minutes"]


@pytest.mark.parametrize("policy", POLICIES)
@bounded(180)
@given(plans() | plans_with_absences(), st.data())
def test_law_7_when_one_hold_is_shorter_its_share_does_not_rise_and_no_other_does(
    policy: str, plan: Plan, data: st.DataObject
) -> None:
    longer = [n for n, part in enumerate(plan.parts) if part.who != PAUSE and part.minutes]
    assume(longer)
    index = data.draw(st.sampled_from(longer))
    part = plan.parts[index]
    shorter = plan.with_part(index, replace(part, minutes=data.draw(st.integers(0, part.minutes - 1))))
    before, after = told(plan, policy), told(shorter, policy)
    # All else equal (rule A8): also the due, which a pause may move only in one of the two, and the policy.
    assume(before["judged_due_at"] == after["judged_due_at"] and before["policy"] == after["policy"])
    rose = {
        party: minutes
        for party, minutes in shares(after).items()
        if minutes > shares(before).get(party, 0) and party[0] != "organisation"
    }
    assert not rose
