"""The configuration as facts: which calendar, procedure and placeholder holds, and whom a change touches (rule T6, section R)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.domain.generated import asked_cases
from tests.domain.product import definitions, facts
from tests.domain.profile import bounded
from tests.domain.rules_for_tests import RULES

from tiendo_domain.calendar import OverrideKind, Session
from tiendo_domain.facts import DayCount
from tiendo_domain.rules import (
    AbsenceRule,
    CalendarDefinition,
    Definition,
    DirectoryFact,
    DueOnDayOff,
    EighthState,
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
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import CaseTimeline

Plain = dict[str, Any]

MORNING = Session(weekdays=frozenset({1, 2, 3, 4, 5}), from_minute=480, to_minute=720)
EVENING = Session(weekdays=frozenset({1, 2, 3, 4, 5}), from_minute=1_080, to_minute=1_200)
VN = CalendarDefinition(id="vn", time_zone="Asia/Ho_Chi_Minh")


def book(*added: Definition) -> RuleBook:
    """The rule book after the definitions, one applied after the other."""
    made = RuleBook()
    for definition in added:
        made = made.with_definitions([definition])
    return made


def calendar(identity: str, *units: str, **more: Any) -> CalendarDefinition:
    """A calendar that some units have."""
    return CalendarDefinition(id=identity, time_zone="Asia/Ho_Chi_Minh", units=units, **more)


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
    days = {date(2022, 6, 30): "a/1", date(2022, 7, 1): "b/1", date(2021, 12, 31): "b/1", None: "b/1"}
    assert {day: rules.calendar_of("U", {}, day).version_name for day in days} == days
    assert rules.units["U"].parent == "B"


def test_after_its_last_day_a_unit_is_as_it_was_last() -> None:
    rules = book(calendar("a", "A"), UnitRule(id="U", parent="A", valid_to=date(2022, 7, 1), merged_into="V"))
    assert rules.calendar_of("U", {}, date(2022, 7, 1)).version_name == "a/1"


def test_joined_ids_are_followed_to_their_end_whatever_the_day() -> None:
    """Rule H11."""
    rules = book(
        OfficerRule(id="A", same_as="B", valid_to=date(2000, 1, 1)),
        OfficerRule(id="B", name="Y Khuê", same_as="C"),
        OfficerRule(id="D", same_as="nobody said"),
    )
    assert [rules.officer_id(one) for one in ("A", "B", "C", "D", "E")] == ["C", "C", "C", "nobody said", "E"]
    assert RuleBook().officer_id("A") == "A"


def test_a_join_holds_though_a_later_entry_of_the_officer_does_not_repeat_it() -> None:
    rules = book(OfficerRule(id="A", same_as="B"), OfficerRule(id="A", unit="U", valid_from=date(2022, 7, 1)))
    assert rules.officer_id("A") == "B"
    assert rules.officer("A", date(2022, 6, 30)) == OfficerRule(id="A", same_as="B")


def test_a_ring_of_joins_ends_at_its_smallest_id() -> None:
    rules = book(
        OfficerRule(id="B", same_as="C"),
        OfficerRule(id="C", same_as="A2"),
        OfficerRule(id="A2", same_as="B"),
        OfficerRule(id="A1", same_as="C"),
        OfficerRule(id="Z", same_as="Z"),
    )
    assert [rules.officer_id(one) for one in ("A1", "A2", "B", "C", "Z")] == ["A2", "A2", "A2", "A2", "Z"]


@bounded(200)
@given(st.dictionaries(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEFG"), max_size=6))
def test_all_of_a_line_of_joins_are_one_person(links: dict[str, str]) -> None:
    rules = book(*(OfficerRule(id=one, same_as=other) for one, other in links.items()))
    for one in "ABCDEFG":
        line = [one]
        while line[-1] in links and links[line[-1]] not in line:
            line.append(links[line[-1]])
        ring = line[line.index(links[line[-1]]) :] if line[-1] in links else [line[-1]]
        assert rules.officer_id(one) == min(ring)


def test_absences_are_those_of_the_person_under_whichever_id() -> None:
    leave = AbsenceRule(officer="A", from_=date(2022, 8, 15), to=date(2022, 8, 16), kind="leave")
    travel = AbsenceRule(officer="B", from_=date(2022, 8, 1), to=date(2022, 8, 2))
    mended = replace(leave, kind="sick")
    rules = book(leave, travel, mended, OfficerRule(id="A", same_as="B"))
    assert rules.absences_of("A") == rules.absences_of("B") == (travel, mended)
    assert rules.absences_of("C") == ()
    assert book(leave, travel).absences_of("A") == (leave,)
    assert RuleBook().absences_of("A") == ()


@pytest.mark.parametrize(
    ("first", "last", "interval"),
    [
        (date(2022, 8, 15), date(2022, 8, 15), ("2022-08-15T00:00+07:00", "2022-08-16T00:00+07:00")),
        (
            datetime(2022, 8, 15, 1, tzinfo=UTC),
            datetime(2022, 8, 15, 5, tzinfo=UTC),
            ("2022-08-15T08:00+07:00", "2022-08-15T12:00+07:00"),
        ),
        (
            date(2022, 8, 15),
            datetime.fromisoformat("2022-08-17T12:00:00"),
            ("2022-08-15T00:00+07:00", "2022-08-17T12:00+07:00"),
        ),
    ],
)
def test_an_absence_has_its_days_whole_and_its_instants_to_the_minute(
    first: date, last: date, interval: tuple[str, str]
) -> None:
    """Rule H10: local dates, both inclusive, or instants, half-open, by the clock of the case's calendar."""
    absence = AbsenceRule(officer="A", from_=first, to=last)
    start, end = map(datetime.fromisoformat, interval)
    assert absence.interval_in(ZoneInfo("Asia/Ho_Chi_Minh")) == (start, end)


