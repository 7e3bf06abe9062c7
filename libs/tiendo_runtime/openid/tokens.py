"""The issuer's tokens, checked: whose, for whom, of which kind, until when. What is left open here is an open door."""

import time
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwt import ClaimsOption

from tiendo_runtime.openid.errors import TokenRefused
from tiendo_runtime.openid.issuer import Issuer

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Signatures under a key of the issuer's alone: none that a public key could make."""

LEEWAY_SECONDS: Final = 60
_LENGTH_MAX: Final = 32 * 1024
_DOTS: Final = 2
_LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_SECONDS: Final = 600
"""A logout token that is older counts for nothing; for so long the ones taken are remembered."""

_IDENTIFIERS: Final = ("sub", "sid", "jti")
_IDENTIFIER_MAX: Final = 1_000


class _Kind(Enum):
    """Kinds of tokens: what their header may name (`typ`), and what Keycloak names in them (`typ`), which others leave out."""

    ACCESS = (frozenset({"jwt", "at+jwt", "application/at+jwt"}), "Bearer")
    ID = (frozenset({"jwt"}), "ID")
    LOGOUT = (frozenset({"jwt", "logout+jwt", "application/logout+jwt"}), "Logout")

    @property
    def headers(self) -> frozenset[str]:
        return self.value[0]

    @property
    def claim(self) -> str:
        return self.value[1]


_OF_ID_TOKENS: Final = ("nonce", "at_hash", "c_hash", "s_hash")


def is_token(text: str) -> bool:
    """Whether a bearer's text looks like a token, which no key does."""
    return text.count(".") == _DOTS and text.startswith("ey")


async def access_claims(issuer: Issuer, text: str, *, audience: str) -> dict[str, Any]:
    """What an access token says. Raises TokenRefused, IssuerAway."""
    claims = await _claims(issuer, text, _Kind.ACCESS, audience=audience, essential=("exp", "sub"))
    if any(name in claims for name in (*_OF_ID_TOKENS, "events")):
        raise TokenRefused("it is no access token")
    return claims


async def id_claims(issuer: Issuer, text: str, *, nonce: str | None) -> dict[str, Any]:
    """What an ID token says; with the nonce of the sign-in that it belongs to, None for one of a renewal. Raises TokenRefused, IssuerAway."""
    claims = await _claims(issuer, text, _Kind.ID, audience=issuer.client_id, essential=("exp", "iat", "sub"))
    if nonce is not None and claims.get("nonce") != nonce:
        raise TokenRefused("its nonce is another sign-in's")
    if claims.get("azp", issuer.client_id) != issuer.client_id:
        raise TokenRefused("it was given to another client")
    return claims


async def logout_claims(issuer: Issuer, text: str) -> dict[str, Any]:
    """What a logout token says (OpenID Connect Back-Channel Logout 1.0, section 2.6). Raises TokenRefused, IssuerAway."""
    claims = await _claims(issuer, text, _Kind.LOGOUT, audience=issuer.client_id, essential=("iat", "jti"))
    events = claims.get("events")
    if not isinstance(events, Mapping) or not isinstance(events.get(_LOGOUT_EVENT), Mapping):
        raise TokenRefused("it tells of no logout")
    if "nonce" in claims:
        raise TokenRefused("a logout token has no nonce")
    if not any(isinstance(claims.get(name), str) for name in ("sid", "sub")):
        raise TokenRefused("it names neither session nor person")
    if claims["iat"] < time.time() - _LOGOUT_SECONDS:
        raise TokenRefused("it is old")
    return claims


async def _claims(
    issuer: Issuer, text: str, kind: _Kind, *, audience: str, essential: tuple[str, ...]
) -> dict[str, Any]:
    if len(text) > _LENGTH_MAX or text.count(".") != _DOTS:
        raise TokenRefused("it is no signed token")
    try:
        header = jws.extract_compact(text.encode()).headers()
        if header.get("alg") not in ALGORITHMS:
            raise TokenRefused("it is signed by an algorithm that does not count")
        token = jwt.decode(text, await issuer.key(_kid(header)), algorithms=ALGORITHMS)
        _registry(issuer.url, audience).validate(token.claims)
    except (JoseError, ValueError, UnicodeError) as error:
        raise TokenRefused(type(error).__name__) from error
    if missing := [name for name in essential if name not in token.claims]:
        raise TokenRefused(f"it does not say {missing[0]}")
    if odd := [name for name in _IDENTIFIERS if name in token.claims and not _is_identifier(token.claims[name])]:
        raise TokenRefused(f"its {odd[0]} is no text that names anything")
    header_type, claim_type = token.header.get("typ", "JWT"), token.claims.get("typ", kind.claim)
    if not isinstance(header_type, str) or header_type.lower() not in kind.headers or claim_type != kind.claim:
        raise TokenRefused("it is of another kind")
    return token.claims


def _is_identifier(value: object) -> bool:
    """Whether it is text that can be compared and kept."""
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= _IDENTIFIER_MAX


def _registry(issuer: str, audience: str) -> jwt.JWTClaimsRegistry:
    """What every token has to say; `exp`, `nbf` and `iat` are held to the clock wherever they stand."""
    iss: ClaimsOption = {"essential": True, "value": issuer}
    aud: ClaimsOption = {"essential": True, "value": audience}
    return jwt.JWTClaimsRegistry(leeway=LEEWAY_SECONDS, iss=iss, aud=aud)


def _kid(header: Mapping[str, Any]) -> str | None:
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise TokenRefused("its key's name is no text")
    return kid
