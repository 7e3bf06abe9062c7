"""`GET /v1/explanations`: what stands, in what state, with the case and who may decide, as far as the caller sees it (rule E6)."""

import random
from typing import Any

from tests.domain.cases import ANH, COUNTER, OFFICE, Plain, completed, corrected, received
from tests.domain.decided_cases import LATE, decided, filed, move, withdrawn_explanation
from tests.keys import new_key
from tests.query.serving import Asked, client_of
from tests.query.test_decisions import texts
from tests.query.test_people_who_explain import ANH as ANH_HERSELF
from tests.query.test_people_who_explain import BINH, HEAD_OF_COUNTER, SignIn, person, signed_in  # noqa: F401 - a fixture

from tiendo_projector import rebuild
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.authentication.people import Role

TOLD: dict[str, list[Plain]] = {
    "pending": [filed("08-20 08:00", "x")],
    "decided": [filed("08-20 09:00", "x"), decided("09-01 08:00", "d", move(10), of="x")],
    "refused": [filed("08-20 10:00", "x", officer=BINH), decided("09-01 08:00", "d", of="x")],
    "withdrawn": [filed("08-20 11:00", "x"), withdrawn_explanation("08-21 08:00", "w", "x")],
    "withdrawn-after": [
        filed("08-20 12:00", "x"),
        decided("09-01 08:00", "d", of="x"),
        withdrawn_explanation("09-02 08:00", "w", "x"),
    ],
    "by-party": [filed("08-20 13:00", "x"), decided("09-01 08:00", "d", move(10), of="x", by=BINH)],
    "annulled-decision": [
        filed("08-20 14:00", "x"),
        decided("09-01 08:00", "d", move(10), of="x"),
        corrected("09-02 08:00", "annulled-decision-d", id="c"),
    ],
    "annulled": [filed("08-20 15:00", "x"), corrected("08-21 08:00", "annulled-x", id="c")],
    "of-a-unit": [filed("08-20 16:00", "x", officer=None, unit=OFFICE)],
    "replaced": [
        filed("08-20 17:00", "x"),
        decided("09-01 08:00", "d", move(10), of="x"),
        decided("09-02 08:00", "e", of="x"),
    ],
}
"""What is told of cases of which Ánh (counter) bears 30 minutes and Bình (office) 40, by the case."""

STATES = {
    "pending": {"pending", "by-party", "annulled-decision", "of-a-unit"},
    "decided": {"decided", "refused", "withdrawn-after", "replaced"},
    "withdrawn": {"withdrawn"},
}


def told_texts() -> list[str]:
    return [text for case, entries in TOLD.items() for text in texts(case, *LATE, *entries)]


def cases_of(items: list[Any]) -> list[str]:
    return [item["case_id"] for item in items]


async def listed(service: Asked, **asked: Any) -> list[str]:
    return cases_of(await service.all_items("/v1/explanations", **asked))


