"""Keys: kept hashed only, bound to scopes and to sources."""

import asyncio
import dataclasses
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.keys import SECRET, register_on

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.authentication import Bounds, Key, KeyStore, Scope, Sight
from tiendo_runtime.authentication.key_secret import KeySecret
from tiendo_runtime.authentication.rights import source_prefix
from tiendo_runtime.authentication.sessions import SessionStore


async def test_a_key_is_known_by_its_secret(engine: AsyncEngine) -> None:
    store, register = KeyStore(engine, SECRET), register_on(engine)
    key_id, secret = await register.create("iGate", {Scope.INGEST}, ["/kontum/"])
    expected = Key(key_id=key_id, name="iGate", scopes=frozenset({Scope.INGEST}), sources=("/kontum",))
    assert await store.authenticate(secret) == expected


async def test_requests_that_come_while_the_secret_of_the_keys_is_looked_for_wait_for_it(engine: AsyncEngine) -> None:
    _, secret = await register_on(engine).create("iGate", {Scope.INGEST})

    async def find() -> KeySecret:
        await asyncio.sleep(0)
        return SECRET

    store = KeyStore(engine, None, find)
    keys = await asyncio.gather(*(store.authenticate(secret) for _ in range(3)))
    assert None not in keys


async def test_the_secret_is_nowhere_in_the_database(engine: AsyncEngine) -> None:
    _, secret = await register_on(engine).create("iGate", {Scope.INGEST})
    async with engine.connect() as connection:
        row = (await connection.execute(text("SELECT keys::text FROM tiendo.keys"))).scalar_one()
    assert secret not in row
    assert secret.encode().hex() not in row


@pytest.mark.parametrize("secret", ["", "tiendo_x", "x" * 10_000, "\ud800", "\x00", "tiendo_0123456789_x"])
async def test_what_is_no_key_is_refused(engine: AsyncEngine, secret: str) -> None:
    assert await KeyStore(engine, SECRET).authenticate(secret) is None


async def test_a_revoked_key_stays_in_the_list(engine: AsyncEngine) -> None:
    store, register = KeyStore(engine, SECRET), register_on(engine)
    key_id, secret = await register.create("iGate", {Scope.INGEST})
    assert await register.revoke(key_id)
    assert await store.authenticate(secret) is None
    assert [entry.revoked_at is not None for entry in await store.list()] == [True]


async def test_revoking_an_unknown_key_is_told(engine: AsyncEngine) -> None:
    assert not await register_on(engine).revoke("key-none")


async def test_a_given_secret_is_made_a_key_once(engine: AsyncEngine) -> None:
    store, register = KeyStore(engine, SECRET), register_on(engine)
    assert await register.ensure("demo", "tiendo_demo", {Scope.READ})
    assert await register.ensure("demo", "tiendo_demo", {Scope.READ})
    assert len(await store.list()) == 1


async def test_a_given_secret_that_was_revoked_is_not_revived(engine: AsyncEngine) -> None:
    store, register = KeyStore(engine, SECRET), register_on(engine)
    await register.ensure("demo", "tiendo_demo", {Scope.READ})
    await register.revoke((await store.list())[0].key.key_id)
    assert not await register.ensure("demo", "tiendo_demo", {Scope.READ})


@pytest.mark.parametrize(
    ("sources", "source", "allowed"),
    [
        (None, "/any/where", True),
        (None, "//a/../b%2f c", True),
        (("/kontum",), "/kontum", True),
        (("/kontum",), "/kontum/igate", True),
        (("/kontum",), "/kontum/igate/2", True),
        (("/kontum",), "/kontumx", False),
        (("/kontum",), "/KONTUM/igate", False),
        (("/kontum",), "/gialai/igate", False),
        (("/kontum", "/gialai"), "/gialai/igate", True),
        (("/kontum",), "/kontum/", False),
        (("/kontum",), "/kontum//igate", False),
        (("/kontum",), "/kontum/./igate", False),
        (("/kontum",), "/kontum/../gialai", False),
        (("/kontum",), "/kontum/..", False),
        (("/kontum",), "/kontum/...", True),
        (("/kontum",), "/kontum/%2e%2e/gialai", False),
        (("/kontum",), "/kontum/a\\b", False),
        (("/kontum",), "/kontum/a?b", False),
        (("/kontum",), "/kontum/a#b", False),
        (("/kontum",), "/kontum/a b", False),
        (("/kontum",), "/kontum/a\u00a0b", False),
        (("/kontum",), "/kontum/a\u200bb", False),
        (("/kontum",), "/kontum/a\ufeff", False),
        (("/kontum",), "/kontum/a\u0378", False),
        (("/kontum",), "/kontum/\ue000", False),
        (("/kontum",), "/kontum/một-cửa", True),
        (("/một",), "/mo\u0323\u0302t/a", False),
        (("kontum",), "kontum/igate", True),
        (("kontum",), "/kontum/igate", False),
        ((), "/kontum/igate", False),
    ],
)
def test_a_key_sends_only_the_sources_it_is_bound_to(
    sources: tuple[str, ...] | None, source: str, *, allowed: bool
) -> None:
    assert Key(key_id="k", name="n", scopes=frozenset(), sources=sources).may_send_source(source) is allowed


