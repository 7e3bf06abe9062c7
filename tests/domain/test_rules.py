"""The configuration as facts: which calendar, procedure and placeholder holds, and whom a change touches (rule T6, section R)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

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
    CalendarDefinition,
    Definition,
    DirectoryFact,
    Override,
    PauseMode,
    PlaceholdersDefinition,
    ProcedureRule,
    RuleBook,
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
)


@bounded(300)
@given(asked_cases(length=6), st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3), st.integers(0, 2))
def test_a_case_that_a_change_does_not_touch_is_shown_as_before(
    case: tuple[list[Plain], Plain], changes: list[Definition], split: int
) -> None:
    log, question = case
    previous = RuleBook().with_definitions([*definitions(RULES), *changes[:split]])
    current = previous.with_definitions(changes[split:])
    events, as_of = facts(log), question["as_of"]
    before, after = (case_timeline(events, rules, as_of=as_of) for rules in (previous, current))
    touched = current.touched_by(previous).concerns(
        calendar_version=before.calendar_version,
        procedure_id=before.procedure.id if before.procedure else None,
        unit_line=unit_line(before, log, (previous, current)),
    )
    assert touched or before == after


@bounded(100)
@given(st.lists(st.sampled_from(CHANGES), max_size=4))
def test_the_same_facts_once_more_touch_nothing(changes: list[Definition]) -> None:
    rules = book(*changes)
    last: dict[tuple[type, str], Definition] = {}
    for change in changes:
        last[type(change), getattr(change, "id", "")] = change
    assume(len(last) == len(changes))
    assert rules.with_definitions(changes).touched_by(rules).nothing


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
