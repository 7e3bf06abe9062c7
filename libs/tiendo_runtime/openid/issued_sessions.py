"""Sessions that an issuer stands behind: renewed there while they are used, and ended when it refuses."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from tiendo_runtime.authentication.issued_session_store import IssuedSessionStore
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.authentication.sessions import BrowserSession, IssuerTokens, SessionStore, new_cookie
from tiendo_runtime.openid.errors import GrantRefused, IssuerAway, TokenRefused
from tiendo_runtime.openid.people_by_issuer import Granted, Logout, PeopleByIssuer
from tiendo_runtime.openid.sealed_tokens import opened, sealed

AWAY_MAX: Final = timedelta(minutes=15)
"""While the issuer is away a session goes on for so long after it was last renewed."""

_journal = structlog.get_logger("tiendo.sessions")


class IssuedSessions:
    """Begins, finds and ends sessions, with the issuer where there is one."""

    def __init__(
        self,
        store: SessionStore,
        issued: IssuedSessionStore,
        people: PeopleByIssuer | None,
        *,
        renew_seconds: float,
    ) -> None:
        self._store = store
        self._issued = issued
        self._people = people
        self._renew_after = timedelta(seconds=renew_seconds)
        self._renewing: dict[str, asyncio.Task[BrowserSession | None]] = {}

    async def begin(self, granted: Granted) -> str:
        """What the cookie of a session holds that the issuer has granted."""
        cookie = new_cookie()
        return await self._store.begin(granted.person, _kept(cookie, granted), cookie=cookie)

    async def find(self, cookie: str | None) -> BrowserSession | None:
        """The session of a cookie, renewed if it is time; None where there is none, or it has ended.

        Where people have an issuer only what it has granted counts, and what another granted does not.
        """
        session = await self._store.find(cookie)
        if session is None or not isinstance(session.caller, SignedInPerson):
            return session
        if not self._is_granted_here(session.caller):
            return None
        if self._people is None or datetime.now(UTC) - session.renewed_at < self._renew_after:
            return session
        return await self._renewed_once(session, session.caller, self._people)

    async def standing(self, cookie: str | None) -> BrowserSession | None:
        """The session of a cookie as it stands, for what goes on by itself: that neither uses nor renews it.

        One that the issuer stands behind counts for as long as it would while the issuer is away.
        """
        session = await self._store.find(cookie, in_use=False)
        if session is None or not isinstance(session.caller, SignedInPerson):
            return session
        if not self._is_granted_here(session.caller):
            return None
        return session if self._people is None else _while_away(session)

    def _is_granted_here(self, person: SignedInPerson) -> bool:
        return person.issuer == (None if self._people is None else self._people.issuer.url)

    async def log_out(self, logout: Logout) -> bool:
        """Whether the logout token counts, which it does once; the sessions that it names have ended then."""
        if self._people is None:
            return False
        issuer = self._people.issuer.url
        return await self._issued.log_out(issuer, logout.token, session=logout.session, subject=logout.subject)

    async def sign_out(self, session: BrowserSession, back: str) -> str | None:
        """End the session and the person's others; where the browser goes to sign out at the issuer too, if anywhere."""
        await self._store.end(session)
        if self._people is None or session.sealed_tokens is None:
            return None
        return await self._people.sign_out_address(opened(session.cookie, session.sealed_tokens) or {}, back)

    async def _renewed_once(
        self, session: BrowserSession, person: SignedInPerson, people: PeopleByIssuer
    ) -> BrowserSession | None:
        """The outcome of one renewal, for all requests of the browser that come meanwhile; one that is cut off does not cut off it."""
        task = self._renewing.get(session.cookie)
        if task is None:
            task = asyncio.create_task(self._renewed(session, person, people))
            self._renewing[session.cookie] = task
            task.add_done_callback(lambda _: self._renewing.pop(session.cookie, None))
        return await asyncio.shield(task)

    async def _renewed(
        self, session: BrowserSession, person: SignedInPerson, people: PeopleByIssuer
    ) -> BrowserSession | None:
        if not await self._issued.claim_renewal(session):
            return _while_away(session)
        tokens = opened(session.cookie, session.sealed_tokens or "") or {}
        try:
            granted = await people.renewed(Granted(person=person, session=session.issuer_session, tokens=tokens))
        except IssuerAway as error:
            _journal.warning("the issuer did not answer, and a session was not renewed", reason=str(error))
            return _while_away(session)
        except (GrantRefused, TokenRefused) as error:
            _journal.info("a session ended, for the issuer does not renew it", reason=str(error))
            await self._issued.end(session)
            return None
        return await self._issued.renew(session, granted.person, _kept(session.cookie, granted))


def _while_away(session: BrowserSession) -> BrowserSession | None:
    return session if datetime.now(UTC) - session.renewed_at < AWAY_MAX else None


def _kept(cookie: str, granted: Granted) -> IssuerTokens:
    return IssuerTokens(session=granted.session, sealed=sealed(cookie, granted.tokens))
