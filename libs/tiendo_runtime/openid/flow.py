"""One sign-in at the issuer: what this service remembers of it, in the browser that began it, until the answer comes (code flow with PKCE)."""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

import msgspec

FLOW_SECONDS: Final = 600
"""How long somebody may take to sign in at the issuer."""

_SCOPES: Final = "openid profile"
_LENGTH_MAX: Final = 3_500
_FOLLOWING_MAX: Final = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sign-in under way: `state` binds the answer to the browser, `nonce` the ID token to the sign-in, `verifier` the code to this service.

    `following` is where the browser was; `began_at` in seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    following: str | None
    began_at: int

    @classmethod
    def begin(cls, following: str | None) -> "Flow":
        """A sign-in that begins now; a long address to lead back to is left out."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        kept = following if following is not None and len(following) <= _FOLLOWING_MAX else None
        return cls(state=state, nonce=nonce, verifier=verifier, following=kept, began_at=int(time.time()))

    @classmethod
    def read(cls, text: str | None) -> "Flow | None":
        """The sign-in that a cookie tells of; None without one that began within FLOW_SECONDS."""
        if text is None or len(text) > _LENGTH_MAX:
            return None
        try:
            flow = msgspec.json.decode(base64.urlsafe_b64decode(text), type=cls)
        except (ValueError, RecursionError):  # what is no flow: msgspec's own errors are ValueErrors
            return None
        return flow if 0 <= time.time() - flow.began_at < FLOW_SECONDS else None

    def text(self) -> str:
        """What the cookie holds."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    def answers(self, state: str | None) -> bool:
        """Whether an answer with this state is to this sign-in."""
        return state is not None and hmac.compare_digest(state.encode(), self.state.encode())

    def question(self, *, client_id: str, redirect_uri: str) -> str:
        """The query with which the browser goes to the issuer."""
        challenge = base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        asked: Mapping[str, str] = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "scope": _SCOPES,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return urlencode(asked)
