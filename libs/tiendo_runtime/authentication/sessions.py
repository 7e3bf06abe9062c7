"""Sessions of people in a browser: a cookie that names a key, until when, and proves it; nothing is stored.

The proof is an HMAC under the digest of the key's secret, so a session ends when its key is revoked, and the secret is not in it.
"""

import hmac
import time
from hashlib import sha256
from typing import Final

from tiendo_runtime.authentication.keys import Key, Scope
from tiendo_runtime.authentication.store import KeyStore

COOKIE: Final = "tiendo_session"
"""The name of the cookie."""

SESSION_SECONDS: Final = 12 * 3600
"""How long somebody stays signed in: a working day."""

_PARTS: Final = 3
_DIGITS_MAX: Final = 15


async def new_session(store: KeyStore, key: Key) -> str | None:
    """The cookie's value for a session with a key; None if the key is no longer valid."""
    found = await store.with_digest(key.key_id)
    if found is None:
        return None
    named = f"{key.key_id}.{int(time.time()) + SESSION_SECONDS}"
    return f"{named}.{_proof(named, found[1])}"


async def key_of_session(store: KeyStore, cookie: str | None) -> Key | None:
    """The key that a session stands for, for reading only; None without a valid session."""
    # A quoted cookie can hold any character, also U+0000, which the database cannot be asked for.
    parts = (cookie or "").split(".")
    if len(parts) != _PARTS or not all(map(_is_plain, parts)) or not parts[1].isdecimal():
        return None
    if int(parts[1][:_DIGITS_MAX]) < time.time():
        return None
    found = await store.with_digest(parts[0])
    if found is None or not hmac.compare_digest(parts[2], _proof(f"{parts[0]}.{parts[1]}", found[1])):
        return None
    key = found[0]
    allowed = key.scopes & {Scope.READ}
    return Key(key_id=key.key_id, name=key.name, scopes=allowed) if allowed else None


def _is_plain(part: str) -> bool:
    return part.isascii() and part.isprintable()


def _proof(named: str, digest: bytes) -> str:
    return hmac.new(digest, b"tiendo session " + named.encode("ascii"), sha256).hexdigest()
