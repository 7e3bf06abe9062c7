"""Who may send what: decided before the body is looked at."""

import asyncio

import pytest
from tests.contracts.events import event, text_of
from tests.contracts.explanation_events import explanation_event
from tests.ingest.serving import BATCH, EVENT, STREAM, Served

from tiendo_event_store import EventLog
from tiendo_runtime.authentication import Scope

ANSWER_SECONDS_MAX = 60


@pytest.mark.parametrize("headers", [EVENT, BATCH, STREAM, {"Content-Type": "text/plain"}])
async def test_without_a_valid_key_the_body_is_never_asked_for(ingest: Served, headers: dict[str, str]) -> None:
    for authorization, status in (("", b"401"), ("Bearer nonsense", b"401"), ("Basic eA==", b"401"), (None, b"403")):
        read_only = (await ingest.key(Scope.READ))["Authorization"]
        told = {"Authorization": authorization if authorization is not None else read_only, "Expect": "100-continue"}
        reader, writer = await ingest.connect(headers | told)
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            head = await reader.readuntil(b"\r\n\r\n")
        assert head.split()[1] == status
        assert b"100 Continue" not in head
        assert b"application/problem+json" in head
        assert b"www-authenticate" in head.lower()
        writer.close()


async def test_a_key_sends_only_events_of_its_sources(ingest: Served, log: EventLog) -> None:
    bound = await ingest.key(Scope.INGEST, sources=["/kontum/", "/gialai"])
    before = await log.head()
    items = [
        event(id="1", source="/kontum/igate"),
        event(id="2", source="/kontumx/igate"),
        event(id="3", source="/gialai"),
        event(id="4", source="/KONTUM/igate"),
    ]
    answer = await ingest.post(BATCH | bound, text_of(items))
    assert [each["status"] for each in answer.json()["events"]] == ["accepted", "rejected", "accepted", "rejected"]
    assert answer.json()["events"][1]["problem"]["type"] == "/problems/not-entitled"
    assert answer.status_code == 207
    assert await log.head() == before + 2
    alone = await ingest.post(EVENT | bound, text_of(items[1]))
    assert (alone.status_code, alone.json()["type"], alone.json()["field"]) == (403, "/problems/not-entitled", "source")


async def test_a_correction_annuls_only_what_its_key_may_send(ingest: Served) -> None:
    bound = await ingest.key(Scope.INGEST, sources=["/kontum/"])
    foreign = event("corrected", id="c-1", data={"annuls": {"source": "/gialai/igate", "id": "e-1"}})
    answer = await ingest.post(EVENT | bound, text_of(foreign))
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/not-entitled"
    assert answer.json()["field"] == "data.annuls.source"
    own = event("corrected", id="c-2", data={"annuls": {"source": "/kontum/vilis", "id": "e-1"}})
    assert (await ingest.post(EVENT | bound, text_of(own))).json()["status"] == "accepted"
    assert (await ingest.post(EVENT, text_of(foreign))).json()["status"] == "accepted"


async def test_a_key_bound_to_no_source_sends_nothing(ingest: Served) -> None:
    bound = await ingest.key(Scope.INGEST, sources=[])
    assert (await ingest.post(EVENT | bound, text_of(event()))).status_code == 403


async def test_a_key_sends_only_events_about_its_cases(ingest: Served) -> None:
    bound = await ingest.key(Scope.INGEST, cases=["H34-"])
    answer = await ingest.post(
        STREAM | bound, "\n".join(text_of(event(id=case, subject=case)) for case in ("H34-1", "H35-1", "h34-1"))
    )
    assert [each["status"] for each in answer.json()["events"]] == ["accepted", "rejected", "rejected"]
    assert answer.json()["events"][1]["problem"]["field"] == "subject"


async def test_a_key_of_some_cases_joins_no_others_to_them(ingest: Served) -> None:
    bound = await ingest.key(Scope.INGEST, cases=["H34-"])

    def joined(alias: str) -> str:
        return text_of(event("joined", id=alias, subject="H34-1", data={"alias": alias}))

    refused = await ingest.post(EVENT | bound, joined("H35-1"))
    assert (refused.status_code, refused.json()["field"]) == (403, "data.alias")
    assert (await ingest.post(EVENT | bound, joined("H34-2"))).json()["status"] == "accepted"


async def test_a_correction_is_judged_by_the_event_that_it_annuls_where_that_is_stored(ingest: Served) -> None:
    bound = await ingest.key(Scope.INGEST, cases=["H34-"])
    await ingest.post(BATCH, text_of([event(id="theirs", subject="H35-1"), event(id="ours", subject="H34-1")]))

    def corrected(event_id: str) -> str:
        annuls = {"source": "/kontum/igate", "id": event_id}
        return text_of(event("corrected", id=f"c-{event_id}", subject="H34-1", data={"annuls": annuls}))

    refused = await ingest.post(EVENT | bound, corrected("theirs"))
    assert (refused.status_code, refused.json()["field"]) == (403, "data.annuls")
    for body in (corrected("ours"), corrected("still to come")):
        assert (await ingest.post(EVENT | bound, body)).json()["status"] == "accepted"
    stream = await ingest.post(STREAM | bound, corrected("theirs") + "\n" + corrected("ours"))
    assert [each["status"] for each in stream.json()["events"]] == ["rejected", "duplicate"]


