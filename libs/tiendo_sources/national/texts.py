"""Members of a record read as text, whatever JSON type they came as, and texts made fit to be stored."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_domain.member_rules import ID_LENGTH_MAX, TEXT_LENGTH_MAX
from tiendo_sources.national.dates import read_moment

Record = Mapping[str, Any]
"""One JSON object of the array `data`."""

_NEVER_STORED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NEVER_STORED_IN_LINES: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_A_TEXT: Final = Words(en="a text", vi="một văn bản")
_CUT_DIGITS: Final = 8


def text_of(record: Record, name: str) -> str:
    """The member as text, trimmed; empty where it is missing, null (also as a word) or blank. A number is the text of its digits.

    Raises `Refusal` for true, false, an array or an object.
    """
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refusal(ProblemKind.VALUE_INVALID, field=name, values={"expected": _A_TEXT})
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _NEVER_STORED_IN_LINES.sub(" ", str(value)).strip()
    return "" if text.casefold() == "null" else text


def moment_of(record: Record, name: str) -> datetime | date | None:
    """What the member names in time, a date where it names no time of day; raises `Refusal` where it cannot be read."""
    try:
        return read_moment(text_of(record, name))
    except (ValueError, OverflowError):
        raise Refusal(ProblemKind.RECORD_INSTANT_UNREADABLE, field=name) from None


def instant_of(record: Record, name: str) -> datetime | None:
    """The instant that the member names; raises `Refusal` where it cannot be read, or is a date alone."""
    moment = moment_of(record, name)
    if moment is not None and not isinstance(moment, datetime):
        raise Refusal(ProblemKind.RECORD_INSTANT_UNREADABLE, field=name)
    return moment


def line(text: str) -> str | None:
    """The text on one line, as names and the like are stored, at most 2,000 characters; None for an empty one."""
    return _NEVER_STORED.sub(" ", text)[:TEXT_LENGTH_MAX].strip() or None


def lines(text: str) -> str | None:
    """The text as reasons are stored, at most 2,000 characters; None for an empty one."""
    return _NEVER_STORED_IN_LINES.sub(" ", text)[:TEXT_LENGTH_MAX].strip() or None


def identifier(text: str) -> str | None:
    """The text on one line as an identifier; one of over 200 characters is cut and ends with a digest of the whole."""
    whole = _NEVER_STORED.sub(" ", text).strip()
    if len(whole) > ID_LENGTH_MAX:
        return whole[: ID_LENGTH_MAX - _CUT_DIGITS - 1] + "…" + digest_digits(whole, _CUT_DIGITS)
    return whole or None


def digest_digits(text: str, count: int) -> str:
    """The first `count` hexadecimal digits of the text's SHA-256."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:count]


def present(**members: object) -> dict[str, Any]:
    """The members that say something."""
    return {name: member for name, member in members.items() if member not in (None, {}, "")}
