"""The envelope of an event as the contract has it: what is kept of it, and every fault that it can have, each found by a check of its own."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Never

from pydantic import ValidationError

from tiendo_contracts.events.data_complaints import ANY_JSON_OBJECT, NOT_BLANK, TEXT, complaint, text_of_length
from tiendo_contracts.events.event_data import DATA_MODELS
from tiendo_contracts.events.event_types import RESERVED_SOURCES, SEQUENCE_LENGTH_MAX, SUBJECT_LENGTH_MAX
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words, together
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_contracts.texts.strict_json import shown_name
from tiendo_domain.member_rules import ID_LENGTH_MAX

STORED = frozenset(
    {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"}
    | {"recordedat", "sequence", "sequencetype", "traceparent"}
)
"""The members of the envelope that are kept."""

ENTERED_BY = "enteredby"
"""The extension that says who entered what is explained or decided: set by the door, and cut out of what is sent."""

_NEVER_MISSPELT = frozenset({"recordedat", "sequence"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SEQUENCE = re.compile(rf"\d{{1,{SEQUENCE_LENGTH_MAX}}}", re.ASCII)
_CONTENT_TYPE = re.compile(r'application/json(?:\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)
_VALIDATORS = {name: model.__pydantic_validator__.validate_python for name, model in DATA_MODELS.items()}

_Members = Mapping[str, Any]
_Check = Callable[[_Members, _Members], None]
"""Looks at an event as it was sent and at what is kept of it; raises `Refusal`."""


def faults_of(value: Mapping[str, Any], kept: Mapping[str, Any]) -> Iterator[Refusal]:
    """What is wrong with an event: `value` as it was sent, `kept` what is stored of it; in the order of the envelope, then of `data`."""
    for check in _CHECKS:
        try:
            check(value, kept)
        except Refusal as fault:
            yield fault


def _check_spelling(value: _Members, kept: _Members) -> None:
    if kept is value:
        return
    near = [(name, name.casefold()) for name in value.keys() - STORED if name.casefold() in _NEVER_MISSPELT]
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
        if name == "source" and text in RESERVED_SOURCES:
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
