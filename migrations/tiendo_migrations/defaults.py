"""The defaults that the first migration states as facts (section R): the placeholders and the calendar of Vietnam; how a migration states one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from tiendo_contracts.directory import directory_event
from tiendo_contracts.directory.public_holidays import public_holidays_of
from tiendo_contracts.texts.canonical_json import digest
from tiendo_domain.rules import DEFAULT_PLACEHOLDERS, CalendarDefinition, Definition, PlaceholdersDefinition
from tiendo_domain.rules.calendars import DEFAULT_SESSIONS, DEFAULT_TIME_ZONE
from tiendo_domain.rules.definitions import DEFAULT_CALENDAR, DEFAULT_HOLIDAYS

STATED_AT = datetime(1970, 1, 1, tzinfo=UTC)
"""Before any case: the defaults have always held."""


EVENTS = sa.table(
    "events",
    sa.column("position", sa.BigInteger),
    sa.column("source", sa.Text),
    sa.column("id", sa.Text),
    sa.column("subject", sa.Text),
    sa.column("type", sa.Text),
    sa.column("shard", sa.SmallInteger),
    sa.column("occurred_at", sa.DateTime(timezone=True)),
    sa.column("ingested_at", sa.DateTime(timezone=True)),
    sa.column("digest", sa.LargeBinary),
    sa.column("text", sa.Text),
    schema="tiendo",
)
"""The columns of the log that a fact needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultFact:
    """A fact to be put into the log as it is made."""

    source: str
    id: str
    subject: str
    type: str
    digest: bytes
    text: str


def default_facts() -> Iterator[DefaultFact]:
    """The facts in the order of their positions; the same texts whenever the `holidays` package is the same."""
    for definition in _definitions():
        yield fact_of(definition, at=STATED_AT)


def fact_of(definition: Definition, *, at: datetime) -> DefaultFact:
    """The fact that states a definition at the aware instant `at`."""
    event = directory_event(definition, at=at)
    return DefaultFact(
        source=event["source"],
        id=event["id"],
        subject=event["subject"],
        type=event["type"],
        digest=digest(event),
        text=json.dumps(event, ensure_ascii=False, separators=(",", ":")),
    )


def _definitions() -> Iterator[Definition]:
    yield PlaceholdersDefinition(names=DEFAULT_PLACEHOLDERS)
    public = public_holidays_of(DEFAULT_HOLIDAYS)
    yield CalendarDefinition(
        id=DEFAULT_CALENDAR,
        time_zone=DEFAULT_TIME_ZONE,
        holidays=DEFAULT_HOLIDAYS,
        days_off=public.days_off,
        make_up_days=public.make_up_days,
        sessions=DEFAULT_SESSIONS,
    )
