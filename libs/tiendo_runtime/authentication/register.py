"""Keys made, rotated and revoked: the row and the fact in the log are written in one transaction, by whoever owns the database."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.access_log import AccessEntry, AccessKind, write_entries
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.stored import house_candidate
from tiendo_runtime.authentication.failed_logins import key_id_of
from tiendo_runtime.authentication.key_facts import FactWriter, KeyState, verifier_of
from tiendo_runtime.authentication.key_secret import KeySecret
from tiendo_runtime.authentication.keys import Key, digest_of, new_key_id, new_secret
from tiendo_runtime.authentication.rights import source_prefix
from tiendo_runtime.authentication.scopes import Scope
from tiendo_runtime.authentication.store import KeyStore
from tiendo_runtime.authentication.tables import keys

_INSERT: Final = """
INSERT INTO tiendo.keys (key_id, name, digest, scopes, sources, cases, history_until, units, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key_id) DO NOTHING
"""
_REVOKE: Final = "UPDATE tiendo.keys SET revoked_at = coalesce(revoked_at, $2) WHERE key_id = $1"
_LIMIT: Final = "UPDATE tiendo.keys SET expires_at = $2 WHERE key_id = $1 AND revoked_at IS NULL RETURNING key_id"

Written = Callable[[asyncpg.Connection], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a key is bound to, None for nothing.

    Prefixes of the `sources` and `cases` that it sends, `units` whose subtrees it may see, for how long it is valid (else until revoked).
    """

    sources: Sequence[str] | None = None
    cases: Sequence[str] | None = None
    term: timedelta | None = None
    history_until: datetime | None = None
    units: Sequence[str] | None = None


class _KeyGoneError(Exception):
    """The key was revoked meanwhile."""


class KeyRegister:
    """Makes, rotates and revokes keys, and keeps who asked for it in the log (`entered_by`). The engine is of the database's owner."""

    def __init__(self, engine: AsyncEngine, secret: KeySecret, *, entered_by: str) -> None:
        self._engine = engine
        self._secret = secret
        self._entered_by = entered_by

    async def create(
        self,
        name: str,
        scopes: Collection[Scope],
        sources: Sequence[str] | None = None,
        bounds: Bounds | None = None,
    ) -> tuple[str, str]:
        """Id and secret of a new key. The secret is not stored and cannot be had again. Raises ValueError for a source that none lies under."""
        key_id = new_key_id()
        secret = new_secret(key_id)
        await self._make(_key(key_id, name, scopes, bounds or Bounds(sources=sources)), secret, bounds)
        return key_id, secret

    async def ensure(self, name: str, secret: str, scopes: Collection[Scope]) -> bool:
        """Whether the secret is a valid key now, made if it was not known; False for one that was revoked or has expired."""
        digest = self._secret.digest(digest_of(secret))
        async with self._engine.connect() as connection:
            known = (await connection.execute(select(keys.c.key_id).where(keys.c.digest == digest))).one_or_none()
        if known is not None:
            return await KeyStore(self._engine, self._secret).is_valid(known.key_id)
        await self._make(_key(key_id_of(secret) or new_key_id(), name, scopes, Bounds()), secret, None)
        return True

    async def revoke(self, key_id: str) -> bool:
        """Whether there was such a key; it is accepted no longer than `store.REMEMBERED_SECONDS` from now."""
        async with self._engine.connect() as connection:
            found = select(keys.c.revoked_at).where(keys.c.key_id == key_id)
            row = (await connection.execute(found)).one_or_none()
        if row is None or row.revoked_at is not None:
            return row is not None
        facts = await self._facts()
        at = facts.at

        async def write(connection: asyncpg.Connection) -> None:
            await connection.execute(_REVOKE, key_id, at)

        await self._append([facts.revoked(key_id)], write)
        return True

    async def rotate(self, key_id: str, term: timedelta) -> tuple[str, str] | None:
        """Id and secret of a successor with the same rights, valid as long from now as the old was made for; None without a valid key.

        The old one is valid for the `term` yet, if it does not expire before.
        """
        store = KeyStore(self._engine, self._secret)
        old = next((entry for entry in await store.list() if entry.key.key_id == key_id), None)
        if old is None or not await store.is_valid(key_id):
            return None
        facts = await self._facts()
        limit = facts.at + term
        limit = limit if old.expires_at is None else min(limit, old.expires_at)
        successor = new_key_id()
        secret = new_secret(successor)
        state = self._state(
            replace(old.key, key_id=successor),
            secret,
            None if old.expires_at is None else facts.at + (old.expires_at - old.created_at),
        )

        async def write(connection: asyncpg.Connection) -> None:
            if await connection.fetchval(_LIMIT, key_id, limit) is None:
                raise _KeyGoneError
            await self._insert(connection, state, secret, facts.at)

        try:
            await self._append([facts.made(state, succeeds=key_id), facts.limited(key_id, limit)], write)
        except _KeyGoneError:
            return None
        return successor, secret

    async def _make(self, key: Key, secret: str, bounds: Bounds | None) -> None:
        facts = await self._facts()
        term = None if bounds is None else bounds.term
        state = self._state(key, secret, None if term is None else facts.at + term)

        async def write(connection: asyncpg.Connection) -> None:
            await self._insert(connection, state, secret, facts.at)

        await self._append([facts.made(state)], write)

    async def _facts(self) -> FactWriter:
        """By the database's clock, which says when keys end."""
        async with self._engine.connect() as connection:
            at = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
        return FactWriter(secret=self._secret, entered_by=self._entered_by, at=at)

    def _state(self, key: Key, secret: str, expires_at: datetime | None) -> KeyState:
        digest = self._secret.digest(digest_of(secret))
        return KeyState(key=key, verifier=verifier_of(digest), expires_at=expires_at)

    async def _insert(self, connection: asyncpg.Connection, state: KeyState, secret: str, at: datetime) -> None:
        key = state.key
        await connection.execute(
            _INSERT,
            key.key_id,
            key.name,
            self._secret.digest(digest_of(secret)),
            sorted(key.scopes),
            key.sources,
            key.cases,
            key.history_until,
            key.units,
            at,
            state.expires_at,
        )

    async def _append(self, facts: Sequence[Mapping[str, Any]], write: Written) -> None:
        entries = [self._entry(fact) for fact in facts]

        async def beside(connection: asyncpg.Connection) -> None:
            await write(connection)
            await write_entries(connection, entries)

        async with Appender(self._engine) as appender:
            await appender.append([house_candidate(fact) for fact in facts], beside=beside)

    def _entry(self, fact: Mapping[str, Any]) -> AccessEntry:
        return AccessEntry(
            at=datetime.fromisoformat(fact["time"]),
            who=self._entered_by,
            name=self._entered_by,
            kind=AccessKind.KEY,
            subject=fact["subject"],
            address=fact["type"],
        )


def _key(key_id: str, name: str, scopes: Collection[Scope], bounds: Bounds) -> Key:
    return Key(
        key_id=key_id,
        name=name,
        scopes=frozenset(scopes),
        sources=None if bounds.sources is None else tuple(sorted(map(source_prefix, bounds.sources))),
        cases=None if bounds.cases is None else tuple(sorted(bounds.cases)),
        units=None if bounds.units is None else tuple(sorted(set(bounds.units))),
        history_until=bounds.history_until,
    )
