"""Stored texts of events read back as facts of the domain: fast, and without judging what was once accepted."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, Protocol, get_args

import msgspec

from tiendo_contracts.events.envelope import ENTERED_BY
from tiendo_contracts.events.event_types import event_type
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.explanations import ExplanationFact
from tiendo_domain.facts import CaseFact, Fact, LoggedFact
from tiendo_domain.instants import Instant, LocalDate, Moment

_DATE_LENGTH = len("2022-08-15")
# After the quote that begins it a blank text ends, or has white space, or an escape (which may be white space).
_PERHAPS_BLANK = re.compile(r'"(?:"|\s|\\)')


class _Stored(Protocol):
    """A stored event, its envelope as it was sent."""

    source: str
    id: str
    subject: str
    time: Instant
    recordedat: Instant | None
    sequence: str | None
    enteredby: str | None
    data: CaseFact | ExplanationFact | None


def case_event(text: str, *, position: int, ingested_at: datetime) -> CaseEvent:
    """The fact of a stored event of a case, with what the log says of it; `ingested_at` is aware.

    Names and ids of white space alone say nothing and are None. Raises msgspec.ValidationError for what was never accepted.
    """
    event = _read(text)
    sequence, fact = event.sequence, event.data
    if fact is None:
        fact = _FACTS[type(event)]()
    return CaseEvent(
        source=event.source,
        id=event.id,
        case_id=event.subject,
        occurred_at=event.time,
        recorded_at=event.recordedat,
        sequence=None if sequence is None else int(sequence),
        fact=fact,
        position=position,
        ingested_at=ingested_at,
        marks=(fact.marks or ()) if isinstance(fact, Fact) else (),
        entered_by=event.enteredby,
    )


def _read(text: str) -> _Stored:
    if _PERHAPS_BLANK.search(text) is None:
        try:
            return _DECODER.decode(text)
        except msgspec.ValidationError:
            pass  # perhaps a whole number that was written with a point, as was taken once
    event = json.loads(text)
    event["data"] = _said(event.get("data"))
    read: _Stored = msgspec.convert(event, _ANY, dec_hook=_moment)
    return read


def _said(value: Any, name: str = "data") -> Any:  # noqa: ANN401 - any JSON value
    """The same without texts that are blank, and with whole numbers as such; the key of another event is left as it is."""
    match value:
        case dict() if name != "annuls":
            return {name: _said(member, name) for name, member in value.items()}
        case list():
            return [_said(each) if isinstance(each, dict) else each for each in value]
        case str() if not value or value.isspace():
            return None
        case float():
            return int(value)
        case _:
            return value


def _moment(kind: type, text: Any) -> Moment:  # noqa: ANN401 - msgspec asks so
    if kind is Moment and len(text) == _DATE_LENGTH:
        return LocalDate(date.fromisoformat(text))
    return Instant(read_instant(text), text)


def _envelope(fact: type[LoggedFact]) -> type[msgspec.Struct]:
    members: list[tuple[str, Any] | tuple[str, Any, Any]] = [
        *(("source", str), ("id", str), ("subject", str), ("time", Instant)),
        *(("recordedat", Instant | None, None), ("sequence", str | None, None), (ENTERED_BY, str | None, None)),
        ("data", fact | None, None),
    ]
    return msgspec.defstruct(
        f"Stored{fact.__name__}", members, tag_field="type", tag=event_type(fact), kw_only=True, gc=False
    )


_FACTS: dict[type, Callable[[], CaseFact | ExplanationFact]] = {
    _envelope(fact): fact for fact in (*get_args(CaseFact), *get_args(ExplanationFact))
}
_ANY = reduce(or_, _FACTS)
_DECODER: msgspec.json.Decoder[_Stored] = msgspec.json.Decoder(_ANY, dec_hook=_moment)
