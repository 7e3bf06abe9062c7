"""The JSON Schema of the events that are taken, made from the models that check them."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from tiendo_contracts.events.event_data import DATA_MODELS
from tiendo_contracts.events.event_types import SUBJECT_LENGTH_MAX
from tiendo_domain.member_rules import ID_LENGTH_MAX

EVENT_SCHEMA = "CaseEvent"
_KEY_PATTERN = r"^(?!\.{1,2}$)(?!\s+$)[^\u0000-\u001f\u007f-\u009f]+$"
_INSTANT = {"type": "string", "format": "date-time", "description": "RFC 3339 with an offset, years 1970 to 2199"}


def event_schemas(reference: str) -> dict[str, Any]:
    """The schemas by name: `CaseEvent`, and what it refers to; `reference` is the place of a schema, with the gap `{model}`."""
    models: list[tuple[type[BaseModel], Literal["validation"]]] = [
        (model, "validation") for model in DATA_MODELS.values()
    ]
    _, described = models_json_schema(models, ref_template=_named(reference))
    schemas = {_name(name): schema for name, schema in described["$defs"].items()}
    variants = [
        _event(event_type, model, {"$ref": reference.format(model=_name(model.__name__))})
        for event_type, model in DATA_MODELS.items()
    ]
    description = "a CloudEvents 1.0 event; other members of the envelope are ignored, other members of `data` refused"
    return {EVENT_SCHEMA: {"title": EVENT_SCHEMA, "description": description, "anyOf": variants}, **schemas}


def _event(event_type: str, model: type[BaseModel], data: Mapping[str, Any]) -> dict[str, Any]:
    meaningless_without = any(field.is_required() for field in model.model_fields.values())
    return {
        "type": "object",
        "properties": {
            "specversion": {"const": "1.0"},
            "id": _key("names the event within its source", ID_LENGTH_MAX),
            "source": _key("the system that sends it", ID_LENGTH_MAX),
            "type": {"enum": [event_type]},
            "subject": _key("the case", SUBJECT_LENGTH_MAX),
            "time": {**_INSTANT, "description": "when it happened: RFC 3339 with an offset, years 1970 to 2199"},
            "recordedat": {**_INSTANT, "description": "when the source recorded it; absent: at `time`"},
            "sequence": {"type": "string", "pattern": r"^[0-9]{1,18}$", "description": "order of events of one `time`"},
            "sequencetype": {"type": "string"},
            "traceparent": {"type": "string", "description": "W3C trace context; stored, not compared"},
            "datacontenttype": {"const": "application/json"},
            "data": data,
        },
        "required": ["specversion", "id", "source", "type", "subject", "time", *(["data"] * meaningless_without)],
    }


def _key(description: str, length_max: int) -> dict[str, Any]:
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": length_max,
        "pattern": _KEY_PATTERN,
        "description": description,
    }


def _name(model_name: str) -> str:
    """The schema's name: what the models call `Unit` is, beside the answers' own, the unit in an event."""
    return f"Event{model_name}"


def _named(reference: str) -> str:
    return reference.replace("{model}", "Event{model}")
