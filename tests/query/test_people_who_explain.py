"""People explain and decide by their session, within their role and units; what is taken says who entered it (CONTRACT, explanations)."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from tests.contracts.events import text_of
from tests.domain.cases import COUNTER, OFFICE, SOURCE, Plain
from tests.domain.decided_cases import FROM_BINH, HEAD, LATE, PROOF, decided, filed, move, withdrawn_explanation
from tests.keys import new_key
from tests.query.serving import Asked
from tests.query.test_decisions import texts
from tests.waiting import until

from tiendo_runtime.authentication import Bounds, Scope
from tiendo_runtime.authentication.people import Role, SignedInPerson
from tiendo_runtime.web.sign_in.session_cookies import COOKIE

EVENT, BATCH, STREAM = (
    {"Content-Type": f"application/{kind}"} for kind in ("cloudevents+json", "cloudevents-batch+json", "x-ndjson")
)
IN_TIME = {"kind": "late-entry", "evidence": PROOF, "finished_at": "2022-08-15T09:55:00+07:00"}
BINH = {"id": "B", "name": "Trần Văn Bình"}


def person(role: Role, *units: str, officer: str | None = None, name: str = HEAD["name"]) -> SignedInPerson:
    everything = None if "*" in units else frozenset(units)
    return SignedInPerson(subject=name, name=name, roles=frozenset({role}), units=everything, officer_id=officer)


ANH = person(Role.OFFICER, COUNTER["id"], officer="A", name="Nguyễn Thị Ánh")
HEAD_OF_OFFICE = person(Role.UNIT_MANAGER, OFFICE["id"], officer="TP")
HEAD_OF_COUNTER = person(Role.UNIT_MANAGER, COUNTER["id"])
PROVINCE = person(Role.OFFICE, "*")


SignIn = Callable[[SignedInPerson], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def signed_in(service: Asked) -> AsyncIterator[SignIn]:
    async with AsyncExitStack() as opened:

        async def browser(who: SignedInPerson) -> httpx.AsyncClient:
            cookie = await service.app.state.running.sessions.begin(who)
            client = httpx.AsyncClient(
                base_url=service.client.base_url, headers={"Cookie": f"{COOKIE}={cookie}"}, timeout=60
            )
            return await opened.enter_async_context(client)

        yield browser


async def post(client: httpx.AsyncClient, *entries: Plain | str, case: str = "late", **more: str) -> httpx.Response:
    """The answer to one event, or to a batch of several."""
    sent = [each if isinstance(each, str) else texts(case, each)[0] for each in entries]
    body, kind = (sent[0], EVENT) if len(sent) == 1 else (f"[{','.join(sent)}]", BATCH)
    return await client.post("/v1/events", content=body, headers={**kind, **more})


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    told = answer.json()
    return answer.status_code, told["type"].rpartition("/")[2], told.get("field")


async def test_people_explain_and_decide_by_their_session(service: Asked, signed_in: SignIn) -> None:
    await service.tell(texts("late", *LATE))
    anh, head = await signed_in(ANH), await signed_in(HEAD_OF_OFFICE)
    province, counter = await signed_in(PROVINCE), await signed_in(HEAD_OF_COUNTER)

    assert (await post(anh, filed("08-20 08:00", "x"))).json()["status"] == "accepted"
    assert (await post(anh, filed("08-20 08:00", "x"))).json()["status"] == "duplicate"
    assert refusal(await post(anh, filed("08-20 08:00", "y", officer=BINH))) == (403, "not-entitled", "data.officer")
    assert refusal(await post(anh, decided("09-01 08:00", "d", move(5)))) == (403, "not-entitled", "type")
    assert refusal(await post(anh, LATE[0])) == (403, "not-entitled", "type")
    assert refusal(await post(head, filed("08-20 08:00", "y", officer=BINH))) == (403, "not-entitled", "type")
    assert refusal(await post(head, decided("09-01 08:00", "d", move(5), of="x"))) == (403, "not-entitled", None)
    other = decided("09-01 08:00", "d", move(5, source=FROM_BINH), by=BINH)
    assert refusal(await post(head, other)) == (403, "not-entitled", "data.decided_by")

    assert (await post(head, decided("09-01 08:00", "for-b", move(5, source=FROM_BINH)))).status_code == 200
    decision = decided("09-01 09:00", "for-a", move(10), of="x", by={"name": HEAD["name"]})
    assert (await post(counter, decision)).status_code == 200
    assert (await post(province, decided("09-01 10:00", "of-all", IN_TIME))).status_code == 200
    await service.caught_up()
    timeline = await service.get("/v1/cases/late/timeline")
    assert [(one["id"], one["state"], one["entered_by"]) for one in timeline["explanations"]] == [
        ("late-x", "decided", "person:Nguyễn Thị Ánh")
    ]
    # The head of the office states who they are, or it is filled in.
    assert [(one["id"], one["decided_by"]["id"]) for one in timeline["decisions"]] == [
        ("late-for-b", "TP"),
        ("late-for-a", None),
        ("late-of-all", "TP"),
    ]
    assert timeline["class"] == "late-entry"


async def test_who_decides_is_named_by_the_id_of_their_account(service: Asked, signed_in: SignIn) -> None:
    await service.tell(texts("late", *LATE))
    head = await signed_in(HEAD_OF_OFFICE)
    decision = decided("09-01 08:00", "d", move(5, source=FROM_BINH), by={"name": HEAD["name"]})
    assert (await post(head, decision)).json()["status"] == "accepted"
    assert (await post(head, decision)).json()["status"] == "duplicate"
    await service.caught_up()
    [told] = (await service.get("/v1/cases/late/timeline"))["decisions"]
    assert (told["decided_by"]["id"], told["entered_by"]) == ("TP", f"person:{HEAD['name']}")


async def test_whoever_bears_something_does_not_decide_but_a_key_is_marked(service: Asked, signed_in: SignIn) -> None:
    await service.tell(texts("late", *LATE))
    entry = decided("09-01 08:00", "d", move(5), by=BINH)
    for units in ((OFFICE["id"],), (OFFICE["id"], COUNTER["id"]), ("*",)):
        bearing = await signed_in(person(Role.UNIT_MANAGER, *units, officer="B", name=BINH["name"]))
        assert refusal(await post(bearing, entry)) == (403, "not-entitled", None)
    key_id, secret = await new_key(service.app.state.running, Scope.DECIDE)
    by_key = await post(service.client, entry, Authorization=f"Bearer {secret}")
    assert by_key.status_code == 200
    await service.caught_up()
    [told] = (await service.get("/v1/cases/late/timeline"))["decisions"]
    assert (told["marks"], told["stands"], told["entered_by"]) == (["decided-by-party"], False, key_id)


async def test_a_batch_of_a_person_is_judged_one_by_one_and_in_its_order(service: Asked, signed_in: SignIn) -> None:
    await service.tell(texts("late", *LATE))
    anh = await signed_in(ANH)
    withdrawal = withdrawn_explanation("08-21 08:00", "w", "x")
    answer = await post(anh, filed("08-20 08:00", "x"), filed("08-20 09:00", "y", officer=BINH), withdrawal)
    assert answer.status_code == 207
    assert [one["status"] for one in answer.json()["events"]] == ["accepted", "rejected", "accepted"]
    stream = "\n".join(
        [texts("late", filed("08-20 08:00", "z"))[0], texts("late", filed("08-20 08:00", "n", officer=BINH))[0]]
    )
    streamed = await anh.post("/v1/events", content=stream, headers=STREAM)
    assert [one["status"] for one in streamed.json()["events"]] == ["accepted", "rejected"]
    refused = (await anh.get("/v1/rejections")).json()["rejections"]
    assert [one["raw"] is not None for one in refused] == [True, True]
    mended = texts("late", filed("08-20 09:00", "y"))[0]
    again = await anh.post(f"/v1/rejections/{refused[0]['id']}/resubmit", content=mended, headers=EVENT)
    assert again.json()["status"] == "accepted"


def correction(event_id: str, of: str) -> str:
    annuls = {"source": SOURCE, "id": of}
    return text_of(
        json.loads(texts("late", LATE[0])[0])
        | {
            "id": event_id,
            "type": "vn.tiendo.case.corrected.v1",
            "data": {"annuls": annuls, "reason": "nhầm"},
        }
    )


async def test_people_take_back_only_what_they_could_have_said(service: Asked, signed_in: SignIn) -> None:
    await service.tell(texts("late", *LATE))
    anh, head = await signed_in(ANH), await signed_in(HEAD_OF_OFFICE)
    await service.tell(texts("late", filed("08-20 08:00", "x"), filed("08-20 09:00", "b", officer=BINH)))
    await service.tell(
        texts("late", decided("09-01 08:00", "d", move(5, source=FROM_BINH)), decided("09-01 08:00", "e", move(5)))
    )
    foreign = (403, "not-entitled", "data.annuls")
    for who, of in (
        (anh, "late-b"),
        (anh, "late-d"),
        (anh, "late-e1"),
        (anh, "nothing"),
        (head, "late-e"),
        (head, "late-x"),
    ):
        assert refusal(await post(who, correction(f"c-{of}", of))) == foreign
    assert (await post(anh, correction("c-x", "late-x"))).status_code == 200
    assert (await post(head, correction("c-d", "late-d"))).status_code == 200
    # Who gives it back needs the same.
    assert refusal(await post(anh, correction("cc-d", "c-d"))) == foreign
    assert (await post(head, correction("cc-d", "c-d"))).status_code == 200
    await service.caught_up()
    timeline = await service.get("/v1/cases/late/timeline")
    assert [one["id"] for one in timeline["explanations"]] == ["late-b"]
    assert [one["id"] for one in timeline["decisions"]] == ["late-d", "late-e"]


async def test_neither_another_site_nor_a_key_in_a_session_nor_a_visitor_sends_events(
    service: Asked, signed_in: SignIn
) -> None:
    await service.tell(texts("late", *LATE))
    anh = await signed_in(ANH)
    assert refusal(await post(anh, filed("08-20 08:00", "x"), Origin="https://elsewhere.example"))[:2] == (
        403,
        "other-origin",
    )
    other = {"Sec-Fetch-Site": "cross-site"}
    assert refusal(await post(anh, filed("08-20 08:00", "x"), **other))[:2] == (403, "other-origin")
    own = {"Sec-Fetch-Site": "same-origin"}
    assert (await post(anh, filed("08-20 08:00", "x"), **own)).status_code == 200
    _, secret = await new_key(service.app.state.running, Scope.EXPLAIN, Scope.READ)
    async with httpx.AsyncClient(base_url=str(service.client.base_url), timeout=60) as browser:
        assert (await post(browser, filed("08-20 08:00", "y"))).status_code == 401
        assert (await browser.post("/sign-in", data={"key": secret})).status_code == 303
        assert refusal(await post(browser, filed("08-20 08:00", "y")))[:2] == (403, "scope-missing")
    for role in (Role.AUDITOR, Role.OPERATOR, Role.PUBLISHER):
        looking = await signed_in(person(role, "*"))
        assert refusal(await post(looking, filed("08-20 08:00", "y")))[:2] == (403, "scope-missing")


@pytest.mark.parametrize(
    ("scope", "entry"),
    [(Scope.EXPLAIN, filed("08-20 08:00", "x")), (Scope.DECIDE, decided("09-01 08:00", "d", move(5)))],
)
async def test_a_key_that_explains_or_decides_is_bound_to_units_as_reading_is(
    service: Asked, scope: Scope, entry: Plain
) -> None:
    await service.tell(texts("late", *LATE))

    async def asked(units: list[str] | None, case: str = "late") -> int:
        _, secret = await new_key(service.app.state.running, scope, bounds=Bounds(units=units))
        return (await post(service.client, entry, case=case, Authorization=f"Bearer {secret}")).status_code

    assert await asked([OFFICE["id"]]) == 403
    assert await asked([]) == 403
    assert await asked([COUNTER["id"]], case="unknown") == 403
    assert await asked([COUNTER["id"]]) == 200
    assert await asked(None, case="unknown") == 200


async def test_what_is_not_seen_is_refused_as_what_is_not_there(service: Asked, signed_in: SignIn) -> None:
    await service.tell(texts("late", *LATE))
    await service.tell(texts("late", filed("08-20 08:00", "x")))
    stranger = await signed_in(person(Role.OFFICER, "U", officer="STRANGER", name="Lạ"))
    head = await signed_in(person(Role.UNIT_MANAGER, "ELSEWHERE"))

    async def told(who: httpx.AsyncClient, entry: Plain, case: str) -> Mapping[str, Any]:
        answer = (await post(who, entry, case=case)).json()
        return {name: value for name, value in answer.items() if name != "rejection"}

    own = {"officer": {"id": "STRANGER"}}
    for who, entry in ((stranger, filed("08-21 08:00", "y", **own)), (head, decided("09-01 08:00", "d", of="x"))):
        assert await told(who, entry, "late") == await told(who, entry, "never")


async def test_who_entered_it_stands_in_the_log_and_in_the_access_log_and_nobody_can_forge_it(service: Asked) -> None:
    await service.tell(texts("late", *LATE))
    key_id, secret = await new_key(service.app.state.running, Scope.EXPLAIN, Scope.DECIDE)
    forged = json.loads(texts("late", filed("08-20 08:00", "x"))[0]) | {"enteredby": "person:somebody"}
    accepted = await post(service.client, text_of(forged), Authorization=f"Bearer {secret}")
    assert accepted.json()["status"] == "accepted"
    # The same facts sent by somebody else are the same.
    _, other = await new_key(service.app.state.running, Scope.EXPLAIN)
    assert (await post(service.client, filed("08-20 08:00", "x"), Authorization=f"Bearer {other}")).json()[
        "status"
    ] == "duplicate"
    assert (
        await post(service.client, decided("09-01 08:00", "d", move(5)), Authorization=f"Bearer {secret}")
    ).status_code == 200
    await service.caught_up()
    entries = (await service.get("/v1/events", limit=1000))["events"]
    told = [entry["event"]["enteredby"] for entry in entries if ".explanation." in entry["event"]["type"]]
    assert told == [key_id, key_id]

    _, admin = await new_key(service.app.state.running, Scope.ADMIN)

    async def noted() -> list[tuple[str, str]]:
        answer = await service.client.get(
            "/v1/access-log", headers={"Authorization": f"Bearer {admin}"}, params={"who": key_id}
        )
        return [(one["kind"], one["subject"]) for one in answer.json()["items"]]

    async def both() -> bool:
        return len(await noted()) == 2

    await until(both, what="what was entered is noted")
    assert await noted() == [("decision", "late"), ("explanation", "late")]