def step(procedure: str, identity: str, minutes: int, **more: Any) -> StepRule:
    """A step of a procedure."""
    return StepRule(procedure=procedure, id=identity, allotted_minutes=minutes, **more)


@pytest.mark.parametrize(
    ("procedure", "asked", "name", "day", "minutes"),
    [
        ("1.001", "s1", None, 15, 10),
        ("1.001.000.H34", "s1", None, 15, 10),
        ("1.001.000.H99", "s1", None, 15, 99),
        ("1.001.000.H99", "s2", None, 15, 20),
        ("1.001", "s2", None, 15, 20),
        ("1.001", "s2", None, 20, 21),
        ("1.001", "other", "Thẩm  định\u200b", 15, 20),
        ("1.001", "other", "Tha\u0309m đi\u0323nh", 15, None),
        ("1.001", "other", "Tr\u00ecnh ký", 15, 30),
        ("1.001", "s1", "Thẩm định", 15, 10),
        ("1.001", "other", "thẩm định", 15, None),
        ("1.001", "other", "Thẩm định", 20, None),
        ("1.001", "other", None, 15, None),
        ("1.002", "s1", None, 15, None),
        (None, "s1", None, 15, None),
    ],
)
def test_a_step_s_allotment_is_that_of_its_id_else_of_its_name_on_the_day_of_reception(
    procedure: str | None, asked: str, name: str | None, day: int, minutes: int | None
) -> None:
    """Rule A1; names are compared as rule H3 says."""
    rules = book(
        step("1.001", "s1", 10),
        step("1.001", "s2", 20, name="Thẩm định"),
        step("1.001", "s2", 21, name="Thẩm tra", valid_from=date(2022, 8, 20)),
        step("1.001", "s3", 30, name="Trình ký"),
        step("1.001", "s9", 31, name="Trình ký"),
        step("1.001.000.H99", "s1", 99),
    )
    assert rules.step_allotment(procedure, asked, name, date(2022, 8, day)) == minutes


