"""Whom a change of the configuration touches: never too few (rule T6)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.domain.generated import asked_cases
from tests.domain.product import definitions, facts
from tests.domain.profile import bounded
from tests.domain.rule_books import EVENING, MORNING, book, calendar
from tests.domain.rules_for_tests import RULES

from tiendo_domain.calendar import OverrideKind
from tiendo_domain.facts import DayCount
from tiendo_domain.rules import (
    AbsenceRule,
    Definition,
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
)
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import CaseTimeline

Plain = dict[str, Any]


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


@bounded(150)
@given(asked_cases(length=6), st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3), st.integers(0, 2))
def test_a_case_that_a_change_does_not_touch_is_shown_as_before(
    case: tuple[list[Plain], Plain], changes: list[Definition], split: int
) -> None:
    previous = RuleBook().with_definitions([*definitions(RULES), *changes[:split]])
    assert_shown_as_before_unless_touched(case, previous, previous.with_definitions(changes[split:]))


@bounded(150)
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
