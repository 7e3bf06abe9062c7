"""The keys in the database, with a short memory of those just seen."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import Row, and_, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.authentication.failed_logins import FailedLogins, key_id_of
from tiendo_runtime.authentication.keys import Key, KeyEntry, digest_of, new_key_id, new_secret
from tiendo_runtime.authentication.last_use import LastUse
from tiendo_runtime.authentication.rights import source_prefix
from tiendo_runtime.authentication.scopes import Scope
from tiendo_runtime.authentication.tables import keys

REMEMBERED_SECONDS: Final = 5.0
"""How long a revoked or expired key may still be accepted by a process that has just seen it."""

_REMEMBERED_MAX: Final = 10_000
_SECRET_LENGTH_MAX: Final = 200
_VALID: Final = and_(keys.c.revoked_at.is_(None), or_(keys.c.expires_at.is_(None), keys.c.expires_at > func.now()))


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


class KeyStore:
    """Makes, lists, rotates, revokes and checks keys."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._seen: dict[bytes, tuple[float, Key | None]] = {}
        self._failed = FailedLogins()
        self._last_use = LastUse(engine)

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
        row = _row(key_id, name, secret, scopes, bounds or Bounds(sources=sources))
        async with self._engine.begin() as connection:
            await connection.execute(insert(keys).values(row))
        return key_id, secret

    async def ensure(self, name: str, secret: str, scopes: Collection[Scope]) -> bool:
        """Whether the secret is a valid key now, made if it was not known; False for one that was revoked or has expired."""
        row = _row(key_id_of(secret) or new_key_id(), name, secret, scopes, Bounds())
        async with self._engine.begin() as connection:
            await connection.execute(
                insert_or_update(keys).values(row).on_conflict_do_nothing(index_elements=["digest"])
            )
            statement = select(_VALID).where(keys.c.digest == row["digest"])
            return bool((await connection.execute(statement)).scalar_one())

    async def list(self) -> list[KeyEntry]:
        """All keys, also revoked ones, the oldest first."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(keys).order_by(keys.c.created_at, keys.c.key_id))
        return [
            KeyEntry(
                key=_key(row),
                created_at=row.created_at,
                expires_at=row.expires_at,
                last_used_at=row.last_used_at,
                revoked_at=row.revoked_at,
            )
            for row in rows
        ]

    async def revoke(self, key_id: str) -> bool:
        """Whether there was such a key; it is accepted no longer than REMEMBERED_SECONDS from now."""
        statement = update(keys).where(keys.c.key_id == key_id)
        async with self._engine.begin() as connection:
            result = await connection.execute(
                statement.values(revoked_at=func.coalesce(keys.c.revoked_at, func.now())).returning(keys.c.key_id)
            )
            return result.one_or_none() is not None

    async def rotate(self, key_id: str, term: timedelta) -> tuple[str, str] | None:
        """Id and secret of a successor with the same rights, valid as long from now as the old was made for; None without a valid key.

        The old one is valid for the `term` yet, if it does not expire before.
        """
        successor = new_key_id()
        secret = new_secret(successor)
        async with self._engine.begin() as connection:
            shortened = update(keys).where(keys.c.key_id == key_id, _VALID)
            # `least` passes nulls over.
            shortened = shortened.values(expires_at=func.least(keys.c.expires_at, func.now() + term))
            old = select(keys).where(keys.c.key_id == key_id, _VALID).with_for_update()
            row = (await connection.execute(old)).one_or_none()
            if row is None:
                return None
            await connection.execute(shortened)
            bounds = Bounds(
                sources=row.sources,
                cases=row.cases,
                term=None if row.expires_at is None else row.expires_at - row.created_at,
                history_until=row.history_until,
                units=row.units,
            )
            scopes = {Scope(scope) for scope in row.scopes}
            await connection.execute(insert(keys).values(_row(successor, row.name, secret, scopes, bounds)))
        return successor, secret

    async def authenticate(self, secret: str) -> Key | None:
        """The key of a secret; None if it is not known, was revoked, or has expired.

        Raises `Refusal` (429) for a login that fails after ten of the same key id within a minute.
        """
        key = await self._authenticated(secret)
        if key is not None:
            await self._last_use.note(key.key_id)
        elif secret and (wait_seconds := self._failed.note(secret)) is not None:
            raise Refusal(ProblemKind.TOO_MANY_LOGINS, headers={"Retry-After": str(ceil(wait_seconds))})
        return key

    async def is_valid(self, key_id: str) -> bool:
        """Whether the key is valid at this moment."""
        async with self._engine.connect() as connection:
            statement = select(keys.c.key_id).where(keys.c.key_id == key_id, _VALID)
            return (await connection.execute(statement)).one_or_none() is not None

    async def with_digest(self, key_id: str) -> tuple[Key, bytes] | None:
        """A valid key and the digest of its secret, for what is signed with it; None if unknown, revoked or expired."""
        async with self._engine.connect() as connection:
            statement = select(keys).where(keys.c.key_id == key_id, _VALID)
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else (_key(row), bytes(row.digest))

    async def _authenticated(self, secret: str) -> Key | None:
        if not secret or len(secret) > _SECRET_LENGTH_MAX:
            return None
        digest = digest_of(secret)
        remembered = self._seen.get(digest)
        if remembered is not None and time.monotonic() < remembered[0]:
            return remembered[1]
        key = await self._find(digest)
        if len(self._seen) >= _REMEMBERED_MAX:
            self._seen.clear()
        self._seen[digest] = (time.monotonic() + REMEMBERED_SECONDS, key)
        return key

    async def _find(self, digest: bytes) -> Key | None:
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(keys).where(keys.c.digest == digest, _VALID))).one_or_none()
        return None if row is None else _key(row)


def _row(key_id: str, name: str, secret: str, scopes: Collection[Scope], bounds: Bounds) -> dict[str, object]:
    return {
        "key_id": key_id,
        "name": name,
        "digest": digest_of(secret),
        "scopes": sorted(scope.value for scope in scopes),
        "sources": None if bounds.sources is None else sorted(map(source_prefix, bounds.sources)),
        "cases": None if bounds.cases is None else sorted(bounds.cases),
        "history_until": bounds.history_until,
        "units": None if bounds.units is None else sorted(set(bounds.units)),
        "expires_at": None if bounds.term is None else func.now() + bounds.term,
    }


def _key(row: Row[tuple[object, ...]]) -> Key:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    sources, cases, units = found["sources"], found["cases"], found["units"]
    return Key(
        key_id=str(found["key_id"]),
        name=str(found["name"]),
        scopes=frozenset(Scope(scope) for scope in found["scopes"]),
        sources=None if sources is None else tuple(sources),
        cases=None if cases is None else tuple(cases),
        history_until=found["history_until"],
        units=None if units is None else tuple(units),
    )
