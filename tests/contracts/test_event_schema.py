"""The JSON Schema of events takes what is taken at the door."""

import json
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from tests.contracts.events import DATA, event

from tiendo_contracts.events.event_schema import EVENT_SCHEMA, event_schemas


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schemas = event_schemas("#/$defs/{model}")
    return Draft202012Validator({"$ref": f"#/$defs/{EVENT_SCHEMA}", "$defs": schemas})


@pytest.mark.parametrize("kind", DATA)
def test_every_example_is_valid(validator: Draft202012Validator, kind: str) -> None:
    validator.validate(event(kind))
    validator.validate(event(kind, partitionkey="x"))


@pytest.mark.parametrize(
    "sent",
    [
        event(id=""),
        event(id=".."),
        event(subject="x" * 51),
        event(source="a\nb"),
        event(type="vn.tiendo.case.unknown.v1"),
        event(data={"applicant": "x"}),
        event(data={"holder": {"birthday": "x"}}),
        event("deadline-extended", data=None),
        event("corrected", data={}),
        event("joined", data={}),
        event("joined", data={"alias": "x" * 51}),
        event(sequence="x"),
        [],
    ],
)
def test_what_is_refused_for_its_shape_is_invalid(validator: Draft202012Validator, sent: Any) -> None:
    assert not validator.is_valid(sent), json.dumps(sent)
