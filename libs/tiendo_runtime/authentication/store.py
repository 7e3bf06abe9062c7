"""The keys in the database, checked against their facts, with a short memory of those just seen."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from math import ceil
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import Text

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.authentication.failed_logins import FailedLogins
from tiendo_runtime.authentication.key_facts import KeyState, key_state
from tiendo_runtime.authentication.key_secret import KeySecret
from tiendo_runtime.authentication.keys import Key, KeyEntry, digest_of, key_of
from tiendo_runtime.authentication.last_use import LastUse
from tiendo_runtime.authentication.tables import keys

REMEMBERED_SECONDS: Final = 5.0
"""How long a revoked or expired key may still be accepted by a process that has just seen it."""

_REMEMBERED_MAX: Final = 10_000
_SECRET_LENGTH_MAX: Final = 200
_FACTS: Final = func.tiendo.facts_of_key(keys.c.key_id, type_=ARRAY(Text)).label("facts")
_WITH_FACTS: Final[Select[Any]] = select(keys, _FACTS)
_UNENDED: Final = and_(keys.c.revoked_at.is_(None), or_(keys.c.expires_at.is_(None), keys.c.expires_at > func.now()))

FindSecret = Callable[[], Awaitable[KeySecret | None]]
"""Answers the secret of the database's keys once there is one."""

_journal = structlog.get_logger("tiendo.keys")


class KeyStore:
    """Checks and lists keys."""

    def __init__(self, engine: AsyncEngine, secret: KeySecret | None, find_secret: FindSecret | None = None) -> None:
        """Without a secret no key is valid, until `find_secret` answers one; it is asked again at most once in REMEMBERED_SECONDS."""
        self._engine = engine
        self._secret = secret
        self._find_secret = find_secret
        self._looked_for_secret_at = time.monotonic()
        self._looking_for_secret = asyncio.Lock()
        self._seen: dict[bytes, tuple[float, Key | None]] = {}
        self._failed = FailedLogins()
        self._last_use = LastUse(engine)

    async def list(self) -> list[KeyEntry]:
        """All keys, also revoked ones, the oldest first."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_WITH_FACTS.order_by(keys.c.created_at, keys.c.key_id))
        return [self._entry(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it

    async def authenticate(self, secret: str) -> Key | None:
        """The key of a secret; None if it is not known, was revoked, has expired, or is not what its facts say.

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
        return await self._valid(keys.c.key_id == key_id) is not None

    async def with_digest(self, key_id: str) -> tuple[Key, bytes] | None:
        """A valid key and under what is signed in its name, which nobody knows by the database alone; None if it is not valid."""
        found = await self._valid(keys.c.key_id == key_id)
        if found is None or self._secret is None:
            return None
        return found[0].key, self._secret.signing_key(found[1])

    async def _authenticated(self, secret: str) -> Key | None:
        if not secret or len(secret) > _SECRET_LENGTH_MAX:
            return None
        under = await self.secret_now()
        if under is None:
            return None
        digest = under.digest(digest_of(secret))
        remembered = self._seen.get(digest)
        if remembered is not None and time.monotonic() < remembered[0]:
            return remembered[1]
        found = await self._valid(keys.c.digest == digest)
        key = None if found is None else found[0].key
        if len(self._seen) >= _REMEMBERED_MAX:
            self._seen.clear()
        self._seen[digest] = (time.monotonic() + REMEMBERED_SECONDS, key)
        return key

    async def _valid(self, which: ColumnElement[bool]) -> tuple[KeyState, bytes] | None:
        """What the facts say of the key, and its stored digest; None if there is none, it has ended, or the row says otherwise than they."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_WITH_FACTS.where(which, _UNENDED))).one_or_none()
        if row is None:
            return None
        state = self._state(row._mapping)  # noqa: SLF001
        if state is None:
            _journal.error("a key is refused: the log does not say of it what the database does", key_id=row.key_id)
            return None
        return state, bytes(row.digest)

    def _state(self, row: Mapping[Any, Any]) -> KeyState | None:
        state = None if self._secret is None else key_state(row["facts"], self._secret)
        return state if state is not None and state.is_said_of(row) else None

    async def secret_now(self) -> KeySecret | None:
        """The secret under which the database stores its keys; None as long as there is none."""
        if self._secret is None and self._find_secret is not None:
            async with self._looking_for_secret:  # whoever comes meanwhile waits for what is found
                now = time.monotonic()
                if self._secret is None and now >= self._looked_for_secret_at:
                    self._looked_for_secret_at = now + REMEMBERED_SECONDS
                    self._secret = await self._find_secret()
        return self._secret

    def _entry(self, row: Mapping[Any, Any]) -> KeyEntry:
        return KeyEntry(
            key=key_of(row),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            last_used_at=row["last_used_at"],
            revoked_at=row["revoked_at"],
            is_sealed=self._state(row) is not None,
        )
