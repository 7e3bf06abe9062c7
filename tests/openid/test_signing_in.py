"""Signing in through an issuer, and what ends the session."""

import asyncio
import base64
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text
from tests.openid.issuer import TestIssuer

from tiendo_runtime.authentication import Sight
from tiendo_runtime.authentication.people import Role, SignedInPerson
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import load_settings
from tiendo_runtime.web import Running

BACK_CHANNEL = "/sign-out/back-channel"


async def begun(client: httpx.AsyncClient, following: str = "") -> str:
    """The address at the issuer to which the browser is led."""
    answer = await client.get("/sign-in/openid", params={"next": following} if following else {})
    assert answer.status_code == 303
    return answer.headers["location"]


async def answered(address: str) -> dict[str, str]:
    """The answer of the issuer that the browser carries back."""
    async with httpx.AsyncClient(timeout=60) as browser:
        back = (await browser.get(address)).headers["location"]
    assert back.startswith("http://tiendo.test/sign-in/callback?")
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


async def signed_in(client: httpx.AsyncClient, following: str = "") -> httpx.Response:
    """The page after signing in."""
    return await client.get("/sign-in/callback", params=await answered(await begun(client, following)))


async def reads(client: httpx.AsyncClient) -> bool:
    return (await client.get("/v1/read/1")).status_code == 200


async def test_one_signs_in_and_is_led_back_by_a_page_that_goes_on_by_itself(
    client: httpx.AsyncClient, running: Running
) -> None:
    answer = await signed_in(client, "/cases?overdue=true&page=2")
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/cases?overdue=true&amp;page=2">' in answer.text
    cookies = answer.headers.get_list("set-cookie")
    assert any("tiendo_session=" in cookie and "SameSite=strict" in cookie for cookie in cookies)
    assert (await client.get("/v1/read/1")).json()["scopes"] == ["decide", "read"]
    session = await running.issued_sessions.find(client.cookies["tiendo_session"])
    assert session is not None
    assert session.caller == SignedInPerson(
        subject="u-1",
        name="Nguyễn Thị Ánh",
        roles=frozenset({Role.UNIT_MANAGER}),
        units=frozenset({"H34.STNMT"}),
        issuer=running.settings.oidc_issuer,
    )


async def test_signing_in_through_the_issuer_is_noted(client: httpx.AsyncClient, running: Running) -> None:
    await signed_in(client)
    await running.access.write()
    async with running.engine.connect() as connection:
        rows = list(await connection.execute(text("SELECT who, kind FROM tiendo.access_log")))
    assert [tuple(row) for row in rows] == [("person:u-1", "sign-in")]


async def test_the_way_to_the_issuer_is_bound_to_this_browser(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sign-in/openid")
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "max-age=600"))


async def test_roles_may_stand_in_the_access_token_alone(
    client: httpx.AsyncClient, running: Running, issuer: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer, "id_token", lambda **more: TestIssuer.id_token(issuer, roles=None, units=None, **more))
    await signed_in(client)
    session = await running.issued_sessions.find(client.cookies["tiendo_session"])
    assert session is not None
    assert session.caller.sight == Sight(units=frozenset({"H34.STNMT"}))


@pytest.mark.parametrize(
    "spoilt", [{"state": "another"}, {"state": ""}, {"code": "another"}, {"iss": "https://evil.example"}, {"code": ""}]
)
async def test_an_answer_that_is_not_to_this_sign_in_is_refused(
    client: httpx.AsyncClient, spoilt: dict[str, str]
) -> None:
    given = {**await answered(await begun(client)), **spoilt}
    answer = await client.get("/sign-in/callback", params={name: value for name, value in given.items() if value})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/sign-in-failed")
    assert "tiendo_session" not in client.cookies


@pytest.mark.parametrize("content", ["[" * 2_000, "[]", '{"state": 5}', "null", "{"])
async def test_a_cookie_that_tells_of_no_sign_in_is_none(client: httpx.AsyncClient, content: str) -> None:
    given = await answered(await begun(client))
    client.cookies.clear()
    client.cookies.set("tiendo_sign_in", base64.urlsafe_b64encode(content.encode()).decode())
    answer = await client.get("/sign-in/callback", params=given)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/sign-in-failed")


async def test_a_cookie_from_elsewhere_leads_to_no_other_host(client: httpx.AsyncClient) -> None:
    given = await answered(await begun(client))
    cookie = json.loads(base64.urlsafe_b64decode(client.cookies["tiendo_sign_in"]))
    spoilt = json.dumps({**cookie, "following": "https://evil.example/"}).encode()
    client.cookies.clear()
    client.cookies.set("tiendo_sign_in", base64.urlsafe_b64encode(spoilt).decode())
    answer = await client.get("/sign-in/callback", params=given)
    assert 'content="0;url=/"' in answer.text


