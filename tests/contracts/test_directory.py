"""Directory facts: what a definition says comes back from the log as it was, whatever version wrote it."""

import json
from datetime import UTC, date, datetime
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
    CalendarDefinition,
    Definition,
    Override,
    PauseMode,
    PlaceholdersDefinition,
    ProcedureRule,
    UnitRule,
)

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
    assert event["type"] == f"vn.tiendo.directory.{name.split('-bare', maxsplit=1)[0]}"


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
