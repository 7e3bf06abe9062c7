"""The rules in force, in words: working hours, days off and on, who is nobody, how lists are published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.calendar.working_time import OverrideKind, Session
from tiendo_domain.rules import RuleBook
from tiendo_domain.rules.calendars import VersionedCalendar
from tiendo_domain.rules.definitions import PublicationRule
from tiendo_query.pages.cases.part_words import WEEKDAYS
from tiendo_query.pages.showing import Said, day

OVERRIDES_SHOWN: Final = 20
_ONE_HOUR: Final = 60
_KINDS: Final = {
    OverrideKind.OFF: Words(vi="nghỉ", en="off"),
    OverrideKind.WORKING: Words(vi="làm việc", en="working"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarInForce:
    """A calendar: its name with the version, its sessions, what is laid down for single days (the latest first), and which units have it."""

    name: str
    zone: str
    sessions: Sequence[Words]
    holidays: Said
    overrides: Sequence[Words]
    units: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationInForce:
    """How the lists of a unit are published; empty where the default holds."""

    unit: str
    window: int | None
    least: int | None
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    """What holds now, besides units, procedures and steps, which have pages of their own."""

    calendars: Sequence[CalendarInForce]
    placeholders: Sequence[str]
    publications: Sequence[PublicationInForce]


def rules_in_force(rules: RuleBook) -> RulesInForce:
    """The rules of the book."""
    return RulesInForce(
        calendars=[_calendar(one) for _, one in sorted(rules.calendars.items())],
        placeholders=sorted(rules.placeholders),
        publications=[_publication(one) for _, known in sorted(rules.publications.items()) for one in known],
    )


def _calendar(one: VersionedCalendar) -> CalendarInForce:
    definition = one.definition
    latest = sorted(definition.overrides, key=lambda override: override.on, reverse=True)
    return CalendarInForce(
        name=f"{definition.id}/{one.version}",
        zone=definition.time_zone,
        sessions=list(_sessions(one.working_time.sessions)),
        holidays=f"{definition.holidays} ({len(definition.days_off)})",
        overrides=[
            Words(
                vi=f"{day(override.on)}: {_KINDS[override.kind].vi}",
                en=f"{day(override.on)}: {_KINDS[override.kind].en}",
            )
            for override in latest[:OVERRIDES_SHOWN]
        ],
        units=sorted(definition.units),
    )


def _sessions(sessions: Iterable[Session]) -> Iterable[Words]:
    for one in sorted(sessions, key=lambda session: (sorted(session.weekdays), session.from_minute)):
        hours = f"{_clock(one.from_minute)}–{_clock(one.to_minute)}"
        yield Words(
            vi=f"{_weekdays(one.weekdays, 'vi')} {hours}{_season(one.valid_from, one.valid_to, 'từ', 'đến')}",
            en=f"{_weekdays(one.weekdays, 'en')} {hours}{_season(one.valid_from, one.valid_to, 'from', 'to')}",
        )


def _weekdays(numbers: Iterable[int], language: str) -> str:
    """The days, of which three or more in a row stand as the first and the last."""
    days = sorted(numbers)
    names = [str(getattr(WEEKDAYS[number - 1], language)) for number in days]
    in_a_row = len(days) > 2 and days[-1] - days[0] == len(days) - 1  # noqa: PLR2004 - of two both are said
    return f"{names[0]}–{names[-1]}" if in_a_row else ", ".join(names)


def _season(start: date | None, end: date | None, since: str, until: str) -> str:
    said = [f"{word} {day(on)}" for word, on in ((since, start), (until, end)) if on is not None]
    return f" ({' '.join(said)})" if said else ""


def _clock(minute: int) -> str:
    return f"{minute // _ONE_HOUR:02}:{minute % _ONE_HOUR:02}"


def _publication(one: PublicationRule) -> PublicationInForce:
    return PublicationInForce(
        unit=one.unit,
        window=one.window_working_days,
        least=one.least_minutes,
        since="" if one.valid_from is None else day(one.valid_from),
    )
