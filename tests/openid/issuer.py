"""An issuer of the test's own, over real HTTP: what it signs and says is the test's to choose. What only Keycloak shows is asked of Keycloak."""

import base64
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey
from tests.query.serving import listening

CLIENT_ID = "tiendo"
SECRET = "the client's secret"  # noqa: S105 - of an issuer that lives as long as a test
MANAGER = {"roles": ["unit-manager", "offline_access"], "units": ["H34.STNMT"]}


@dataclass(kw_only=True)
class TestIssuer:
    """What the issuer knows, and what it was asked; `person` are the claims of who signs in."""

    __test__ = False

    url: str = ""
    key: Key = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}))
    algorithm: str = "RS256"
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1", "name": "Nguyễn Thị Ánh", **MANAGER})
    disabled: bool = False
    away: bool = False
    nonce: str | None = None
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh_token: str = ""
    given_anew: list[str] = field(default_factory=lambda: ["id_token", "access_token"])

    def sign(self, claims: dict[str, Any], *, key: Key | None = None, header: dict[str, Any] | None = None) -> str:
        """A token of the issuer's, unless another key or header is named."""
        key = key or self.key
        named = {"alg": self.algorithm, "kid": key.kid, **(header or {})}
        return jwt.encode(named, claims, key, algorithms=[named["alg"]])

    def claims(self, **more: Any) -> dict[str, Any]:
        """What each of its tokens says, changed as asked; None leaves a claim out."""
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **self.person, **more}
        return {name: value for name, value in said.items() if value is not None}

    def access_token(self, **more: Any) -> str:
        """An access token as Keycloak writes it."""
        return self.sign(self.claims(typ="Bearer", azp=CLIENT_ID, **more))

    def id_token(self, **more: Any) -> str:
        """An ID token as Keycloak writes it."""
        return self.sign(self.claims(typ="ID", azp=CLIENT_ID, sid="s-1", **more))

    def logout_token(self, **more: Any) -> str:
        """A logout token for the session."""
        event = {"http://schemas.openid.net/event/backchannel-logout": {}}
        bare = self.claims(roles=None, units=None, name=None)
        said = {**bare, "typ": "Logout", "sid": "s-1", "jti": secrets.token_hex(8), "events": event, **more}
        return self.sign({name: value for name, value in said.items() if value is not None})


def app_of(issuer: TestIssuer) -> FastAPI:
    """The issuer's addresses."""
    app = FastAPI()

    @app.middleware("http")
    async def noted(request: Request, call_next: Any) -> Response:
        issuer.asked.append(request.url.path)
        answer: Response = Response(status_code=503) if issuer.away else await call_next(request)
        return answer

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, str]:
        named = {f"{name}_endpoint": f"{issuer.url}/{name}" for name in ("authorization", "token", "end_session")}
        return {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys", **named}

    @app.get("/keys")
    async def keys() -> dict[str, Any]:
        return {"keys": [issuer.key.as_dict(private=False)]}

    @app.get("/authorization")
    async def authorization(request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_hex(8)
        issuer.codes[code] = asked
        answer = urlencode({"code": code, "state": asked["state"], "iss": issuer.url})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", status_code=302)

    @app.post("/token")
    async def token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if issuer.disabled or (form["client_id"], form["client_secret"]) != (CLIENT_ID, SECRET):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        if form["grant_type"] == "authorization_code":
            return _for_code(issuer, form)
        if form["refresh_token"] != issuer.refresh_token:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return _tokens(issuer, {}, issuer.given_anew)

    return app


def _for_code(issuer: TestIssuer, form: dict[str, str]) -> Response:
    asked = issuer.codes.pop(form["code"], None)
    challenge = _base64(sha256(form["code_verifier"].encode()).digest())
    if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
        return JSONResponse({"error": "invalid_grant"}, status_code=400)
    return _tokens(issuer, {"nonce": issuer.nonce or asked["nonce"]})


def _tokens(issuer: TestIssuer, more: dict[str, Any], names: Sequence[str] = ("id_token", "access_token")) -> Response:
    """New tokens; the refresh token of before counts no longer."""
    issuer.refresh_token = secrets.token_hex(8)
    given = {"id_token": issuer.id_token(**more), "access_token": issuer.access_token()}
    kept = {name: given[name] for name in names}
    return JSONResponse({**kept, "refresh_token": issuer.refresh_token, "token_type": "Bearer"})


@asynccontextmanager
async def running_issuer() -> AsyncIterator[TestIssuer]:
    """An issuer that answers at its address."""
    issuer = TestIssuer()
    async with listening(app_of(issuer)) as port:
        issuer.url = f"http://127.0.0.1:{port}"
        yield issuer


def elliptic_key() -> Key:
    return ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})


def rsa_key(kid: str) -> Key:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


def signed_with_public_key(key: Key, claims: dict[str, Any]) -> str:
    """A token whose shared secret is the text of the issuer's public key, by which programs were once tricked."""
    parts = [json.dumps({"alg": "HS256", "typ": "JWT", "kid": key.kid}), json.dumps(claims)]
    text = ".".join(_base64(part.encode()) for part in parts)
    return f"{text}.{_base64(hmac.digest(key.as_pem(private=False), text.encode(), 'sha256'))}"


def _base64(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
