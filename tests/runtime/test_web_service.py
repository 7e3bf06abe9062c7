"""The frame of the web services: who may call, how faults are told, and what operators see."""

import json
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.keys import new_key, revoke_key

from tiendo_contracts.messages import TopicKind, topic
from tiendo_contracts.problems.problem_kinds import ProblemKind
from tiendo_runtime.authentication import Scope
from tiendo_runtime.web import Running


async def bearer(running: Running, *scopes: Scope) -> dict[str, str]:
    _, secret = await new_key(running, *scopes)
    return {"Authorization": f"Bearer {secret}"}


def is_problem(answer: httpx.Response, status: int, kind: ProblemKind) -> bool:
    document = answer.json()
    return (
        answer.status_code == status == document["status"]
        and answer.headers["content-type"] == "application/problem+json"
        and document["type"] == f"/problems/{kind.value}"
    )


async def test_without_a_key_nothing_is_answered(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/read/1")
    assert is_problem(answer, 401, ProblemKind.UNAUTHENTICATED)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer ", "Bearer nonsense", "Basic dGllbmRvOng=", "Bearer tiendo_\u00e9", "x"])
async def test_a_bad_key_is_as_good_as_none(client: httpx.AsyncClient, header: str) -> None:
    answer = await client.get("/v1/read/1", headers=[(b"Authorization", header.encode("latin-1"))])
    assert is_problem(answer, 401, ProblemKind.UNAUTHENTICATED)


async def test_a_key_without_the_scope_is_refused_before_the_body_is_looked_at(
    client: httpx.AsyncClient, running: Running
) -> None:
    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    answer = await client.post("/v1/send", headers=await bearer(running, Scope.READ), content=body())
    assert is_problem(answer, 403, ProblemKind.SCOPE_MISSING)


async def test_a_key_with_the_scope_is_let_in(client: httpx.AsyncClient, running: Running) -> None:
    answer = await client.get("/v1/read/1", headers=await bearer(running, Scope.READ, Scope.INGEST))
    assert answer.json() == {"number": 1, "scopes": ["ingest", "read"]}


async def test_a_revoked_key_is_refused(client: httpx.AsyncClient, running: Running) -> None:
    key_id, secret = await new_key(running, Scope.READ)
    assert await revoke_key(running, key_id)
    answer = await client.get("/v1/read/1", headers={"Authorization": f"Bearer {secret}"})
    assert is_problem(answer, 401, ProblemKind.UNAUTHENTICATED)


async def test_a_fault_of_ours_shows_nothing_of_the_inside(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/broken")
    assert is_problem(answer, 500, ProblemKind.INTERNAL_ERROR)
    assert not any(word in answer.text for word in ("SELECT", "Traceback", "passwd", "secret", ".py"))


async def test_a_database_that_is_away_is_worth_another_try(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/unreachable")
    assert is_problem(answer, 503, ProblemKind.DATABASE_UNAVAILABLE)
    assert int(answer.headers["retry-after"]) > 0
    assert "/secret" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/v1/nothing", 404, ProblemKind.NOT_FOUND),
        ("DELETE", "/v1/refused", 405, ProblemKind.METHOD_NOT_ALLOWED),
        ("GET", "/v1/refused", 400, ProblemKind.CURSOR_INVALID),
        ("GET", "/problems/unheard-of", 404, ProblemKind.NOT_FOUND),
    ],
)
async def test_every_refusal_is_a_problem_document(
    client: httpx.AsyncClient, method: str, path: str, status: int, kind: ProblemKind
) -> None:
    assert is_problem(await client.request(method, path), status, kind)


async def test_a_parameter_of_the_wrong_kind_is_named(client: httpx.AsyncClient, running: Running) -> None:
    answer = await client.get("/v1/read/one", headers=await bearer(running, Scope.READ))
    assert is_problem(answer, 400, ProblemKind.PARAMETER_INVALID)
    assert answer.json()["detail"] == "`number` must be a whole number."


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "en"), ("vi", "vi"), ("en;q=0.5, vi-VN;q=0.9", "vi"), ("fr", "en"), ("vi;q=0", "en"), ("vi;q=x,*", "en")],
)
async def test_messages_speak_the_language_that_is_asked_for(
    client: httpx.AsyncClient, accepted: str, language: str
) -> None:
    answer = await client.get("/v1/nothing", headers={"Accept-Language": accepted})
    assert answer.headers["content-language"] == language


