"""The facts of keys in the log: what a key may do is what they say, and a key without them is refused.

A fact is sealed under the secret of the keys, so that whoever can write into the database alone makes no key, and widens none.
The rights of a key never grow: it is made with them, may be given an earlier end, and is revoked. So no fact repeated later revives it.
"""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from tiendo_contracts.events.house_facts import house_event
from tiendo_runtime.authentication.key_secret import KeySecret
from tiendo_runtime.authentication.keys import Key, key_of

SECRET_SUBJECT: Final = "keys"  # noqa: S105 - the subject of a fact
"""The subject of the facts that say under which secret keys are stored."""


class KeyFactType(StrEnum):
    """What becomes of keys."""

    CREATED = "vn.tiendo.key.created.v1"
    ADOPTED = "vn.tiendo.key.adopted.v1"
    """It was there before keys had facts."""
    LIMITED = "vn.tiendo.key.limited.v1"
    REVOKED = "vn.tiendo.key.revoked.v1"
    SECRET_MADE = "vn.tiendo.key.secret-made.v1"  # noqa: S105 - the type of a fact


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """What the facts say of a key. `verifier` is the SHA-256, hexadecimal, of the digest that is stored of its secret."""

    key: Key
    verifier: str
    expires_at: datetime | None
    revoked: bool = False

    def is_said_of(self, row: Mapping[str, Any]) -> bool:
        """Whether the row of the database says the same."""
        return (
            key_of(row) == self.key
            and row["expires_at"] == self.expires_at
            and (row["revoked_at"] is not None) == self.revoked
            and hmac.compare_digest(self.verifier, verifier_of(row["digest"]))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWriter:
    """Makes sealed facts of one instant, entered by the one who asked for them."""

    secret: KeySecret
    entered_by: str
    at: datetime

    def made(self, state: KeyState, *, succeeds: str | None = None, adopted: bool = False) -> dict[str, Any]:
        """The fact that the key is there, with all that it may do."""
        key = state.key
        data = {
            "name": key.name,
            "scopes": sorted(key.scopes),
            "sources": key.sources,
            "cases": key.cases,
            "units": key.units,
            "history_until": _text(key.history_until),
            "expires_at": _text(state.expires_at),
            "verifier": state.verifier,
        }
        kind = KeyFactType.ADOPTED if adopted else KeyFactType.CREATED
        return self._event(kind, key.key_id, data if succeeds is None else {**data, "succeeds": succeeds})

    def limited(self, key_id: str, expires_at: datetime) -> dict[str, Any]:
        """The fact that the key ends earlier than it did."""
        return self._event(KeyFactType.LIMITED, key_id, {"expires_at": _text(expires_at)})

    def revoked(self, key_id: str) -> dict[str, Any]:
        """The fact that the key was revoked."""
        return self._event(KeyFactType.REVOKED, key_id, {})

    def secret_made(self) -> dict[str, Any]:
        """The fact that keys are stored under this secret from now on."""
        return self._event(KeyFactType.SECRET_MADE, SECRET_SUBJECT, {"fingerprint": self.secret.fingerprint})

    def _event(self, kind: KeyFactType, subject: str, data: Mapping[str, Any]) -> dict[str, Any]:
        said = {**data, "entered_by": self.entered_by}
        plain = json.loads(json.dumps(house_event(kind, subject, said, at=self.at)))
        seal = self.secret.seal(_sealed_part(plain))
        return house_event(kind, subject, {**plain["data"], "seal": seal}, at=self.at)


def key_state(texts: Iterable[str], secret: KeySecret) -> KeyState | None:
    """What the facts of one key, by position, say of it; None where none says that it was made. A fact without its seal says nothing."""
    state: KeyState | None = None
    for event in map(json.loads, texts):
        if not _is_sealed(event, secret):
            continue
        state = _after(state, event)
    return state


def latest_fingerprint(texts: Sequence[str]) -> str | None:
    """The fingerprint of the secret under which keys are stored by the last of these facts; None where none says so."""
    made = [event for event in map(json.loads, texts) if event["type"] == KeyFactType.SECRET_MADE]
    return str(made[-1]["data"]["fingerprint"]) if made else None


def verifier_of(stored_digest: bytes) -> str:
    """What a fact says of the digest that is stored."""
    return sha256(stored_digest).hexdigest()


def _after(state: KeyState | None, event: Mapping[str, Any]) -> KeyState | None:
    match event["type"]:
        case KeyFactType.CREATED | KeyFactType.ADOPTED:
            return state or _state_of(event["subject"], event["data"])
        case KeyFactType.LIMITED if state is not None:
            end = datetime.fromisoformat(event["data"]["expires_at"])
            return replace(state, expires_at=end if state.expires_at is None else min(end, state.expires_at))
        case KeyFactType.REVOKED if state is not None:
            return replace(state, revoked=True)
        case _:
            return state


def _state_of(key_id: str, data: Mapping[str, Any]) -> KeyState:
    key = key_of({**data, "key_id": key_id, "history_until": _instant(data["history_until"])})
    return KeyState(key=key, verifier=data["verifier"], expires_at=_instant(data["expires_at"]))


def _is_sealed(event: Mapping[str, Any], secret: KeySecret) -> bool:
    seal = event["data"].get("seal")
    return isinstance(seal, str) and hmac.compare_digest(seal.encode(), secret.seal(_sealed_part(event)).encode())


def _sealed_part(event: Mapping[str, Any]) -> dict[str, Any]:
    data = {name: value for name, value in event["data"].items() if name != "seal"}
    return {"type": event["type"], "subject": event["subject"], "time": event["time"], "data": data}


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
