"""Events of cases as the outside sends them: CloudEvents 1.0, checked member by member."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Never

from pydantic import ValidationError

from tiendo_contracts.canonical_json import digest, digest_of_plain
from tiendo_contracts.data_complaints import ANY_JSON_OBJECT, NOT_BLANK, TEXT, complaint, text_of_length
from tiendo_contracts.event_data import DATA_MODELS, ID_LENGTH_MAX
from tiendo_contracts.instants import parse_instant, read_instant
from tiendo_contracts.problem_kinds import ProblemKind, Refusal, Words, together
from tiendo_contracts.strict_json import Json, decode, members, parse_text, shown_name
from tiendo_domain.facts import EventKey

EVENT_SIZE_MAX = 64 * 1024
SUBJECT_LENGTH_MAX = 50
TYPE_PREFIX = "vn.tiendo.case."
TYPE_SUFFIX = ".v1"
RESERVED_SOURCE = "/tiendo/rules"

_STORED = frozenset(
    {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"}
    | {"recordedat", "sequence", "sequencetype", "traceparent"}
)
_NEVER_MISSPELT = frozenset({"recordedat", "sequence"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SEQUENCE = re.compile(r"\d{1,18}", re.ASCII)
_CONTENT_TYPE = re.compile(r'application/json(?:\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)
_VALIDATORS = {
    f"{TYPE_PREFIX}{name}{TYPE_SUFFIX}": model.__pydantic_validator__.validate_python
    for name, model in DATA_MODELS.items()
}
_CORRECTED = f"{TYPE_PREFIX}corrected{TYPE_SUFFIX}"


_Check = Callable[[Mapping[str, Any], Mapping[str, Any]], None]
"""Looks at an event as it was sent and at what is kept of it; raises `Refusal`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedEvent:
    """An event that may be stored: its key, its case, its moments, and the text to be stored with the digest of its canonical form.

    `annuls` is the key of the event that a `corrected` annuls. `recorded_at` is None when the source did not say.
    """

    source: str
    id: str
    case_id: str
    type: str
    occurred_at: datetime
    recorded_at: datetime | None
    annuls: EventKey | None
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
    """The event whose strictly parsed JSON value and text are given; raises `Refusal`, which carries all that is wrong with it.

    Stored is the text as it stands, without the white space around it. Envelope members that the contract ignores (and those that are null,
    which CloudEvents holds equal to absent) are neither stored nor compared: where there are such, the other members are stored, each as it stands.
    """
    if not isinstance(value, dict):
        raise Refusal(ProblemKind.EVENT_NOT_AN_OBJECT)
    kept = value
    if not value.keys() <= _STORED or None in value.values():
        kept = {name: member for name, member in value.items() if name in _STORED and member is not None}
        text = "{" + ",".join(part for name, part in members(text) if name in kept) + "}"
    if faults := list(_faults(value, kept)):
        raise together(faults)
    return AcceptedEvent(
        source=kept["source"],
        id=kept["id"],
        case_id=kept["subject"],
        type=kept["type"],
        occurred_at=read_instant(kept["time"]),
        recorded_at=read_instant(kept["recordedat"]) if "recordedat" in kept else None,
        annuls=_annulled(kept),
        digest=digest_of_plain(kept),
        text=text.strip(" \t\r\n"),
    )


def same_content(text: str, other: str) -> bool:
    """Whether two stored texts of other digest have the same content: `traceparent` says how an event came and is not compared."""
    return _compared(text) == _compared(other)


def _compared(text: str) -> bytes:
    return digest({name: member for name, member in json.loads(text).items() if name != "traceparent"})


def shown_id(value: object) -> str | None:
    """The id of an event that may be malformed, for the answer to its sender; None where there is none worth showing."""
    event_id = value.get("id") if isinstance(value, dict) else None
    return event_id if isinstance(event_id, str) and 0 < len(event_id) <= ID_LENGTH_MAX else None


_Members = Mapping[str, Any]


def _faults(value: _Members, kept: _Members) -> Iterator[Refusal]:
    """What each check finds; in the order of the checks."""
    for check in _CHECKS:
        try:
            check(value, kept)
        except Refusal as fault:
            yield fault


def _check_spelling(value: _Members, kept: _Members) -> None:
    if kept is value:
        return
    near = [(name, name.casefold()) for name in value.keys() - _STORED if name.casefold() in _NEVER_MISSPELT]
    faults = [
        Refusal(ProblemKind.EXTENSION_MISSPELT, field=shown_name(name), values={"expected": meant})
        for name, meant in sorted(near)
    ]
    if faults:
        raise together(faults)


