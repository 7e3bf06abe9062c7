"""Bearer tokens of an issuer: which are believed, and that they read and do nothing else."""

import time
from typing import Any

import httpx
import pytest
from tests.openid.issuer import CLIENT_ID, TestIssuer, elliptic_key, rsa_key, signed_with_public_key

from tiendo_runtime.authentication import Sight
from tiendo_runtime.authentication.people import ALL_UNITS
from tiendo_runtime.openid.issuer import REFETCH_SECONDS
from tiendo_runtime.web import Running


def let_keys_age(running: Running) -> None:
    """Let the issuer's keys have been fetched, and asked for in vain, so long ago that they may be fetched anew."""
    assert running.people is not None
    issuer = running.people.issuer
    issuer._away_until = 0.0
    if issuer._keys is not None:
        issuer._keys = (issuer._keys[0] - REFETCH_SECONDS, issuer._keys[1])


async def status(client: httpx.AsyncClient, token: str) -> int:
    return (await client.get("/v1/read/1", headers={"Authorization": f"Bearer {token}"})).status_code


async def test_an_access_token_reads_and_does_nothing_else(client: httpx.AsyncClient, issuer: TestIssuer) -> None:
    bearer = {"Authorization": f"Bearer {issuer.access_token()}"}
    assert (await client.get("/v1/read/1", headers=bearer)).json()["scopes"] == ["read"]
    assert (await client.post("/v1/send", headers=bearer)).status_code == 403


@pytest.mark.parametrize(
    ("claims", "sight"),
    [
        ({"roles": ["office"], "units": [ALL_UNITS]}, Sight(units=None)),
        ({"roles": ["auditor"], "units": ["H34.A", "H34.B"]}, Sight(units=frozenset({"H34.A", "H34.B"}))),
        ({"roles": "operator", "units": "H34.A"}, Sight(units=frozenset({"H34.A"}))),
        (
            {"roles": ["officer"], "units": ["H34.A"], "officer_id": "CC-0001"},
            Sight(units=frozenset(), officer_id="CC-0001"),
        ),
        ({"roles": ["officer"], "units": ["H34.A"]}, Sight(units=frozenset())),
        ({"roles": ["superuser"], "units": [ALL_UNITS]}, Sight(units=frozenset())),
        ({"roles": ["office"], "units": None}, Sight(units=frozenset())),
        ({"roles": {"office": True}, "units": [ALL_UNITS]}, Sight(units=frozenset())),
    ],
)
async def test_what_one_sees_follows_from_the_claims(
    running: Running, issuer: TestIssuer, claims: dict[str, Any], sight: Sight
) -> None:
    assert running.people is not None
    person = await running.people.person_of_token(issuer.access_token(**claims))
    assert person.sight == sight


@pytest.mark.parametrize(
    "more",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-service"},
        {"aud": ["account"]},
        {"aud": None},
        {"exp": 1},
        {"exp": "soon"},
        {"exp": None},
        {"sub": None},
        {"sub": 17},
        {"sub": ["person-1"]},
        {"sub": {"id": "person-1"}},
        {"sub": "person\u0000"},
        {"sub": ""},
        {"sid": 17},
        {"sid": {"id": "s"}},
        {"jti": ["j"]},
        {"typ": "ID"},
        {"typ": "Refresh"},
        {"typ": "Logout"},
        {"typ": None, "nonce": "n"},
        {"typ": None, "at_hash": "h"},
        {"nbf": 9_999_999_999},
    ],
)
async def test_a_token_that_does_not_say_what_it_must_is_refused(
    client: httpx.AsyncClient, issuer: TestIssuer, more: dict[str, Any]
) -> None:
    assert await status(client, issuer.access_token()) == 200
    assert await status(client, issuer.sign(issuer.claims(**{"typ": "Bearer", **more}))) == 401


@pytest.mark.parametrize(("past_seconds", "expected"), [(50, 200), (70, 401)])
async def test_a_clock_may_be_a_minute_off(
    client: httpx.AsyncClient, issuer: TestIssuer, past_seconds: int, expected: int
) -> None:
    assert await status(client, issuer.access_token(exp=int(time.time()) - past_seconds)) == expected


async def test_a_token_without_the_words_of_keycloak_is_an_access_token_by_what_it_lacks(
    client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    plain = issuer.claims(aud=["account", CLIENT_ID])
    assert await status(client, issuer.sign(plain, header={"typ": "at+jwt"})) == 200
    assert await status(client, issuer.sign(plain, header={"typ": "logout+jwt"})) == 401


async def test_a_token_signed_by_another_or_by_nobody_is_refused(client: httpx.AsyncClient, issuer: TestIssuer) -> None:
    claims = issuer.claims(typ="Bearer")
    header, payload, signature = issuer.sign(claims).split(".")
    nobody = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    for forged in (
        issuer.sign(claims, key=rsa_key("first")),
        issuer.sign(claims, key=rsa_key("nobody's")),
        signed_with_public_key(issuer.key, claims),
        issuer.sign(claims, header={"alg": "RS512"}),
        f"{nobody}.{payload}.",
        f"{nobody}.{payload}.{signature}",
        f"{header}.{payload}.",
        f"{header}.{payload[:-2]}xx.{signature}",
        f"{header}.{payload}.{signature}.x",
        f"{header}..{signature}",
        "eyJ.x.y",
    ):
        assert await status(client, forged) == 401, forged


@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
async def test_other_good_signatures_count(client: httpx.AsyncClient, issuer: TestIssuer, algorithm: str) -> None:
    issuer.algorithm = algorithm
    issuer.key = elliptic_key() if algorithm == "ES256" else issuer.key
    assert await status(client, issuer.access_token()) == 200


async def test_keys_are_fetched_anew_for_one_that_is_not_known_and_not_again_at_once(
    client: httpx.AsyncClient, running: Running, issuer: TestIssuer
) -> None:
    before = issuer.access_token()
    assert await status(client, before) == 200
    issuer.key = rsa_key("second")
    assert await status(client, issuer.access_token()) == 401
    assert issuer.asked.count("/keys") == 1
    let_keys_age(running)
    assert await status(client, issuer.access_token()) == 200
    assert await status(client, before) == 401
    assert issuer.asked.count("/keys") == 2


async def test_while_the_issuer_is_away_keys_that_are_known_go_on(
    client: httpx.AsyncClient, running: Running, issuer: TestIssuer
) -> None:
    issuer.away = True
    answer = await client.get("/v1/read/1", headers={"Authorization": f"Bearer {issuer.access_token()}"})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/issuer-away")
    assert answer.headers["retry-after"]
    issuer.away = False
    let_keys_age(running)
    assert await status(client, issuer.access_token()) == 200
    issuer.away = True
    let_keys_age(running)
    assert await status(client, issuer.access_token()) == 200


async def test_a_token_under_a_known_key_waits_for_nobody_who_asks_the_issuer(
    client: httpx.AsyncClient, running: Running, issuer: TestIssuer
) -> None:
    assert running.people is not None
    assert await status(client, issuer.access_token()) == 200
    async with running.people.issuer._fetching:
        assert await status(client, issuer.access_token()) == 200


async def test_an_issuer_that_did_not_answer_is_not_asked_again_at_once(
    client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    issuer.away = True
    assert [await status(client, issuer.access_token()) for _ in range(3)] == [503] * 3
    assert len(issuer.asked) == 1
