"""The configuration as facts: which calendar in which version, procedure and placeholder holds (rule T6, section R)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.profile import bounded
from tests.domain.rule_books import EVENING, MORNING, VN, book, calendar

from tiendo_domain.calendar import OverrideKind
from tiendo_domain.facts import DayCount
from tiendo_domain.rules import (
    AbsenceRule,
    CalendarDefinition,
    Definition,
    DirectoryFact,
    DueOnDayOff,
    NationalRule,
    OfficerRule,
    Override,
    PauseMode,
    PlaceholdersDefinition,
    ProcedureRule,
    PublicationRule,
    RuleBook,
    StepRule,
    UnitRule,
    without_local_suffix,
)


def test_before_any_fact_the_default_calendar_is_version_nought() -> None:
    assert RuleBook().default_calendar.version_name == "vn/0"
    assert book(VN).default_calendar.version_name == "vn/1"


def test_a_calendar_s_version_counts_the_facts_that_changed_its_meaning() -> None:
    off = replace(VN, overrides=(Override(on=date(2026, 1, 2), kind=OverrideKind.OFF),))
    with_reference = replace(
        VN, overrides=(Override(on=date(2026, 1, 2), kind=OverrideKind.OFF, legal_reference="CV 1"),)
    )
    assert book(VN, off).default_calendar.version_name == "vn/2"
    assert book(VN, off, with_reference).default_calendar.version_name == "vn/2"
    assert book(VN, off, VN).default_calendar.version_name == "vn/3"


def test_a_calendar_without_sessions_has_those_of_the_default_and_changes_with_it() -> None:
    own = calendar("so", "U")
    before = book(VN, own)
    after = before.with_definitions([replace(VN, sessions=(MORNING,))])
    monday = datetime(2022, 8, 15, tzinfo=UTC)
    tuesday = datetime(2022, 8, 16, tzinfo=UTC)
    assert before.calendar_of("U", {}).working_minutes(monday, tuesday) == 480
    assert after.calendar_of("U", {}).working_minutes(monday, tuesday) == 240
    assert (before.calendar_of("U", {}).version_name, after.calendar_of("U", {}).version_name) == ("so/1", "so/2")


def test_a_unit_has_the_calendar_of_its_nearest_ancestor_configured_parents_first() -> None:
    rules = book(calendar("a", "A"), calendar("b", "B"), UnitRule(id="mid", parent="B"))
    assert rules.calendar_of("mid", {"mid": "A"}).version_name == "b/1"
    assert rules.calendar_of("leaf", {"leaf": "mid"}).version_name == "b/1"
    assert rules.calendar_of("stated", {"stated": "A"}).version_name == "a/1"
    assert rules.calendar_of("B", {"B": "A"}).version_name == "b/1"
    assert rules.calendar_of(None, {}).version_name == "vn/0"


def test_a_circle_of_parents_ends_at_the_default() -> None:
    rules = book(calendar("a", "A"), UnitRule(id="x", parent="y"), UnitRule(id="y", parent="x"))
    assert rules.calendar_of("x", {}).version_name == "vn/0"


def test_of_two_calendars_that_name_a_unit_the_one_defined_last_holds() -> None:
    a, b = calendar("a", "U", sessions=(MORNING,)), calendar("b", "U", sessions=(EVENING,))
    assert book(a, b).calendar_of("U", {}).version_name == "b/1"
    assert book(a, b, a).calendar_of("U", {}).version_name == "a/1"


def test_a_unit_named_only_by_a_calendar_exists() -> None:
    assert book(calendar("a", "U")).units == {"U": UnitRule(id="U")}
    assert book(UnitRule(id="U", name="Sở"), calendar("a", "U")).units["U"].name == "Sở"


def test_procedures_match_by_whole_id_else_without_the_local_suffix() -> None:
    national = ProcedureRule(id="1.001612", pause=PauseMode.SHIFT)
    local = ProcedureRule(id="1.001612.000.00.00.H48", pause=PauseMode.RESTART)
    on = date(2022, 8, 15)
    assert book(national).procedure("1.001612.000.00.00.H48", on) == national
    assert book(national, local).procedure("1.001612.000.00.00.H48", on) == local
    assert book(national, local).procedure("1.001612", on) == national
    assert book(local).procedure("1.001612.000.00.00.H49", on) is None
    assert book(national).procedure(None, on) is None


@pytest.mark.parametrize(
    ("whole", "national"),
    [("1.004227", "1.004227"), ("1.001612.000.00.00.H48", "1.001612"), ("TT-7.1.x", "TT-7.1.x"), ("", "")],
)
def test_the_national_code_is_the_first_two_groups_of_digits(whole: str, national: str) -> None:
    assert without_local_suffix(whole) == national


def test_a_procedure_s_rule_holds_from_its_first_day_until_a_newer_one() -> None:
    always = ProcedureRule(id="1.001", norm_minutes=1)
    summer = ProcedureRule(id="1.001", norm_minutes=2, valid_from=date(2022, 6, 1))
    mended = replace(summer, norm_minutes=3, days=DayCount.CALENDAR)
    rules = book(summer, always, mended)
    assert rules.procedure("1.001", date(2022, 5, 31)) == always
    assert rules.procedure("1.001", date(2022, 6, 1)) == mended


def test_placeholders_are_compared_after_nfc_trimming_and_case_folding() -> None:
    rules = book(PlaceholdersDefinition(names=("Ẩn danh",)))
    decomposed = "A\u0302\u0309n danh"
    assert all(map(rules.is_placeholder, ["ẩn danh", " ẨN DANH ", decomposed, decomposed.upper()]))
    assert not rules.is_placeholder("chuyên viên")
    assert RuleBook().is_placeholder("Chuyên Viên")


def test_the_rule_book_is_folded_in_the_order_of_the_log() -> None:
    stated: list[Definition] = [VN, replace(VN, sessions=(MORNING,)), UnitRule(id="U")]
    log = [
        DirectoryFact(
            id=f"d{position}", position=position, ingested_at=datetime(2022, 1, position, tzinfo=UTC), definition=d
        )
        for position, d in enumerate(stated, start=1)
    ]
    assert RuleBook.fold(log) == RuleBook.fold(log[:1]).extended(log[1:])
    assert RuleBook.fold(log).default_calendar.version_name == "vn/2"


def stated(day: int, *definitions: Definition, hour: int = 0) -> list[DirectoryFact]:
    """Definitions that were ingested together on a day of January 2022."""
    at = datetime(2022, 1, day, hour, tzinfo=UTC)
    return [
        DirectoryFact(id=f"d-{day}-{number}", position=day * 100 + number, ingested_at=at, definition=definition)
        for number, definition in enumerate(definitions)
    ]


def known(rules: RuleBook, unit: str | None = None) -> list[tuple[str, int | None]]:
    """The versions of a unit's calendar, each with the day of January 2022 since which it is known."""
    return [
        (version.calendar.version_name, None if version.known_since is None else version.known_since.day)
        for version in rules.calendar_versions_of(unit, {})
    ]


