"""Entries of the access log, and the chain that they make."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

ONCE_AN_HOUR: Final = "key-"
"""How those begin who are noted once an hour for each subject: keys, by which programs look."""


class AccessKind(StrEnum):
    """What was looked at, or changed."""

    CASE = "case"
    OFFICER = "officer"
    LIST = "list"
    KEY = "key"
    ROLE = "role"
    RULES = "rules"
    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    EXPLANATION = "explanation"
    DECISION = "decision"
    OTHER_CHANGE = "change"

    @property
    def is_look(self) -> bool:
        """Whether nothing was changed."""
        return self in {AccessKind.CASE, AccessKind.OFFICER, AccessKind.LIST}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEntry:
    """That somebody (`who`, as facts name them) looked at, or changed, the `subject` at the aware instant `at`; `name` is for people to read.

    `address`: by which address or command.
    """

    at: datetime
    who: str
    name: str
    kind: AccessKind
    subject: str
    address: str

    @property
    def text(self) -> str:
        """The entry as JSON, always written in the same way."""
        members = {
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "who": self.who,
            "name": self.name,
            "kind": self.kind.value,
            "subject": self.subject,
            "address": self.address,
        }
        return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()

    @property
    def once(self) -> tuple[str, str, str, datetime] | None:
        """What a second entry of the same hour has in common with it, so that it is not noted; None for one that is always noted."""
        if not self.kind.is_look or not self.who.startswith(ONCE_AN_HOUR):
            return None
        return self.who, self.kind, self.subject, hour_of(self.at)


def hour_of(at: datetime) -> datetime:
    """The beginning of its hour, in UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def hash_after(before: bytes, text: str) -> bytes:
    """The hash of an entry that follows one with the hash `before`."""
    return hashlib.sha256(before + text.encode()).digest()
