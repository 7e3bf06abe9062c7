"""Explanations and decisions in answers: what was by rule and what is after decisions, side by side (section E)."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from tests.domain.cases import Plain, completed
from tests.domain.decided_cases import (
    FROM_BINH,
    LATE,
    PROOF,
    TO_OFFICE,
    decided,
    entries_of,
    filed,
    move,
    withdrawn_explanation,
)
from tests.query.serving import Asked

IN_TIME = {"kind": "late-entry", "evidence": PROOF, "finished_at": "2022-08-15T09:55:00+07:00"}
MONTH = {"from_": "2022-08-01", "to": "2022-08-31"}


def texts(case_id: str, *events: Plain) -> list[str]:
    """The events of a case as they are sent; what an explanation is called goes by its case."""
    sent = []
    for entry in entries_of(*events):
        event = entry["event"] | {"id": f"{case_id}-{entry['event']['id']}", "subject": case_id}
        said = json.dumps(event).replace('"id": "x"', f'"id": "{case_id}-x"')
        sent.append(said)
    return sent


async def totals_of(service: Asked, officer: str) -> dict[str, Any]:
    answer = await service.get(f"/v1/officers/{officer}/timeline", **MONTH)
    found: dict[str, Any] = answer["totals"]
    return found


async def test_shares_before_and_after_a_decision_stand_side_by_side(service: Asked) -> None:
    await service.tell(texts("moved", *LATE, filed("08-20 08:00", "x")))
    before = {officer: await totals_of(service, officer) for officer in "AB"}
    assert (before["A"]["attributed_minutes"], before["B"]["attributed_minutes"]) == (30, 40)

    await service.tell(texts("moved", decided("09-05 08:00", "d", move(30, TO_OFFICE), of="x")))
    after = {officer: await totals_of(service, officer) for officer in "AB"}
    assert after["B"] == before["B"]
    assert (after["A"]["attributed_minutes"], after["A"]["attributed_by_rule_minutes"]) == (0, 30)
    assert (after["A"]["late_cases"], after["A"]["late_cases_by_rule"]) == (0, 1)
    ranked = {one["officer"]["id"]: one for one in (await service.get("/v1/officers", **MONTH))["items"]}
    assert {name: ranked["A"][name] for name in after["A"]} == after["A"]

    timeline = await service.get("/v1/cases/moved/timeline")
    [explanation], [decision] = timeline["explanations"], timeline["decisions"]
    assert (explanation["state"], explanation["officer"]["id"], explanation["reason"]) == ("decided", "A", "overload")
    assert (decision["stands"], decision["marks"], decision["decided_by"]["name"]) == (True, [], "Phạm Văn Đức")
    assert decision["effects"][0]["from"] == {"kind": "officer", "id": "A", "name": None, "unit": None}
    rows = {row["party"]["id"]: row for row in timeline["attributions"]}
    assert {key: row["minutes"] for key, row in rows.items()} == {"B": 40, "VP": 30}
    assert (rows["VP"]["rule"], rows["VP"]["event_ids"], rows["VP"]["received_by_decision_minutes"]) == (
        "E4",
        ["moved-d"],
        30,
    )
    assert {row["party"]["id"]: row["minutes"] for row in timeline["attributions_by_rule"]} == {"B": 40, "A": 30}

    office, counter = [await service.get(f"/v1/units/{unit}", **MONTH) for unit in ("VP", "MC")]
    for of_unit in (office, office["own"]):
        assert (of_unit["attributed_minutes"], of_unit["attributed_by_rule_minutes"]) == (70, 40)
        assert of_unit["received_by_decision_minutes"] == 30
    for of_unit in (counter, counter["own"]):
        assert (of_unit["attributed_minutes"], of_unit["attributed_by_rule_minutes"]) == (0, 30)
        assert of_unit["received_by_decision_minutes"] == 0

    delays = (await service.get("/v1/delays", **MONTH))["items"]
    borne = {row["officer_id"] or row["unit"]["id"]: row for row in delays if row["case_id"] == "moved"}
    assert {key: (row["minutes"], row["by_rule_minutes"]) for key, row in borne.items()} == {
        "B": (40, 40),
        "VP": (30, 0),
        "A": (0, 30),
    }


async def test_a_row_that_a_decision_emptied_names_it(service: Asked) -> None:
    await service.tell(texts("moved", *LATE, decided("09-05 08:00", "d", move(30, TO_OFFICE))))
    await service.tell(texts("entered", *LATE, decided("09-05 08:00", "d", IN_TIME)))
    emptied = {
        (row["case_id"], row["officer_id"]): (row["rule"], row["event_ids"][-1])
        for row in (await service.get("/v1/delays", **MONTH))["items"]
        if row["by_rule_minutes"] and not row["minutes"]
    }
    assert emptied == {
        (case, officer): ("step-norm/1 (A1, A2, A3, E4)", f"{case}-d")
        for case, officer in (("moved", "A"), ("entered", "A"), ("entered", "B"))
    }


async def test_a_late_entry_by_decision_counts_for_all_who_held_in_its_minutes(service: Asked) -> None:
    await service.tell(texts("entered", *LATE))
    before = {officer: await totals_of(service, officer) for officer in "AB"}
    moved = move(40, source=FROM_BINH, of="late-entry")
    await service.tell(texts("entered", decided("09-05 08:00", "d", IN_TIME, moved)))
    after = {officer: await totals_of(service, officer) for officer in "AB"}
    assert after["B"]["attributed_minutes"] == before["B"]["attributed_minutes"] - 40
    assert after["A"]["attributed_minutes"] == before["A"]["attributed_minutes"] - 30
    assert after["B"]["late_entry_minutes"] == before["B"]["late_entry_minutes"] + 60
    assert after["B"]["late_entry_by_rule_minutes"] == before["B"]["late_entry_by_rule_minutes"]
    case = await service.get("/v1/cases/entered")
    assert (case["class"], case["accepted"], case["lateness_minutes"], case["late_entry_minutes"]) == (
        "late-entry",
        True,
        0,
        100,
    )
    assert case["counts_as_overdue"]


async def test_whoever_states_as_of_when_sees_what_was_decided_by_then(service: Asked) -> None:
    await service.tell(texts("dated", *LATE, filed("08-20 08:00", "x"), withdrawn_explanation("08-25 08:00", "w", "x")))
    await service.tell(texts("dated", decided("09-05 08:00", "d", move(30))))
    path = f"/v1/cases/{quote('dated')}/timeline"
    then = await service.get(path, as_of="2022-08-22T08:00:00+07:00")
    assert (then["explanations"][0]["state"], then["decisions"]) == ("pending", [])
    assert {row["party"]["id"] for row in then["attributions"]} == {"A", "B"}
    now = await service.get(path)
    assert (now["explanations"][0]["state"], len(now["decisions"])) == ("withdrawn", 1)
    assert {row["party"]["id"] for row in now["attributions"]} == {None, "B"}


@pytest.mark.parametrize("basis", ["occurred", "recorded"])
@pytest.mark.parametrize("policy", ["step-norm/1", "after-due/1"])
async def test_a_decided_case_adds_up_under_every_basis_and_policy(service: Asked, basis: str, policy: str) -> None:
    await service.tell(texts("every", *LATE, decided("09-05 08:00", "d", move(5, TO_OFFICE))))
    timeline = await service.get("/v1/cases/every/timeline", basis=basis, policy=policy)
    assert sum(row["minutes"] for row in timeline["attributions"]) == timeline["lateness_minutes"]
    assert timeline["lateness_minutes"] == timeline["lateness_by_rule_minutes"]


async def test_what_may_be_entered_late_only_is_a_work_list_until_it_is_decided(service: Asked) -> None:
    in_time = [LATE[0], LATE[1], completed("08-15 09:50", recorded="08-15 13:40")]
    evidence = {"document_number": "77/KQ", "signed_at": "08-15 09:40"}
    proven = [LATE[0], LATE[1], completed("08-15 09:50", recorded="08-15 13:40", evidence=evidence)]
    signed_before = [LATE[0], LATE[1], completed("08-15 11:10", recorded="08-15 13:40", evidence=evidence)]
    accepted = decided("09-05 08:00", "d", {"kind": "late-entry", "evidence": PROOF})
    told = {
        "unproven": in_time,
        "proven": proven,
        "signed-before": signed_before,
        "late": LATE,
        "accepted": [*in_time, accepted],
    }
    await service.tell(text for case, entries in told.items() for text in texts(case, *entries))
    found = await service.all_items("/v1/cases", late_entry_candidate="true", limit=2, **MONTH)
    assert [case["case_id"] for case in found] == ["proven", "signed-before", "unproven"]
    assert await service.all_items("/v1/cases", late_entry_candidate="true", unit="MC", **MONTH) == found
    assert await service.all_items("/v1/cases", late_entry_candidate="true", from_="2022-09-01", to="2022-09-30") == []
    await service.get("/v1/cases", status=400, late_entry_candidate="false")
