"""What a key may do is said by its facts in the log, sealed under a secret outside the database: a hand in the tables opens nothing."""

import asyncio
import hashlib
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.keys import ENTERED_BY, SECRET, register_on

from tiendo_contracts.events.house_facts import house_event
from tiendo_event_store import EventLog
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.stored import house_candidate
from tiendo_runtime.authentication import Bounds, KeyRegister, KeyStore, Scope
from tiendo_runtime.authentication.key_secret import KeySecret, load_key_secret
from tiendo_runtime.authentication.keys import digest_of, new_secret
from tiendo_runtime.authentication.sealing import key_secret_of, renew_secret, seal_keys
from tiendo_runtime.errors import KeySecretMissing, KeySecretOther, KeySecretUnusable

AT = datetime(2026, 12, 1, tzinfo=UTC)
TERM = timedelta(days=7)
BOUND = Bounds(sources=["/kontum"], cases=["H34-"], units=["H34.STNMT"])


async def run(engine: AsyncEngine, statement: str, **values: object) -> None:
    """What somebody does who may write into every table."""
    async with engine.begin() as connection:
        await connection.execute(text(statement), values)


async def facts_of(engine: AsyncEngine, key_id: str) -> list[dict[str, Any]]:
    stored = await EventLog(engine).read_after(0, 10_000)
    return [json.loads(one.text) for one in stored if one.subject == key_id and one.shard is None]


async def append(engine: AsyncEngine, fact: dict[str, Any]) -> None:
    async with Appender(engine) as appender:
        await appender.append([house_candidate(fact)])


async def test_each_change_of_a_key_is_a_fact_that_says_who_and_no_secret(owner_engine: AsyncEngine) -> None:
    register = register_on(owner_engine)
    key_id, secret = await register.create("iGate", {Scope.INGEST, Scope.READ}, bounds=BOUND)
    made = await register.rotate(key_id, TERM)
    assert made is not None
    await register.revoke(made[0])
    old, new = await facts_of(owner_engine, key_id), await facts_of(owner_engine, made[0])
    assert [fact["type"].split(".")[3] for fact in (*old, *new)] == ["created", "limited", "created", "revoked"]
    assert {fact["data"]["entered_by"] for fact in (*old, *new)} == {ENTERED_BY}
    assert new[0]["data"]["succeeds"] == key_id
    said = old[0]["data"]
    assert (said["name"], said["scopes"], said["sources"]) == ("iGate", ["ingest", "read"], ["/kontum"])
    assert (said["cases"], said["units"], said["expires_at"]) == (["H34-"], ["H34.STNMT"], None)
    written = json.dumps([*old, *new])
    for hidden in (secret, made[1]):
        assert hidden not in written
        assert digest_of(hidden).hex() not in written
        assert SECRET.digest(digest_of(hidden)).hex() not in written


@pytest.mark.parametrize(
    "edit",
    [
        "scopes = '{admin,ingest,read}'",
        "sources = NULL",
        "cases = NULL",
        "units = NULL",
        "units = '{H34}'",
        "name = 'another'",
        "expires_at = now() + interval '1 year'",
        "history_until = now()",
        "key_id = 'key-0000000000'",
    ],
)
async def test_a_key_whose_row_was_edited_is_refused(owner_engine: AsyncEngine, edit: str) -> None:
    key_id, secret = await register_on(owner_engine).create("iGate", {Scope.INGEST, Scope.READ}, bounds=BOUND)
    assert await KeyStore(owner_engine, SECRET).authenticate(secret) is not None
    await run(owner_engine, f"UPDATE tiendo.keys SET {edit}")
    store = KeyStore(owner_engine, SECRET)
    assert await store.authenticate(secret) is None
    assert not await store.is_valid(key_id)
    assert [entry.is_sealed for entry in await store.list()] == [False]


async def test_a_key_that_was_revoked_is_not_revived_in_the_table(owner_engine: AsyncEngine) -> None:
    key_id, secret = await register_on(owner_engine).create("a", {Scope.READ})
    await register_on(owner_engine).revoke(key_id)
    await run(owner_engine, "UPDATE tiendo.keys SET revoked_at = NULL")
    assert await KeyStore(owner_engine, SECRET).authenticate(secret) is None


async def test_a_row_without_a_fact_opens_nothing(owner_engine: AsyncEngine) -> None:
    secret = new_secret("key-0000000000")
    insert = "INSERT INTO tiendo.keys (key_id, name, digest, scopes) VALUES (:key_id, 'x', :digest, '{admin}')"
    await run(owner_engine, insert, key_id="key-0000000000", digest=SECRET.digest(digest_of(secret)))
    await run(owner_engine, insert, key_id="key-0000000001", digest=digest_of(secret))
    assert await KeyStore(owner_engine, SECRET).authenticate(secret) is None


async def test_the_secret_of_one_key_does_not_open_another_by_its_row(owner_engine: AsyncEngine) -> None:
    _, mine = await register_on(owner_engine).create("mine", {Scope.READ})
    theirs, _ = await register_on(owner_engine).create("theirs", {Scope.ADMIN})
    await run(owner_engine, "UPDATE tiendo.keys SET digest = sha256(digest) WHERE name = 'mine'")
    digest = SECRET.digest(digest_of(mine))
    await run(
        owner_engine, "UPDATE tiendo.keys SET digest = :digest WHERE key_id = :key_id", digest=digest, key_id=theirs
    )
    assert await KeyStore(owner_engine, SECRET).authenticate(mine) is None


