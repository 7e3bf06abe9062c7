"""Keys, as the services see them."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

SECRET_PREFIX: Final = "tiendo_"  # noqa: S105 - how secrets begin, no secret
"""How every secret begins, so that one in the wrong place is recognised."""


class Scope(StrEnum):
    """What a key allows."""

    INGEST = "ingest"
    READ = "read"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key that was presented and is valid; `sources` are prefixes of what it may send, None for everything."""

    key_id: str
    name: str
    scopes: frozenset[Scope]
    sources: tuple[str, ...] | None = None

    def may_send(self, source: str) -> bool:
        """Whether events of this source may be sent, or annulled, with the key."""
        return self.sources is None or source.startswith(self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """A key as the operator sees it in the list."""

    key: Key
    created_at: datetime
    revoked_at: datetime | None


def new_secret() -> str:
    """A secret of 256 random bits."""
    return SECRET_PREFIX + secrets.token_urlsafe(32)


def new_key_id() -> str:
    """A short public name for a key, drawn at random."""
    return f"key-{secrets.token_hex(5)}"


def digest_of(secret: str) -> bytes:
    """What is stored of a secret: its SHA-256. The secret has 256 random bits, so nothing slower is needed."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
