"""JSON read strictly.

Refused by name: invalid UTF-8, a byte order mark, U+0000, lone surrogates, NaN and Infinity, duplicate members, numbers beyond 2^53,
nesting over 32. A number has one canonical form however it is written (`240`, `240.0`, `2.4e2`), as in RFC 8785; only one written without point
and exponent is an int.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Never

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.texts.canonical_json import canonical, digest

__all__ = [
    "DEPTH_MAX",
    "NUMBER_MAX",
    "Json",
    "canonical",
    "decode",
    "digest",
    "elements",
    "members",
    "parse_text",
    "shown_name",
]

Json = dict[str, Any] | list[Any] | str | int | float | bool | None

NUMBER_MAX = 2**53
DEPTH_MAX = 32
_SHOWN_NAME_MAX = 100
_DIGITS_MAX = 17
_USUAL_LENGTH = 4096
_WHITESPACE = re.compile(r"[ \t\n\r]*")
# A string without an end runs to the end of the text: tried anew at each of its quotes, it would cost the square of its length.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*+"|[^\s,\[\]{}"]++', re.DOTALL)


def decode(text: bytes) -> str:
    """The characters of UTF-8 text; raises `Refusal` for anything else."""
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise Refusal(ProblemKind.JSON_NOT_UTF8, values={"offset": error.start}) from None


def parse_text(text: str) -> Json:
    """The value of one JSON text, surrounded by white space at most; raises `Refusal` naming what is wrong."""
    refuse_byte_order_mark(text)
    start = _after_whitespace(text, 0)
    value, end = _scan(text, start)
    if _after_whitespace(text, end) != len(text):
        _refuse_syntax(end)
    _check(text, value)
    return value


def refuse_byte_order_mark(text: str) -> None:
    """Raises `Refusal` when the text begins with U+FEFF."""
    if text.startswith("\ufeff"):
        raise Refusal(ProblemKind.JSON_BYTE_ORDER_MARK)


def elements(text: str, *, length_max: int) -> Iterator[tuple[str, Json | Refusal]]:
    """The elements of a JSON array one by one: the text of each as it stands, and its value or what is wrong with it alone.

    One of more than `length_max` characters is given cut, unread, and refused as too large, so that it costs little time and memory.
    Raises `Refusal` where the text cannot be divided into elements any more; what came before is then void too.
    """
    refuse_byte_order_mark(text)
    index = _after_whitespace(text, 0)
    if not text.startswith("[", index):
        parse_text(text)
        raise Refusal(ProblemKind.BATCH_NOT_AN_ARRAY)
    index = _after_whitespace(text, index + 1)
    closed = text.startswith("]", index)
    while not closed:
        value, end = _element(text, index, length_max)
        yield text[index : min(end, index + length_max)], value
        index = _after_whitespace(text, end)
        closed = text.startswith("]", index)
        if not closed:
            if not text.startswith(",", index):
                _refuse_syntax(index)
            index = _after_whitespace(text, index + 1)
    if _after_whitespace(text, index + 1) != len(text):
        _refuse_syntax(index + 1)


def members(text: str) -> Iterator[tuple[str, str]]:
    """The members of a JSON object that `parse_text` has read: each name, and the text `"name": value` as it stands."""
    index = _after_whitespace(text, text.index("{") + 1)
    while not text.startswith("}", index):
        name, after_name = _scan(text, index)
        colon = text.index(":", after_name)
        _, end = _scan(text, _after_whitespace(text, colon + 1))
        yield str(name), text[index:end]
        index = _after_whitespace(text, end)
        if text.startswith(",", index):
            index = _after_whitespace(text, index + 1)


def _element(text: str, index: int, length_max: int) -> tuple[Json | Refusal, int]:
    """The value of an element or what is wrong with it, and where it ends."""
    try:
        scanned = _scan_within(text, index, length_max)
    except Refusal as refusal:
        return refusal, _end_of_value(text, index)
    if scanned is None:
        end = _end_of_value(text, index)
        if end - index <= length_max:
            _scan(text, index)
            _refuse_syntax(end)
        return Refusal(ProblemKind.EVENT_TOO_LARGE, values={"size": end - index, "limit": length_max}), end
    value, end = scanned
    try:
        _check(text[index:end], value)
    except Refusal as refusal:
        return refusal, end
    return value, end


def _scan_within(text: str, index: int, length_max: int) -> tuple[Json, int] | None:
    """The value that begins at `index` and its end; None if it is longer than `length_max`, or no JSON.

    The scanner is given a short piece first and a long one only when that was not enough: it never runs through a whole batch
    for one element.
    """
    for length in (_USUAL_LENGTH, length_max + 1):
        piece = text[index : index + length]
        whole = index + length >= len(text)
        try:
            value, end = _scan(piece, 0)
        except Refusal as refusal:
            if refusal.kind is not ProblemKind.JSON_INVALID:
                raise
            continue
        # A number that ends with the piece may go on after it.
        if (end < len(piece) or whole) and end <= length_max:
            return value, index + end
    return None


def _scan(text: str, index: int) -> tuple[Json, int]:
    try:
        value, end = _SCANNER(text, index)
    except StopIteration as stop:
        _refuse_syntax(stop.value)
    except json.JSONDecodeError as error:
        if "\x00" in text[error.pos : error.pos + 1]:
            raise Refusal(ProblemKind.JSON_NULL_CHARACTER) from None
        _refuse_syntax(error.pos)
    except RecursionError:
        _refuse_depth()
    return value, end


def _end_of_value(text: str, index: int) -> int:
    """Where the value at `index` ends, found without recursion and without judging what is inside."""
    if not text.startswith(("[", "{"), index):
        scalar = _SCALAR.match(text, index)
        return scalar.end() if scalar else _refuse_syntax(index)
    depth = 0
    for token in _TOKEN.finditer(text, index):
        mark = token.group()[0]
        depth += (mark in "[{") - (mark in "]}")
        if depth == 0:
            return token.end()
    return _refuse_syntax(len(text))


def _check(text: str, value: Json) -> None:
    """Refuses what the scanner lets pass: escaped U+0000, lone surrogates, nesting over the limit."""
    if "\\u0000" in text:
        for string in _strings(value):
            if "\x00" in string:
                raise Refusal(ProblemKind.JSON_NULL_CHARACTER)
    if "\\ud" in text or "\\uD" in text:
        for string in _strings(value):
            if any("\ud800" <= character <= "\udfff" for character in string):
                raise Refusal(ProblemKind.JSON_LONE_SURROGATE)
    if text.count("{") + text.count("[") > DEPTH_MAX and _depth(value) > DEPTH_MAX:
        _refuse_depth()


def _strings(value: Json) -> Iterator[str]:
    pending: list[Json] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from item
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)


def _depth(value: Json) -> int:
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
    return depth


def shown_name(name: str) -> str:
    """A member's name as a message can carry it: at most 100 characters, those that cannot be shown replaced."""
    return "".join(character if character.isprintable() else "\ufffd" for character in name[:_SHOWN_NAME_MAX])


def _after_whitespace(text: str, index: int) -> int:
    space = _WHITESPACE.match(text, index)
    return space.end() if space else index


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise Refusal(ProblemKind.JSON_DUPLICATE_MEMBER, field=shown_name(twice))
    return value


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS_MAX or abs(value := int(digits)) > NUMBER_MAX:
        raise Refusal(ProblemKind.JSON_NUMBER_TOO_LARGE)
    return value


def _float(digits: str) -> float:
    value = float(digits)
    if abs(value) >= NUMBER_MAX and (abs(value) > NUMBER_MAX or abs(Decimal(digits)) > NUMBER_MAX):
        raise Refusal(ProblemKind.JSON_NUMBER_TOO_LARGE)
    return value


def _constant(name: str) -> Never:
    raise Refusal(ProblemKind.JSON_NOT_A_NUMBER, values={"name": name})


def _refuse_syntax(offset: int) -> Never:
    raise Refusal(ProblemKind.JSON_INVALID, values={"offset": offset}) from None


def _refuse_depth() -> Never:
    raise Refusal(ProblemKind.JSON_TOO_DEEP, values={"limit": DEPTH_MAX}) from None


_SCANNER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
).scan_once  # type: ignore[attr-defined]
