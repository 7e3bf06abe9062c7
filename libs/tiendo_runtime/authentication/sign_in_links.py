"""Sign-in links: each opens one session, once, for somebody whom the operator named. Stored are their digests alone."""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_runtime.authentication.keys import SECRET_PREFIX, digest_of
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.authentication.row_seals import RowSeals
from tiendo_runtime.authentication.session_tables import sign_in_links
from tiendo_runtime.authentication.sessions import columns_of, person_of

TERM: Final = timedelta(minutes=10)
"""How long a link is valid that somebody asked for."""

_PREFIX: Final = f"{SECRET_PREFIX}link_"
_LENGTH_MAX: Final = 100


class SignInLinks:
    """Makes, shows and uses up links, each by the text that its address ends in."""

    def __init__(self, engine: AsyncEngine, seals: RowSeals) -> None:
        self._engine = engine
        self._seals = seals

    async def make(self, person: SignedInPerson, term: timedelta | None) -> str:
        """The text of a new link for the person, valid for the term, or until it is used."""
        text = _PREFIX + secrets.token_urlsafe(32)
        expires_at = None if term is None else func.now() + term
        row = await self._seals.sealed({"digest": digest_of(text), **columns_of(person)})
        async with self._engine.begin() as connection:
            await connection.execute(insert(sign_in_links).values(expires_at=expires_at, **row))
        return text

    async def look(self, text: str) -> SignedInPerson | None:
        """Whom the link signs in; None if it was used, has expired, or never was. It stays as it is."""
        if not _is_link(text):
            return None
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(sign_in_links).where(_valid(text)))).one_or_none()
        return await self._person(row)

    async def use(self, text: str) -> SignedInPerson | None:
        """Whom the link signs in, just now and never again; None as `look` answers it. Of two who use it at once one gets it."""
        if not _is_link(text):
            return None
        used = update(sign_in_links).where(_valid(text)).values(used_at=func.now())
        async with self._engine.begin() as connection:
            row = (await connection.execute(used.returning(*sign_in_links.c))).one_or_none()
        return await self._person(row)

    async def _person(self, row: Row[tuple[object, ...]] | None) -> SignedInPerson | None:
        """Whom a row signs in; nobody by one that says otherwise than it did when it was sealed."""
        if row is None or not await self._seals.holds(row._mapping):  # noqa: SLF001 - SQLAlchemy's public name for it
            return None
        return person_of(row)


def _is_link(text: str) -> bool:
    return text.startswith(_PREFIX) and len(text) <= _LENGTH_MAX


def _valid(text: str) -> ColumnElement[bool]:
    links = sign_in_links.c
    in_term = or_(links.expires_at.is_(None), links.expires_at > func.now())
    return and_(links.digest == digest_of(text), links.used_at.is_(None), in_term)