def test_what_is_applied_together_is_one_version() -> None:
    """Rule T6: also where one calendar inherits the sessions of another that changes too, in whichever order they stand."""
    own = calendar("so", "U", overrides=(Override(on=date(2022, 8, 20), kind=OverrideKind.WORKING),))
    first = stated(1, VN, calendar("so", "U"))
    for together in ((own, replace(VN, sessions=(MORNING,))), (replace(VN, sessions=(MORNING,)), own)):
        rules = RuleBook.fold([*first, *stated(2, *together)])
        assert known(rules, "U") == [("so/1", None), ("so/2", 2)]
        assert known(rules) == [("vn/1", None), ("vn/2", 2)]
    apart = RuleBook.fold([*first, *stated(2, own), *stated(3, replace(VN, sessions=(MORNING,)))])
    assert known(apart, "U") == [("so/1", None), ("so/2", 2), ("so/3", 3)]


def test_the_first_version_counts_as_known_since_ever_and_the_last_is_the_calendar() -> None:
    rules = RuleBook.fold([*stated(3, VN), *stated(5, replace(VN, sessions=(MORNING,)))])
    first, last = rules.calendar_versions_of(None, {})
    assert first.known_since is None
    assert last.calendar == rules.calendar_of(None, {}) == rules.default_calendar
    monday = datetime(2022, 8, 15, tzinfo=UTC)
    assert first.calendar.working_minutes(monday, monday + timedelta(days=1)) == 480
    assert last.calendar.working_minutes(monday, monday + timedelta(days=1)) == 240


