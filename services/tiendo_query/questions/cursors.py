"""Cursors: where the next page begins, with the question that it belongs to; opaque to the caller, refused when garbled."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.texts.instant_texts import parse_instant

_CHECK_BYTES: Final = 8
_INTEGER_MAX: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What a page needs to go on: the key of the last entry, and the instant that the first page was seen at."""

    after: tuple[str | int, ...]
    as_of: str


def written(cursor: Cursor, question: Mapping[str, object]) -> str:
    """The cursor as text, bound to the question that it belongs to."""
    content = json.dumps([list(cursor.after), cursor.as_of], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_check(content, question) + content).decode().rstrip("=")


def read(text: str, question: Mapping[str, object], *, kinds: tuple[type, ...]) -> Cursor:
    """The cursor that `written` made for the same question, its key of `kinds`; raises the refusal of any other text."""
    refusal = Refusal(ProblemKind.CURSOR_INVALID, field="cursor")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise refusal from None
    check, content = raw[:_CHECK_BYTES], raw[_CHECK_BYTES:]
    if check != _check(content, question):
        raise refusal
    try:
        after, as_of = json.loads(content)
        parse_instant(as_of)
        usable = tuple(type(value) for value in after) == kinds and all(map(_storable, after))
    except (ValueError, TypeError):
        # The check is no secret: whoever knows it can write any cursor.
        raise refusal from None
    if not usable:
        raise refusal
    return Cursor(after=tuple(after), as_of=as_of)


def _storable(value: str | int) -> bool:
    """Whether the database can be asked for it: a text without NUL and lone surrogates, a number that it can hold."""
    if isinstance(value, str):
        return "\x00" not in value and value.encode(errors="ignore").decode() == value
    return abs(value) <= _INTEGER_MAX


def _check(content: bytes, question: Mapping[str, object]) -> bytes:
    asked: Any = {name: str(value) for name, value in sorted(question.items()) if value is not None}
    return hashlib.sha256(content + json.dumps(asked, sort_keys=True).encode()).digest()[:_CHECK_BYTES]
