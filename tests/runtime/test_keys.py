"""Keys: kept hashed only, bound to scopes and to sources."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_runtime.authentication import Key, KeyStore, Scope


async def test_a_key_is_known_by_its_secret(engine: AsyncEngine) -> None:
    store = KeyStore(engine)
    key_id, secret = await store.create("iGate", {Scope.INGEST}, ["/kontum/"])
    expected = Key(key_id=key_id, name="iGate", scopes=frozenset({Scope.INGEST}), sources=("/kontum/",))
    assert await store.authenticate(secret) == expected


async def test_the_secret_is_nowhere_in_the_database(engine: AsyncEngine) -> None:
    _, secret = await KeyStore(engine).create("iGate", {Scope.INGEST})
    async with engine.connect() as connection:
        row = (await connection.execute(text("SELECT keys::text FROM tiendo.keys"))).scalar_one()
    assert secret not in row
    assert secret.encode().hex() not in row


@pytest.mark.parametrize("secret", ["", "tiendo_x", "x" * 10_000, "\ud800", "\x00"])
async def test_what_is_no_key_is_refused(engine: AsyncEngine, secret: str) -> None:
    assert await KeyStore(engine).authenticate(secret) is None


async def test_a_revoked_key_stays_in_the_list(engine: AsyncEngine) -> None:
    store = KeyStore(engine)
    key_id, secret = await store.create("iGate", {Scope.INGEST})
    assert await store.revoke(key_id)
    assert await store.authenticate(secret) is None
    assert [entry.revoked_at is not None for entry in await store.list()] == [True]


async def test_revoking_an_unknown_key_is_told(engine: AsyncEngine) -> None:
    assert not await KeyStore(engine).revoke("key-none")


async def test_a_given_secret_is_made_a_key_once(engine: AsyncEngine) -> None:
    store = KeyStore(engine)
    assert await store.ensure("demo", "tiendo_demo", {Scope.READ})
    assert await store.ensure("demo", "tiendo_demo", {Scope.READ})
    assert len(await store.list()) == 1


async def test_a_given_secret_that_was_revoked_is_not_revived(engine: AsyncEngine) -> None:
    store = KeyStore(engine)
    await store.ensure("demo", "tiendo_demo", {Scope.READ})
    await store.revoke((await store.list())[0].key.key_id)
    assert not await store.ensure("demo", "tiendo_demo", {Scope.READ})


@pytest.mark.parametrize(
    ("sources", "source", "allowed"),
    [
        (None, "/any/where", True),
        (("/kontum/",), "/kontum/igate", True),
        (("/kontum/",), "/gialai/igate", False),
        (("/kontum/", "/gialai/"), "/gialai/igate", True),
        ((), "/kontum/igate", False),
    ],
)
def test_a_key_sends_only_the_sources_it_is_bound_to(
    sources: tuple[str, ...] | None, source: str, *, allowed: bool
) -> None:
    assert Key(key_id="k", name="n", scopes=frozenset(), sources=sources).may_send(source) is allowed
