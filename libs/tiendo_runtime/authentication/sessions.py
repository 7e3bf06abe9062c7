"""Sessions of people in a browser, in the database: what ends there has ended in every process.

The cookie holds 256 random bits, the database their digest, so that nobody opens a session with what a stolen copy of the database says.
What a row says of who somebody is counts only under its seal, so that who writes in the database alone signs nobody in.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_runtime.authentication.keys import SECRET_PREFIX, Key, digest_of
from tiendo_runtime.authentication.people import ALL_UNITS, SignedInPerson, known_roles, named_units
from tiendo_runtime.authentication.row_seals import RowSeals
from tiendo_runtime.authentication.scopes import Scope
from tiendo_runtime.authentication.session_tables import sessions
from tiendo_runtime.authentication.store import KeyStore

IDLE: Final = timedelta(hours=8)
"""After so long without a request a session is over."""

_NOTED: Final = timedelta(minutes=1)
_PREFIX: Final = f"{SECRET_PREFIX}session_"
_LENGTH_MAX: Final = 100
_ALIVE: Final = sessions.c.used_at > func.now() - IDLE

_journal = structlog.get_logger("tiendo.sessions")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerTokens:
    """What an issuer gave for a session: its own name for it (`sid`), and its tokens, sealed for the cookie's holder."""

    session: str | None
    sealed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSession:
    """A session that is valid, by its `cookie`: who is signed in, and of one that an issuer stands behind its tokens."""

    cookie: str
    caller: Key | SignedInPerson
    issuer_session: str | None = None
    sealed_tokens: str | None = None
    renewed_at: datetime


class SessionStore:
    """Begins, finds and ends sessions."""

    def __init__(self, engine: AsyncEngine, keys: KeyStore) -> None:
        self._engine = engine
        self._keys = keys
        self.seals = RowSeals(keys.secret_now)

    async def begin(
        self, caller: Key | SignedInPerson, tokens: IssuerTokens | None = None, *, cookie: str | None = None
    ) -> str:
        """What the browser's cookie is to hold from now on; sessions that were left idle are swept out on the way."""
        cookie = cookie or new_cookie()
        row = {**await self.seals.sealed({"digest": digest_of(cookie), **_named(caller)}), **_kept(tokens)}
        async with self._engine.begin() as connection:
            await connection.execute(delete(sessions).where(~_ALIVE))
            await connection.execute(insert(sessions).values(row))
        return cookie

    async def find(self, cookie: str | None, *, in_use: bool = True) -> BrowserSession | None:
        """The session of a cookie; None where there is none, it has ended or was left idle, or its key is no longer valid.

        Not `in_use`: nobody asks with it just now, so that it is left as idle as it was.
        """
        if cookie is None or not cookie.startswith(_PREFIX) or len(cookie) > _LENGTH_MAX:
            return None
        found = select(sessions, (sessions.c.used_at < func.now() - _NOTED).label("used_before"))
        async with self._engine.connect() as connection:
            row = (await connection.execute(found.where(sessions.c.digest == digest_of(cookie), _ALIVE))).one_or_none()
        if row is None or not await self.seals.holds(row._mapping):  # noqa: SLF001 - SQLAlchemy's public name for it
            return None
        if in_use and row.used_before:
            await self._note_use(row.digest)
        caller = person_of(row) if row.key_id is None else await self._reader(row.key_id)
        if caller is None:
            return None
        return BrowserSession(
            cookie=cookie,
            caller=caller,
            issuer_session=row.issuer_session,
            sealed_tokens=row.sealed_tokens,
            renewed_at=row.renewed_at,
        )

    async def end(self, session: BrowserSession) -> None:
        """End the session, and with it all others of that person. A key may be several people's: of theirs only this one ends."""
        here = sessions.c.digest == digest_of(session.cookie)
        match session.caller:
            case SignedInPerson(subject=subject, issuer=issuer):
                same_issuer = sessions.c.issuer.is_not_distinct_from(issuer)
                ended = or_(here, and_(sessions.c.key_id.is_(None), sessions.c.subject == subject, same_issuer))
            case Key():
                ended = here
        async with self._engine.begin() as connection:
            await connection.execute(delete(sessions).where(ended))

    async def _reader(self, key_id: str) -> Key | None:
        found = await self._keys.with_digest(key_id)
        if found is None or Scope.READ not in found[0].scopes:
            return None
        return replace(found[0], scopes=frozenset({Scope.READ}))

    async def _note_use(self, digest: bytes) -> None:
        """Note that the session was used now; a database that cannot be written refuses nobody for it."""
        try:
            async with self._engine.begin() as connection:
                noted = update(sessions).where(sessions.c.digest == digest).values(used_at=func.now())
                await connection.execute(noted)
        except (DBAPIError, OSError) as error:
            _journal.warning("the use of a session was not noted", reason=type(error).__name__)


def new_cookie() -> str:
    """What the cookie of a new session holds."""
    return _PREFIX + secrets.token_urlsafe(32)


def _named(caller: Key | SignedInPerson) -> dict[str, object]:
    match caller:
        case Key(key_id=key_id, name=name):
            return {"key_id": key_id, "subject": key_id, "name": name, "roles": []}
        case SignedInPerson():
            return columns_of(caller)


def columns_of(person: SignedInPerson) -> dict[str, object]:
    """What is kept of who a person is and may see, in the columns that sessions and sign-in links share."""
    return {
        "issuer": person.issuer,
        "subject": person.subject,
        "name": person.name,
        "roles": sorted(person.roles),
        "units": [ALL_UNITS] if person.units is None else sorted(person.units),
        "officer_id": person.officer_id,
    }


def _kept(tokens: IssuerTokens | None) -> dict[str, object]:
    return {} if tokens is None else {"issuer_session": tokens.session, "sealed_tokens": tokens.sealed}


def person_of(row: Row[tuple[object, ...]]) -> SignedInPerson:
    """Whom the row of a session or link names."""
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return SignedInPerson(
        subject=found["subject"],
        name=found["name"],
        roles=known_roles(found["roles"]),
        units=named_units(found["units"]),
        officer_id=found["officer_id"],
        issuer=found["issuer"],
    )
