"""Events of cases as the outside sends them: CloudEvents 1.0, checked member by member."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Never

from pydantic import ValidationError

from tiendo_contracts.canonical_json import digest_of_plain
from tiendo_contracts.data_complaints import ANY_JSON_OBJECT, TEXT, complaint, text_of_length
from tiendo_contracts.event_data import DATA_MODELS, ID_LENGTH_MAX
from tiendo_contracts.instants import parse_instant
from tiendo_contracts.problem_kinds import ProblemKind, Refusal, Words
from tiendo_contracts.strict_json import Json, decode, members, parse_text

EVENT_SIZE_MAX = 64 * 1024
SUBJECT_LENGTH_MAX = 50
TYPE_PREFIX = "vn.tiendo.case."
TYPE_SUFFIX = ".v1"
RESERVED_SOURCE = "/tiendo/rules"

_STORED = frozenset(
    {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"}
    | {"recordedat", "sequence", "sequencetype", "traceparent", "tracestate"}
)
_SEQUENCE = re.compile(r"\d{1,18}", re.ASCII)
_CONTENT_TYPE = re.compile(r'application/json(?:\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)
_VALIDATORS = {
    f"{TYPE_PREFIX}{name}{TYPE_SUFFIX}": model.__pydantic_validator__.validate_python
    for name, model in DATA_MODELS.items()
}
_CORRECTED = f"{TYPE_PREFIX}corrected{TYPE_SUFFIX}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedEvent:
    """An event that may be stored: its key, its case, its moments, and the text to be stored with the digest of its canonical form.

    `annuls_source` is the source of the event that a `corrected` annuls. `recorded_at` is None when the source did not say.
    """

    source: str
    id: str
    case_id: str
    type: str
    occurred_at: datetime
    recorded_at: datetime | None
    annuls_source: str | None
    digest: bytes
    text: str


def accept_text(text: bytes | str) -> AcceptedEvent:
    """The event that one JSON text holds; raises `Refusal`."""
    if isinstance(text, str):
        try:
            text = text.encode()
        except UnicodeEncodeError:
            raise Refusal(ProblemKind.JSON_LONE_SURROGATE) from None
    if len(text) > EVENT_SIZE_MAX:
        raise too_large(len(text))
    characters = decode(text)
    return accept(parse_text(characters), text=characters)


def too_large(size: int) -> Refusal:
    """The refusal of an event of that many bytes."""
    return Refusal(ProblemKind.EVENT_TOO_LARGE, values={"size": size, "limit": EVENT_SIZE_MAX})


def accept(value: Json, *, text: str) -> AcceptedEvent:
    """The event whose strictly parsed JSON value and text are given; raises `Refusal` for the first thing that is wrong.

    Stored is the text as it stands, without the white space around it. Envelope members that the contract ignores (and those that are null,
    which CloudEvents holds equal to absent) are neither stored nor compared: where there are such, the other members are stored, each as it stands.
    """
    if not isinstance(value, dict):
        raise Refusal(ProblemKind.EVENT_NOT_AN_OBJECT)
    kept = value
    if not value.keys() <= _STORED or None in value.values():
        kept = {name: member for name, member in value.items() if name in _STORED and member is not None}
        text = "{" + ",".join(part for name, part in members(text) if name in kept) + "}"
    _refuse_foreign_envelope(value, kept)
    source, event_id = _key(kept, "source"), _key(kept, "id")
    if source == RESERVED_SOURCE:
        raise Refusal(ProblemKind.SOURCE_RESERVED, field="source", values={"source": source})
    occurred_at = _moment(kept, "time")
    return AcceptedEvent(
        source=source,
        id=event_id,
        case_id=_key(kept, "subject", SUBJECT_LENGTH_MAX),
        type=kept["type"],
        occurred_at=occurred_at,
        recorded_at=_moment(kept, "recordedat") if "recordedat" in kept else None,
        annuls_source=_checked_data(kept),
        digest=digest_of_plain(kept),
        text=text.strip(" \t\r\n"),
    )


def shown_id(value: object) -> str | None:
    """The id of an event that may be malformed, for the answer to its sender; None where there is none worth showing."""
    event_id = value.get("id") if isinstance(value, dict) else None
    return event_id if isinstance(event_id, str) and 0 < len(event_id) <= ID_LENGTH_MAX else None


def _refuse_foreign_envelope(value: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    if kept.get("specversion") != "1.0":
        _missing_or_invalid(kept, "specversion", Words(en='the text "1.0"', vi='văn bản "1.0"'))
    if not isinstance(kept.get("type"), str):
        _missing_or_invalid(kept, "type", TEXT)
    if kept["type"] not in _VALIDATORS:
        raise Refusal(ProblemKind.EVENT_TYPE_UNKNOWN, field="type", values={"known": ", ".join(DATA_MODELS)})
    content_type = kept.get("datacontenttype")
    if content_type is not None and not (isinstance(content_type, str) and _CONTENT_TYPE.fullmatch(content_type)):
        _invalid("datacontenttype", Words(en="`application/json`, or absent", vi="`application/json`, hoặc bỏ trống"))
    if value.get("data_base64") is not None:
        _invalid("data_base64", Words(en="absent: send JSON in `data`", vi="bỏ trống: hãy gửi JSON trong `data`"))
    sequence = kept.get("sequence")
    if sequence is not None and not (isinstance(sequence, str) and _SEQUENCE.fullmatch(sequence)):
        _invalid("sequence", Words(en="a text of 1 to 18 digits", vi="văn bản gồm 1 đến 18 chữ số"))
    for name in ("sequencetype", "traceparent", "tracestate"):
        if name in kept and not isinstance(kept[name], str):
            _invalid(name, TEXT)


def _key(kept: Mapping[str, Any], name: str, length_max: int = ID_LENGTH_MAX) -> str:
    text = kept.get(name)
    if not isinstance(text, str) or not 1 <= len(text) <= length_max:
        _missing_or_invalid(kept, name, text_of_length(1, length_max))
    if not text.isprintable() and any(character < " " or "\x7f" <= character <= "\x9f" for character in text):
        _invalid(name, Words(en="text without control characters", vi="văn bản không có ký tự điều khiển"))
    if text in {".", ".."}:
        _invalid(name, Words(en="not `.` or `..`", vi="không phải `.` hay `..`"))
    return text


def _moment(kept: Mapping[str, Any], name: str) -> datetime:
    text = kept.get(name)
    if not isinstance(text, str):
        _missing_or_invalid(kept, name, TEXT)
    try:
        return parse_instant(text)
    except ValueError:
        raise Refusal(ProblemKind.INSTANT_INVALID, field=name) from None


def _checked_data(kept: Mapping[str, Any]) -> str | None:
    """The source of the annulled event if the event annuls one; raises `Refusal` for data that its type does not have."""
    data = kept.get("data", {})
    if not isinstance(data, dict):
        _invalid("data", ANY_JSON_OBJECT)
    try:
        _VALIDATORS[kept["type"]](data)
    except ValidationError as error:
        raise complaint(error) from None
    return str(data["annuls"]["source"]) if kept["type"] == _CORRECTED else None


def _missing_or_invalid(kept: Mapping[str, Any], name: str, expected: Words) -> Never:
    if name not in kept:
        raise Refusal(ProblemKind.MEMBER_MISSING, field=name, values={"expected": expected})
    _invalid(name, expected)


def _invalid(name: str, expected: Words) -> Never:
    raise Refusal(ProblemKind.VALUE_INVALID, field=name, values={"expected": expected})
