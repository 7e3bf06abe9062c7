"""No schema breaks a released one; and the checker that says so finds every kind of break."""

import copy
import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.messages.compatibility import breaks
from tests.contracts.messages.documents import RELEASED, SUMS, schema_name, sums_of

from tiendo_contracts.messages import TopicKind
from tiendo_contracts.messages.schemas import schema_document
from tiendo_contracts.messages.states import CONTRACT_VERSION

SCHEMAS = {kind: schema_document(kind) for kind in TopicKind}
RELEASES = sorted(path for path in RELEASED.glob("*") if path.is_dir())
Change = Callable[[dict[str, Any]], None]


def objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that a schema describes, itself and its definitions, by name."""
    yield "the message", schema
    yield from ((name, said) for name, said in schema["$defs"].items() if "properties" in said)


def changed(schema: dict[str, Any], change: Change) -> list[str]:
    """What the checker says of a schema after a change."""
    present = copy.deepcopy(schema)
    change(present)
    return breaks(schema, present)


def kinds_of(release: Path) -> set[str]:
    """The files of the schemas that a release has: a later one may have topics of new kinds."""
    return {path.name for path in release.iterdir()}


@pytest.mark.parametrize(
    ("release", "kind"),
    [(release, kind) for release in RELEASES for kind in TopicKind if schema_name(kind) in kinds_of(release)],
    ids=lambda value: value.name if isinstance(value, Path) else str(value),
)
def test_no_schema_breaks_a_released_one(release: Path, kind: TopicKind) -> None:
    released = json.loads((release / schema_name(kind)).read_text(encoding="utf-8"))
    found = breaks(released, SCHEMAS[kind])
    assert not found, f"released in {release.name}; what breaks it comes on a topic of the next version:\n" + "\n".join(
        found
    )


@pytest.mark.parametrize("kind", TopicKind)
def test_what_a_schema_adds_raises_the_version(kind: TopicKind) -> None:
    released = RELEASED / CONTRACT_VERSION / schema_name(kind)
    if released.exists():
        found = breaks(SCHEMAS[kind], json.loads(released.read_text(encoding="utf-8")))
        assert not found, "raise CONTRACT_VERSION:\n" + "\n".join(found)


def test_released_schemas_are_never_edited() -> None:
    assert RELEASES
    assert (RELEASED / SUMS).read_text(encoding="utf-8") == sums_of(RELEASED)
    for release, later in pairwise(RELEASES):
        assert kinds_of(release) <= kinds_of(later)
    assert kinds_of(RELEASES[-1]) == {schema_name(kind) for kind in TopicKind}


@pytest.mark.parametrize("kind", TopicKind)
def test_a_schema_does_not_break_itself(kind: TopicKind) -> None:
    assert breaks(SCHEMAS[kind], copy.deepcopy(SCHEMAS[kind])) == []


@pytest.mark.parametrize("kind", TopicKind)
def test_a_member_that_is_removed_is_found_wherever_it_is(kind: TopicKind) -> None:
    for name, said in objects(SCHEMAS[kind]):
        for member in said["properties"]:

            def remove(schema: dict[str, Any], name: str = name, member: str = member) -> None:
                del dict(objects(schema))[name]["properties"][member]

            found = changed(SCHEMAS[kind], remove)
            assert any(f"{member}: was removed" in one for one in found), (name, member)


@pytest.mark.parametrize("kind", TopicKind)
def test_a_member_of_another_type_is_found_wherever_it_is(kind: TopicKind) -> None:
    for name, said in objects(SCHEMAS[kind]):
        for member in said["properties"]:

            def retype(schema: dict[str, Any], name: str = name, member: str = member) -> None:
                dict(objects(schema))[name]["properties"][member] = {"type": "null"}

            found = changed(SCHEMAS[kind], retype)
            assert any(f"{member}: its type" in one or f"{member}: may no longer be null" in one for one in found)


@pytest.mark.parametrize("kind", TopicKind)
def test_what_becomes_required_or_ceases_to_be_is_found_wherever_it_is(kind: TopicKind) -> None:
    for name, said in objects(SCHEMAS[kind]):
        required = said.get("required", [])
        for member in said["properties"]:

            def turn(schema: dict[str, Any], name: str = name, member: str = member) -> None:
                there = dict(objects(schema))[name]
                now = there.setdefault("required", [])
                there["required"] = [one for one in now if one != member] if member in now else [*now, member]

            word = "no longer required" if member in required else "newly required"
            assert any(f"{member}: is {word}" in one for one in changed(SCHEMAS[kind], turn)), (name, member)


def member_of(schema: dict[str, Any], *names: str) -> dict[str, Any]:
    """What the schema says of the member at a path of definitions and names."""
    found = schema if names[0] == "" else schema["$defs"][names[0]]
    for name in names[1:]:
        found = found["properties"][name]
    return found


def setting(*path: str, **words: Any) -> Change:
    """The change that sets words of a member; None takes one away."""

    def change(schema: dict[str, Any]) -> None:
        said = member_of(schema, *path)
        for word, value in words.items():
            said[word] = value
            if value is None:
                del said[word]

    return change


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        (
            TopicKind.CASE_EVENTS,
            setting("", "position", pattern="^[1-9][0-9]*$"),
            'position: pattern changed from "^[0-9]{1,19}$" to "^[1-9][0-9]*$"',
        ),
        (
            TopicKind.CASE_EVENTS,
            setting("", "digest", pattern=None),
            'digest: pattern changed from "^[0-9a-f]{64}$" to nothing',
        ),
        (
            TopicKind.CASE_EVENTS,
            setting("", "subject", maxLength=40),
            "subject: maxLength changed from 50 to 40",
        ),
        (
            TopicKind.CASE_EVENTS,
            setting("", "specversion", const="1.1"),
            'specversion: const changed from "1.0" to "1.1"',
        ),
        (
            TopicKind.CASE_TIMELINES,
            setting("", "type", const="vn.tiendo.case-timeline.v2"),
            'type: const changed from "vn.tiendo.case-timeline.v1" to "vn.tiendo.case-timeline.v2"',
        ),
        (
            TopicKind.DIRECTORY,
            setting("DirectoryLevel", enum=["province", "commune"]),
            "data.level: values were taken away: district; the log may hold them (vn.tiendo.directory.unit-defined.v1)",
        ),
        (
            TopicKind.DIRECTORY,
            setting("DirectoryLevel", enum=["province", "district", "commune", "ward"]),
            "data.level: values were added: ward; readers of the released schema refuse them (vn.tiendo.directory.unit-defined.v1)",
        ),
        (
            TopicKind.DELAY_ATTRIBUTIONS,
            setting("ShareOfLateness", "minutes", minimum=1),
            "data.attributions[].minutes: minimum changed from 0 to 1",
        ),
        (
            TopicKind.DELAY_ATTRIBUTIONS,
            setting(
                "ShareOfLateness", "minutes", anyOf=[{"type": "integer", "minimum": 0}, {"type": "null"}], type=None
            ),
            "data.attributions[].minutes: may now be null",
        ),
        (
            TopicKind.CASE_TIMELINES,
            setting("HoldOfCase", "event_ids", items={"type": "integer"}),
            "data.holds[].event_ids[]: its type string became integer",
        ),
        (
            TopicKind.CASE_TIMELINES,
            setting("HoldOfCase", additionalProperties=False),
            "data.holds[]: additionalProperties changed from nothing to false",
        ),
        (
            TopicKind.CASE_TIMELINES,
            setting("", "logid", format=None),
            'logid: format changed from "uuid" to nothing',
        ),
        (
            TopicKind.CASE_TIMELINES,
            setting("", anyOf=None),
            'the message: anyOf changed from [{"required": ["data"]}, {"required": ["dataref"]}] to nothing',
        ),
    ],
)
def test_a_break_is_told_with_its_place_and_what_it_was(kind: TopicKind, change: Change, expected: str) -> None:
    assert expected in changed(SCHEMAS[kind], change)


def forget_a_type(schema: dict[str, Any]) -> None:
    schema["allOf"] = schema["allOf"][1:]


def test_a_type_of_event_that_is_forgotten_is_found() -> None:
    (found,) = changed(SCHEMAS[TopicKind.CASE_EVENTS], forget_a_type)
    assert found.startswith("the message: type vn.tiendo.case.submitted.v1 is described no more")


def add_members(schema: dict[str, Any]) -> None:
    for _, said in list(objects(schema)):
        said["properties"]["later"] = {"anyOf": [{"type": "string"}, {"type": "null"}], "description": "new"}


def add_a_type(schema: dict[str, Any]) -> None:
    if "allOf" in schema:
        then = {"properties": {"data": {"$ref": "#/$defs/Later"}}}
        schema["allOf"].append({"if": {"properties": {"type": {"enum": ["vn.tiendo.case.merged.v1"]}}}, "then": then})
    schema["$defs"]["Later"] = {"type": "object", "properties": {"into": {"type": "string"}}, "required": ["into"]}


def reword(schema: dict[str, Any]) -> None:
    for _, said in objects(schema):
        said["title"] = said["description"] = "other words"
        for member in said["properties"].values():
            member |= {"description": "other words", "examples": [1], "x-note": 1}


@pytest.mark.parametrize("change", [add_members, add_a_type, reword])
@pytest.mark.parametrize("kind", TopicKind)
def test_what_is_added_or_said_in_other_words_breaks_nothing(kind: TopicKind, change: Change) -> None:
    assert changed(SCHEMAS[kind], change) == []


def test_a_definition_by_another_name_is_the_same() -> None:
    def rename(schema: dict[str, Any]) -> None:
        text = json.dumps(schema).replace("PartyOfCase", "Party")
        schema.clear()
        schema.update(json.loads(text))

    assert changed(SCHEMAS[TopicKind.CASE_TIMELINES], rename) == []
