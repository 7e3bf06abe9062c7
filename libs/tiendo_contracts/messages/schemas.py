"""The JSON Schemas (draft 2020-12) of the messages, made from the models.

They are open: members and types of events that a later version adds do not make a message invalid. Of `data` every member that a state has
is required; one that is added to a released state is marked `ADDED`, for messages written before lack it.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from tiendo_contracts.directory.models import (
    AbsenceData,
    CalendarData,
    NationalData,
    OfficerData,
    PlaceholdersData,
    ProcedureData,
    PublicationData,
    StepData,
    UnitData,
)
from tiendo_contracts.events.event_schema import EVENT_SCHEMA, event_schemas
from tiendo_contracts.messages.events import CaseEventMessage, DirectoryMessage, EventMessage, PublicationMessage
from tiendo_contracts.messages.states import ADDED, CaseTimelineMessage, DelayAttributionsMessage
from tiendo_contracts.messages.topics import TopicKind
from tiendo_contracts.publications.publication_facts import PUBLICATION_TYPES, PublicationFactData

DIRECTORY_DATA: Mapping[str, type[BaseModel]] = {
    "vn.tiendo.directory.calendar-defined.v1": CalendarData,
    "vn.tiendo.directory.unit-defined.v1": UnitData,
    "vn.tiendo.directory.procedure-defined.v1": ProcedureData,
    "vn.tiendo.directory.placeholders-defined.v1": PlaceholdersData,
    "vn.tiendo.directory.officer-defined.v1": OfficerData,
    "vn.tiendo.directory.absence-defined.v1": AbsenceData,
    "vn.tiendo.directory.step-defined.v1": StepData,
    "vn.tiendo.directory.national-defined.v1": NationalData,
    "vn.tiendo.directory.publication-defined.v1": PublicationData,
}
MESSAGE_SCHEMAS: Mapping[TopicKind, str] = {
    TopicKind.CASE_EVENTS: CaseEventMessage.__name__,
    TopicKind.DIRECTORY: DirectoryMessage.__name__,
    TopicKind.PUBLICATIONS: PublicationMessage.__name__,
    TopicKind.CASE_TIMELINES: CaseTimelineMessage.__name__,
    TopicKind.DELAY_ATTRIBUTIONS: DelayAttributionsMessage.__name__,
}
"""The name of the schema of what a kind of topic carries."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NULL = {"type": "null"}
_TYPE_PATTERN = r"^vn\.tiendo\.[a-z-]+\.[a-z-]+\.v[0-9]+$"
_SAID_OR_TO_BE_FETCHED = [{"required": ["data"]}, {"required": ["dataref"]}]
_DOOR_BOUNDS = ("minLength", "maxLength", "pattern")

_Schema = dict[str, Any]


def message_schemas(reference: str) -> dict[str, _Schema]:
    """All schemas by name: those of the messages, and what they refer to; `reference` is the place of a schema, with the gap `{model}`."""
    return _event_messages(reference) | _state_messages(reference)


def schema_document(kind: TopicKind) -> _Schema:
    """The schema of what a kind of topic carries, by itself."""
    name = MESSAGE_SCHEMAS[kind]
    schemas = message_schemas("#/$defs/{model}")
    used = _used(schemas, name)
    return {"$schema": _DIALECT, **schemas[name], "$defs": {other: schemas[other] for other in sorted(used - {name})}}


def _event_messages(reference: str) -> dict[str, _Schema]:
    door = event_schemas(reference)
    variants = door.pop(EVENT_SCHEMA)["anyOf"]
    case_data = {
        kind: (variant["properties"]["data"], "data" in variant["required"])
        for variant in variants
        for kind in variant["properties"]["type"]["enum"]
    }
    directory = _schemas_of(list(DIRECTORY_DATA.values()), reference, prefix="Directory")
    directory_data = {
        kind: ({"$ref": reference.format(model=f"Directory{model.__name__}")}, True)
        for kind, model in DIRECTORY_DATA.items()
    }
    publication = _schemas_of([PublicationFactData], reference)
    publication_data = {
        kind: ({"$ref": reference.format(model=PublicationFactData.__name__)}, True) for kind in PUBLICATION_TYPES
    }
    bounds = variants[0]["properties"]
    case_event = _event_message(CaseEventMessage, case_data, bounds)
    directory_fact = _event_message(DirectoryMessage, directory_data, bounds | {"subject": bounds["id"]})
    publication_fact = _event_message(PublicationMessage, publication_data, bounds | {"subject": bounds["id"]})
    return {
        CaseEventMessage.__name__: case_event,
        DirectoryMessage.__name__: directory_fact,
        PublicationMessage.__name__: publication_fact,
        **{name: _opened(_plain(schema)) for name, schema in door.items()},
        **{name: _opened(_envelope(schema)) for name, schema in (directory | publication).items()},
    }


