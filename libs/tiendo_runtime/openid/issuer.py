"""The issuer as this service sees it: its addresses and its keys, fetched when they are needed and kept for minutes."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from tiendo_runtime.openid.errors import GrantRefused, IssuerAway, TokenRefused

TIMEOUT_SECONDS: Final = 5.0
KEPT_SECONDS: Final = 600.0
"""How long addresses and keys are taken as they were; a key that the issuer withdraws counts no longer than that."""

REFETCH_SECONDS: Final = 30.0
"""A token under a key that is not known has the keys fetched anew, at most so often."""

AWAY_SECONDS: Final = 10.0
"""An issuer that did not answer is not asked for its keys again before."""

_BYTES_MAX: Final = 1024 * 1024
_LATER: Final = frozenset({408, 429})
_FIRST_FAULT_OF_THEIRS: Final = 500
_REFUSED: Final = 400
_OK: Final = 200
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the issuer does what; `end_session` None where it ends no sessions on demand."""

    authorization: str
    token: str
    keys: str
    end_session: str | None


class Issuer:
    """Asks the issuer; what it answers is bounded in size and time."""

    def __init__(self, url: str, *, client_id: str, client_secret: str | None) -> None:
        self.url = url
        self.client_id = client_id
        self._secret = client_secret
        self._client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False)
        self._addresses: tuple[float, Addresses] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._away_until = 0.0
        self._fetching = asyncio.Lock()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def addresses(self) -> Addresses:
        """The issuer's addresses. Raises IssuerAway, also where the document is another issuer's."""
        if (kept := _younger(self._addresses, KEPT_SECONDS)) is not None:
            return kept
        async with self._fetching:
            return _younger(self._addresses, KEPT_SECONDS) or await self._fetched_addresses()

    async def key(self, kid: str | None) -> Key:
        """The issuer's key of that name. Raises TokenRefused where there is none, IssuerAway where it cannot be known.

        One that is not known has the keys fetched anew, but not soon after they were; while the issuer is away those that are known go on.
        """
        keys = _younger(self._keys, KEPT_SECONDS)
        if keys is not None and (found := _named(keys, kid)) is not None:
            return found
        async with self._fetching:
            keys = _younger(self._keys, REFETCH_SECONDS) or await self._fetched_keys()
        if (found := _named(keys, kid)) is None:
            raise TokenRefused("it is under a key that the issuer does not name")
        return found

    async def tokens(self, grant: Mapping[str, str]) -> dict[str, Any]:
        """What the issuer gives for a grant. Raises GrantRefused, IssuerAway."""
        addresses = await self.addresses()
        form = {**grant, "client_id": self.client_id}
        if self._secret is not None:
            form["client_secret"] = self._secret
        answer = await self._ask(httpx.Request("POST", addresses.token, data=form))
        return _object(answer)

    async def _fetched_addresses(self) -> Addresses:
        document = await self._document(f"{self.url.rstrip('/')}/.well-known/openid-configuration")
        found = _addresses(document, self.url)
        self._addresses = (time.monotonic(), found)
        return found

    async def _fetched_keys(self) -> KeySet:
        try:
            addresses = _younger(self._addresses, KEPT_SECONDS) or await self._fetched_addresses()
            found = _signing_keys(await self._document(addresses.keys))
        except IssuerAway:
            if self._keys is None:
                raise
            return self._keys[1]
        self._keys = (time.monotonic(), found)
        return found

    async def _document(self, url: str) -> dict[str, Any]:
        """What the issuer says there; one that was away just now is not asked, so that nobody waits for it in a row."""
        if time.monotonic() < self._away_until:
            raise IssuerAway("it did not answer just now")
        try:
            return _object(await self._ask(httpx.Request("GET", url)))
        except GrantRefused as error:
            raise IssuerAway(str(error)) from error
        except IssuerAway:
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = await self._client.send(request, stream=True)
            try:
                body = bytearray()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > _BYTES_MAX:
                        raise IssuerAway("it answered more than a mebibyte")
            finally:
                await answer.aclose()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise IssuerAway(type(error).__name__) from error
        if answer.status_code >= _FIRST_FAULT_OF_THEIRS or answer.status_code in _LATER:
            raise IssuerAway(f"it answered {answer.status_code}")
        if answer.status_code >= _REFUSED:
            raise GrantRefused(f"it answered {answer.status_code}")
        return httpx.Response(answer.status_code, content=bytes(body))


def _younger(kept: tuple[float, _Kept] | None, age_seconds_max: float) -> _Kept | None:
    """What was kept, if it is younger than that."""
    return kept[1] if kept is not None and time.monotonic() - kept[0] < age_seconds_max else None


def _named(keys: KeySet, kid: str | None) -> Key | None:
    try:
        return keys.get_by_kid(kid)
    except JoseError:
        return None


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        value = answer.json() if answer.status_code == _OK else None
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise IssuerAway(f"its answer ({answer.status_code}) is no JSON object")
    return value


def _addresses(document: Mapping[str, Any], url: str) -> Addresses:
    if document.get("issuer") != url:
        raise IssuerAway("its document names another issuer")
    named = [document.get(f"{name}_endpoint") for name in ("authorization", "token", "end_session")]
    authorization, token, end_session = (value if isinstance(value, str) else None for value in named)
    keys = document.get("jwks_uri")
    if authorization is None or token is None or not isinstance(keys, str):
        raise IssuerAway("its document leaves out where it does what")
    return Addresses(authorization=authorization, token=token, keys=keys, end_session=end_session)


def _signing_keys(document: Mapping[str, Any]) -> KeySet:
    """The keys that may sign; one that cannot be read counts as not there."""
    found = []
    listed = document.get("keys")
    for each in listed if isinstance(listed, list) else ():
        try:
            if isinstance(each, dict) and each.get("use", "sig") == "sig":
                found += KeySet.import_key_set({"keys": [each]}).keys
        except (JoseError, ValueError, TypeError):
            continue
    return KeySet(found)
