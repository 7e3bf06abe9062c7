"""The canonical form of JSON values (RFC 8785): what "same content" means."""

import hashlib
import json
from json.encoder import encode_basestring
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """The canonical UTF-8 text of a JSON value without lone surrogates."""
    return _canonical(value).encode()


def digest(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """The SHA-256 of the canonical form, 32 bytes."""
    return hashlib.sha256(canonical(value)).digest()


def digest_of_plain(value: dict[str, Any]) -> bytes:
    """As `digest`, faster, for values whose numbers are ints and whose member names are ASCII.

    There Python's order by code point is the order by UTF-16 unit, and its escapes are those of RFC 8785.
    """
    return hashlib.sha256(_ENCODER(value).encode()).digest()


def _canonical(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, str):
        return str(encode_basestring(value))
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=_utf16)
        return "{" + ",".join(f"{encode_basestring(name)}:{_canonical(member)}" for name, member in ordered) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, float):
        return rfc8785.dumps(value).decode()
    return json.dumps(value)


def _utf16(member: tuple[str, Any]) -> bytes:
    return member[0].encode("utf-16be")


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode
