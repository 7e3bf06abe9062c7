"""How pages show parties, numbers, ratios and moments; names of officers only to who is signed in."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import quote

from tiendo_contracts.explanation import (
    PARTY_WORDS,
    days_and_hours,
    moment_of_text,
    number_in_words,
    percent_in_words,
    until_in_words,
)
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import Party, PartyKind

HIDDEN_NAME: Final = Words(vi="(đăng nhập để xem họ tên)", en="(sign in to see names)")
NOTHING: Final = "–"

Said = str | Words
"""A text from data, or words of ours: templates speak these in the language of the page."""


def party_label(*, names: bool) -> Callable[[Party], Said]:
    """The function that says who a party is."""

    def label(party: Party) -> Said:
        return _label(party.kind, party.id, party.name, names=names)

    return label


def party_detail(*, names: bool) -> Callable[[Party], Said]:
    """The function that says what is known beside a party's name: id, position, unit."""

    def detail(party: Party) -> Said:
        unit = None if party.unit is None else party.unit.name or party.unit.id
        return _detail(party.kind, party.id if party.name is not None else None, party.position, unit, names=names)

    return detail


def holder_words(record: Mapping[str, Any], *, names: bool) -> tuple[Said, Said]:
    """Who holds the case of a row, and what is known beside the name; two empty texts for a case that has ended."""
    if record["holder_kind"] is None:
        return "", ""
    kind, holder_id, name = PartyKind(record["holder_kind"]), record["holder_id"], record["holder_name"]
    unit = record["holder_unit_name"] or record["holder_unit_id"]
    beside = holder_id if name is not None else None
    return (
        _label(kind, holder_id, name, names=names),
        _detail(kind, beside, record["holder_position"], unit, names=names),
    )


def _label(kind: PartyKind, party_id: str | None, name: str | None, *, names: bool) -> Said:
    match kind:
        case PartyKind.OFFICER:
            return (name or party_id or PARTY_WORDS[kind]) if names else HIDDEN_NAME
        case PartyKind.UNIT | PartyKind.CONSULTED_UNIT:
            return name or party_id or PARTY_WORDS[kind]
        case _:
            return PARTY_WORDS[kind]


def _detail(kind: PartyKind, party_id: str | None, position: str | None, unit: str | None, *, names: bool) -> Said:
    match kind:
        case PartyKind.OFFICER:
            return ", ".join(part for part in (party_id if names else None, position, unit) if part)
        case PartyKind.UNIT | PartyKind.CONSULTED_UNIT:
            return PARTY_WORDS[kind]
        case _:
            return unit or ""


def moment(text: str | None) -> str:
    """The instant of an answer by the clock of its own offset, as `08:05 15/08/2022`; a dash where there is none."""
    return NOTHING if text is None else moment_of_text(text)


def moment_at(at: datetime | None) -> str:
    """The instant by the clock that it is stated on, as `moment` shows it; a dash where there is none."""
    return moment(None if at is None else at.isoformat())


def until_when(text: str, language: Language = Language.VIETNAMESE) -> str:
    """The instant up to which figures go, in words: `hết ngày 25/08/2022` for the midnight that ends a day."""
    return until_in_words(Instant(read_instant(text), text)).spoken(language)


def kept_as_of(text: str, *, asked: bool, at: datetime, now: datetime) -> str | None:
    """The `as_of` that links must carry: that of a page which shows another instant than now; else None."""
    return text if asked or at < now else None


def number(value: int | None, language: Language = Language.VIETNAMESE) -> str:
    """The number with points between thousands, as Vietnamese is written; a dash where there is none."""
    return NOTHING if value is None else number_in_words(value, language)


def working_days(minutes: int | None, language: Language = Language.VIETNAMESE) -> str:
    """The minutes as working days of 8 hours, hours and minutes; empty below an hour."""
    longer = None if minutes is None else days_and_hours(minutes)
    return "" if longer is None else longer.spoken(language)


def percent(ratio: float | None, language: Language = Language.VIETNAMESE) -> str:
    """The ratio in per cent with one decimal, never rounded up to a whole it has not reached."""
    return NOTHING if ratio is None else percent_in_words(ratio, language)


def day(value: date) -> str:
    """The date, as Vietnamese is written."""
    return f"{value:%d/%m/%Y}"


def in_path(text: str) -> str:
    """The text as one segment of a path."""
    return quote(text, safe="")
