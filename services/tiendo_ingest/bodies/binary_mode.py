"""The binary mode of the CloudEvents HTTP binding (1.0.2): attributes are headers `ce-…`, the body is `data`."""

import json
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_contracts.texts.strict_json import decode, parse_text, shown_name

PREFIX = b"ce-"
_CONTENT_TYPE = "application/json"
_SAID_ELSEWHERE = {
    "datacontenttype": Words(en="absent: Content-Type says it", vi="bỏ trống: Content-Type đã nêu"),
    "data": Words(en="absent: the body is the data", vi="bỏ trống: nội dung chính là data"),
    "data_base64": Words(en="absent: the body is the data", vi="bỏ trống: nội dung chính là data"),
}
_ENCODED = Words(
    en="printable ASCII, other characters percent-encoded as UTF-8",
    vi="ký tự ASCII in được, ký tự khác mã hóa phần trăm theo UTF-8",
)
_VALUE = re.compile(rb"(?:[\x20-\x24\x26-\x7e]|%[0-9A-Fa-f]{2})*")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(rb"\\(.)")


def is_binary(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether headers name attributes of an event."""
    return any(name.startswith(PREFIX) for name, _ in headers)


def event_text(headers: Iterable[tuple[bytes, bytes]], body: bytes) -> str:
    """The event as one JSON text; raises `Refusal` for headers that name no attributes, and for a body that is no JSON text.

    The names of headers are in small letters.
    """
    attributes: dict[str, str] = {}
    for header, value in headers:
        if not header.startswith(PREFIX):
            continue
        name = header[len(PREFIX) :].decode("latin-1")
        if name in attributes:
            raise Refusal(ProblemKind.JSON_DUPLICATE_MEMBER, field=shown_name(name))
        if name in _SAID_ELSEWHERE:
            raise Refusal(ProblemKind.VALUE_INVALID, field=name, values={"expected": _SAID_ELSEWHERE[name]})
        attributes[name] = _decoded(name, value)
    parts = json.dumps({**attributes, "datacontenttype": _CONTENT_TYPE}, ensure_ascii=False, separators=(",", ":"))
    data = decode(body)
    if not data.strip(" \t\r\n"):
        return parts
    parse_text(data)
    return f'{parts[:-1]},"data":{data}}}'


def _decoded(name: str, value: bytes) -> str:
    """Quotes around the value, which older senders write, are taken off; then one round of percent-decoding."""
    quoted = _QUOTED.fullmatch(value)
    plain = value if quoted is None else _ESCAPE.sub(rb"\1", quoted[1])
    if _VALUE.fullmatch(plain) is not None:
        try:
            return unquote_to_bytes(plain).decode()
        except UnicodeDecodeError:
            pass
    raise Refusal(ProblemKind.VALUE_INVALID, field=shown_name(name), values={"expected": _ENCODED})