async def test_a_fact_that_is_not_sealed_widens_no_key_and_a_repeated_one_revives_none(
    owner_engine: AsyncEngine,
) -> None:
    key_id, secret = await register_on(owner_engine).create("a", {Scope.READ}, bounds=BOUND)
    [fact] = await facts_of(owner_engine, key_id)
    wider = {**fact["data"], "scopes": ["admin"], "units": None}
    other = KeySecret(bytes(32))
    for seal in (wider["seal"], other.seal({"data": wider}), "", None, 7):
        said = house_event(fact["type"], key_id, {**wider, "seal": seal}, at=AT)
        await append(owner_engine, said)
    await run(owner_engine, "UPDATE tiendo.keys SET scopes = '{admin}', units = NULL, sources = NULL, cases = NULL")
    assert await KeyStore(owner_engine, SECRET).authenticate(secret) is None
    await run(owner_engine, "UPDATE tiendo.keys SET scopes = '{read}', units = '{H34.STNMT}'")
    await run(owner_engine, "UPDATE tiendo.keys SET sources = '{/kontum}', cases = '{H34-}'")
    assert await KeyStore(owner_engine, SECRET).authenticate(secret) is not None
    await register_on(owner_engine).revoke(key_id)
    await append(owner_engine, {**fact, "id": "again"})
    await run(owner_engine, "UPDATE tiendo.keys SET revoked_at = NULL")
    assert await KeyStore(owner_engine, SECRET).authenticate(secret) is None


async def test_what_the_database_holds_opens_nothing_under_another_secret(owner_engine: AsyncEngine) -> None:
    key_id, secret = await register_on(owner_engine).create("a", {Scope.READ})
    async with owner_engine.connect() as connection:
        stored = (await connection.execute(text("SELECT digest FROM tiendo.keys"))).scalar_one()
    assert stored != hashlib.sha256(secret.encode()).digest()
    thief = KeyStore(owner_engine, KeySecret(bytes(32)))
    assert (await thief.authenticate(secret), await thief.with_digest(key_id)) == (None, None)
    found = await KeyStore(owner_engine, SECRET).with_digest(key_id)
    assert found is not None
    assert stored not in found


async def test_keys_of_an_older_version_are_taken_over_once_as_they_stand(
    owner_engine: AsyncEngine, tmp_path: Path
) -> None:
    path = tmp_path / "deep" / "key-secret"
    insert = """INSERT INTO tiendo.keys (key_id, name, digest, scopes, units, revoked_at)
                VALUES (:key_id, 'old', :digest, '{read}', NULL, CASE WHEN :revoked THEN now() END)"""
    for number, revoked in ((1, False), (2, True)):
        await run(owner_engine, insert, key_id=f"key-{number}", digest=digest_of(f"secret {number}"), revoked=revoked)
    with pytest.raises(KeySecretMissing):
        await key_secret_of(owner_engine, path)
    secret, same = await asyncio.gather(*(seal_keys(owner_engine, path, entered_by="a") for _ in range(2)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret == same == load_key_secret(path) == await key_secret_of(owner_engine, path)
    store = KeyStore(owner_engine, secret)
    taken_over = await store.authenticate("secret 1")
    assert taken_over is not None
    assert (taken_over.scopes, taken_over.sight.units) == ({Scope.READ}, None)
    assert await store.authenticate("secret 2") is None
    assert [entry.is_sealed for entry in await store.list()] == [True, True]
    await run(owner_engine, insert, key_id="key-3", digest=digest_of("secret 3"), revoked=False)
    await seal_keys(owner_engine, path, entered_by="a")
    assert await KeyStore(owner_engine, secret).authenticate("secret 3") is None


async def test_a_lost_secret_is_told_and_a_new_one_ends_all_keys(owner_engine: AsyncEngine, tmp_path: Path) -> None:
    path = tmp_path / "key-secret"
    secret = await seal_keys(owner_engine, path, entered_by="a")
    key_id, plain = await KeyRegister(owner_engine, secret, entered_by="a").create("a", {Scope.READ})
    with pytest.raises(KeySecretUnusable, match="nothing is lost"):
        await renew_secret(owner_engine, path, entered_by="a")
    path.write_text("00" * 32)
    for asked in (key_secret_of(owner_engine, path), seal_keys(owner_engine, path, entered_by="a")):
        with pytest.raises(KeySecretOther):
            await asked
    path.write_text("spoilt")
    with pytest.raises(KeySecretUnusable, match="64 hexadecimal digits"):
        await key_secret_of(owner_engine, path)
    path.unlink()
    with pytest.raises(KeySecretMissing):
        await seal_keys(owner_engine, path, entered_by="a")
    assert await renew_secret(owner_engine, path, entered_by="a") == 1
    renewed = await key_secret_of(owner_engine, path)
    assert renewed != secret
    for under in (secret, renewed):
        assert await KeyStore(owner_engine, under).authenticate(plain) is None
    _, new = await KeyRegister(owner_engine, renewed, entered_by="a").create("b", {Scope.READ})
    assert await KeyStore(owner_engine, renewed).authenticate(new) is not None
    assert [fact["type"].split(".")[3] for fact in await facts_of(owner_engine, key_id)] == ["created", "revoked"]