def _check_version(_value: _Members, kept: _Members) -> None:
    if kept.get("specversion") != "1.0":
        _missing_or_invalid(kept, "specversion", Words(en='the text "1.0"', vi='văn bản "1.0"'))


def _check_type(_value: _Members, kept: _Members) -> None:
    if not isinstance(kept.get("type"), str):
        _missing_or_invalid(kept, "type", TEXT)
    if kept["type"] not in _VALIDATORS:
        raise Refusal(ProblemKind.EVENT_TYPE_UNKNOWN, field="type")


def _check_content_type(_value: _Members, kept: _Members) -> None:
    content_type = kept.get("datacontenttype")
    if content_type is not None and not (isinstance(content_type, str) and _CONTENT_TYPE.fullmatch(content_type)):
        _invalid("datacontenttype", Words(en="`application/json`, or absent", vi="`application/json`, hoặc bỏ trống"))


def _check_no_binary_data(value: _Members, _kept: _Members) -> None:
    if value.get("data_base64") is not None:
        _invalid("data_base64", Words(en="absent: send JSON in `data`", vi="bỏ trống: hãy gửi JSON trong `data`"))


def _check_sequence(_value: _Members, kept: _Members) -> None:
    sequence = kept.get("sequence")
    if sequence is not None and not (isinstance(sequence, str) and _SEQUENCE.fullmatch(sequence)):
        _invalid("sequence", Words(en="a text of 1 to 18 digits", vi="văn bản gồm 1 đến 18 chữ số"))


def _text_or_absent(name: str) -> _Check:
    def check(_value: _Members, kept: _Members) -> None:
        if name in kept and not isinstance(kept[name], str):
            _invalid(name, TEXT)

    return check


def _key(name: str, length_max: int = ID_LENGTH_MAX) -> _Check:
    def check(_value: _Members, kept: _Members) -> None:
        text = kept.get(name)
        if not isinstance(text, str) or not 1 <= len(text) <= length_max:
            _missing_or_invalid(kept, name, text_of_length(1, length_max))
        if not text.isprintable() and _CONTROL.search(text):
            _invalid(name, Words(en="text without control characters", vi="văn bản không có ký tự điều khiển"))
        if text.isspace():
            _invalid(name, NOT_BLANK)
        if text in {".", ".."}:
            _invalid(name, Words(en="not `.` or `..`", vi="không phải `.` hay `..`"))
        if name == "source" and text == RESERVED_SOURCE:
            raise Refusal(ProblemKind.SOURCE_RESERVED, field=name, values={"source": text})

    return check


def _moment(name: str, *, required: bool) -> _Check:
    def check(_value: _Members, kept: _Members) -> None:
        text = kept.get(name)
        if text is None and not required:
            return
        if not isinstance(text, str):
            _missing_or_invalid(kept, name, TEXT)
        try:
            parse_instant(text)
        except ValueError:
            raise Refusal(ProblemKind.INSTANT_INVALID, field=name) from None

    return check


def _check_data(_value: _Members, kept: _Members) -> None:
    """Raises `Refusal` for data that the event's type does not have; of an unknown type nothing can be said."""
    data = kept.get("data", {})
    if not isinstance(data, dict):
        _invalid("data", ANY_JSON_OBJECT)
    event_type = kept.get("type")
    if not isinstance(event_type, str) or event_type not in _VALIDATORS:
        return
    try:
        _VALIDATORS[event_type](data)
    except ValidationError as error:
        raise complaint(error) from None


def _annulled(kept: _Members) -> EventKey | None:
    if kept["type"] != _CORRECTED:
        return None
    annuls = kept["data"]["annuls"]
    return EventKey(source=annuls["source"], id=annuls["id"])


def _missing_or_invalid(kept: Mapping[str, Any], name: str, expected: Words) -> Never:
    if name not in kept:
        raise Refusal(ProblemKind.MEMBER_MISSING, field=name, values={"expected": expected})
    _invalid(name, expected)


def _invalid(name: str, expected: Words) -> Never:
    raise Refusal(ProblemKind.VALUE_INVALID, field=name, values={"expected": expected})


_CHECKS: tuple[_Check, ...] = (
    _check_spelling,
    _check_version,
    _check_type,
    _check_content_type,
    _check_no_binary_data,
    _check_sequence,
    *(_text_or_absent(name) for name in ("sequencetype", "traceparent")),
    _key("source"),
    _key("id"),
    _key("subject", SUBJECT_LENGTH_MAX),
    _moment("time", required=True),
    _moment("recordedat", required=False),
    _check_data,
)
