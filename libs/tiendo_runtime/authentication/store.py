"""The keys in the database, with a short memory of those just seen."""

import time
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_runtime.authentication.keys import Key, KeyEntry, Scope, digest_of, new_key_id, new_secret
from tiendo_runtime.authentication.tables import keys

REMEMBERED_SECONDS: Final = 5.0
"""How long a revoked key may still be accepted by a process that has just seen it."""

_REMEMBERED_MAX: Final = 10_000
_SECRET_LENGTH_MAX: Final = 200


class KeyStore:
    """Makes, lists, revokes and checks keys."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._seen: dict[bytes, tuple[float, Key | None]] = {}

    async def create(
        self, name: str, scopes: Collection[Scope], sources: Sequence[str] | None = None
    ) -> tuple[str, str]:
        """Id and secret of a new key. The secret is not stored and cannot be had again."""
        key_id, secret = new_key_id(), new_secret()
        async with self._engine.begin() as connection:
            await connection.execute(insert(keys).values(_row(key_id, name, secret, scopes, sources)))
        return key_id, secret

    async def ensure(self, name: str, secret: str, scopes: Collection[Scope]) -> bool:
        """Whether the secret is a valid key now, made if it was not known; False for one that was revoked."""
        row = _row(new_key_id(), name, secret, scopes, None)
        async with self._engine.begin() as connection:
            await connection.execute(
                insert_or_update(keys).values(row).on_conflict_do_nothing(index_elements=["digest"])
            )
            statement = select(keys.c.revoked_at).where(keys.c.digest == row["digest"])
            return (await connection.execute(statement)).scalar_one() is None

    async def list(self) -> list[KeyEntry]:
        """All keys, also revoked ones, the oldest first."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(keys).order_by(keys.c.created_at, keys.c.key_id))
        return [KeyEntry(key=_key(row), created_at=row.created_at, revoked_at=row.revoked_at) for row in rows]

    async def revoke(self, key_id: str) -> bool:
        """Whether there was such a key; it is accepted no longer than REMEMBERED_SECONDS from now."""
        statement = update(keys).where(keys.c.key_id == key_id)
        async with self._engine.begin() as connection:
            result = await connection.execute(
                statement.values(revoked_at=func.coalesce(keys.c.revoked_at, func.now())).returning(keys.c.key_id)
            )
            return result.one_or_none() is not None

    async def authenticate(self, secret: str) -> Key | None:
        """The key of a secret; None if it is not known or was revoked."""
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

    async def with_digest(self, key_id: str) -> tuple[Key, bytes] | None:
        """A valid key and the digest of its secret, for what is signed with it; None if unknown or revoked."""
        async with self._engine.connect() as connection:
            statement = select(keys).where(keys.c.key_id == key_id, keys.c.revoked_at.is_(None))
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else (_key(row), bytes(row.digest))

    async def _find(self, digest: bytes) -> Key | None:
        async with self._engine.connect() as connection:
            statement = select(keys).where(keys.c.digest == digest, keys.c.revoked_at.is_(None))
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else _key(row)


def _row(
    key_id: str, name: str, secret: str, scopes: Collection[Scope], sources: Sequence[str] | None
) -> dict[str, object]:
    return {
        "key_id": key_id,
        "name": name,
        "digest": digest_of(secret),
        "scopes": sorted(scope.value for scope in scopes),
        "sources": None if sources is None else sorted(sources),
    }


def _key(row: Row[tuple[object, ...]]) -> Key:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    sources = found["sources"]
    return Key(
        key_id=str(found["key_id"]),
        name=str(found["name"]),
        scopes=frozenset(Scope(scope) for scope in found["scopes"]),
        sources=None if sources is None else tuple(sources),
    )