@pytest.mark.parametrize(
    "changed",
    [
        replace(VN, sessions=(MORNING,)),
        replace(VN, time_zone="Asia/Bangkok"),
        replace(VN, due_on_day_off=DueOnDayOff.AS_STATED),
        replace(VN, make_up_days=frozenset({date(2024, 5, 4)})),
        replace(VN, days_off=frozenset({date(2024, 4, 29)})),
    ],
    ids=str,
)
def test_a_version_is_counted_where_the_meaning_changed(changed: CalendarDefinition) -> None:
    assert known(RuleBook.fold([*stated(1, VN), *stated(2, changed)])) == [("vn/1", None), ("vn/2", 2)]
    together = stated(2, changed, VN)
    assert known(RuleBook.fold([*stated(1, VN), *together])) == [("vn/1", None)]
    in_the_middle = RuleBook.fold([*stated(1, VN), *together[:1]])
    assert known(in_the_middle) == [("vn/1", None), ("vn/2", 2)]
    assert known(in_the_middle.extended(together[1:])) == [("vn/1", None)]


def test_a_version_is_not_counted_where_only_words_changed() -> None:
    said_again = replace(VN, units=("U",), due_on_day_off=DueOnDayOff.NEXT_WORKING_DAY)
    assert known(RuleBook.fold([*stated(1, VN), *stated(2, said_again)])) == [("vn/1", None)]


def test_what_becomes_of_a_due_on_a_day_off_goes_by_the_holidays_unless_it_is_stated() -> None:
    """Rule D5: carried in `vn` and where its holidays are had, as stated elsewhere."""
    rules = book(
        calendar("vn"), calendar("a", "A", holidays="VN"), calendar("b", "B", holidays="NL"), calendar("c", "C")
    )
    found = {unit: rules.calendar_of(unit, {}).due_on_day_off for unit in ("other", "A", "B", "C")}
    carried, as_stated = DueOnDayOff.NEXT_WORKING_DAY, DueOnDayOff.AS_STATED
    assert found == {"other": carried, "A": carried, "B": as_stated, "C": as_stated}
    other = book(calendar("vn", due_on_day_off=as_stated), calendar("b", "B", holidays="NL", due_on_day_off=carried))
    assert other.default_calendar.due_on_day_off is as_stated
    assert other.calendar_of("B", {}).due_on_day_off is carried
    assert RuleBook().default_calendar.due_on_day_off is carried


SPANNING: Sequence[Definition] = (
    VN,
    replace(VN, sessions=(MORNING,)),
    calendar("so", "U"),
    calendar("so", sessions=(EVENING,)),
    UnitRule(id="U"),
    OfficerRule(id="A", same_as="B"),
    OfficerRule(id="B", same_as="A"),
    AbsenceRule(officer="A", from_=date(2022, 8, 15), to=date(2022, 8, 15)),
    StepRule(procedure="1.001", id="s", allotted_minutes=1),
    NationalRule(source="/a"),
    PublicationRule(unit="U"),
    PlaceholdersDefinition(names=("x",)),
)


@bounded(200)
@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(SPANNING)), max_size=8), st.integers(0, 8))
def test_it_does_not_matter_how_the_facts_of_the_log_come_in(chosen: list[tuple[int, Definition]], split: int) -> None:
    log = [
        replace(fact, position=position)
        for position, (day, definition) in enumerate(sorted(chosen, key=lambda one: one[0]), start=1)
        for fact in stated(day, definition)
    ]
    assert RuleBook.fold(log[:split]).extended(log[split:]) == RuleBook.fold(log)


def test_a_unit_has_the_calendar_that_its_parent_of_the_day_of_reception_has() -> None:
    rules = book(
        calendar("a", "A"),
        calendar("b", "B"),
        UnitRule(id="U", parent="A", valid_from=date(2022, 1, 1), valid_to=date(2022, 7, 1)),
        UnitRule(id="U", parent="B", valid_from=date(2022, 7, 1)),
    )
    days = {date(2022, 6, 30): "a/1", date(2022, 7, 1): "b/1", date(2021, 12, 31): "a/1", None: "b/1"}
    assert {day: rules.calendar_of("U", {}, day).version_name for day in days} == days
    assert rules.units["U"].parent == "B"


def test_after_its_last_day_a_unit_is_as_it_was_last() -> None:
    rules = book(calendar("a", "A"), UnitRule(id="U", parent="A", valid_to=date(2022, 7, 1), merged_into="V"))
    assert rules.calendar_of("U", {}, date(2022, 7, 1)).version_name == "a/1"


@pytest.mark.parametrize(
    "name", ["chuyên\u00a0viên", "Chuyên\u200b viên", " CHUYÊN \t VIÊN ", "\u2067chuyên viên\u2069"]
)
def test_placeholders_are_compared_as_names_are(name: str) -> None:
    """Rule H3: without characters of category Cf, white space of any kind made one space."""
    assert RuleBook().is_placeholder(name)