@pytest.mark.parametrize("scope", [Scope.EXPLAIN, Scope.DECIDE])
async def test_a_key_without_the_scope_of_a_kind_is_not_entitled_to_it(ingest: Served, scope: Scope) -> None:
    key = await ingest.key(scope)
    alone = await ingest.post(EVENT | key, text_of(event()))
    assert (alone.status_code, alone.json()["type"], alone.json()["field"]) == (403, "/problems/not-entitled", "type")
    many = await ingest.post(BATCH | key, text_of([event()]))
    assert (many.status_code, many.json()["events"][0]["problem"]["status"]) == (207, 403)


@pytest.mark.parametrize("scope", [Scope.READ, Scope.PUBLISH, Scope.ADMIN])
async def test_no_scope_includes_another(ingest: Served, scope: Scope) -> None:
    answer = await ingest.post(EVENT | await ingest.key(scope), text_of(event()))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")


async def test_other_methods_are_not_answered(ingest: Served) -> None:
    answer = await ingest.client.put("/v1/events", content=b"")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["allow"] == "POST"


async def test_explanations_and_decisions_need_scopes_of_their_own(ingest: Served) -> None:
    keys = {scope: await ingest.key(scope) for scope in (Scope.INGEST, Scope.EXPLAIN, Scope.DECIDE)}
    needed = {"filed": Scope.EXPLAIN, "withdrawn": Scope.EXPLAIN, "decided": Scope.DECIDE}
    for kind, scope in needed.items():
        for other, key in keys.items():
            answer = await ingest.post(EVENT | key, text_of(explanation_event(kind, id=f"{kind}-{other}")))
            assert answer.status_code == (200 if other is scope else 403), (kind, other)
    course = await ingest.post(EVENT | keys[Scope.DECIDE], text_of(event()))
    assert (course.status_code, course.json()["type"], course.json()["field"]) == (
        403,
        "/problems/not-entitled",
        "type",
    )


async def test_a_correction_needs_the_scope_of_what_it_annuls(ingest: Served) -> None:
    keys = {scope: await ingest.key(scope) for scope in (Scope.INGEST, Scope.EXPLAIN, Scope.DECIDE)}
    told = {
        Scope.INGEST: event(id="course"),
        Scope.EXPLAIN: explanation_event("filed", id="filed"),
        Scope.DECIDE: explanation_event("decided", id="decided"),
    }
    for scope, sent in told.items():
        assert (await ingest.post(EVENT | keys[scope], text_of(sent))).status_code == 200
    for scope, sent in told.items():
        annuls = {"source": sent["source"], "id": sent["id"]}
        for other, key in keys.items():
            correction = event("corrected", id=f"{other}-{sent['id']}", data={"annuls": annuls})
            answer = await ingest.post(EVENT | key, text_of(correction))
            assert answer.status_code == (200 if other is scope else 403), (other, sent["id"])


async def test_an_annulled_decision_is_given_back_only_by_who_decides(ingest: Served) -> None:
    keys = {scope: await ingest.key(scope) for scope in (Scope.INGEST, Scope.EXPLAIN, Scope.DECIDE)}
    decision = explanation_event("decided", id="d")

    async def status(scope: Scope, event_id: str, of: str) -> int:
        correction = event("corrected", id=event_id, data={"annuls": {"source": decision["source"], "id": of}})
        return (await ingest.post(EVENT | keys[scope], text_of(correction))).status_code

    assert (await ingest.post(EVENT | keys[Scope.DECIDE], text_of(decision))).status_code == 200
    assert await status(Scope.DECIDE, "c-1", "d") == 200
    assert await status(Scope.INGEST, "c-2", "c-1") == 403
    assert await status(Scope.DECIDE, "c-2", "c-1") == 200
    assert await status(Scope.EXPLAIN, "c-3", "c-2") == 403
    assert await status(Scope.DECIDE, "c-3", "c-2") == 200


async def test_a_key_that_explains_withdraws_in_the_same_breath(ingest: Served) -> None:
    key = await ingest.key(Scope.EXPLAIN)
    sent = explanation_event("filed", id="hasty")
    correction = event("corrected", id="c-hasty", data={"annuls": {"source": sent["source"], "id": "hasty"}})
    answer = await ingest.post(BATCH | key, text_of([sent, correction]))
    assert [one["status"] for one in answer.json()["events"]] == ["accepted", "accepted"]