async def test_every_kind_of_problem_has_a_page(client: httpx.AsyncClient) -> None:
    for kind in ProblemKind:
        answer = await client.get(f"/problems/{kind.value}", headers={"Accept-Language": "vi"})
        assert (answer.status_code, f"/problems/{kind.value}" in answer.text) == (200, True)


async def test_ready_only_when_every_check_says_so(client: httpx.AsyncClient) -> None:
    assert (await client.get("/readyz")).status_code == 200
    await client.get("/v1/spoil")
    answer = await client.get("/readyz")
    assert is_problem(answer, 503, ProblemKind.NOT_READY)
    assert answer.json()["missing"] == {"warmth": "still warming up"}
    assert (await client.get("/healthz")).status_code == 200


async def test_metrics_count_requests_by_route_not_by_address(client: httpx.AsyncClient, running: Running) -> None:
    await client.get("/v1/read/17", headers=await bearer(running, Scope.READ))
    text = (await client.get("/metrics")).text
    assert 'tiendo_http_requests_total{method="GET",route="/v1/read/{number}",status="200"} 1.0' in text
    assert "/v1/read/17" not in text


async def test_metrics_tell_how_far_the_projection_is_behind(client: httpx.AsyncClient) -> None:
    text = (await client.get("/metrics")).text
    head = float(re.search(r"^tiendo_log_head_position (\S+)$", text, re.MULTILINE)[1])
    assert head > 0
    assert "tiendo_projected_position 0.0" in text


async def test_the_pages_of_the_frame_need_nothing_from_another_host(client: httpx.AsyncClient) -> None:
    for path in ("/docs", "/problems", "/sign-in"):
        text = (await client.get(path)).text
        assert "http://" not in text
        assert "https://" not in text


async def test_the_description_of_what_goes_over_kafka_names_the_topics_that_are_written(
    client: httpx.AsyncClient, running: Running
) -> None:
    answer = await client.get("/asyncapi.json")
    assert answer.headers["content-type"] == "application/json"
    channels = answer.json()["channels"]
    assert channels["caseEvents"]["address"] == topic(TopicKind.CASE_EVENTS).name
    assert channels["caseEvents"]["bindings"]["kafka"]["partitions"] == running.settings.kafka_partitions
    assert "/asyncapi.json" in (await client.get("/docs")).text


async def test_the_description_promises_problem_documents_alone(client: httpx.AsyncClient) -> None:
    description = (await client.get("/openapi.json")).json()
    assert "HTTPValidationError" not in json.dumps(description)
    faults = description["paths"]["/v1/read/{number}"]["get"]["responses"]["4XX"]
    assert list(faults["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/read/7", 200),
        ("/v1/read/x", 400),
        ("/v1/nothing", 404),
        ("/v1/broken", 500),
        ("/v1/unreachable", 503),
        ("/v1/kept", 200),
        ("/sign-in", 200),
        ("/healthz", 200),
    ],
)
async def test_no_answer_but_static_ones_is_kept_in_a_cache(
    client: httpx.AsyncClient, running: Running, path: str, status: int
) -> None:
    answer = await client.get(path, headers=await bearer(running, Scope.READ))
    assert answer.status_code == status
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert "etag" not in answer.headers


async def test_refusals_are_not_kept_and_explanations_of_problems_may_be(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/read/7")).headers["cache-control"] == "no-store"
    assert "no-store" not in (await client.get("/problems/not-found")).headers.get("cache-control", "")


async def test_a_caller_that_fails_to_log_in_again_and_again_is_put_off(client: httpx.AsyncClient) -> None:
    for at_the_form in (False, True):
        statuses = [(await _failed_login(client, at_the_form=at_the_form)).status_code for _ in range(11)]
        assert statuses == [401] * 10 + [429]


async def _failed_login(client: httpx.AsyncClient, *, at_the_form: bool) -> httpx.Response:
    if at_the_form:
        return await client.post("/sign-in", data={"key": "tiendo_0123456789_y"})
    return await client.get("/v1/read/7", headers={"Authorization": "Bearer tiendo_abcdefabcd_x"})