def test_a_key_sends_only_the_cases_it_is_bound_to_which_end_anywhere() -> None:
    bound = Key(key_id="k", name="n", scopes=frozenset(), cases=("000.H34-", "X"))
    assert [bound.may_send_case(case) for case in ("000.H34-1", "X", "XY", "x", "000.H34", "")] == [True] * 3 + [
        False
    ] * 3
    assert Key(key_id="k", name="n", scopes=frozenset()).may_send_case("anything")
    assert not bound.may_send_source("/a//b")


@pytest.mark.parametrize(
    ("given", "kept"), [("/kontum/", "/kontum"), ("/kontum", "/kontum"), ("a", "a"), ("/a.b/c", "/a.b/c")]
)
def test_a_slash_at_the_end_of_a_prefix_is_cut_off(given: str, kept: str) -> None:
    assert source_prefix(given) == kept


@pytest.mark.parametrize(
    "given", ["", "/", "//", "/kontum//", "/a/./b", "/..", "https://x", "/a b", "/a\n", "/a%20", "/a?", "\u200b"]
)
def test_a_prefix_under_which_no_source_lies_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="a prefix of sources"):
        source_prefix(given)


async def test_a_key_that_has_expired_is_as_good_as_revoked(engine: AsyncEngine) -> None:
    store, register = KeyStore(engine, SECRET), register_on(engine)
    _, secret = await register.create("a", {Scope.READ}, bounds=Bounds(term=timedelta(days=90)))
    assert await store.authenticate(secret) is not None
    short, short_secret = await register.create("a", {Scope.READ}, bounds=Bounds(term=timedelta(microseconds=1)))
    assert await store.authenticate(short_secret) is None
    assert (await store.is_valid(short), await store.with_digest(short)) == (False, None)
    assert not await register.ensure("a", short_secret, {Scope.READ})
    assert await register.rotate(short, timedelta(days=1)) is None


async def test_a_successor_has_the_same_rights_and_the_old_key_a_term(engine: AsyncEngine) -> None:
    store, register = KeyStore(engine, SECRET), register_on(engine)
    bounds = Bounds(sources=["/kontum/"], cases=["H34-"], term=timedelta(days=90), history_until=datetime.now(UTC))
    bounds = dataclasses.replace(bounds, units=["H34.STNMT"])
    old, old_secret = await register.create("iGate", {Scope.INGEST, Scope.EXPLAIN}, bounds=bounds)
    made = await register.rotate(old, timedelta(days=7))
    assert made is not None
    successor = await store.authenticate(made[1])
    before = await store.authenticate(old_secret)
    assert successor is not None
    assert before is not None
    assert dataclasses.replace(successor, key_id=old) == before
    assert successor.sight == Sight(units=frozenset({"H34.STNMT"}))
    entries = {entry.key.key_id: entry for entry in await store.list()}
    left = {key_id: entry.expires_at - entry.created_at for key_id, entry in entries.items() if entry.expires_at}
    assert timedelta(days=7) <= left[old] < timedelta(days=8)
    assert left[made[0]] == timedelta(days=90)
    await register.rotate(old, timedelta(days=50))
    assert [entry.expires_at for entry in await store.list() if entry.key.key_id == old] == [entries[old].expires_at]


async def test_the_last_use_is_noted(engine: AsyncEngine) -> None:
    store, register = KeyStore(engine, SECRET), register_on(engine)
    _, secret = await register.create("a", {Scope.READ})
    assert [entry.last_used_at for entry in await store.list()] == [None]
    await store.authenticate(secret)
    [entry] = await store.list()
    assert entry.last_used_at is not None
    await KeyStore(engine, SECRET).authenticate(secret)
    assert await store.list() == [entry]


async def test_the_eleventh_failed_login_of_a_key_id_in_a_minute_is_put_off(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, register = KeyStore(engine, SECRET), register_on(engine)
    _, secret = await register.create("a", {Scope.READ})
    _, other = await register.create("b", {Scope.READ})
    for number in range(10):
        assert await store.authenticate(f"{secret}{number}") is None
    with pytest.raises(Refusal) as refused:
        await store.authenticate(f"{secret[:-1]}")
    assert refused.value.kind is ProblemKind.TOO_MANY_LOGINS
    assert 0 < int(refused.value.headers["Retry-After"]) <= 60
    assert await store.authenticate(secret) is not None
    assert await store.authenticate(other) is not None
    assert await store.authenticate(f"{other}x") is None
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)
    assert await store.authenticate(f"{secret}x") is None


async def test_a_secret_that_names_no_key_counts_for_none(engine: AsyncEngine) -> None:
    store = KeyStore(engine, SECRET)
    for _ in range(20):
        assert await store.authenticate("wrong") is None


async def test_a_session_sees_no_more_than_its_key(engine: AsyncEngine) -> None:
    store, register = KeyStore(engine, SECRET), register_on(engine)
    _, secret = await register.create("a", {Scope.READ, Scope.ADMIN}, bounds=Bounds(units=["H34.STNMT"]))
    key = await store.authenticate(secret)
    assert key is not None
    sessions = SessionStore(engine, store)
    session = await sessions.find(await sessions.begin(key))
    looking = None if session is None else session.caller
    assert looking is not None
    assert (looking.scopes, looking.sight) == ({Scope.READ}, Sight(units=frozenset({"H34.STNMT"})))
