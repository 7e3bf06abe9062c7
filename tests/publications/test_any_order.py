"""Steps in any order with any facts between them: what a model of the workflow expects comes back, and what was frozen or published never changes."""

import json
import os
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import pytest
from tests.domain.decided_cases import LATE, TO_OFFICE, decided, filed, move, withdrawn_explanation
from tests.publications.publishing import APPROVAL, CORRECTION, Desk, about
from tests.query.test_decisions import texts

from tiendo_domain.monthly_list.workflow import ListState

SEEDS: Final = range(int(os.environ.get("TIENDO_TEST_ORDERS", "1")))
STEPS: Final = 30
BODIES: Final = {
    "open": {},
    "approve": APPROVAL,
    "publish": {},
    "correct": CORRECTION,
    "withdraw": {"reason": "Sai kỳ"},
}
LEADS_ON: Final = {
    ("open", ListState.DRAFT): ListState.OPEN,
    ("approve", ListState.OPEN): ListState.APPROVED,
    ("publish", ListState.APPROVED): ListState.PUBLISHED,
    ("correct", ListState.PUBLISHED): ListState.PUBLISHED,
    **{("withdraw", state): ListState.WITHDRAWN for state in ListState if state is not ListState.WITHDRAWN},
}


@dataclass
class Model:
    """What the workflow should have come to; `published`: the numbers of versions that everybody reads, with what they said first."""

    state: ListState = ListState.WITHDRAWN
    publication: str | None = None
    version: int = 0
    cases: int = 0
    explained: list[int] = field(default_factory=list)
    published: dict[str, Any] = field(default_factory=dict)


@pytest.mark.parametrize("seed", SEEDS)
async def test_steps_in_any_order_with_any_facts_between_them(desk: Desk, seed: int) -> None:
    chance, model = Random(seed), Model()
    await _tell(desk, model, chance, "case")
    for _ in range(STEPS):
        if chance.random() < 0.5:
            await _tell(desk, model, chance, chance.choice(["case", "filed", "decided", "withdrawn", "gone"]))
        else:
            await _step(desk, model, chance.choice(["draft", "draft", *BODIES, *BODIES]))
        await _published_stays(desk, model)


async def _step(desk: Desk, model: Model, kind: str) -> None:
    if kind == "draft":
        if model.state is not ListState.WITHDRAWN:
            await desk.draft("T", status=409)
            return
        made = await desk.draft("T")
        model.version += 1
        model.state, model.publication = ListState.DRAFT, made["id"]
        assert (made["version"], made["state"]) == (model.version, "draft")
        return
    if model.publication is None:
        return
    after = LEADS_ON.get((kind, model.state))
    before = await desk.get(f"/v1/publications/{model.publication}")
    answer = await desk.step(model.publication, kind, BODIES[kind], status=409 if after is None else 200)
    if after is None:
        assert answer["type"] == "/problems/publication-step-refused"
        return
    model.state = after
    model.version += kind == "correct"
    assert (answer["version"], answer["state"]) == (model.version, after.value)
    if kind == "approve":
        assert _by_rule(answer) == _by_rule(before)
        assert [answer["known_at"], answer["draft_digest"]] == [before["known_at"], before["digest"]]
    if kind in {"publish", "correct"}:
        number = f"CK-T-2022-08/{model.version}"
        model.published[number] = (await desk.client.get(f"/cong-khai/{number}.json")).json()["list"]
        _nobody_withheld_is_named(answer, model.published[number])
    if kind == "withdraw":
        for number in model.published:
            assert (await desk.client.get(f"/cong-khai/{number}")).status_code == 410
        model.published.clear()


def _by_rule(answer: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {
        row["officer"]["key"]: (row["attributed_by_rule_minutes"], row["late_cases_by_rule"])
        for row in answer["officers"]
    }


def _nobody_withheld_is_named(answer: dict[str, Any], shown: dict[str, Any]) -> None:
    named = {row["officer"]["name"] for row in answer["officers"] if row["withheld"] is None}
    assert {row["name"] for row in shown["officers"]} == named
    for unit in shown["units"]:
        rows = [row for row in shown["officers"] if row["unit_number"] == unit["number"]]
        assert unit["attributed_minutes"] == sum(row["attributed_minutes"] for row in rows)


async def _published_stays(desk: Desk, model: Model) -> None:
    for number, said in model.published.items():
        assert (await desk.client.get(f"/cong-khai/{number}.json")).json()["list"] == said, number


async def _tell(desk: Desk, model: Model, chance: Random, what: str) -> None:
    """Some fact about a case; the times are stated as the case's, whatever stands of the list."""
    number = chance.randrange(model.cases) if model.cases else 0
    case, unique = f"k{number}", f"{what}{chance.randrange(10**9)}"
    match what:
        case "case":
            case, model.cases = f"k{model.cases}", model.cases + 1
            told = texts(case, *LATE)
        case "filed":
            model.explained.append(number)
            told = texts(case, filed("08-20 08:00", unique, officer={"id": chance.choice("AB")}))
        case "decided":
            told = texts(case, decided("09-05 08:00", unique, move(chance.randint(1, 40), TO_OFFICE)))
        case "withdrawn":
            told = texts(case, withdrawn_explanation("09-01 08:00", unique, "nobody-knows-it"))
        case _:
            told = [_annulled(case, unique)]
    await desk.service.tell(told)


def _annulled(case: str, event_id: str) -> str:
    """The finish of the case never happened."""
    [end] = [event for event in map(json.loads, texts(case, *LATE)) if event["type"].endswith(".completed.v1")]
    annuls = {"source": end["source"], "id": end["id"]}
    return about(case, event_id, "corrected", {"annuls": annuls, "reason": "Sai"})
