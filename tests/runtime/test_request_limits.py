"""Nobody takes the service from the others: requests, bytes and connections of one address, and of one key, are limited."""

from typing import Any

import httpx
import pytest
from tests.keys import new_key
from tests.runtime.web_service import service

from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_runtime.authentication import Scope
from tiendo_runtime.settings import Settings
from tiendo_runtime.web.limiting import address_of
from tiendo_runtime.web.request_limits import RequestLimits


async def statuses(client: httpx.AsyncClient, times: int, path: str = "/v1/kept") -> list[int]:
    return [(await client.get(path)).status_code for _ in range(times)]


async def test_an_address_that_asks_too_often_is_put_off_and_the_watch_is_not(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIENDO_LIMIT_REQUESTS", "3")
    async with service(database_url) as (client, _):
        answered = await statuses(client, 8)
        assert answered.count(429) >= 2  # the minute may have turned between two of them
        assert answered[0] == 200
        refused = await client.get("/v1/kept")
        while refused.status_code == 200:
            refused = await client.get("/v1/kept")
        assert refused.json()["type"] == "/problems/too-many-requests"
        assert 0 < int(refused.headers["retry-after"]) <= 61
        assert await statuses(client, 5, "/healthz") == [200] * 5


async def test_a_key_is_limited_wherever_it_is_used_from_and_so_is_what_it_sends(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIENDO_LIMIT_MEGABYTES", "1")
    async with service(database_url) as (client, running):
        _, secret = await new_key(running, Scope.INGEST)
        _, other = await new_key(running, Scope.INGEST)
        key = {"Authorization": f"Bearer {secret}"}
        answers = [await client.post("/v1/send", headers=key, content=b"x" * 400_000) for _ in range(6)]
        assert [answer.status_code for answer in answers][:2] == [200, 200]
        assert 429 in {answer.status_code for answer in answers}
        fine = await client.post("/v1/send", headers={"Authorization": f"Bearer {other}"}, content=b"x" * 400_000)
        assert fine.status_code == 200


async def test_what_is_counted_of_one_is_not_counted_of_another() -> None:
    limits = RequestLimits(Settings(limit_requests=2, limit_connections=1))
    for who in ("key-1", "key-2") * 2:
        await limits.request_of(who)
    with limits.at_once("a"), limits.at_once("b"), pytest.raises(Refusal):
        limits.at_once("a").__enter__()
    with limits.at_once("a"):
        pass
    unlimited = RequestLimits(Settings(limit_requests=0, limit_megabytes=0, limit_connections=0))
    for _ in range(50):
        await unlimited.request_of("a")
        await unlimited.bytes_of("a", 10**12)
    with unlimited.at_once("a"), unlimited.at_once("a"):
        pass


@pytest.mark.parametrize(
    ("peer", "forwarded", "behind_proxy", "address"),
    [
        ("192.0.2.1", None, False, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", True, "192.0.2.1"),
        ("127.0.0.1", "198.51.100.7", False, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7", True, "198.51.100.7"),
        ("::1", "198.51.100.7", True, "198.51.100.7"),
        ("127.0.0.1", None, True, "127.0.0.1"),
    ],
)
def test_only_a_proxy_of_this_machine_names_another_address(
    peer: str, forwarded: str | None, *, behind_proxy: bool, address: str
) -> None:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    scope: dict[str, Any] = {"client": (peer, 1), "headers": headers}
    assert address_of(scope, behind_proxy=behind_proxy) == address