def _plain(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """The schema without `discriminator`, a word of OpenAPI alone: the kinds of objects are constants in them."""
    match schema:
        case dict():
            return {name: _plain(part) for name, part in schema.items() if name != "discriminator"}
        case list():
            return [_plain(part) for part in schema]
        case _:
            return schema


def _event_message(
    model: type[EventMessage], data: Mapping[str, tuple[_Schema, bool]], bounds: Mapping[str, _Schema]
) -> _Schema:
    """The envelope, and by type of event what `data` says and whether it must be there."""
    schema = _envelope(model.model_json_schema())
    for name in ("id", "source", "subject", "sequence"):
        schema["properties"][name] |= {bound: bounds[name][bound] for bound in _DOOR_BOUNDS if bound in bounds[name]}
    schema["properties"]["type"] |= {"pattern": _TYPE_PATTERN, "examples": list(data)}
    kinds: dict[str, tuple[list[str], _Schema]] = {}
    for kind, (said, required) in data.items():
        then = {"properties": {"data": said}} | ({"anyOf": _SAID_OR_TO_BE_FETCHED} if required else {})
        kinds.setdefault(str(then), ([], then))[0].append(kind)
    schema["allOf"] = [
        {"if": {"properties": {"type": {"enum": names}}, "required": ["type"]}, "then": then}
        for names, then in kinds.values()
    ]
    return schema


def _state_messages(reference: str) -> dict[str, _Schema]:
    messages: list[type[BaseModel]] = [CaseTimelineMessage, DelayAttributionsMessage]
    schemas = _schemas_of(messages, reference)
    envelopes = {message.__name__ for message in messages}
    return {
        name: _envelope(schema) | {"anyOf": _SAID_OR_TO_BE_FETCHED} if name in envelopes else _complete(schema)
        for name, schema in schemas.items()
    }


def _complete(schema: _Schema) -> _Schema:
    """The schema of an object whose members are always there, but for those added later."""
    required = [name for name, said in schema["properties"].items() if ADDED not in said]
    return _tidied(schema | {"required": required})


def _envelope(schema: _Schema) -> _Schema:
    """The schema of an object whose members are absent rather than null, as in an envelope."""
    properties = {name: _without_null(said) for name, said in schema.get("properties", {}).items()}
    return _tidied(schema | ({"properties": properties} if properties else {}))


def _without_null(said: _Schema) -> _Schema:
    alternatives = [one for one in said.get("anyOf", []) if one != _NULL]
    if len(alternatives) != 1:
        return said
    return {**alternatives[0], **{name: value for name, value in said.items() if name not in {"anyOf", "default"}}}


def _schemas_of(models: list[type[BaseModel]], reference: str, *, prefix: str = "") -> dict[str, _Schema]:
    """The schemas of models and of what they refer to, by name with the prefix."""
    template = reference.replace("{model}", prefix + "{model}")
    _, described = models_json_schema([(model, "serialization") for model in models], ref_template=template)
    return {f"{prefix}{name}": schema for name, schema in described["$defs"].items()}


def _opened(schema: _Schema) -> _Schema:
    """The schema of an object that may get further members."""
    return {name: said for name, said in _tidied(schema).items() if name != "additionalProperties"}


def _tidied(schema: _Schema) -> _Schema:
    """Title, description and type first, and without what only the models need: titles of members, defaults (nothing is left out of a message)."""
    properties = {
        name: {word: value for word, value in said.items() if word not in {"title", "default"}}
        for name, said in schema.get("properties", {}).items()
    }
    first = {word: schema[word] for word in ("title", "description", "type") if word in schema}
    return first | schema | ({"properties": properties} if properties else {})


def _used(schemas: Mapping[str, _Schema], name: str) -> set[str]:
    """The names of the schemas that the one of that name refers to, itself included."""
    found: set[str] = set()
    pending = [name]
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending += _references(schemas[one])
    return found


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [str(value["$ref"]).rsplit("/", 1)[-1]] if "$ref" in value else []
        return own + [name for child in value.values() for name in _references(child)]
    return [name for child in value for name in _references(child)] if isinstance(value, list) else []
