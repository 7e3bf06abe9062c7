"""Sessions of programs that log in before they send: a text that names a key, until when, and proves it.

Nothing is stored, so that it counts in every process.
The proof is an HMAC under the digest of the key's secret, so a session ends when its key is revoked, and the secret is not in it.
"""

import hmac
import time
from hashlib import sha256
from typing import Final

from tiendo_runtime.authentication.keys import Key
from tiendo_runtime.authentication.store import KeyStore

SENDER_SESSION_SECONDS: Final = 30 * 60
"""How long a program that has logged in may send."""

_PURPOSE: Final = b"tiendo sender session "
_PARTS: Final = 3
_DIGITS_MAX: Final = 15


async def new_sender_session(store: KeyStore, key: Key) -> str | None:
    """What a program that sends in another system's format names instead of its key, for SENDER_SESSION_SECONDS; None if the key is no longer valid."""
    found = await store.with_digest(key.key_id)
    if found is None:
        return None
    named = f"{key.key_id}.{int(time.time()) + SENDER_SESSION_SECONDS}"
    return f"{named}.{_proof(named, found[1])}"


async def key_of_sender_session(store: KeyStore, session: str) -> Key | None:
    """The key that such a session stands for, with all that it allows; None without a valid session."""
    # The text can hold any character, also U+0000, which the database cannot be asked for.
    parts = session.split(".")
    if len(parts) != _PARTS or not all(map(_is_plain, parts)) or not parts[1].isdecimal():
        return None
    if int(parts[1][:_DIGITS_MAX]) < time.time():
        return None
    found = await store.with_digest(parts[0])
    if found is None or not hmac.compare_digest(parts[2], _proof(f"{parts[0]}.{parts[1]}", found[1])):
        return None
    return found[0]


def _is_plain(part: str) -> bool:
    return part.isascii() and part.isprintable()


def _proof(named: str, digest: bytes) -> str:
    return hmac.new(digest, _PURPOSE + named.encode("ascii"), sha256).hexdigest()
