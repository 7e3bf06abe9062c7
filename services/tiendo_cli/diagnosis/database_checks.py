"""Checks of the database: schema, clock, calendars, projection."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

import tiendo_migrations
from tiendo_cli.diagnosis.directory import check_directory
from tiendo_cli.diagnosis.findings import CheckFinding, good, warning, wrong
from tiendo_contracts.database.database_roles import OWNER
from tiendo_contracts.directory.public_holidays import public_holidays_of
from tiendo_domain.rules import RuleBook
from tiendo_domain.rules.calendars import VersionedCalendar
from tiendo_domain.rules.definitions import NO_HOLIDAYS
from tiendo_event_store import EventLog
from tiendo_event_store.followed.followed_positions import followed_heads, follows_others
from tiendo_event_store.reading.log_rules import LogRules
from tiendo_event_store.tables import events
from tiendo_migrations import SchemaState
from tiendo_projector import CONSUMER
from tiendo_read_models.errors import NoLiveBuild
from tiendo_read_models.status import ProjectionStatus, projection_status
from tiendo_runtime.database_urls import login_url

CLOCK_TOLERANCE: Final = timedelta(seconds=5)
LAG_TOLERANCE: Final = timedelta(seconds=60)
"""How long an event may wait to be seen before something is wrong; at rest it takes under a second."""

_START_A_FOLLOWER: Final = "start `tiendo serve projector --from kafka`"
_START_A_PROJECTOR: Final = "start `tiendo up`, or `tiendo serve projector`"


async def check_schema(url: str) -> CheckFinding:
    """Whether the tables are those of this version."""
    match await tiendo_migrations.check(login_url(url, OWNER)):
        case SchemaState.CURRENT:
            return good("schema", "current")
        case SchemaState.BEHIND:
            return wrong("schema", "older than this version of tiendo, or empty", "tiendo migrate")
        case SchemaState.NEWER:
            return wrong(
                "schema", "newer than this version of tiendo", "install the version that made it, or a newer one"
            )


async def check_database(engine: AsyncEngine) -> list[CheckFinding]:
    """Everything that a current schema can be asked."""
    if await follows_others(engine):
        return [await _check_server(engine), await _check_clock(engine), *await _check_followed(engine)]
    book = RuleBook.fold(await EventLog(engine).directory_facts())
    return [
        await _check_server(engine),
        await _check_clock(engine),
        *_check_calendars(book),
        *await _check_projection(engine, _START_A_PROJECTOR),
        *await check_directory(engine),
    ]


async def _check_followed(engine: AsyncEngine) -> list[CheckFinding]:
    """The logs that are followed over Kafka: their calendars, and how far the log is projected, in which they stand."""
    async with engine.connect() as connection:
        heads = await followed_heads(connection, CONSUMER)
    rules = LogRules.fold(await EventLog(engine).facts_of_logs())
    logs = [good("follows", f"log {log_id}, stored up to position {head}") for log_id, head in sorted(heads.items())]
    books = [rules.of(log_id) for log_id in sorted(heads)]
    calendars = [finding for book in books for finding in _check_calendars(book)]
    return [*logs, *calendars, *await _check_projection(engine, _START_A_FOLLOWER)]


def _check_calendars(book: RuleBook) -> list[CheckFinding]:
    return [_check_calendar(calendar) for _, calendar in sorted(book.calendars.items())]


async def _check_server(engine: AsyncEngine) -> CheckFinding:
    async with engine.connect() as connection:
        version = await connection.scalar(text("SELECT current_setting('server_version')"))
        durable = await connection.scalar(text("SELECT current_setting('fsync')"))
    if durable != "on":
        return wrong(
            "database", f"PostgreSQL {version} with fsync off: a crash of the machine loses events", "set fsync = on"
        )
    return good("database", f"PostgreSQL {version} answers")


async def _check_clock(engine: AsyncEngine) -> CheckFinding:
    async with engine.connect() as connection:
        there = await connection.scalar(text("SELECT clock_timestamp()"))
        newest = await connection.scalar(select(events.c.ingested_at).order_by(events.c.position.desc()).limit(1))
    here = datetime.now(UTC)
    if there is not None and abs(there - here) > CLOCK_TOLERANCE:
        seconds = abs(there - here).total_seconds()
        return wrong(
            "clock",
            f"{seconds:.0f} s apart from the database's",
            "let both machines take the time from one server (NTP)",
        )
    if newest is not None and newest > here + CLOCK_TOLERANCE:
        return wrong(
            "clock",
            f"{here:%Y-%m-%d %H:%M} UTC is before the newest event was received",
            "set the machine's clock right",
        )
    return good("clock", f"{here:%Y-%m-%d %H:%M:%S} UTC, as the database's")


def _check_calendar(calendar: VersionedCalendar) -> CheckFinding:
    """Whether the days off of this and the next year are known, and still what this version knows."""
    definition = calendar.definition
    subject = f"calendar {definition.id}/{calendar.version}"
    if definition.holidays == NO_HOLIDAYS:
        return good(subject, "no public holidays, as configured")
    this_year = datetime.now(UTC).date().year
    years = (this_year, this_year + 1)
    known = {year: _of_year(definition.days_off, year) for year in years}
    counts = ", ".join(f"{year}: {len(days)}" for year, days in known.items())
    swapped = sum(day.year in years for day in definition.make_up_days)
    overrides = sum(override.on.year in years for override in definition.overrides)
    word = f"days off known ({definition.holidays}) {counts}; make-up working days of these years: {swapped}; overrides: {overrides}"
    refresh = "tiendo rules show > rules.toml; tiendo rules apply rules.toml --refresh-holidays"
    if not all(known.values()):
        return wrong(subject, word, refresh)
    public = public_holidays_of(definition.holidays)
    otherwise = (definition.days_off ^ public.days_off) | (definition.make_up_days ^ public.make_up_days)
    differing = [day for day in otherwise if day.year in years]
    if differing:
        days = ", ".join(str(day) for day in sorted(differing)[:5])
        return warning(subject, f"{word}; this version knows otherwise of {days}", refresh)
    return good(subject, word)


def _of_year(days: frozenset[date], year: int) -> frozenset[date]:
    return frozenset(day for day in days if day.year == year)


async def _check_projection(engine: AsyncEngine, start: str) -> list[CheckFinding]:
    try:
        status = await projection_status(engine)
    except NoLiveBuild:
        return [wrong("projection", "nothing has been projected yet", start)]
    head = await EventLog(engine).head()
    word = f"position {status.position} of {head}, {status.cases} cases, {status.build.schema_name}"
    findings = [good("projection", word)]
    if not status.as_defined:
        findings = [wrong("projection", f"{word}: made by another version", start)]
    elif await _waiting_for(engine, status.position) > LAG_TOLERANCE:
        findings = [wrong("projection", f"{word}: behind", start)]
    elif status.refolds:
        findings = [warning("projection", f"{word}; {status.refolds} cases wait to be folded again", start)]
    return [*findings, *_faults(status)]


def _faults(status: ProjectionStatus) -> list[CheckFinding]:
    if not status.faults:
        return []
    remedy = "see `tiendo case CASE_ID` for each, and `tiendo rebuild` after an update of tiendo"
    return [wrong("projection", f"{status.faults} cases could not be folded", remedy)]


async def _waiting_for(engine: AsyncEngine, position: int) -> timedelta:
    """How long the first event after a position has been waiting to be seen."""
    statement = select(events.c.ingested_at).where(events.c.position == position + 1)
    async with engine.connect() as connection:
        received_at = await connection.scalar(statement)
    return timedelta(0) if received_at is None else datetime.now(UTC) - received_at
