"""The rules file: what it changes becomes facts, all that is wrong in it is named, and applied again it changes nothing."""

from datetime import UTC, date, datetime

import pytest

from tiendo_contracts.directory import directory_fact
from tiendo_contracts.rules_file import RulesFileError, events_to_append, rules_text
from tiendo_contracts.strict_json import canonical
from tiendo_domain.calendar import OverrideKind
from tiendo_domain.facts import DayCount, Level
from tiendo_domain.rules import PauseMode, RuleBook

AT = datetime(2022, 8, 15, 1, 5, tzinfo=UTC)
WHOLE = """
placeholders = ["chuyên viên", "ai đó"]

[[unit]]
id = "H34"
name = "Tỉnh Kon Tum"
level = "province"

[[unit]]
id = "H34.20"
parent = "H34"

[[procedure]]
id = "1.004227"
valid_from = "2022-01-01"
pause = "shift"
days = "calendar"
norm_minutes = 4800

[[calendar]]
id = "summer"
time_zone = "Asia/Ho_Chi_Minh"
units = ["H34.20"]

[[session]]
calendar = "summer"
weekdays = [1, 2, 3, 4, 5]
from = "06:30"
to = "11:00"
valid_from = "2022-06-01"
valid_to = "2022-08-31"

[[override]]
calendar = "vn"
date = "2022-08-20"
kind = "working"
legal_reference = "Thông báo 12"
"""


def applied(text: str, book: RuleBook | None = None) -> RuleBook:
    book = book or RuleBook()
    events = events_to_append(text, book, at=AT)
    return book.extended(
        directory_fact(canonical(event).decode(), position=number, ingested_at=AT)
        for number, event in enumerate(events, start=1)
    )


def problems(text: str) -> list[str]:
    with pytest.raises(RulesFileError) as caught:
        events_to_append(text, RuleBook(), at=AT)
    return [str(problem) for problem in caught.value.problems]


def test_everything_that_a_file_says_is_in_the_rule_book() -> None:
    book = applied(WHOLE)
    assert book.is_placeholder("Ai  Đó ".replace("  ", " "))
    assert not book.is_placeholder("admin")
    assert book.units["H34"].level is Level.PROVINCE
    assert book.units["H34.20"].parent == "H34"
    rule = book.procedure("1.004227", date(2022, 6, 1))
    assert rule is not None
    assert (rule.pause, rule.days, rule.norm_minutes) == (PauseMode.SHIFT, DayCount.CALENDAR, 4_800)
    assert book.calendars["summer"].definition.sessions[0].from_minute == 390
    [override] = book.calendars["vn"].definition.overrides
    assert (override.on, override.kind, override.legal_reference) == (
        date(2022, 8, 20),
        OverrideKind.WORKING,
        "Thông báo 12",
    )


def test_a_file_applied_again_changes_nothing() -> None:
    book = applied(WHOLE)
    assert events_to_append(WHOLE, book, at=AT) == []


def test_what_the_rule_book_shows_changes_nothing_when_it_is_applied() -> None:
    book = applied(WHOLE)
    assert events_to_append(rules_text(book), book, at=AT) == []
    assert rules_text(applied(rules_text(book))) == rules_text(book)


def test_what_was_said_before_can_be_said_again_and_holds_again() -> None:
    first = '[[unit]]\nid = "a"\nname = "one"'
    second = first.replace("one", "two")
    book = applied(second, applied(first))
    assert book.units["a"].name == "two"
    assert applied(first, book).units["a"].name == "one"


def test_dates_and_times_may_be_written_as_toml_has_them() -> None:
    native = WHOLE.replace('"2022-06-01"', "2022-06-01").replace('"06:30"', "06:30:00")
    assert rules_text(applied(native)) == rules_text(applied(WHOLE))


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[[unit", "", "the file is not TOML"),
        ("[[holiday]]\nid = 1", 'key "holiday"', "is not known; known are"),
        ("[[unit]]\nname = 'x'", '[[unit]] number 1, key "id"', "is missing"),
        (
            "[[unit]]\nid = 'a'\ncolour = 1",
            '[[unit]] number 1, key "colour"',
            "known are id, level, merged_into, name, parent",
        ),
        ("[[unit]]\nid = 'a'\nlevel = 'ward'", '[[unit]] number 1, key "level"', "must be"),
        ("unit = 'a'", 'key "unit"', "is no list"),
        ("unit = ['a']", "[[unit]] number 1", "is no table"),
        ("placeholders = ['']", 'key "placeholders", number 1', "is blank"),
        ("[[calendar]]\nid = 'a'\ntime_zone = 'Mars'", '[[calendar]] number 1, key "time_zone"', "is no time zone"),
        ("[[calendar]]\nid = 'a'\ntime_zone = '/etc/passwd'", "[[calendar]] number 1", "is no time zone"),
        ("[[calendar]]\nid = 'a'\nholidays = 'XX'", '[[calendar]] number 1, key "holidays"', "is no country"),
        ("[[calendar]]\nid = 'a'\nunits = [1]", '[[calendar]] number 1, key "units", number 1', "string"),
        (
            "[[session]]\ncalendar = 'vn'\nweekdays = [0]\nfrom = '07:00'\nto = '08:00'",
            '[[session]] number 1, key "weekdays"',
            "ISO numbers",
        ),
        (
            "[[session]]\ncalendar = 'vn'\nweekdays = [1]\nfrom = '09:00'\nto = '08:00'",
            "[[session]] number 1",
            "not before",
        ),
        (
            "[[session]]\ncalendar = 'vn'\nweekdays = [1]\nfrom = '7:00'\nto = '08:00'",
            '[[session]] number 1, key "from"',
            "time of day",
        ),
        (
            "[[session]]\ncalendar = 'x'\nweekdays = [1]\nfrom = '07:00'\nto = '08:00'",
            '[[session]] number 1, key "calendar"',
            "is no calendar",
        ),
        (
            "[[override]]\ncalendar = 'vn'\ndate = '2022-02-30'\nkind = 'off'",
            '[[override]] number 1, key "date"',
            "no date",
        ),
        ("[[unit]]\nid = 'a'\n[[unit]]\nid = 'a'", "[[unit]] number 2", "stands already in number 1"),
        ("[[unit]]\nid = 'a'\nparent = 'a'", '[[unit]] number 1, key "parent"', "circle"),
        ("[[procedure]]\nid = 'a'\nnorm_minutes = -1", '[[procedure]] number 1, key "norm_minutes"', "greater"),
        ("[[procedure]]\nid = 'a'\nnorm_minutes = true", '[[procedure]] number 1, key "norm_minutes"', "integer"),
        (
            "[[calendar]]\nid = 'a'\nunits = ['u']\n[[calendar]]\nid = 'b'\nunits = ['u']",
            "[[calendar]]",
            "a unit has one calendar",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_what_would_be_right(text: str, place: str, words: str) -> None:
    [problem] = problems(text)
    assert problem.startswith(place)
    assert words in problem


def test_everything_that_is_wrong_is_named_at_once() -> None:
    found = problems("[[unit]]\nid = 1\n[[procedure]]\npause = 'x'\n[[session]]\ncalendar = 'vn'")
    assert len(found) == 6


def test_a_unit_leaves_the_calendar_that_had_it() -> None:
    book = applied('[[calendar]]\nid = "b"\nunits = ["H34.20"]', applied(WHOLE))
    assert book.calendars["summer"].definition.units == ()
    assert book.unit_calendars["H34.20"] == "b"