def test_a_source_and_a_publication_are_as_they_were_said_last() -> None:
    """Section R: kept for who reads the national format and who publishes."""
    rules = book(
        NationalRule(source="/a"),
        NationalRule(source="/a", state_8=EighthState.WITHDRAWN),
        PublicationRule(unit="U", window_working_days=5),
        PublicationRule(unit="U", window_working_days=0, valid_from=date(2022, 9, 1)),
    )
    assert rules.national["/a"].state_8 is EighthState.WITHDRAWN
    assert rules.national["/a"].repair_texts == ("Tiếp nhận hồ sơ", "Kết thúc xử lý hồ sơ")
    assert [one.window_working_days for one in rules.publications["U"]] == [0, 5]


@pytest.mark.parametrize(
    "name", ["chuyên\u00a0viên", "Chuyên\u200b viên", " CHUYÊN \t VIÊN ", "\u2067chuyên viên\u2069"]
)
def test_placeholders_are_compared_as_names_are(name: str) -> None:
    """Rule H3: without characters of category Cf, white space of any kind made one space."""
    assert RuleBook().is_placeholder(name)


def test_an_absence_or_a_join_touches_the_cases_in_which_the_officer_occurs() -> None:
    absence = AbsenceRule(officer="A", from_=date(2022, 8, 15), to=date(2022, 8, 15))
    joined = book(OfficerRule(id="A", same_as="B"))
    assert joined.with_definitions([absence]).touched_by(joined).officers == {"A", "B"}
    assert joined.touched_by(RuleBook()).officers == {"A"}
    assert joined.with_definitions([absence]).touched_by(book(absence)).officers == {"A", "B"}
    assert book(OfficerRule(id="A", name="Ánh", accounts=("anh",))).touched_by(RuleBook()).nothing
    touched = joined.touched_by(RuleBook())
    concerned = partial(touched.concerns, calendar_version="vn/1", procedure_id=None, unit_line=())
    assert (concerned(officers={"A", "C"}), concerned(officers={"B", "C"})) == (True, False)


CHANGES: Sequence[Definition] = (
    calendar("vn", overrides=(Override(on=date(2022, 8, 30), kind=OverrideKind.OFF),)),
    calendar("vn"),
    calendar("seasonal", "U-SEASON", "U-1", sessions=(EVENING,)),
    calendar("seasonal", sessions=(MORNING,)),
    calendar("ams", "U-NL", sessions=(MORNING, EVENING)),
    calendar("new", "U-2"),
    calendar("new", "U-BELOW", sessions=(MORNING,)),
    UnitRule(id="U-BELOW", parent="U-NL"),
    UnitRule(id="U-BELOW"),
    UnitRule(id="U-NEW", parent="U-1"),
    UnitRule(id="U-1", parent="U-SEASON"),
    ProcedureRule(id="1.001", pause=PauseMode.RESTART),
    ProcedureRule(id="1.002", days=DayCount.CALENDAR),
    ProcedureRule(id="1.005", norm_minutes=60, valid_from=date(2022, 8, 30)),
    ProcedureRule(id="1.006.000.H34", norm_minutes=60),
    PlaceholdersDefinition(names=("chuyên viên", "Phạm Dung")),
    calendar("vn", due_on_day_off=DueOnDayOff.AS_STATED),
    calendar("ams", "U-NL", due_on_day_off=DueOnDayOff.NEXT_WORKING_DAY),
    calendar("vn", make_up_days=frozenset({date(2022, 8, 20)})),
    UnitRule(id="U-BELOW", parent="U-NL", valid_from=date(2022, 8, 30)),
    OfficerRule(id="A", same_as="B"),
    OfficerRule(id="Z", same_as="C"),
    AbsenceRule(officer="A", from_=date(2022, 8, 30), to=date(2022, 9, 5)),
    AbsenceRule(officer="B", from_=date(2022, 8, 31), to=datetime(2022, 9, 2, 4, tzinfo=UTC)),
    AbsenceRule(officer="Z", from_=date(2022, 8, 30), to=date(2022, 9, 5)),
    StepRule(procedure="1.001", id="s1", allotted_minutes=60),
    StepRule(procedure="1.005", id="s9", name="Bước s2", allotted_minutes=90),
    NationalRule(source="/a"),
    PublicationRule(unit="U-1"),
)


