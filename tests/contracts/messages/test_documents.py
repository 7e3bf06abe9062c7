"""The committed descriptions are those of the code, hold to their standards, and their examples are messages."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft7Validator, Draft202012Validator
from tests.contracts.events import DATA, event, text_of
from tests.contracts.messages.documents import OPENAPI, documents, schema_name
from tests.contracts.messages.records import VERSION, attributions_of, record_of, stub_of

from tiendo_contracts.answers.examples import timeline_example
from tiendo_contracts.directory.decoding import definition_of
from tiendo_contracts.directory.encoding import directory_event
from tiendo_contracts.messages import (
    DelayAttributionsState,
    EventMessage,
    StateMessage,
    TopicKind,
    agency_topic,
    decode_message,
    state_record,
    topic,
)
from tiendo_contracts.messages.asyncapi import asyncapi_document
from tiendo_contracts.messages.examples import LOG
from tiendo_contracts.messages.schemas import DIRECTORY_DATA, MESSAGE_SCHEMAS, schema_document
from tiendo_contracts.messages.states import ADDED
from tiendo_contracts.messages.topics import checkpoints_topic
from tiendo_contracts.proofs.notes import name_of_log, read_note

ASYNCAPI_SCHEMA = Path(__file__).parents[3] / "deploy/asyncapi/node_modules/@asyncapi/specs/schemas/3.0.0.json"
DOCUMENT = asyncapi_document()
STATED_AT = datetime(2022, 8, 1, tzinfo=UTC)
KINDS = {name: kind for kind, name in MESSAGE_SCHEMAS.items()}
NOTES = DOCUMENT["components"]["messages"]["checkpoint"]
"""The one message that is no CloudEvent."""
EVENTS = {name: message for name, message in DOCUMENT["components"]["messages"].items() if message is not NOTES}
EXAMPLES = [
    pytest.param(message, example, id=f"{name}-{example['name']}")
    for name, message in EVENTS.items()
    for example in message["examples"]
]


@cache
def validator_of(kind: TopicKind) -> Draft202012Validator:
    return Draft202012Validator(schema_document(kind), validate_formats=True)


def kind_of(message: dict[str, Any]) -> TopicKind:
    return KINDS[message["payload"]["$ref"].rsplit("/", 1)[-1]]


def members(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every member that a schema describes, with its place."""
    if isinstance(schema, dict):
        for name, said in schema.get("properties", {}).items():
            yield f"{place}.{name}", said
        for word, value in schema.items():
            yield from members(value, f"{place}/{word}")
    elif isinstance(schema, list):
        for value in schema:
            yield from members(value, place)


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_the_committed_documents_are_those_of_the_code(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == documents()[path], (
        "write them anew: python -m tests.contracts.messages.documents"
    )


def test_nothing_else_lies_beside_them() -> None:
    assert set((OPENAPI / "messages").glob("*.json")) | {OPENAPI / "asyncapi.json"} == documents().keys()


@pytest.mark.skipif(
    not ASYNCAPI_SCHEMA.exists(), reason="no schema of AsyncAPI: run `make system-packages` (it needs npm)"
)
def test_the_document_is_one_of_asyncapi() -> None:
    validator = Draft7Validator(json.loads(ASYNCAPI_SCHEMA.read_text(encoding="utf-8")))
    validator.validate(DOCUMENT)
    assert not validator.is_valid({**DOCUMENT, "channels": {"one": {"adress": "x"}}})


@pytest.mark.parametrize("kind", TopicKind)
def test_a_schema_is_one_of_json_schema(kind: TopicKind) -> None:
    schema = json.loads((OPENAPI / "messages" / schema_name(kind)).read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"}).validate(schema)


def test_no_reference_leads_nowhere() -> None:
    named = {part.split('"', 1)[0] for part in json.dumps(DOCUMENT).split('"#/')[1:]}
    assert len(named) > 20
    for reference in named:
        found: Any = DOCUMENT
        for step in reference.split("/"):
            found = found[step]


@pytest.mark.parametrize(("message", "example"), EXAMPLES)
def test_an_example_is_a_message_by_the_schemas_and_to_the_client(
    message: dict[str, Any], example: dict[str, Any]
) -> None:
    kind = kind_of(message)
    validator_of(kind).validate(example["payload"])
    Draft7Validator({**message["headers"]}).validate(example["headers"])
    Draft7Validator({"$ref": message["payload"]["$ref"], "components": DOCUMENT["components"]}).validate(
        example["payload"]
    )
    decoded = decode_message(kind, text_of(example["payload"]).encode())
    assert isinstance(decoded, EventMessage | StateMessage)
    assert decoded.logid == LOG


def test_a_checkpoint_is_described_as_the_signed_note_that_it_is() -> None:
    payload = Draft7Validator(NOTES["payload"])
    for example in NOTES["examples"]:
        note = read_note(example["payload"])
        assert (note.origin, note.whole) == (name_of_log(LOG), example["payload"])
        payload.validate(example["payload"])
        Draft7Validator(NOTES["headers"], validate_formats=True).validate(example["headers"])
        for wrong in (example["payload"].replace("— ", "- "), note.text, f"{example['payload']}x", note.whole * 2):
            assert not payload.is_valid(wrong)


def test_the_channels_are_the_topics_as_the_broker_keeps_them() -> None:
    channels = DOCUMENT["channels"].values()
    named = {channel["address"]: channel for channel in channels}
    agency = agency_topic("H34.1")
    others = [topic(kind) for kind in TopicKind] + [checkpoints_topic()]
    assert named.keys() == {found.name for found in others} | {agency.name.replace("H34.1", "{unit}")}
    for found in [*others, agency]:
        binding = named[found.name.replace("H34.1", "{unit}")]["bindings"]["kafka"]
        settings = binding["topicConfiguration"]
        assert binding["partitions"] == found.partitions
        assert {**settings, "cleanup.policy": settings["cleanup.policy"][0]} == {
            **found.configuration,
            **{name: int(value) for name, value in found.configuration.items() if name.startswith("retention")},
        }


def test_a_later_generation_has_its_own_addresses() -> None:
    channels = asyncapi_document(generation=2, partitions=48)["channels"].values()
    assert all(channel["address"].endswith(".v1.g2") for channel in channels)
    assert {channel["bindings"]["kafka"]["partitions"] for channel in channels} == {1, 48}


def test_every_message_has_an_operation_that_sends_it() -> None:
    for name, channel in DOCUMENT["channels"].items():
        sent = [one for one in DOCUMENT["operations"].values() if one["channel"]["$ref"] == f"#/channels/{name}"]
        assert [one["action"] for one in sent] == ["send"]
        assert {one["$ref"].rsplit("/", 1)[-1] for one in sent[0]["messages"]} == channel["messages"].keys()


@pytest.mark.parametrize("kind", TopicKind)
def test_every_member_of_a_message_is_explained(kind: TopicKind) -> None:
    schema = schema_document(kind)
    for place, said in members(schema):
        assert said.get("description") or "const" in said or "$ref" in said or "/if" in place, place


@pytest.mark.parametrize("type_", DATA)
def test_every_type_of_event_is_described(type_: str) -> None:
    validator = validator_of(TopicKind.CASE_EVENTS)
    sent = event(type_)
    validator.validate(json.loads(record_of(text_of(sent)).value))
    validator.validate(json.loads(stub_of(sent).value))
    wrong = json.loads(
        record_of(text_of(sent | {"data": {"holder" if type_ == "worked" else "actor": "CC-0001"}})).value
    )
    assert not validator.is_valid(wrong)


def test_every_type_of_directory_fact_is_described() -> None:
    for kind in DIRECTORY_DATA:
        with pytest.raises(ValueError, match="Field required"):
            definition_of(kind, {})
    validator = validator_of(TopicKind.DIRECTORY)
    fact = definition_of("vn.tiendo.directory.unit-defined.v1", {"id": "H34.20", "level": "province"})
    sent = directory_event(fact, at=STATED_AT)
    validator.validate(json.loads(record_of(text_of(sent)).value))
    assert not validator.is_valid(json.loads(record_of(text_of(sent | {"data": {"level": "ward"}})).value))


@pytest.mark.parametrize("kind", [TopicKind.CASE_EVENTS, TopicKind.CASE_TIMELINES, TopicKind.DELAY_ATTRIBUTIONS])
def test_members_that_a_later_version_adds_are_valid(kind: TopicKind) -> None:
    payload = next(
        one["payload"] for message in EVENTS.values() if kind_of(message) is kind for one in message["examples"]
    )
    grown = grow(json.loads(json.dumps(payload)))
    assert grown != payload
    validator_of(kind).validate(grown)


def grow(value: Any) -> Any:
    """The value with a member more in every object."""
    if isinstance(value, dict):
        return {name: grow(member) for name, member in value.items()} | {"later": {"any": [1.5]}}
    return [grow(member) for member in value] if isinstance(value, list) else value


def test_a_type_of_event_that_a_later_version_adds_is_valid() -> None:
    later = event(type="vn.tiendo.explanation.given.v1", data={"text": "x", "of": {"rule": 1}})
    validator_of(TopicKind.CASE_EVENTS).validate(json.loads(record_of(text_of(later)).value))


@pytest.mark.parametrize(
    "change",
    [
        {"position": 4711},
        {"position": "4_711"},
        {"digest": "x"},
        {"logid": "x"},
        {"type": "other"},
        {"time": "yesterday"},
        {"subject": "x" * 51},
        {"specversion": "0.3"},
        {"data": []},
        {"recordedat": None},
    ],
)
def test_what_is_no_event_message_is_invalid(change: dict[str, Any]) -> None:
    value = json.loads(record_of(text_of(event())).value)
    validator = validator_of(TopicKind.CASE_EVENTS)
    validator.validate(value)
    assert not validator.is_valid(value | change)
    assert not validator.is_valid({name: member for name, member in value.items() if name != "position"})


def test_a_state_without_a_member_or_without_data_is_invalid() -> None:
    value = json.loads(state_record(attributions_of(timeline_example()), log_id=LOG, version=VERSION).value)
    validator = validator_of(TopicKind.DELAY_ATTRIBUTIONS)
    validator.validate(value)
    assert not validator.is_valid({name: member for name, member in value.items() if name != "data"})
    came_later = {
        field.alias or name
        for name, field in DelayAttributionsState.model_fields.items()
        if ADDED in (field.json_schema_extra or ())
    }
    assert came_later >= {"aliases", "joined_to", "attributions_by_rule"}
    for name in value["data"].keys() - came_later:  # older messages lack those
        lacking = {other: member for other, member in value["data"].items() if other != name}
        assert not validator.is_valid(value | {"data": lacking}), name
