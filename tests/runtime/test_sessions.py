"""Sessions in the database: what begins one, what ends one, and that only the browser has what opens it."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.keys import new_key, revoke_key
from tests.runtime.web_service import service

from tiendo_contracts.problems.problem_kinds import ProblemKind
from tiendo_runtime.authentication import KeyStore, Scope, Sight
from tiendo_runtime.authentication.keys import digest_of
from tiendo_runtime.authentication.people import Role, SignedInPerson
from tiendo_runtime.authentication.sessions import SessionStore, new_cookie
from tiendo_runtime.authentication.sign_in_links import TERM, SignInLinks
from tiendo_runtime.database import owner_engine
from tiendo_runtime.embedded.cluster import OWNER
from tiendo_runtime.web import Running

HOME = "http://tiendo.test"
ELSEWHERE = {"Origin": "https://evil.example"}
MANAGER = SignedInPerson(
    subject="Nguyễn Thị Ánh",
    name="Nguyễn Thị Ánh",
    roles=frozenset({Role.UNIT_MANAGER}),
    units=frozenset({"H34.STNMT"}),
)


async def sign_in_with_key(client: httpx.AsyncClient, running: Running) -> str:
    """The id of a key with which the client is now signed in."""
    key_id, secret = await new_key(running, Scope.READ, Scope.INGEST)
    answer = await client.post("/sign-in", data={"key": secret})
    assert answer.status_code == 303
    assert secret not in answer.headers["set-cookie"]
    return key_id


async def reads(client: httpx.AsyncClient, cookie: str | None = None) -> bool:
    headers = {} if cookie is None else {"Cookie": f"tiendo_session={cookie}"}
    return (await client.get("/v1/read/1", headers=headers)).status_code == 200


async def test_a_session_of_a_key_may_read_and_nothing_else(client: httpx.AsyncClient, running: Running) -> None:
    await sign_in_with_key(client, running)
    assert (await client.get("/v1/read/1")).json()["scopes"] == ["read"]
    assert (await client.post("/v1/send")).status_code == 401


async def test_a_session_of_a_person_may_what_their_roles_allow(client: httpx.AsyncClient, running: Running) -> None:
    link = await running.links.make(MANAGER, TERM)
    assert (await client.post(f"/sign-in/link/{link}")).status_code == 303
    assert (await client.get("/v1/read/1")).json()["scopes"] == ["decide", "read"]


@pytest.mark.parametrize("way", ["GET /sign-in?key=", "GET /sign-in/link/"])
async def test_no_key_in_an_address_signs_anybody_in(client: httpx.AsyncClient, running: Running, way: str) -> None:
    _, secret = await new_key(running, Scope.READ)
    await client.get(way.removeprefix("GET ") + secret)
    assert not client.cookies
    assert not await reads(client)


async def test_a_key_that_may_not_read_begins_no_session(client: httpx.AsyncClient, running: Running) -> None:
    _, secret = await new_key(running, Scope.INGEST)
    answer = await client.post("/sign-in", data={"key": secret})
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)


async def test_signing_out_ends_the_session_also_for_who_copied_the_cookie(
    client: httpx.AsyncClient, running: Running
) -> None:
    await sign_in_with_key(client, running)
    cookie = client.cookies["tiendo_session"]
    assert (await client.post("/sign-out")).headers["location"] == "/"
    assert "tiendo_session" not in client.cookies
    assert not await reads(client, cookie)


async def test_signing_out_ends_all_sessions_of_the_person_and_nobody_elses(
    client: httpx.AsyncClient, running: Running
) -> None:
    here, there = [await running.sessions.begin(MANAGER) for _ in range(2)]
    other = await running.sessions.begin(
        SignedInPerson(subject="B", name="B", roles=MANAGER.roles, units=MANAGER.units)
    )
    await client.post("/sign-out", headers={"Cookie": f"tiendo_session={here}"})
    assert [await reads(client, cookie) for cookie in (here, there, other)] == [False, False, True]


async def test_of_several_people_with_one_key_only_who_signs_out_is_out(
    client: httpx.AsyncClient, running: Running
) -> None:
    await sign_in_with_key(client, running)
    first = client.cookies["tiendo_session"]
    key = (await running.sessions.find(first) or pytest.fail("no session")).caller
    second = await running.sessions.begin(key)
    await client.post("/sign-out")
    assert [await reads(client, cookie) for cookie in (first, second)] == [False, True]


async def test_a_session_ends_when_its_key_is_revoked(client: httpx.AsyncClient, running: Running) -> None:
    key_id = await sign_in_with_key(client, running)
    assert await reads(client)
    await revoke_key(running, key_id)
    assert not await reads(client)


@pytest.mark.parametrize(("idle", "valid"), [("7 hours 59 minutes", [True, True]), ("8 hours", [False, False])])
async def test_a_session_ends_after_eight_hours_without_use(
    client: httpx.AsyncClient, running: Running, idle: str, valid: list[bool]
) -> None:
    await sign_in_with_key(client, running)
    await _age(running.engine, idle)
    assert [await reads(client) for _ in range(2)] == valid


async def test_a_session_in_use_does_not_end(client: httpx.AsyncClient, running: Running) -> None:
    await sign_in_with_key(client, running)
    for _ in range(2):
        await _age(running.engine, "7 hours")
        assert await reads(client)


async def test_a_session_that_was_left_idle_is_swept_out_by_the_next(running: Running) -> None:
    await running.sessions.begin(MANAGER)
    await _age(running.engine, "9 hours")
    await running.sessions.begin(MANAGER)
    async with running.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM tiendo.sessions")) == 1


@pytest.mark.parametrize("spoilt", ["", "a.b.c", "tiendo_session_", "é", r'"\000"', "tiendo_session_" + "a" * 200])
async def test_a_forged_session_is_none(client: httpx.AsyncClient, spoilt: str) -> None:
    answer = await client.get("/v1/read/1", headers=[(b"Cookie", b"tiendo_session=" + spoilt.encode())])
    assert answer.status_code == 401


async def test_what_the_database_holds_opens_neither_session_nor_link(running: Running) -> None:
    cookie, link = await running.sessions.begin(MANAGER), await running.links.make(MANAGER, TERM)
    async with running.engine.connect() as connection:
        rows = [
            *(await connection.execute(text("SELECT to_jsonb(s)::text FROM tiendo.sessions s"))).scalars(),
            *(await connection.execute(text("SELECT to_jsonb(l)::text FROM tiendo.sign_in_links l"))).scalars(),
        ]
    assert len(rows) == 2
    assert not any(secret in row for secret in (cookie, link) for row in rows)


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE tiendo.{table} SET roles = '{{office}}'",
        "UPDATE tiendo.{table} SET units = '{{*}}'",
        "UPDATE tiendo.{table} SET subject = 'Lê Thị Cúc', name = 'Lê Thị Cúc'",
        "UPDATE tiendo.{table} SET officer_id = 'CC-0001'",
        "UPDATE tiendo.{table} SET issuer = 'https://evil.example'",
        "UPDATE tiendo.{table} SET seal = repeat('0', 64)",
    ],
)
async def test_who_writes_in_the_database_alone_makes_nobody_somebody_else(running: Running, forgery: str) -> None:
    cookie, link = await running.sessions.begin(MANAGER), await running.links.make(MANAGER, TERM)
    await _write(running, forgery.format(table="sessions"), forgery.format(table="sign_in_links"))
    assert await running.sessions.find(cookie) is None
    assert await running.links.look(link) is None
    assert await running.links.use(link) is None


async def test_a_seal_of_one_session_does_not_hold_for_another_cookie(running: Running) -> None:
    cookie, other = await running.sessions.begin(MANAGER), new_cookie()
    await _write(running, f"UPDATE tiendo.sessions SET digest = '\\x{digest_of(other).hex()}'")
    assert await running.sessions.find(cookie) is None
    assert await running.sessions.find(other) is None


async def _write(running: Running, *statements: str) -> None:
    """Write as the owner of the database does."""
    owner = owner_engine(running.engine.url.set(username=OWNER).render_as_string(hide_password=False))
    async with owner.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await owner.dispose()


async def test_a_session_counts_in_every_process(running: Running, engine: AsyncEngine) -> None:
    elsewhere = SessionStore(engine, KeyStore(engine, await running.keys.secret_now()))
    cookie = await running.sessions.begin(MANAGER)
    found = await elsewhere.find(cookie)
    assert found is not None
    assert (found.caller, found.caller.sight) == (MANAGER, Sight(units=frozenset({"H34.STNMT"})))
    await elsewhere.end(found)
    assert await running.sessions.find(cookie) is None


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_at_a_link_shows_the_name_and_uses_nothing_up(
    client: httpx.AsyncClient, running: Running, method: str
) -> None:
    link = await running.links.make(MANAGER, TERM)
    answer = await client.request(method, f"/sign-in/link/{link}")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    shown = await client.get(f"/sign-in/link/{link}")
    assert f"<strong>{MANAGER.name}</strong>" in shown.text
    assert (await client.post(f"/sign-in/link/{link}")).status_code == 303


async def test_a_link_signs_in_once(client: httpx.AsyncClient, running: Running) -> None:
    link = await running.links.make(MANAGER, TERM)
    assert (await client.post(f"/sign-in/link/{link}")).status_code == 303
    client.cookies.clear()
    for method in ("GET", "POST"):
        answer = await client.request(method, f"/sign-in/link/{link}")
        assert (answer.status_code, answer.json()["type"]) == (410, f"/problems/{ProblemKind.SIGN_IN_LINK_SPENT.value}")
    assert not await reads(client)


async def test_signing_in_and_out_is_noted_without_the_link(client: httpx.AsyncClient, running: Running) -> None:
    link = await running.links.make(MANAGER, TERM)
    await client.post(f"/sign-in/link/{link}")
    await client.post("/sign-out")
    await running.access.write()
    async with running.engine.connect() as connection:
        rows = list(await connection.execute(text("SELECT who, kind, text FROM tiendo.access_log ORDER BY number")))
    assert [(row.who, row.kind) for row in rows] == [
        ("person:Nguyễn Thị Ánh", "sign-in"),
        ("person:Nguyễn Thị Ánh", "sign-out"),
    ]
    assert not any(link in row.text for row in rows)


@pytest.mark.parametrize(("term", "status"), [(timedelta(0), 410), (None, 303)])
async def test_a_link_is_valid_for_its_term_or_until_used(
    client: httpx.AsyncClient, running: Running, term: timedelta | None, status: int
) -> None:
    link = await running.links.make(MANAGER, term)
    assert (await client.post(f"/sign-in/link/{link}")).status_code == status


async def test_of_two_who_use_a_link_at_once_one_is_signed_in(running: Running, engine: AsyncEngine) -> None:
    link = await running.links.make(MANAGER, TERM)
    first, second = await running.links.use(link), await SignInLinks(engine, running.sessions.seals).use(link)
    assert (first, second) == (MANAGER, None)


@pytest.mark.parametrize(
    "headers",
    [ELSEWHERE, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site", "Origin": HOME}],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/sign-in/link/{link}"])
async def test_no_page_of_another_origin_signs_in_or_out(
    client: httpx.AsyncClient, running: Running, path: str, headers: dict[str, str]
) -> None:
    await sign_in_with_key(client, running)
    link = await running.links.make(MANAGER, TERM)
    answer = await client.post(path.format(link=link), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, f"/problems/{ProblemKind.OTHER_ORIGIN.value}")
    assert "set-cookie" not in answer.headers
    assert await reads(client)
    assert await running.links.look(link) == MANAGER


@pytest.mark.parametrize("headers", [{"Origin": HOME}, {"Sec-Fetch-Site": "same-origin"}, {}])
async def test_the_own_pages_sign_out(client: httpx.AsyncClient, running: Running, headers: dict[str, str]) -> None:
    await sign_in_with_key(client, running)
    assert (await client.post("/sign-out", headers=headers)).status_code == 303
    assert not await reads(client)


async def test_behind_tls_the_cookie_is_of_this_host_alone(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIENDO_PUBLIC_URL", "https://tiendo.kontum.gov.vn/")
    async with service(database_url) as (client, running):
        link = await running.links.make(MANAGER, TERM)
        own = {"Origin": "https://tiendo.kontum.gov.vn"}
        cookie = (await client.post(f"/sign-in/link/{link}", headers=own)).headers["set-cookie"]
        name, *attributes = [part.strip() for part in cookie.lower().split(";")]
        assert name.startswith("__host-tiendo_session=")
        assert sorted(attributes) == ["httponly", "path=/", "samesite=strict", "secure"]
        value = cookie.partition("=")[2].partition(";")[0]
        for spelt, status in ((f"__Host-tiendo_session={value}", 200), (f"tiendo_session={value}", 401)):
            assert (await client.get("/v1/read/1", headers={"Cookie": spelt})).status_code == status


async def _age(engine: AsyncEngine, interval: str) -> None:
    """Let all sessions have been used last so long ago."""
    async with engine.begin() as connection:
        await connection.execute(text(f"UPDATE tiendo.sessions SET used_at = now() - interval '{interval}'"))
