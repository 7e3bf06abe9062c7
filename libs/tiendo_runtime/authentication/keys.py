"""Keys, as the services see them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from tiendo_runtime.authentication.callers import Sight
from tiendo_runtime.authentication.rights import is_plain, lies_under
from tiendo_runtime.authentication.scopes import Scope

SECRET_PREFIX: Final = "tiendo_"  # noqa: S105 - how secrets begin, no secret
"""How every secret begins, so that one in the wrong place is recognised."""


KEY_ID_PREFIX: Final = "key-"
"""How every key id begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key that was presented and is valid.

    `sources` and `cases` are prefixes of what it may send, None for everything. `units` are those whose subtrees it may see, None for all.
    What it sends about happenings before `history_until` (aware) is history (rule N1).
    """

    key_id: str
    name: str
    scopes: frozenset[Scope]
    sources: tuple[str, ...] | None = None
    cases: tuple[str, ...] | None = None
    history_until: datetime | None = None
    units: tuple[str, ...] | None = None

    @property
    def sight(self) -> Sight:
        """What may be seen with the key."""
        return Sight(units=None if self.units is None else frozenset(self.units))

    @property
    def entered_by(self) -> str:
        """Its id."""
        return self.key_id

    def may_send_source(self, source: str) -> bool:
        """Whether events of this source may be sent, or annulled, with the key."""
        if self.sources is None and self.cases is None:
            return True
        return is_plain(source) and (self.sources is None or lies_under(source, self.sources))

    def may_send_case(self, case_id: str) -> bool:
        """Whether events about this case may be sent, or annulled, with the key."""
        return self.cases is None or case_id.startswith(self.cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """A key as the operator sees it in the list; `last_used_at` is right to a minute.

    `is_sealed`: the facts in the log say the same of it. Else somebody has written into the database, and the key is refused.
    """

    key: Key
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    is_sealed: bool = True


def key_of(row: Mapping[Any, Any]) -> Key:
    """The key that a row of the database, or a fact, says by these names."""
    sources, cases, units = (None if row[name] is None else tuple(row[name]) for name in ("sources", "cases", "units"))
    return Key(
        key_id=row["key_id"],
        name=row["name"],
        scopes=frozenset(map(Scope, row["scopes"])),
        sources=sources,
        cases=cases,
        units=units,
        history_until=row["history_until"],
    )


def new_secret(key_id: str) -> str:
    """A secret of 256 random bits, which names its key."""
    return f"{SECRET_PREFIX}{key_id.removeprefix(KEY_ID_PREFIX)}_{secrets.token_urlsafe(32)}"


def new_key_id() -> str:
    """A short public name for a key, drawn at random."""
    return KEY_ID_PREFIX + secrets.token_hex(5)


def digest_of(secret: str) -> bytes:
    """The SHA-256 of a secret, which has 256 random bits, so that nothing slower is needed."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
