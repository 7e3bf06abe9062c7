"""The rules file: what it changes becomes facts, all that is wrong in it is named, and applied again it changes nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tiendo_contracts.directory import directory_fact
from tiendo_contracts.rules_file import RulesFileError, events_to_append, rules_text
from tiendo_contracts.texts.strict_json import canonical
from tiendo_domain.calendar import DueOnDayOff, OverrideKind
from tiendo_domain.facts import DayCount, Level
from tiendo_domain.rules import (
    AbsenceRule,
    EighthState,
    NationalRule,
    OfficerRule,
    PauseMode,
    PublicationRule,
    RuleBook,
    UnitRule,
)

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

[[unit]]
id = "H34.31"
valid_to = "2025-07-01"
merged_into = "H34.20"

[[officer]]
id = "CC-0001"
name = "Y Khuê"
unit = "H34.20"
position = "Chuyên viên"
valid_from = "2022-01-01"
valid_to = "2025-07-01"
same_as = "001188001234"
accounts = ["khue", "khue@kontum.gov.vn"]

[[absence]]
officer = "CC-0001"
from = "2022-08-15"
to = "2022-08-19"
kind = "nghỉ phép"

[[absence]]
officer = "CC-0001"
from = "2022-08-22T13:30:00+07:00"
to = "2022-08-22T15:00:00"

[[step]]
procedure = "1.004227"
id = "TĐ"
name = "Thẩm định"
allotted_minutes = 960
valid_from = "2022-01-01"

[[national]]
source = "/dvc"
state_8 = "withdrawn"
repair_texts = ["sửa"]

[[publication]]
unit = "H34"
window_working_days = 0
least_minutes = 60
valid_from = "2022-09-01"

[[calendar]]
id = "ams"
holidays = "NL"
due_on_day_off = "next-working-day"
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
    assert book.calendars["ams"].definition.due_on_day_off is DueOnDayOff.NEXT_WORKING_DAY
    assert book.calendars["vn"].definition.due_on_day_off is None
    assert book.units["H34.31"] == UnitRule(id="H34.31", valid_to=date(2025, 7, 1), merged_into="H34.20")
    assert book.officer("CC-0001") == OfficerRule(
        id="CC-0001",
        name="Y Khuê",
        unit="H34.20",
        position="Chuyên viên",
        valid_from=date(2022, 1, 1),
        valid_to=date(2025, 7, 1),
        same_as="001188001234",
        accounts=("khue", "khue@kontum.gov.vn"),
    )
    leave, afternoon = book.absences_of("001188001234")
    assert leave == AbsenceRule(officer="CC-0001", from_=date(2022, 8, 15), to=date(2022, 8, 19), kind="nghỉ phép")
    assert (afternoon.from_.isoformat(), afternoon.to.isoformat()) == (
        "2022-08-22T13:30:00+07:00",
        "2022-08-22T15:00:00",
    )
    assert book.step_allotment("1.004227.000.00.00.H34", "?", "Thẩm định", date(2022, 8, 15)) == 960
    assert book.national == {"/dvc": NationalRule(source="/dvc", state_8=EighthState.WITHDRAWN, repair_texts=("sửa",))}
    assert book.publications["H34"] == (
        PublicationRule(unit="H34", window_working_days=0, least_minutes=60, valid_from=date(2022, 9, 1)),
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
    native = native.replace('"2022-08-19"', "2022-08-19").replace(
        '"2022-08-22T13:30:00+07:00"', "2022-08-22 13:30:00+07:00"
    )
    native = native.replace('"2022-08-22T15:00:00"', "2022-08-22T15:00:00")
    assert native.count('"2022-0') == WHOLE.count('"2022-0') - 4
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
        ("[[calendar]]\nid = 'a'\nunits = [1]", '[[calendar]] number 1, key "units", number 1', "is 1; write a text"),
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
        (
            "[[procedure]]\nid = 'a'\nnorm_minutes = -1",
            '[[procedure]] number 1, key "norm_minutes"',
            "is -1; the least is 0",
        ),
        (
            "[[procedure]]\nid = 'a'\nnorm_minutes = true",
            '[[procedure]] number 1, key "norm_minutes"',
            "write a whole number",
        ),
        ("[[officer]]\nname = 'a'", '[[officer]] number 1, key "id"', "is missing"),
        ("[[absence]]\nofficer = 'a'\nto = 2022-08-15", '[[absence]] number 1, key "from"', "is missing"),
        ("[[absence]]\nofficer = 'a'\nfrom = 2022-08-15", '[[absence]] number 1, key "to"', "is missing"),
        (
            "[[absence]]\nofficer = 'a'\nfrom = '15/8/2022'\nto = 2022-08-15",
            '[[absence]] number 1, key "from"',
            'write it as "2022-08-20" or "2022-08-20T07:00:00+07:00"',
        ),
        (
            "[[absence]]\nofficer = 'a'\nfrom = 2022-08-16\nto = 2022-08-15",
            "[[absence]] number 1",
            "`from` is after `to`; an absence ends on or after its first day",
        ),
        (
            "[[absence]]\nofficer = 'a'\nfrom = 2022-08-15\nto = 2022-08-15\n" * 2,
            "[[absence]] number 2",
            "the absence of officer a, from 2022-08-15, to 2022-08-15 stands already in number 1",
        ),
        ("[[step]]\nprocedure = 'a'\nid = 'b'", '[[step]] number 1, key "allotted_minutes"', "is missing"),
        (
            "[[step]]\nprocedure = 'a'\nid = 'b'\nallotted_minutes = '5'",
            '[[step]] number 1, key "allotted_minutes"',
            'is "5"; write a whole number, without quotes',
        ),
        ("[[national]]\nstate_8 = 'suspended'", '[[national]] number 1, key "source"', "is missing"),
        (
            "[[national]]\nsource = 'a'\nstate_8 = 'paused'",
            '[[national]] number 1, key "state_8"',
            "is \"paused\"; it must be 'suspended' or 'withdrawn'",
        ),
        ("[[publication]]\nleast_minutes = 1", '[[publication]] number 1, key "unit"', "is missing"),
        (
            "[[publication]]\nunit = 'a'\nwindow_working_days = 400",
            '[[publication]] number 1, key "window_working_days"',
            "is 400; the most is 366",
        ),
        (
            "[[calendar]]\nid = 'a'\ndue_on_day_off = 'before'",
            '[[calendar]] number 1, key "due_on_day_off"',
            "must be 'next-working-day' or 'as-stated'",
        ),
        (
            "[[unit]]\nid = 'a'\nvalid_from = 2022-01-01\nvalid_to = 2022-01-01",
            "[[unit]] number 1",
            "`valid_from` is not before `valid_to`",
        ),
        ("[[unit]]\nid = 'a'\nmerged_into = 'a'", '[[unit]] number 1, key "merged_into"', "a circle"),
        ("[[officer]]\nid = 'a'\nsame_as = 'a'", '[[officer]] number 1, key "same_as"', "a ring"),
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


def test_what_is_wrong_names_the_file_that_it_stands_in() -> None:
    with pytest.raises(RulesFileError) as caught:
        events_to_append("[[unit]]\nid = 1\n[[officer]]\n", RuleBook(), at=AT)
    assert str(caught.value.of("a.toml")).splitlines() == [
        'a.toml: [[unit]] number 1, key "id": is 1; write a text in quotes',
        'a.toml: [[officer]] number 1, key "id": is missing and required',
    ]


def test_a_ring_of_officers_is_refused_also_where_a_part_of_it_stands_in_the_log() -> None:
    """Rule H11."""
    book = applied('[[officer]]\nid = "a"\nsame_as = "b"\n[[officer]]\nid = "b"\nsame_as = "c"')
    with pytest.raises(RulesFileError, match="c is the same as a is the same as b is the same as c: a ring"):
        events_to_append('[[officer]]\nid = "c"\nsame_as = "a"', book, at=AT)
    assert applied('[[officer]]\nid = "c"\nname = "C"', book).officer_id("a") == "c"


def test_an_officer_is_joined_to_one_id_at_all_times() -> None:
    text = '[[officer]]\nid = "a"\nsame_as = "b"\n[[officer]]\nid = "a"\nsame_as = "c"\nvalid_from = "2022-01-01"'
    assert "is joined to b and to c; a join holds at all times" in problems(text)[0]
    assert applied(text.replace('"c"', '"b"')).officer_id("a") == "b"


def test_a_circle_of_units_is_one_of_the_same_day() -> None:
    first = '[[unit]]\nid = "a"\nparent = "b"\nvalid_to = "2022-07-01"\n'
    later = '[[unit]]\nid = "b"\nparent = "a"\nvalid_from = "{}"'
    assert applied(first + later.format("2022-07-01")).parent_of("b", {}) == "a"
    assert "circle" in problems(first + later.format("2022-06-30"))[0]
    with pytest.raises(RulesFileError, match="circle"):
        events_to_append(later.format("2022-06-30"), applied(first), at=AT)


def test_a_calendar_has_both_halves_of_the_swaps_of_its_country_and_keeps_them_unless_asked() -> None:
    """Rule T7, section R: every calendar has the Vietnamese public holidays unless it names others."""
    book = applied(
        '[[calendar]]\nid = "a"\n[[calendar]]\nid = "b"\nholidays = "HU"\n[[calendar]]\nid = "c"\nholidays = "none"'
    )
    made_up = {identity: calendar.definition.make_up_days for identity, calendar in book.calendars.items()}
    assert {date(2024, 5, 4), date(2025, 4, 26), date(2026, 8, 22)} <= made_up["a"]
    assert date(2026, 1, 10) in made_up["b"]
    assert made_up["c"] == frozenset()
    older = book.with_definitions([replace(book.calendars["a"].definition, make_up_days=frozenset())])
    same = '[[calendar]]\nid = "a"\nholidays = "VN"'
    assert events_to_append(same, older, at=AT) == []
    [event] = events_to_append(same, older, at=AT, refresh_holidays=True)
    assert "2024-05-04" in event["data"]["make_up_days"]


def test_what_becomes_of_a_due_on_a_day_off_follows_the_holidays_until_it_is_stated() -> None:
    book = applied('[[calendar]]\nid = "a"\nunits = ["U"]')
    assert book.calendar_of("U", {}).due_on_day_off is DueOnDayOff.NEXT_WORKING_DAY
    book = applied('[[calendar]]\nid = "a"\nholidays = "NL"', book)
    assert book.calendar_of("U", {}).due_on_day_off is DueOnDayOff.AS_STATED
    book = applied('[[calendar]]\nid = "a"\ndue_on_day_off = "next-working-day"', book)
    assert applied('[[calendar]]\nid = "a"', book).calendar_of("U", {}).due_on_day_off is DueOnDayOff.NEXT_WORKING_DAY


def test_a_unit_leaves_the_calendar_that_had_it() -> None:
    book = applied('[[calendar]]\nid = "b"\nunits = ["H34.20"]', applied(WHOLE))
    assert book.calendars["summer"].definition.units == ()
    assert book.unit_calendars["H34.20"] == "b"


@pytest.mark.parametrize(
    ("text", "circle"),
    [
        (
            "[[unit]]\nid = 'xa'\nparent = 'huyen'\n[[unit]]\nid = 'huyen'\nvalid_to = '2025-07-01'\nmerged_into = 'xa'",
            "xa is below huyen is merged into xa",
        ),
        (
            "[[unit]]\nid = 'a'\nvalid_to = '2025-07-01'\nmerged_into = 'b'\n[[unit]]\nid = 'b'\nvalid_from = '2025-07-01'\nmerged_into = 'a'",
            "a is merged into b is merged into a",
        ),
    ],
)
def test_a_unit_that_is_merged_lies_below_its_successor_and_makes_circles_there(text: str, circle: str) -> None:
    assert circle in problems(text)[0]
