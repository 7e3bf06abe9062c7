"""People as an issuer knows them: signed in, renewed, signed out, and by the tokens of their programs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.openid.claims import ClaimNames
from tiendo_runtime.openid.errors import GrantRefused, IssuerAway, TokenRefused
from tiendo_runtime.openid.flow import Flow
from tiendo_runtime.openid.issuer import Issuer
from tiendo_runtime.openid.tokens import access_claims, id_claims, logout_claims
from tiendo_runtime.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What the issuer gave: who it is, its name for the session (`sid`), and the tokens to renew and to end it with."""

    person: SignedInPerson
    session: str | None
    tokens: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """What a logout token ends: a session by the issuer's name for it, all of a person, or the session of that person; `token` names it."""

    token: str
    session: str | None
    subject: str | None


class PeopleByIssuer:
    """Asks the issuer who people are."""

    def __init__(self, issuer: Issuer, names: ClaimNames, *, audience: str) -> None:
        self.issuer = issuer
        self._names = names
        self._audience = audience

    async def sign_in_address(self, flow: Flow, redirect_uri: str) -> str:
        """Where the browser goes to sign in. Raises IssuerAway."""
        address = (await self.issuer.addresses()).authorization
        return _with_query(address, flow.question(client_id=self.issuer.client_id, redirect_uri=redirect_uri))

    async def signed_in(self, flow: Flow, code: str, redirect_uri: str) -> Granted:
        """Who has signed in, by the code that the browser brought. Raises GrantRefused, TokenRefused, IssuerAway."""
        given = await self.issuer.tokens(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": flow.verifier,
            }
        )
        return await self._granted(given, nonce=flow.nonce, before={})

    async def renewed(self, before: Granted) -> Granted:
        """The same person as the issuer knows them now. Raises GrantRefused where the session has ended there, TokenRefused, IssuerAway.

        An issuer need not give an ID token again: then what its access token says counts, or what it said before.
        """
        token = before.tokens.get("refresh_token")
        if token is None:
            raise GrantRefused("there is no token to renew the session with")
        given = await self.issuer.tokens({"grant_type": "refresh_token", "refresh_token": token})
        subject = before.person.subject
        if _is_text(given, "id_token"):
            granted = await self._granted(given, nonce=None, before=before.tokens)
            if granted.person.subject != subject:
                raise TokenRefused("it is of another person")
            return granted
        told = await self._told_besides(given, subject)
        person = self._names.person(self.issuer.url, told) if told else before.person
        return replace(before, person=person, tokens=_tokens(given, before.tokens))

    async def person_of_token(self, text: str) -> SignedInPerson:
        """Whose access token it is, for reading alone. Raises TokenRefused, IssuerAway."""
        claims = await access_claims(self.issuer, text, audience=self._audience)
        return self._names.person(self.issuer.url, claims, reads_only=True)

    async def logout(self, text: str) -> Logout:
        """What a logout token ends. Raises TokenRefused, IssuerAway."""
        claims = await logout_claims(self.issuer, text)
        session, subject = (claims.get(name) for name in ("sid", "sub"))
        return Logout(token=claims["jti"], session=session, subject=subject)

    async def sign_out_address(self, tokens: Mapping[str, str], back: str) -> str | None:
        """Where the browser goes to sign out at the issuer too; None where the issuer has no such address, or is away."""
        try:
            address = (await self.issuer.addresses()).end_session
        except IssuerAway:
            return None
        if address is None:
            return None
        asked = {"client_id": self.issuer.client_id, "post_logout_redirect_uri": back}
        if "id_token" in tokens:
            asked["id_token_hint"] = tokens["id_token"]
        return _with_query(address, urlencode(asked))

    async def _granted(self, given: Mapping[str, Any], *, nonce: str | None, before: Mapping[str, str]) -> Granted:
        if not _is_text(given, "id_token"):
            raise TokenRefused("the issuer gave no ID token")
        told = await id_claims(self.issuer, given["id_token"], nonce=nonce)
        person = self._names.person(self.issuer.url, told, await self._told_besides(given, told["sub"]))
        session = told.get("sid")
        return Granted(
            person=person, session=session if isinstance(session, str) else None, tokens=_tokens(given, before)
        )

    async def _told_besides(self, given: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        """What the access token says, where it is one for this service: some issuers tell roles there alone."""
        if not _is_text(given, "access_token"):
            return {}
        try:
            claims = await access_claims(self.issuer, given["access_token"], audience=self._audience)
        except TokenRefused:
            return {}
        return claims if claims["sub"] == subject else {}


def people_by_issuer(settings: Settings) -> PeopleByIssuer | None:
    """The people of the issuer that is set; None where none is. Raises OSError for a file of the secret that cannot be read."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    file = settings.oidc_client_secret_file
    secret = None if file is None else file.read_text(encoding="utf-8").strip()
    names = ClaimNames(
        roles=settings.oidc_roles_claim, units=settings.oidc_units_claim, officer=settings.oidc_officer_claim
    )
    issuer = Issuer(settings.oidc_issuer, client_id=settings.oidc_client_id, client_secret=secret)
    return PeopleByIssuer(issuer, names, audience=settings.oidc_audience or settings.oidc_client_id)


def _is_text(given: Mapping[str, Any], name: str) -> bool:
    return isinstance(given.get(name), str)


def _tokens(given: Mapping[str, Any], before: Mapping[str, str]) -> dict[str, str]:
    """What is kept of the tokens: those of before, unless there are new ones."""
    return {**before, **{name: given[name] for name in ("refresh_token", "id_token") if _is_text(given, name)}}


def _with_query(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}"
