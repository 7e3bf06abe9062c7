"""The secret of the keys of a database: made with it, found again, or told to be missing."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.stored import house_candidate
from tiendo_runtime.authentication.key_facts import (
    SECRET_SUBJECT,
    FactWriter,
    KeyState,
    latest_fingerprint,
    verifier_of,
)
from tiendo_runtime.authentication.key_secret import KeySecret, found_or_made, load_key_secret, make_key_secret
from tiendo_runtime.authentication.keys import key_of
from tiendo_runtime.authentication.store import KeyStore
from tiendo_runtime.authentication.tables import keys
from tiendo_runtime.errors import KeySecretMissing, KeySecretOther, KeySecretUnusable

_STORED: Final = text("SELECT tiendo.facts_of_key(:subject)").bindparams(subject=SECRET_SUBJECT)
_ADOPT: Final = "UPDATE tiendo.keys SET digest = $2 WHERE key_id = $1 AND digest = $3"
_REVOKE_ALL: Final = "UPDATE tiendo.keys SET revoked_at = coalesce(revoked_at, $1)"
_SEALED_MEANWHILE: Final = "SELECT cardinality(tiendo.facts_of_key($1)) <> $2"


class _SealedMeanwhileError(Exception):
    """Another process did it."""


async def key_secret_of(engine: AsyncEngine, path: Path) -> KeySecret:
    """The secret in the file, which is the one under which the database stores its keys. Raises KeySecretFault."""
    stored_under = latest_fingerprint(await _facts_of_secret(engine))
    if stored_under is None:
        raise KeySecretMissing(path)
    return _checked(load_key_secret(path), path, stored_under)


async def opened_key_store(engine: AsyncEngine, path: Path) -> KeyStore:
    """The keys of the database, for a service. As long as no key was ever made there need not be a secret. Raises KeySecretFault."""

    async def find() -> KeySecret | None:
        return await key_secret_of(engine, path) if await _facts_of_secret(engine) else None

    return KeyStore(engine, await find(), find)


async def seal_keys(engine: AsyncEngine, path: Path, *, entered_by: str) -> KeySecret:
    """The same for the owner of a database in which keys may have no facts yet: they are taken over as they stand, once and for all.

    A new database gets a secret. Raises KeySecretFault.
    """
    facts = await _facts_of_secret(engine)
    if not facts:
        secret = found_or_made(path)
        try:
            await _adopt(engine, secret, entered_by)
        except _SealedMeanwhileError:
            return await key_secret_of(engine, path)
        return secret
    return await key_secret_of(engine, path)


async def renew_secret(engine: AsyncEngine, path: Path, *, entered_by: str) -> int:
    """How many keys have ended because the secret under which they were stored is lost; keys made from now on are stored under a new one.

    A file that holds the right secret is not replaced. Raises KeySecretFault.
    """
    facts = await _facts_of_secret(engine)
    secret = _replaced(path, latest_fingerprint(facts))
    rows = await _rows(engine)
    writer = await _writer(engine, secret, entered_by)
    ended = [row["key_id"] for row in rows if row["revoked_at"] is None]

    async def write(connection: asyncpg.Connection) -> None:
        if await connection.fetchval(_SEALED_MEANWHILE, SECRET_SUBJECT, len(facts) + 1):
            raise KeySecretUnusable(path, "another process has renewed the secret at this moment")
        await connection.execute(_REVOKE_ALL, writer.at)

    await _append(engine, [writer.secret_made(), *map(writer.revoked, ended)], write)
    return len(ended)


async def _adopt(engine: AsyncEngine, secret: KeySecret, entered_by: str) -> None:
    """Store under the secret what was stored plainly, and say in the log of each key what it may do."""
    rows = await _rows(engine)
    writer = await _writer(engine, secret, entered_by)
    said = [writer.secret_made()]
    for row in rows:
        said.append(writer.made(_state(row, secret), adopted=True))
        if row["revoked_at"] is not None:
            said.append(writer.revoked(row["key_id"]))

    async def write(connection: asyncpg.Connection) -> None:
        # The fact of this transaction is there already, and none but it.
        if await connection.fetchval(_SEALED_MEANWHILE, SECRET_SUBJECT, 1):
            raise _SealedMeanwhileError
        for row in rows:
            await connection.execute(_ADOPT, row["key_id"], secret.digest(row["digest"]), row["digest"])

    await _append(engine, said, write)


def _replaced(path: Path, stored_under: str | None) -> KeySecret:
    """A new secret in the file; what was there and is of no use keeps another name. Raises KeySecretFault."""
    if path.exists():
        if load_key_secret(path).fingerprint == stored_under:
            raise KeySecretUnusable(path, "it is the one under which this database stores its keys, so nothing is lost")
        path.replace(path.with_name(f"{path.name}.other"))
    return make_key_secret(path)


def _state(row: Mapping[Any, Any], secret: KeySecret) -> KeyState:
    verifier = verifier_of(secret.digest(row["digest"]))
    return KeyState(key=key_of(row), verifier=verifier, expires_at=row["expires_at"])


def _checked(secret: KeySecret, path: Path, stored_under: str) -> KeySecret:
    if secret.fingerprint != stored_under:
        raise KeySecretOther(path, secret.fingerprint, stored_under)
    return secret


async def _facts_of_secret(engine: AsyncEngine) -> Sequence[str]:
    async with engine.connect() as connection:
        found: Sequence[str] = (await connection.execute(_STORED)).scalar_one()
    return found


async def _rows(engine: AsyncEngine) -> Sequence[RowMapping]:
    async with engine.connect() as connection:
        return (await connection.execute(select(keys).order_by(keys.c.created_at, keys.c.key_id))).mappings().all()


async def _writer(engine: AsyncEngine, secret: KeySecret, entered_by: str) -> FactWriter:
    async with engine.connect() as connection:
        at = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
    return FactWriter(secret=secret, entered_by=entered_by, at=at)


async def _append(engine: AsyncEngine, facts: Sequence[Mapping[str, Any]], write: Any) -> None:  # noqa: ANN401 - a function of the driver's connection
    async with Appender(engine) as appender:
        await appender.append([house_candidate(fact) for fact in facts], beside=write)