# Each alone, and of those who often hold: what little of it matters is not hidden by another change.
PERSONAL: Sequence[Definition] = (
    AbsenceRule(officer="A", from_=date(2022, 8, 1), to=date(2022, 9, 30)),
    AbsenceRule(officer="B", from_=date(2022, 8, 1), to=date(2022, 9, 30)),
    OfficerRule(id="A", same_as="B"),
    OfficerRule(id="B", same_as="C"),
    *(StepRule(procedure="1.00" + str(n), id=one, allotted_minutes=1) for n in (1, 2, 3) for one in ("s1", "s2")),
)


@bounded(300)
@given(asked_cases(length=6), st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3), st.integers(0, 2))
def test_a_case_that_a_change_does_not_touch_is_shown_as_before(
    case: tuple[list[Plain], Plain], changes: list[Definition], split: int
) -> None:
    previous = RuleBook().with_definitions([*definitions(RULES), *changes[:split]])
    assert_shown_as_before_unless_touched(case, previous, previous.with_definitions(changes[split:]))


@bounded(300)
@given(asked_cases(length=6), st.sampled_from(PERSONAL))
def test_a_case_without_the_officer_or_step_that_a_change_is_about_is_shown_as_before(
    case: tuple[list[Plain], Plain], change: Definition
) -> None:
    previous = RuleBook().with_definitions(definitions(RULES))
    assert_shown_as_before_unless_touched(case, previous, previous.with_definitions([change]))


def assert_shown_as_before_unless_touched(
    case: tuple[list[Plain], Plain], previous: RuleBook, current: RuleBook
) -> None:
    """Where the change does not touch the case, both rule books give one timeline."""
    log, question = case
    events, as_of = facts(log), question["as_of"]
    before, after = (case_timeline(events, rules, as_of=as_of) for rules in (previous, current))
    touched = current.touched_by(previous).concerns(
        calendar_version=before.calendar_version,
        procedure_id=before.procedure.id if before.procedure else None,
        unit_line=unit_line(before, log, (previous, current)),
        officers=occurring(log),
    )
    assert touched or before == after


@bounded(100)
@given(st.lists(st.sampled_from(CHANGES), max_size=4))
def test_the_same_facts_once_more_touch_nothing(changes: list[Definition]) -> None:
    rules = book(*changes)
    same_thing = {(type(change), getattr(change, "id", str(change))) for change in changes}
    assume(len(same_thing) == len(changes))
    assume(sum(isinstance(change, PlaceholdersDefinition) for change in changes) < 2)
    assert rules.with_definitions(changes).touched_by(rules).nothing


def occurring(log: Sequence[Plain]) -> set[str]:
    """The ids of all who hold or act."""
    people = [entry["event"]["data"].get(role) or {} for entry in log for role in ("holder", "actor")]
    return {person["id"] for person in people if "id" in person}


def unit_line(timeline: CaseTimeline, log: Sequence[Plain], books: Sequence[RuleBook]) -> set[str]:
    """The responsible unit with all its ancestors, as the books or the events know them."""
    stated = {
        unit["id"]: unit["parent"]
        for entry in log
        if (unit := entry["event"]["data"].get("unit")) and "id" in unit and "parent" in unit
    }
    pending = [timeline.unit.id] if timeline.unit and timeline.unit.id else []
    line: set[str] = set()
    while pending:
        unit_id = pending.pop()
        if unit_id not in line:
            line.add(unit_id)
            pending += [parent for rules in books if (parent := rules.parent_of(unit_id, stated))]
    return line
