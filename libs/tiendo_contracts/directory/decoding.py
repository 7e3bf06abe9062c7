"""From the stored text of a directory fact to the domain's definition."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tiendo_contracts.directory.described import MODELS, NAMES, rule_of
from tiendo_contracts.directory.models import (
    CalendarData,
    OverrideData,
    PlaceholdersData,
    SessionData,
)
from tiendo_domain.calendar import Session
from tiendo_domain.rules import (
    CalendarDefinition,
    Definition,
    DirectoryFact,
    Override,
    PlaceholdersDefinition,
)


class UnknownDirectoryTypeError(ValueError):
    """A directory fact of a type that this version does not know: the log was written by a newer one."""

    def __init__(self, event_type: str) -> None:
        super().__init__(f"directory facts of type {event_type!r} are not known to this version; install the newer one")
        self.event_type = event_type


def directory_fact(text: str, *, position: int, ingested_at: datetime) -> DirectoryFact:
    """The fact in the stored `text` of a CloudEvent; raises `UnknownDirectoryTypeError` for a type of a newer version."""
    event = json.loads(text)
    return DirectoryFact(
        id=event["id"],
        position=position,
        ingested_at=ingested_at,
        definition=definition_of(event["type"], event["data"]),
    )


def definition_of(event_type: str, data: object) -> Definition:
    """The definition in a directory fact's `data`; raises pydantic's ValidationError where it is not as the models say."""
    decode = _DECODERS.get(event_type)
    if decode is None:
        raise UnknownDirectoryTypeError(event_type)
    return decode(data)


def session_of(data: SessionData) -> Session:
    """The domain's session."""
    return Session(
        weekdays=frozenset(data.weekdays),
        from_minute=data.from_minute,
        to_minute=data.to_minute,
        valid_from=data.valid_from,
        valid_to=data.valid_to,
    )


def override_of(data: OverrideData) -> Override:
    """The domain's override."""
    return Override(on=data.on, kind=data.kind, legal_reference=data.legal_reference)


def _calendar_of(data: CalendarData) -> CalendarDefinition:
    return CalendarDefinition(
        id=data.id,
        time_zone=data.time_zone,
        units=tuple(data.units),
        holidays=data.holidays,
        days_off=frozenset(data.days_off),
        make_up_days=frozenset(data.make_up_days),
        sessions=tuple(map(session_of, data.sessions)),
        overrides=tuple(map(override_of, data.overrides)),
        due_on_day_off=data.due_on_day_off,
    )


def _decoder(rule: type[Any]) -> Callable[[Any], Definition]:
    return lambda data: rule_of(rule, MODELS[rule].model_validate(data))


_DECODERS: Mapping[str, Callable[[Any], Definition]] = {
    **{f"vn.tiendo.directory.{name}-defined.v1": _decoder(rule) for rule, name in NAMES.items()},
    "vn.tiendo.directory.calendar-defined.v1": lambda data: _calendar_of(CalendarData.model_validate(data)),
    "vn.tiendo.directory.placeholders-defined.v1": lambda data: PlaceholdersDefinition(
        names=tuple(PlaceholdersData.model_validate(data).names)
    ),
}
