"""Stored texts decode for ever: every file under stored_events/ was accepted once, and says today what it said then."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.events import DATA, event, text_of
from tests.contracts.explanation_events import BY_KIND

from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.events.decoding import case_event
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.facts import Received
from tiendo_domain.instants import Instant, LocalDate

STORED = Path(__file__).parent / "stored_events"
OLD_FORMS = {STORED / "assigned.v1-unit-alone.json"}
"""What the door took before integers had to be written as such (`2.40e2`); it is read all the same."""
ENTERED = {STORED / "explanation-filed.v1-entered.json"}
"""What the door itself has added to: nobody sends it so."""
ADDED = {"marks", "entered_by"}
"""Members that stored examples are older than: not shown where they say nothing."""
INGESTED_AT = datetime(2022, 8, 15, 1, 6, tzinfo=UTC)


def as_json(value: CaseEvent) -> str:
    def plain(item: object) -> Any:
        match item:
            case CaseEvent():
                members = msgspec.structs.asdict(item) | {"kind": item.fact.kind}
                return {name: member for name, member in members.items() if member or name not in ADDED}
            case msgspec.Struct():
                return {name: member for name, member in msgspec.structs.asdict(item).items() if name != "marks"}
            case Instant():
                return {"at": item.at, "text": item.text}
            case LocalDate():
                return item.on.isoformat()
            case datetime():
                return item.isoformat()
        raise TypeError(item)

    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=plain)


def test_every_type_of_event_has_a_stored_example() -> None:
    kinds = {*DATA, *(f"explanation-{kind}" for kind in BY_KIND)}
    assert {f"{kind}.v1" for kind in kinds} <= {path.stem for path in STORED.glob("*.json")}


@pytest.mark.parametrize("path", sorted(STORED.glob("*.json")), ids=lambda path: path.stem)
def test_a_stored_event_decodes_to_what_it_always_said(path: Path) -> None:
    found = case_event(path.read_text(), position=7, ingested_at=INGESTED_AT)
    assert as_json(found) == path.with_suffix(".decoded").read_text().rstrip("\n")


@pytest.mark.parametrize("path", sorted(set(STORED.glob("*.json")) - OLD_FORMS - ENTERED), ids=lambda path: path.stem)
def test_a_stored_event_is_still_taken_at_the_door(path: Path) -> None:
    assert accept_text(path.read_bytes()).text == path.read_text()


TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
names = st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=TURNING), max_size=8)
units = st.none() | st.fixed_dictionaries(
    {}, optional={"id": names, "name": names, "parent": names, "level": st.sampled_from([None, "province", "commune"])}
)
people = st.none() | st.fixed_dictionaries({}, optional={"id": names, "name": names, "position": names, "unit": units})
steps = st.none() | st.fixed_dictionaries(
    {}, optional={"id": names, "name": names, "allotted_minutes": st.none() | st.integers(0, 2**53)}
)
instants = st.none() | st.sampled_from(
    ["2022-08-29T17:00:00+07:00", "1970-01-01t00:00:00.1z", "2199-12-31T23:59:59-23:59"]
)
received = st.fixed_dictionaries(
    {},
    optional={
        "actor": people,
        "holder": people,
        "step": steps,
        "unit": units,
        "due_at": instants,
        "channel": names,
        "field": st.none() | st.fixed_dictionaries({}, optional={"id": names, "name": names}),
        "procedure": st.none()
        | st.fixed_dictionaries(
            {},
            optional={
                "id": names,
                "name": names,
                "norm_minutes": st.none() | st.integers(0, 2**53),
                "days": st.sampled_from([None, "working", "calendar"]),
            },
        ),
    },
)


@given(data=received)
def test_whatever_was_accepted_decodes(data: dict[str, Any]) -> None:
    accepted = accept_text(text_of(event(data=data)))
    found = case_event(accepted.text, position=1, ingested_at=INGESTED_AT)
    assert isinstance(found.fact, Received)
    step = data.get("step") or {}
    assert (found.fact.step.allotted_minutes if found.fact.step else None) == step.get("allotted_minutes")


def test_names_of_white_space_alone_say_nothing() -> None:
    found = case_event(
        text_of(event(data={"holder": {"id": " ", "name": "\u3000"}})), position=1, ingested_at=INGESTED_AT
    )
    assert isinstance(found.fact, Received)
    assert found.fact.holder is not None
    assert (found.fact.holder.id, found.fact.holder.name) == (None, None)
