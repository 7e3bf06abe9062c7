"""Tokens sealed for the holder of a cookie: the database that keeps them, and a stolen copy of it, cannot open them."""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_HEADER: Final = {"alg": "dir", "enc": "A256GCM"}
_ALGORITHMS: Final = ("dir", "A256GCM")
_PURPOSE: Final = b"tiendo tokens of an issuer"


def sealed(cookie: str, tokens: Mapping[str, str]) -> str:
    """The tokens, to be kept."""
    return jwe.encrypt_compact(dict(_HEADER), json.dumps(dict(tokens)), _key(cookie), algorithms=_ALGORITHMS)


def opened(cookie: str, text: str) -> dict[str, str] | None:
    """The tokens that were sealed for this cookie; None for what was not."""
    try:
        plain = jwe.decrypt_compact(text, _key(cookie), algorithms=_ALGORITHMS).plaintext
    except (JoseError, ValueError):
        return None
    found: dict[str, str] = json.loads(plain or b"{}")
    return found


def _key(cookie: str) -> OctKey:
    return OctKey.import_key(hmac.new(cookie.encode(), _PURPOSE, sha256).digest())
