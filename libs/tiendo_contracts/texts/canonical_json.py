"""The canonical form of JSON values (RFC 8785): what "same content" means."""

import hashlib
import json
from json.encoder import encode_basestring
from typing import Any

import orjson
import rfc8785


def canonical(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """The canonical UTF-8 text of a JSON value without lone surrogates."""
    return _canonical(value).encode()


def digest(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """The SHA-256 of the canonical form, 32 bytes."""
    return hashlib.sha256(canonical(value)).digest()


def digest_of_plain(value: dict[str, Any]) -> bytes:
    """As `digest`, several times as fast, for values whose numbers are integers and whose member names are ASCII.

    There the order by code point is the order by UTF-16 unit, and orjson's escapes are those of RFC 8785. Of other values the digest may be
    another, but never that of anything else. Raises TypeError for integers beyond 64 bits, lone surrogates, and some hundred levels of nesting.
    """
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).digest()


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
