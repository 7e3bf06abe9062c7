"""Object-centric logs: each case has the events of its object, and who worked on it is who the object of that kind is (rule X1)."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.table_files import events, refusals, said

from tiendo_domain.rules import RuleBook
from tiendo_sources.errors import LogUnreadable, SourceError
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.formats import Entry
from tiendo_sources.opening import opened_log

MORNING = "2022-08-15T08:00:00+07:00"


def event(number: int, *objects: tuple[str, str], time: str = MORNING, **attributes: str) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "type": "check",
        "time": time,
        "attributes": [{"name": name, "value": value} for name, value in attributes.items()],
        "relationships": [{"objectId": one, "qualifier": qualifier} for one, qualifier in objects],
    }


def log(*found: dict[str, Any], **objects: str) -> dict[str, Any]:
    return {
        "objectTypes": [],
        "eventTypes": [],
        "events": list(found),
        "objects": [{"id": name, "type": kind} for name, kind in objects.items()],
    }


def read(path: Path, document: dict[str, Any] | bytes, mapping: str | None = None) -> tuple[list[Entry], list[str]]:
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    with opened_log(path) as opened:
        found = list(opened.format.reading(mapping).entries(opened.stream, RuleBook()))
    return [one for one in found if isinstance(one, Entry)], [
        one.example for one in found if isinstance(one, FileRemark)
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_every_event_is_a_worked_of_the_resource_among_its_objects(path: Path) -> None:
    found = log(
        event(1, ("H-1", "case"), ("An", "by")),
        event(2, ("H-1", "case"), ("Bình", ""), time="2022-08-16T08:00:00+07:00"),
        **{"H-1": "case", "An": "employee", "Bình": "employee"},
    )
    entries, told = read(path, found)
    assert said(entries) == [
        ("H-1", "received", "2022-08-15T08:00"),
        ("H-1", "worked", "2022-08-15T08:00"),
        ("H-1", "worked", "2022-08-16T08:00"),
    ]
    assert [one["data"]["holder"]["name"] for one in events(entries)[1:]] == ["An", "Bình"]
    assert told == ["cases: “case”, who worked: “employee”, their groups: none"]


def test_somebody_of_whom_a_value_cannot_be_read_still_worked(path: Path) -> None:
    found = log(event(1, ("H-1", "case"), ("An", "by")), **{"H-1": "case"})
    for attributes in ([{"name": "skills", "value": ["a"]}], [{"name": "grade", "value": 3, "time": None}], None):
        found["objects"][1:] = [{"id": "An", "type": "employee", "attributes": attributes}]
        assert events(read(path, found)[0])[-1]["data"]["holder"]["id"] == "An"


def test_the_mapping_says_which_objects_are_cases_and_people_and_which_of_several_worked(path: Path) -> None:
    found = log(
        event(1, ("O-1", ""), ("I-1", ""), ("An", "checks"), ("Bình", "asks")),
        **{"O-1": "order", "I-1": "item", "An": "human", "Bình": "human"},
    )
    mapping = 'source = "/o"\n[objects]\ncase = "item"\nresource = "human"\nqualifier = "asks"\n'
    entries, told = read(path, found, mapping)
    assert [(one["source"], one["subject"]) for one in events(entries)] == [("/o", "I-1")] * 2
    assert events(entries)[1]["data"]["holder"]["name"] == "Bình"
    assert told == ["cases: “item”, who worked: “human”, their groups: none"]


def test_of_several_people_nobody_is_taken_unless_it_is_said_who_worked(path: Path) -> None:
    found = log(event(1, ("H-1", ""), ("An", ""), ("Bình", "")), **{"H-1": "case", "An": "user", "Bình": "user"})
    entries, _ = read(path, found)
    assert "holder" not in events(entries)[1]["data"]


def test_without_a_known_name_the_objects_that_most_events_have_are_the_cases(path: Path) -> None:
    found = log(
        event(1, ("O-1", ""), ("I-1", "")), event(2, ("I-1", "")), **{"O-1": "order", "I-1": "item", "An": "user"}
    )
    assert {one["subject"] for one in events(read(path, found)[0])} == {"I-1"}


def test_an_event_of_several_cases_is_one_in_each_and_one_of_none_is_told(path: Path) -> None:
    found = log(
        event(1, ("H-1", ""), ("H-2", "")),
        event(2, ("An", "")),
        {"id": 3},
        **{"H-1": "case", "H-2": "case", "An": "user"},
    )
    entries, _ = read(path, found)
    assert {one["subject"] for one in events(entries)} == {"H-1", "H-2"}
    assert [kind for _, kind in refusals(entries)] == ["file-event-outside-cases"] * 2


def test_an_instant_that_cannot_be_read_is_left_out_and_told(path: Path) -> None:
    entries, _ = read(path, log(event(1, ("H-1", ""), time="gestern"), event(2, ("H-1", "")), **{"H-1": "case"}))
    assert [kind for _, kind in refusals(entries)] == ["file-instant-unreadable"]
    assert len(events(entries)) == 2


@pytest.mark.parametrize("content", [b'{"events": [{"id"', b'{"events": {}}', b'{"objects": []}'])
def test_what_is_no_such_log_says_so(path: Path, content: bytes) -> None:
    with pytest.raises(LogUnreadable, match=r"no OCEL 2\.0 log"):
        read(path, content)


def test_a_log_of_the_first_version_is_named_for_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(LogUnreadable, match=r"OCEL 1\.0; write it as OCEL 2\.0"):
        read(tmp_path / "log", b'{"ocel:global-log": {"ocel:version": "1.0"}, "ocel:events": {}, "ocel:objects": {}}')


PLAIN = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(["H-1", MORNING, "case"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "type", "time", "attributes", "relationships", "objectId", "value", "name"]), inner),
    max_leaves=12,
)  # fmt: skip


@given(found=st.lists(PLAIN, max_size=4), objects=st.lists(PLAIN, max_size=3), cut=st.floats(0.2, 1.5))
def test_any_document_gives_entries_or_a_reasoned_refusal(
    tmp_path_factory: pytest.TempPathFactory, found: list[Any], objects: list[Any], cut: float
) -> None:
    whole = json.dumps(
        {"events": [*found, event(1, ("H-1", ""))], "objects": [*objects, {"id": "H-1", "type": "case"}]}
    )
    with suppress(SourceError):
        entries, _ = read(tmp_path_factory.mktemp("ocel") / "log", whole[: round(cut * len(whole))].encode())
        assert all(entry.where for entry in entries)
