"""Sessions of people in a browser, and of programs that log in before they send: a text that names a key, until when, and proves it.

Nothing is stored, so that it counts in every process.
The proof is an HMAC under the digest of the key's secret, so a session ends when its key is revoked, and the secret is not in it.
"""

import hmac
import time
from dataclasses import replace
from hashlib import sha256
from typing import Final

from tiendo_runtime.authentication.keys import Key
from tiendo_runtime.authentication.scopes import Scope
from tiendo_runtime.authentication.store import KeyStore

COOKIE: Final = "tiendo_session"
"""The name of the cookie."""

SESSION_SECONDS: Final = 12 * 3600
"""How long somebody stays signed in: a working day."""

SENDER_SESSION_SECONDS: Final = 30 * 60
"""How long a program that has logged in may send."""

_LOOKING: Final = b"tiendo session "
_SENDING: Final = b"tiendo sender session "
_PARTS: Final = 3
_DIGITS_MAX: Final = 15


async def new_session(store: KeyStore, key: Key) -> str | None:
    """The cookie's value for a session with a key; None if the key is no longer valid."""
    return await _begun(store, key, SESSION_SECONDS, _LOOKING)


async def key_of_session(store: KeyStore, cookie: str | None) -> Key | None:
    """The key that a session stands for, for reading only; None without a valid session."""
    key = await _meant(store, cookie, _LOOKING)
    if key is None or Scope.READ not in key.scopes:
        return None
    return replace(key, scopes=frozenset({Scope.READ}))


async def new_sender_session(store: KeyStore, key: Key) -> str | None:
    """What a program that sends in another system's format names instead of its key, for SENDER_SESSION_SECONDS; None if the key is no longer valid."""
    return await _begun(store, key, SENDER_SESSION_SECONDS, _SENDING)


async def key_of_sender_session(store: KeyStore, session: str) -> Key | None:
    """The key that such a session stands for, with all that it allows; None without a valid session."""
    return await _meant(store, session, _SENDING)


async def _begun(store: KeyStore, key: Key, seconds: int, purpose: bytes) -> str | None:
    found = await store.with_digest(key.key_id)
    if found is None:
        return None
    named = f"{key.key_id}.{int(time.time()) + seconds}"
    return f"{named}.{_proof(named, found[1], purpose)}"


async def _meant(store: KeyStore, session: str | None, purpose: bytes) -> Key | None:
    # A quoted cookie can hold any character, also U+0000, which the database cannot be asked for.
    parts = (session or "").split(".")
    if len(parts) != _PARTS or not all(map(_is_plain, parts)) or not parts[1].isdecimal():
        return None
    if int(parts[1][:_DIGITS_MAX]) < time.time():
        return None
    found = await store.with_digest(parts[0])
    if found is None or not hmac.compare_digest(parts[2], _proof(f"{parts[0]}.{parts[1]}", found[1], purpose)):
        return None
    return found[0]


def _is_plain(part: str) -> bool:
    return part.isascii() and part.isprintable()


def _proof(named: str, digest: bytes, purpose: bytes) -> str:
    return hmac.new(digest, purpose + named.encode("ascii"), sha256).hexdigest()
