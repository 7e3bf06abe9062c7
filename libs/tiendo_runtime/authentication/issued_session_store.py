"""What the database keeps of sessions that an issuer stands behind, besides what it keeps of all."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, delete, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_runtime.authentication.keys import digest_of
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.authentication.row_seals import RowSeals
from tiendo_runtime.authentication.session_tables import logout_tokens, sessions
from tiendo_runtime.authentication.sessions import BrowserSession, IssuerTokens, columns_of

TRIED_AGAIN: Final = timedelta(seconds=10)
"""So long one renewal of a session may take, and so long none is tried after one that found the issuer away."""

LOGOUT_REMEMBERED: Final = timedelta(hours=1)
"""For so long logout tokens are remembered, which count for less."""


class IssuedSessionStore:
    """Claims, keeps and ends renewals; ends what an issuer ends."""

    def __init__(self, engine: AsyncEngine, seals: RowSeals) -> None:
        self._engine = engine
        self._seals = seals

    async def claim_renewal(self, session: BrowserSession) -> bool:
        """Whether the caller is the one to renew the session now: of all processes one, and not soon after one that failed."""
        tried = sessions.c.renewal_tried_at
        free = or_(tried.is_(None), tried < func.now() - TRIED_AGAIN)
        here = and_(sessions.c.digest == digest_of(session.cookie), sessions.c.renewed_at == session.renewed_at, free)
        claimed = update(sessions).where(here).values(renewal_tried_at=func.now()).returning(sessions.c.digest)
        async with self._engine.begin() as connection:
            return (await connection.execute(claimed)).one_or_none() is not None

    async def renew(
        self, session: BrowserSession, person: SignedInPerson, tokens: IssuerTokens
    ) -> BrowserSession | None:
        """The session as the issuer granted it anew; None if it ended meanwhile."""
        anew = await self._seals.sealed({"digest": digest_of(session.cookie), **columns_of(person)})
        renewed = update(sessions).where(sessions.c.digest == anew["digest"])
        kept = {"issuer_session": tokens.session, "sealed_tokens": tokens.sealed}
        renewed = renewed.values(renewed_at=func.now(), renewal_tried_at=None, **anew, **kept)
        async with self._engine.begin() as connection:
            row = (await connection.execute(renewed.returning(sessions.c.renewed_at))).one_or_none()
        if row is None:
            return None
        return replace(session, caller=person, sealed_tokens=tokens.sealed, renewed_at=row.renewed_at)

    async def end(self, session: BrowserSession) -> None:
        """End this session alone."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(sessions).where(sessions.c.digest == digest_of(session.cookie)))

    async def log_out(self, issuer: str, token: str, *, session: str | None, subject: str | None) -> bool:
        """Whether the logout token of that name is new; if so the session is ended that the issuer calls so, or without its name all of the person."""
        named = [sessions.c.issuer == issuer]
        if session is not None:
            named.append(sessions.c.issuer_session == session)
        if subject is not None:
            named.append(sessions.c.subject == subject)
        noted = insert(logout_tokens).values(digest=digest_of(token)).on_conflict_do_nothing()
        old = delete(logout_tokens).where(logout_tokens.c.used_at < func.now() - LOGOUT_REMEMBERED)
        async with self._engine.begin() as connection:
            await connection.execute(old)
            if (await connection.execute(noted.returning(logout_tokens.c.digest))).one_or_none() is None:
                return False
            await connection.execute(delete(sessions).where(*named))
        return True
