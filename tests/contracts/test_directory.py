"""Directory facts: what a definition says comes back from the log as it was, whatever version wrote it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pydantic import ValidationError

from tiendo_contracts.directory import (
    SOURCE,
    UnknownDirectoryTypeError,
    definition_of,
    directory_event,
    directory_fact,
)
from tiendo_domain.calendar import OverrideKind, Session
from tiendo_domain.facts import DayCount, Level
from tiendo_domain.rules import (
    AbsenceRule,
    CalendarDefinition,
    Definition,
    DueOnDayOff,
    EighthState,
    NationalRule,
    OfficerRule,
    Override,
    PauseMode,
    PlaceholdersDefinition,
    ProcedureRule,
    PublicationRule,
    StepRule,
    UnitRule,
)

VIET_NAM = timezone(timedelta(hours=7))
STORED = Path(__file__).parent / "stored_events" / "directory"
AT = datetime(2022, 8, 15, 1, 5, tzinfo=UTC)
CALENDAR = CalendarDefinition(
    id="vn",
    time_zone="Asia/Ho_Chi_Minh",
    units=("H34.1", "H34.2"),
    holidays="VN",
    days_off=frozenset({date(2022, 9, 2), date(2022, 9, 1)}),
    sessions=(
        Session(weekdays=frozenset({1, 2}), from_minute=420, to_minute=690, valid_from=None, valid_to=None),
        Session(
            weekdays=frozenset({7}),
            from_minute=0,
            to_minute=1440,
            valid_from=date(2022, 6, 1),
            valid_to=date(2022, 8, 31),
        ),
    ),
    overrides=(Override(on=date(2022, 8, 20), kind=OverrideKind.WORKING, legal_reference="Thông báo 12"),),
)
DEFINITIONS: dict[str, Definition] = {
    "calendar-defined.v1": CALENDAR,
    "unit-defined.v1": UnitRule(id="H34.20", name="Chi nhánh", parent="H34", level=Level.PROVINCE),
    "unit-defined.v1-bare": UnitRule(id="H34"),
    "unit-defined.v1-merged": UnitRule(
        id="H34.31", valid_from=date(2020, 1, 1), valid_to=date(2025, 7, 1), merged_into="H34.32"
    ),
    "calendar-defined.v1-swaps": replace(
        CALENDAR,
        make_up_days=frozenset({date(2025, 4, 26), date(2024, 5, 4)}),
        due_on_day_off=DueOnDayOff.AS_STATED,
    ),
    "officer-defined.v1": OfficerRule(
        id="CC-0001",
        name="Y Khuê",
        unit="H34.20",
        position="Chuyên viên",
        valid_from=date(2022, 1, 1),
        valid_to=date(2025, 7, 1),
        same_as="001188001234",
        accounts=("khue", "khue@kontum.gov.vn"),
    ),
    "officer-defined.v1-bare": OfficerRule(id="CC-0002"),
    "absence-defined.v1": AbsenceRule(
        officer="CC-0001", from_=date(2022, 8, 15), to=date(2022, 8, 19), kind="nghỉ phép"
    ),
    "absence-defined.v1-instants": AbsenceRule(
        officer="CC-0001",
        from_=datetime(2022, 8, 15, 13, 30, tzinfo=VIET_NAM),
        to=datetime(2022, 8, 15, 17, tzinfo=UTC),
    ),
    "absence-defined.v1-local": AbsenceRule(
        officer="CC-0001", from_=date(2022, 8, 15), to=datetime.fromisoformat("2022-08-15T12:00:00")
    ),
    "step-defined.v1": StepRule(
        procedure="1.004227", id="TĐ", name="Thẩm định", allotted_minutes=960, valid_from=date(2022, 1, 1)
    ),
    "step-defined.v1-bare": StepRule(procedure="1.004227", id="TĐ", allotted_minutes=0),
    "national-defined.v1": NationalRule(source="/dvc", state_8=EighthState.WITHDRAWN, repair_texts=("sửa",)),
    "publication-defined.v1": PublicationRule(
        unit="H34", window_working_days=0, least_minutes=60, valid_from=date(2022, 9, 1)
    ),
    "publication-defined.v1-bare": PublicationRule(unit="H34"),
    "procedure-defined.v1": ProcedureRule(
        id="1.004227",
        valid_from=date(2022, 1, 1),
        pause=PauseMode.SHIFT,
        days=DayCount.CALENDAR,
        norm_minutes=4_800,
    ),
    "placeholders-defined.v1": PlaceholdersDefinition(names=("chuyên viên", "cán bộ")),
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_comes_back_from_its_fact(name: str) -> None:
    event = directory_event(DEFINITIONS[name], at=AT)
    fact = directory_fact(json.dumps(event), position=3, ingested_at=AT)
    assert fact.definition == DEFINITIONS[name]
    assert (fact.id, fact.position, event["source"]) == (event["id"], 3, SOURCE)
    assert event["type"] == f"vn.tiendo.directory.{name.partition('.')[0]}.v1"


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_stored_fact_says_what_it_always_said(name: str) -> None:
    text = (STORED / f"{name}.json").read_text()
    assert directory_fact(text, position=1, ingested_at=AT).definition == DEFINITIONS[name]


@pytest.mark.parametrize("name", DEFINITIONS)
def test_the_same_statement_at_the_same_instant_is_the_same_event(name: str) -> None:
    first, again = (directory_event(DEFINITIONS[name], at=AT) for _ in range(2))
    assert json.dumps(first) == json.dumps(again)
    assert directory_event(DEFINITIONS[name], at=AT.replace(minute=6))["id"] != first["id"]


def test_a_fact_of_a_newer_version_is_named() -> None:
    with pytest.raises(UnknownDirectoryTypeError, match="newer"):
        definition_of("vn.tiendo.directory.weather-defined.v1", {})


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": ""},
        {"id": " "},
        {"id": "x" * 201},
        {"id": "a\nb"},
        {"id": "a", "level": "ward"},
        {"id": "a", "applicant": "b"},
        {"id": 1},
    ],
)
def test_a_unit_that_says_something_else_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        definition_of("vn.tiendo.directory.unit-defined.v1", data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"officer": "a", "from": "2022-08-16", "to": "2022-08-15"}, "`from` is after `to`"),
        ({"officer": "a", "from": "2022-08-15T08:00:00Z", "to": "2022-08-15T15:00:00+07:00"}, "`from` is after `to`"),
        ({"officer": "a", "from": "2022-08-15T08:00:00", "to": "2022-08-15T08:00:00"}, "`from` is after `to`"),
        ({"officer": "a", "from": "2022-08-17", "to": "2022-08-15T08:00:00Z"}, "`from` is after `to`"),
        ({"officer": "a", "from": "2022-02-30", "to": "2022-08-15"}, "neither a date nor an instant"),
        ({"officer": "a", "from": "2022-02-28T24:00:00Z", "to": "2022-08-15"}, "neither a date nor an instant"),
        ({"officer": "a", "from": "1969-02-28", "to": "2022-08-15"}, "neither a date nor an instant"),
        ({"officer": "a", "from": 20220815, "to": "2022-08-15"}, "neither a date nor an instant"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(data: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        definition_of("vn.tiendo.directory.absence-defined.v1", data)


@pytest.mark.parametrize("what", ["unit", "officer"])
def test_what_ends_before_it_begins_is_refused(what: str) -> None:
    data = {"id": "a", "valid_from": "2022-08-15", "valid_to": "2022-08-15"}
    with pytest.raises(ValidationError, match="`valid_from` is not before `valid_to`"):
        definition_of(f"vn.tiendo.directory.{what}-defined.v1", data)


def test_only_what_must_be_said_is_required() -> None:
    """Section R: `id`; `officer, from, to`; `procedure, id, allotted_minutes`; `source`; `unit`."""
    required = {
        "unit": {"id": "a"},
        "officer": {"id": "a"},
        "procedure": {"id": "a"},
        "absence": {"officer": "a", "from": "2022-08-15", "to": "2022-08-15"},
        "step": {"procedure": "a", "id": "b", "allotted_minutes": 1},
        "national": {"source": "/a"},
        "publication": {"unit": "a"},
    }
    for what, data in required.items():
        kind = f"vn.tiendo.directory.{what}-defined.v1"
        definition_of(kind, data)
        for member in data:
            with pytest.raises(ValidationError, match=f"(?s){member}.*Field required"):
                definition_of(kind, {name: value for name, value in data.items() if name != member})
