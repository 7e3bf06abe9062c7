"""What the directory says of officers, absences, steps, sources and publications (rules H10, H11, A1, section R)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.profile import bounded
from tests.domain.rule_books import book

from tiendo_domain.rules import (
    AbsenceRule,
    EighthState,
    NationalRule,
    OfficerRule,
    PublicationRule,
    RuleBook,
    StepRule,
)


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
