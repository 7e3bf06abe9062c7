"""Events in plain order, known as such in a few steps: what is taken here the door's checks take too, with the same columns and digest.

Most events are: closed, with no escape and no hidden character in their text, no member null, twice or unknown. Nothing is refused here: what is
not in plain order, or has a rule of its own (`corrected`, `joined`, `consultation-requested`, all that is explained or decided), is judged by
`case_events`, which can say what is wrong. A property test holds the two together.
"""

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Annotated, Any, Literal, Never, Protocol

import msgspec
import orjson
from msgspec import UNSET, Meta, Struct, UnsetType

from tiendo_contracts.events.accepted import AcceptedEvent
from tiendo_contracts.events.asked_types import Terms
from tiendo_contracts.events.event_types import FACT_TYPES, RESERVED_SOURCES, SEQUENCE_LENGTH_MAX, SUBJECT_LENGTH_MAX
from tiendo_contracts.texts.instant_texts import parse_instant, parse_local_date
from tiendo_contracts.texts.strict_json import NUMBER_MAX
from tiendo_domain.facts import LoggedFact
from tiendo_domain.instants import Instant, LocalDate, Moment
from tiendo_domain.member_rules import ID_LENGTH_MAX, IntegerRule, ListRule, TextRule

# Controls cannot stand in JSON but as escapes; these are DEL, what comes before U+00C0, and U+2000 to U+2FFF: rare in what is sent.
_HIDDEN = re.compile(rb"\\|\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")


class _Plain(Protocol):
    source: str
    id: str
    subject: str
    type: str
    time: Instant
    recordedat: Instant | UnsetType
    sequence: str | UnsetType


def plain_event(text: bytes) -> AcceptedEvent | None:
    """The event that a JSON text holds; None when it is not plainly in order."""
    if (b"\\" in text or b"\x7f" in text or b"\xc2" in text or b"\xe2" in text) and _HIDDEN.search(text):
        return None
    try:
        value = orjson.loads(text)
        event = _converted(value)
    except (
        ValueError,
        TypeError,
        LookupError,
    ):  # what the libraries raise for other texts, and what is no event at all
        return None
    canonical = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if not (_same_members(text, canonical) and _in_order(event)):
        return None
    return AcceptedEvent(
        source=event.source,
        id=event.id,
        case_id=event.subject,
        type=event.type,
        occurred_at=event.time.at,
        recorded_at=None if event.recordedat is UNSET else event.recordedat.at,
        annuls=None,
        digest=hashlib.sha256(canonical).digest(),
        text=text.decode().strip(" \t\r\n"),
    )


def _converted(value: dict[str, Any]) -> _Plain:
    event: Any = msgspec.convert(value, _TYPES[value["type"]], dec_hook=_moment)
    return event  # type: ignore[no-any-return] # the types are made below


def _same_members(text: bytes, canonical: bytes) -> bool:
    """Whether no member stands twice in the text: there are no escapes, so it is as long as its canonical form, or has as many quotes."""
    return len(text) == len(canonical) or text.count(b'"') == canonical.count(b'"')


def _in_order(event: _Plain) -> bool:
    sequence = event.sequence
    return (
        not (event.source.isspace() or event.id.isspace() or event.subject.isspace())
        and _DOTS.isdisjoint((event.source, event.id, event.subject))
        and event.source not in RESERVED_SOURCES
        and (sequence is UNSET or (sequence.isascii() and sequence.isdigit()))
    )


def _moment(kind: type, text: object) -> Moment:
    if not isinstance(text, str):
        raise TypeError("no text")
    if kind is Moment and len(text) == _DATE_LENGTH:
        return LocalDate(parse_local_date(text))
    return Instant(parse_instant(text), text)


class _RuleOfItsOwn(Exception):  # noqa: N818 - no fault
    """What is asked of the fact is not known here."""


def _one_of(_objects: object, _codes: object) -> Never:
    raise _RuleOfItsOwn


def _rule(rule: object) -> Sequence[object]:
    match rule:
        case TextRule(least=least, most=most, is_said=False, is_key=False):
            return (Meta(min_length=least, max_length=most),)
        case IntegerRule(least=least):
            return (Meta(ge=least, le=NUMBER_MAX),)
        case ListRule(most=most):
            return (Meta(max_length=most),)
        case Meta():
            return ()
    raise _RuleOfItsOwn


@cache
def _closed(declared: type[Struct]) -> type[Struct]:
    members = [
        (field.name, _TERMS.of(field.type), *(() if field.required else (None,)))
        for field in msgspec.structs.fields(declared)
    ]
    return msgspec.defstruct(declared.__name__, members, kw_only=True, forbid_unknown_fields=True, gc=False)


_TERMS = Terms(_closed, _one_of, lambda kind: kind, _rule)
_DATE_LENGTH = len("2022-08-15")
_DOTS = frozenset({".", ".."})


def _text(length_max: int) -> Any:  # noqa: ANN401 - a type
    return Annotated[str, Meta(min_length=1, max_length=length_max)]


def _event(event_type: str, fact: type[LoggedFact]) -> type[Struct]:
    """The closed event that tells the fact; raises `_RuleOfItsOwn`."""
    data = _closed(fact)
    needs_data = any(field.required for field in msgspec.structs.fields(fact))
    members = [
        *(
            ("specversion", Literal["1.0"]),
            ("type", Literal[event_type]),
            ("id", _text(ID_LENGTH_MAX)),
            ("source", _text(ID_LENGTH_MAX)),
        ),
        *(("subject", _text(SUBJECT_LENGTH_MAX)), ("time", Instant), ("recordedat", Instant | UnsetType, UNSET)),
        ("sequence", _text(SEQUENCE_LENGTH_MAX) | UnsetType, UNSET),
        *((name, str | UnsetType, UNSET) for name in ("sequencetype", "traceparent")),
        ("datacontenttype", Literal["application/json"] | UnsetType, UNSET),
        ("data", data) if needs_data else ("data", data | UnsetType, UNSET),
    ]
    return msgspec.defstruct(fact.__name__, members, kw_only=True, forbid_unknown_fields=True, gc=False)


def _plain_types() -> dict[str, type[Struct]]:
    types = {}
    for event_type, fact in FACT_TYPES.items():
        with suppress(_RuleOfItsOwn):
            types[event_type] = _event(event_type, fact)
    return types


_TYPES = _plain_types()