async def test_an_answer_is_refused_in_another_browser_and_for_the_second_time(client: httpx.AsyncClient) -> None:
    given = await answered(await begun(client))
    kept = dict(client.cookies)
    client.cookies.clear()
    assert (await client.get("/sign-in/callback", params=given)).status_code == 400
    for status in (200, 400):
        client.cookies.update(kept)
        assert (await client.get("/sign-in/callback", params=given)).status_code == status


async def test_an_id_token_of_another_sign_in_is_refused(client: httpx.AsyncClient, issuer: TestIssuer) -> None:
    issuer.nonce = "another"
    assert (await signed_in(client)).status_code == 400


@pytest.mark.parametrize(
    "more", [{"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"typ": "Bearer"}, {"azp": "another"}]
)
async def test_an_id_token_that_is_not_for_this_service_is_refused(
    client: httpx.AsyncClient, issuer: TestIssuer, monkeypatch: pytest.MonkeyPatch, more: dict[str, object]
) -> None:
    spoilt = lambda **said: issuer.sign(issuer.claims(**{"typ": "ID", **said, **more}))  # noqa: E731 - in place of a method
    monkeypatch.setattr(issuer, "id_token", spoilt)
    assert (await signed_in(client)).status_code == 400


async def test_what_the_issuer_tells_anew_counts_with_the_next_request(
    client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    await signed_in(client)
    issuer.person = {**issuer.person, "roles": ["publisher"]}
    assert (await client.get("/v1/read/1")).json()["scopes"] == ["publish", "read"]


@pytest.mark.parametrize(("given", "scopes"), [(["access_token"], ["publish", "read"]), ([], ["decide", "read"])])
async def test_an_issuer_need_not_give_an_id_token_again(
    client: httpx.AsyncClient, issuer: TestIssuer, given: list[str], scopes: list[str]
) -> None:
    await signed_in(client)
    issuer.person = {**issuer.person, "roles": ["publisher"]}
    issuer.given_anew = given
    for _ in range(2):
        assert (await client.get("/v1/read/1")).json()["scopes"] == scopes


async def test_an_account_that_is_disabled_is_out(client: httpx.AsyncClient, issuer: TestIssuer) -> None:
    await signed_in(client)
    assert await reads(client)
    issuer.disabled = True
    assert not await reads(client)
    issuer.disabled = False
    assert not await reads(client)


async def test_an_issuer_that_renews_for_somebody_else_ends_the_session(
    client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    await signed_in(client)
    issuer.person = {**issuer.person, "sub": "u-2"}
    assert not await reads(client)


async def test_a_session_that_was_renewed_within_a_minute_is_not_renewed_again(
    client: httpx.AsyncClient, running: Running, issuer: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running.issued_sessions, "_renew_after", timedelta(seconds=60))
    await signed_in(client)
    issuer.disabled = True
    assert await reads(client)
    await _let_pass(running, "60 seconds")
    assert not await reads(client)


@pytest.mark.parametrize(("away", "goes_on"), [("14 minutes", True), ("15 minutes", False)])
async def test_while_the_issuer_is_away_a_session_goes_on_for_a_quarter_of_an_hour(
    client: httpx.AsyncClient, running: Running, issuer: TestIssuer, *, away: str, goes_on: bool
) -> None:
    await signed_in(client)
    issuer.away = True
    await _let_pass(running, away)
    assert [await reads(client) for _ in range(2)] == [goes_on, goes_on]
    issuer.away = False
    await _let_pass(running, "10 seconds")
    assert await reads(client)


async def test_requests_at_the_same_time_renew_once(client: httpx.AsyncClient, issuer: TestIssuer) -> None:
    """The issuer takes a refresh token once, so that a second renewal would end the session."""
    await signed_in(client)
    assert await asyncio.gather(*(reads(client) for _ in range(5))) == [True] * 5
    assert issuer.asked.count("/token") >= 2


async def test_requests_at_the_same_time_are_all_refused_with_the_session(
    client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    await signed_in(client)
    issuer.disabled = True
    assert await asyncio.gather(*(reads(client) for _ in range(5))) == [False] * 5


async def test_signing_out_ends_the_session_here_and_leads_to_the_issuer(
    client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    await signed_in(client)
    answer = await client.post("/sign-out")
    assert answer.status_code == 200
    assert f'content="0;url={issuer.url}/end_session?client_id=tiendo&amp;' in answer.text
    assert "id_token_hint=ey" in answer.text
    assert not await reads(client)


@pytest.mark.parametrize("more", [{}, {"sid": None}, {"sub": None}])
async def test_the_issuer_signs_people_out(
    client: httpx.AsyncClient, issuer: TestIssuer, more: dict[str, object]
) -> None:
    await signed_in(client)
    answer = await client.post(BACK_CHANNEL, data={"logout_token": issuer.logout_token(**more)})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert not await reads(client)


async def test_a_logout_token_ends_the_sessions_that_it_names_alone(
    client: httpx.AsyncClient, issuer: TestIssuer
) -> None:
    await signed_in(client)
    for more in ({"sid": "s-2"}, {"sid": None, "sub": "u-2"}, {"sub": "u-2"}):
        assert (await client.post(BACK_CHANNEL, data={"logout_token": issuer.logout_token(**more)})).status_code == 200
        assert await reads(client)


async def test_a_form_of_very_many_fields_is_refused(client: httpx.AsyncClient) -> None:
    many = {"logout_token": "x", **{f"f{number}": "x" for number in range(30)}}
    assert (await client.post(BACK_CHANNEL, data=many)).status_code == 400
    assert (await client.post("/sign-in", data=many)).status_code == 401


async def test_a_logout_token_counts_once(client: httpx.AsyncClient, issuer: TestIssuer) -> None:
    token = issuer.logout_token(sid=None)
    assert (await client.post(BACK_CHANNEL, data={"logout_token": token})).status_code == 200
    await signed_in(client)
    assert (await client.post(BACK_CHANNEL, data={"logout_token": token})).status_code == 400
    assert await reads(client)


@pytest.mark.parametrize(
    "more",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"iat": None},
        {"iat": 1},
        {"iat": 9_999_999_999},
        {"exp": 1},
        {"jti": None},
        {"events": None},
        {"events": {}},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": 1}},
        {"jti": 17},
        {"jti": {"id": "j"}},
        {"sid": 17},
        {"sid": ["s"]},
        {"sub": {"id": "p"}},
        {"sub": "p\u0000"},
        {"iat": "now"},
        {"nonce": "n"},
        {"sid": None, "sub": None},
        {"typ": "ID"},
    ],
)
async def test_a_logout_token_that_does_not_say_what_it_must_ends_nothing(
    client: httpx.AsyncClient, issuer: TestIssuer, more: dict[str, object]
) -> None:
    await signed_in(client)
    answer = await client.post(BACK_CHANNEL, data={"logout_token": issuer.logout_token(**more)})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/logout-token-invalid")
    assert await reads(client)


async def test_where_people_have_an_issuer_no_link_signs_in_and_old_sessions_of_links_have_ended(
    client: httpx.AsyncClient, running: Running
) -> None:
    person = SignedInPerson(subject="A", name="A", roles=frozenset({Role.OFFICE}), units=None)
    link = await running.links.make(person, None)
    assert (await client.post(f"/sign-in/link/{link}")).status_code == 410
    client.cookies["tiendo_session"] = await running.sessions.begin(person)
    assert not await reads(client)


async def test_what_the_database_holds_does_not_open_the_issuers_tokens(
    client: httpx.AsyncClient, running: Running, issuer: TestIssuer
) -> None:
    await signed_in(client)
    async with running.engine.connect() as connection:
        row = (await connection.execute(text("SELECT to_jsonb(s)::text FROM tiendo.sessions s"))).scalar_one()
    assert issuer.refresh_token not in row
    assert client.cookies["tiendo_session"] not in row


async def test_an_issuer_that_is_away_is_worth_another_try(client: httpx.AsyncClient, issuer: TestIssuer) -> None:
    issuer.away = True
    answer = await client.get("/sign-in/openid")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/issuer-away")


async def test_a_sign_in_that_failed_leads_to_another(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sign-in/callback", params={"error": "access_denied"}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert '<a href="/sign-in">Đăng nhập</a>' in answer.text


async def test_the_form_leads_to_the_issuer(client: httpx.AsyncClient) -> None:
    form = await client.get("/sign-in", params={"next": "/cases"})
    assert '<a href="/sign-in/openid?next=%2Fcases">' in form.text


async def _let_pass(running: Running, interval: str) -> None:
    """Let all renewals, and trials of one, lie so much further back."""
    moved = ", ".join(f"{name} = {name} - interval '{interval}'" for name in ("renewed_at", "renewal_tried_at"))
    async with running.engine.begin() as connection:
        await connection.execute(text(f"UPDATE tiendo.sessions SET {moved}"))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"oidc_issuer": "http://id.example", "oidc_client_id": "tiendo"},
            "TIENDO_OIDC_ISSUER: an address that begins",
        ),
        ({"oidc_issuer": "id.example", "oidc_client_id": "tiendo"}, "TIENDO_OIDC_ISSUER: an address that begins"),
        ({"oidc_issuer": "https://id.example"}, "TIENDO_OIDC_CLIENT_ID: is missing"),
        ({"oidc_renew_seconds": 61}, "TIENDO_OIDC_RENEW_SECONDS"),
    ],
)
def test_an_issuer_without_tls_or_a_name_for_this_service_is_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsInvalid, match=said):
        load_settings(**settings)