async def test_states_do_not_depend_on_the_order_of_arrival_and_a_rebuild_tells_the_same(service: Asked) -> None:
    sent = told_texts()
    random.Random(1).shuffle(sent)
    for text in sent[: len(sent) // 2]:
        await service.tell([text])
    await service.tell(sent[len(sent) // 2 :])
    for _ in range(2):
        for state, cases in STATES.items():
            found = await listed(service, state=state, limit=2)
            assert (set(found), len(found)) == (cases, len(cases))
        everything = await listed(service)
        assert everything == [case for case in TOLD if case != "annulled"]
        await rebuild(service.engine)
        await service.caught_up()


async def test_an_entry_says_what_is_borne_and_what_was_decided(service: Asked) -> None:
    await service.tell(told_texts())
    items = {item["case_id"]: item for item in await service.all_items("/v1/explanations")}
    moved = items["decided"]
    assert (moved["minutes"], moved["by_rule_minutes"], moved["state"]) == (20, 30, "decided")
    assert (moved["party"]["id"], moved["party"]["position"]) == (ANH["id"], ANH["position"])
    assert [one["id"] for one in moved["decisions"]] == ["decided-d"]
    assert moved["pending_days"] is None
    assert (items["by-party"]["decisions"][0]["marks"], items["by-party"]["minutes"]) == (["decided-by-party"], 30)
    assert items["pending"]["pending_days"] > 0
    assert [one["stands"] for one in items["replaced"]["decisions"]] == [False, True]
    assert items["replaced"]["minutes"] == 30
    assert (items["of-a-unit"]["party"]["kind"], items["of-a-unit"]["had_part"]) == ("unit", False)
    assert {item["may_decide"] for item in items.values()} == {False}


async def test_the_list_is_asked_by_unit_and_officer(service: Asked) -> None:
    await service.tell(told_texts())
    office = ["refused", "of-a-unit"]
    assert await listed(service, unit=OFFICE["id"]) == office
    assert await listed(service, unit=COUNTER["id"], state="pending") == ["pending", "by-party", "annulled-decision"]
    assert await listed(service, officer="B") == ["refused"]
    await service.get("/v1/explanations", status=404, unit="NEVER")
    await service.get("/v1/explanations", status=404, officer="NEVER")
    await service.get("/v1/explanations", status=400, state="open")
    first = await service.get("/v1/explanations", limit=1)
    await service.get("/v1/explanations", status=400, cursor=first["next"], state="pending")
    forged = cursors.written(Cursor(after=("yesterday", "c", 0), as_of="2022-09-01T00:00:00Z"), {})
    await service.get("/v1/explanations", status=400, cursor=forged)


async def test_a_bound_reader_has_the_explanations_of_their_own_people_and_of_cases_seen_whole(
    service: Asked,
    signed_in: SignIn,  # noqa: F811 - the fixture
) -> None:
    await service.tell(told_texts())

    async def seen_by(*units: str) -> set[str]:
        _, secret = await new_key(service.app.state.running, Scope.READ, bounds=Bounds(units=list(units)))
        async with client_of(service.port, secret) as client:
            return set(cases_of((await client.get("/v1/explanations")).json()["items"]))

    # The cases are the counter's; of the office they are seen in part.
    assert await seen_by(COUNTER["id"]) == set(TOLD) - {"annulled"}
    assert await seen_by(OFFICE["id"]) == {"refused", "of-a-unit"}
    assert await seen_by("ELSEWHERE") == set()
    herself = await signed_in(ANH_HERSELF)
    mine = (await herself.get("/v1/explanations")).json()["items"]
    assert set(cases_of(mine)) == set(TOLD) - {"annulled", "refused", "of-a-unit"}
    assert {row["officer"]["id"] for row in mine} == {"A"}
    stranger = await signed_in(person(Role.OFFICER, "U", officer="C", name="Lạ"))
    assert (await stranger.get("/v1/explanations")).json()["items"] == []


async def test_the_list_tells_a_head_what_they_may_decide(service: Asked, signed_in: SignIn) -> None:  # noqa: F811
    await service.tell(told_texts())
    head = await signed_in(HEAD_OF_COUNTER)
    found = {
        one["case_id"]: one for one in (await head.get("/v1/explanations", params={"state": "pending"})).json()["items"]
    }
    assert found["pending"]["may_decide"]
    assert (found["of-a-unit"]["may_decide"], found["of-a-unit"]["may_not_decide"]) == (False, "not-of-their-units")
    bearing = await signed_in(person(Role.OFFICE, "*", officer="B", name=BINH["name"]))
    answers = (await bearing.get("/v1/explanations")).json()["items"]
    assert {one["may_not_decide"] for one in answers} == {"bears-something"}


async def test_of_an_open_case_the_state_is_that_of_now(service: Asked) -> None:
    """Who decided bears nothing when the case is folded last, and a part of it now: the decision has no effect any more."""
    by_anh = {"id": "A", "name": ANH["name"]}
    early = [
        received("08-15 08:00", ANH, due_at="08-15 17:00"),
        filed("08-15 09:00", "x"),
        decided("08-15 10:00", "d", of="x", by=by_anh),
    ]
    await service.tell(texts("open", *early))
    assert await listed(service, state="pending") == ["open"]
    assert await listed(service, state="decided") == []
    await service.tell(texts("open", *early, completed("08-15 11:00", id="done"))[-1:])
    assert await listed(service, state="decided") == ["open"]
