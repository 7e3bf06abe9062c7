"""Messages decode for ever: every file under stored_messages/ is the value of a record that was sent once, and says today what it said then.

Beside each lies what it said (`.decoded`), and one list of digests of all, so that nobody changes them unnoticed; new ones are added to it.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from tests.contracts.events import DATA
from tests.contracts.messages.documents import RELEASED, SUMS, schema_name, sums_of

from tiendo_contracts.messages import EventMessage, TopicKind, decode_message
from tiendo_contracts.messages.schemas import DIRECTORY_DATA, schema_document
from tiendo_contracts.publications.publication_facts import PUBLICATION_TYPES

STORED = Path(__file__).parents[1] / "stored_messages"
FILES = sorted(STORED.glob("v*/*/*.json"))
VALIDATORS = {kind: Draft202012Validator(schema_document(kind)) for kind in TopicKind}


def name_of(path: Path) -> str:
    return str(path.relative_to(STORED).with_suffix(""))


def kind_of(path: Path) -> TopicKind:
    return TopicKind(path.parent.name)


def lacking(told: Any, found: Any, place: str = "") -> list[str]:
    """Where what was told once is told otherwise or no more; members that came since are no matter."""
    if isinstance(told, dict) and isinstance(found, dict):
        return [
            lack for name, value in told.items() for lack in lacking(value, found.get(name, ...), f"{place}.{name}")
        ]
    if isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        pairs = enumerate(zip(told, found, strict=True))
        return [lack for number, pair in pairs for lack in lacking(*pair, f"{place}[{number}]")]
    return [] if told == found else [place]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_stored_message_decodes_to_what_it_always_said(path: Path) -> None:
    message = decode_message(kind_of(path), path.read_bytes())
    told = json.loads(path.with_suffix(".decoded").read_text(encoding="utf-8"))
    assert lacking(told, message.model_dump(mode="json", by_alias=True)) == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_stored_message_is_valid_for_ever(path: Path) -> None:
    VALIDATORS[kind_of(path)].validate(json.loads(path.read_bytes()))


@pytest.mark.parametrize("kind", TopicKind)
def test_stored_messages_are_valid_by_every_schema_of_their_version(kind: TopicKind) -> None:
    for released in RELEASED.glob(f"1.*/{schema_name(kind)}"):
        validator = Draft202012Validator(json.loads(released.read_text(encoding="utf-8")))
        for path in STORED.glob(f"v1/{kind}/*.json"):
            validator.validate(json.loads(path.read_bytes()))


def test_stored_messages_are_never_edited() -> None:
    assert (STORED / SUMS).read_text(encoding="utf-8") == sums_of(STORED)


def test_every_kind_of_message_is_stored() -> None:
    stored = {
        kind: [decode_message(kind, path.read_bytes()) for path in FILES if kind_of(path) is kind] for kind in TopicKind
    }
    for messages in stored.values():
        assert {message.is_stub for message in messages} == {True, False}
    events = {message.type for messages in stored.values() for message in messages if isinstance(message, EventMessage)}
    assert {f"vn.tiendo.case.{kind}.v1" for kind in DATA} | DIRECTORY_DATA.keys() | {*PUBLICATION_TYPES} <= events


def test_what_is_told_otherwise_is_found() -> None:
    assert lacking({"a": [{"b": 1}]}, {"a": [{"b": 1, "new": 2}], "new": 3}) == []
    assert lacking({"a": [{"b": 1}]}, {"a": [{"b": 2}]}) == [".a[0].b"]
    assert lacking({"a": None}, {}) == [".a"]
    assert lacking({"a": [1]}, {"a": [1, 2]}) == [".a"]
