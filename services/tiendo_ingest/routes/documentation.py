"""What the description of the interface says of bodies and answers that are read and written by hand."""

from typing import Any

from tiendo_contracts.events.event_schema import EVENT_SCHEMA
from tiendo_contracts.rules_file import RulesTables
from tiendo_ingest.bodies.body_media_types import MediaType
from tiendo_ingest.routes.receipts import BatchReceipt, EventReceipt
from tiendo_sources.national.reader import ADDRESS_PARAMETERS, CODE, ENVELOPE_MEMBERS
from tiendo_sources.national.translation import SERVICES

_Answers = dict[int | str, dict[str, Any]]


def _problem(description: str) -> dict[str, Any]:
    """An answer that is a problem document, as the service describes all of them."""
    return {"description": description}


_WHOLE_BODY: _Answers = {
    400: _problem("the body cannot be read: not JSON, not gzip, or cut off; of a stream, what was complete is stored"),
    401: _problem("no key, or no valid one"),
    403: _problem("the key does not have the scope, or may not send the one event"),
    409: _problem("one event: the same source and id are stored with other content"),
    413: _problem("the body, or the one event in it, is too large"),
    415: _problem("the media type, charset or packing is not supported"),
    422: _problem("one event: it was refused"),
    429: _problem("nothing was taken, and so much of the key was refused within an hour that nothing more is kept"),
    503: _problem("too busy, or the log cannot be written; nothing is claimed, see Retry-After"),
}
EVENTS_ANSWERS: _Answers = {
    200: {"model": EventReceipt | BatchReceipt, "description": "everything is in the log, durable"},
    207: {"model": BatchReceipt, "description": "some events were refused, the others are in the log, durable"},
    **_WHOLE_BODY,
}
RESUBMISSION_ANSWERS: _Answers = {
    200: {"model": EventReceipt, "description": "the mended event is in the log, durable"},
    404: _problem("there is no such rejection"),
    **_WHOLE_BODY,
}
_EVENT = {"$ref": f"#/components/schemas/{EVENT_SCHEMA}"}
EVENTS_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            MediaType.EVENT.value: {"schema": _EVENT},
            MediaType.BATCH.value: {"schema": {"type": "array", "maxItems": 10_000, "items": _EVENT}},
            MediaType.BINARY.value: {
                "schema": {
                    "description": "binary mode of the CloudEvents HTTP binding: the body is `data`, every other member a header `ce-…`, "
                    "percent-encoded",
                }
            },
            MediaType.STREAM.value: {
                "schema": {"type": "string", "description": "one event a line, any number of lines"}
            },
        },
    }
}
RESUBMISSION_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {MediaType.EVENT.value: {"schema": _EVENT}}}
}


_RECORDS = {"type": "array", "items": {"type": "object"}, "description": "the records, each judged by itself"}
_THREE_MEMBERS = {
    "type": "object",
    "required": ["error_code", "message", "result"],
    "properties": {
        "error_code": {"type": "string", "description": '"0" when no record was refused, else "-1"'},
        "message": {"type": "string"},
        "result": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    CODE: {"type": "string"},
                    "error_code": {
                        "type": "string",
                        "description": '"0" taken, "3" already there and unchanged, "-1" refused',
                    },
                    "message": {"type": "string"},
                },
            },
        },
    },
}
_SESSION = {
    "type": "object",
    "required": ["error_code", "message", "session"],
    "properties": {name: {"type": "string"} for name in ("error_code", "message", "session")},
}


def _in_json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


_REFUSED_WHOLE: _Answers = {
    status: {"description": description, **_in_json(_THREE_MEMBERS)}
    for status, description in {
        400: "nothing came; of a login also: the body cannot be read",
        401: "no key and no session, or no valid one",
        403: "the key may not send, or is not bound to just one source",
        413: "the body is too large",
        429: "too many failed logins",
        503: "too busy, or the log cannot be written; nothing is claimed, see Retry-After",
    }.items()
}
NATIONAL_RECORD_ANSWERS: _Answers = {
    200: {"description": "what became of each record; what was taken is durable", **_in_json(_THREE_MEMBERS)},
    **_REFUSED_WHOLE,
}
NATIONAL_LOGIN_ANSWERS: _Answers = {
    200: {"description": "the session", **_in_json(_SESSION)},
    **_REFUSED_WHOLE,
}
_ENVELOPE = {
    "type": "object",
    "required": ["data"],
    "properties": {
        **{name: {"type": "string"} for name in ENVELOPE_MEMBERS},
        "service": {"type": "string", "enum": list(SERVICES)},
        "data": _RECORDS,
    },
}
NATIONAL_BODY: dict[str, Any] = {
    "requestBody": {"required": True, **_in_json({"anyOf": [_ENVELOPE, _RECORDS]})},
    "parameters": [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in ADDRESS_PARAMETERS
    ],
}
NATIONAL_LOGIN_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        **_in_json(
            {
                "type": "object",
                "required": ["username", "password"],
                "properties": {
                    "username": {"type": "string", "description": "key id"},
                    "password": {"type": "string", "description": "the key"},
                },
            }
        ),
    }
}
DIRECTORY_ANSWERS: _Answers = {
    400: _problem("the body cannot be read as JSON"),
    413: _problem("the body is too large"),
    415: _problem("the body is no application/json"),
    422: _problem("nothing was taken; `errors` has everything that is wrong"),
    503: _problem("the log cannot be written; nothing was taken, see Retry-After"),
}
_TABLES: dict[str, Any] = {name: {"type": "array", "items": {"type": "object"}} for name in RulesTables.model_fields}
DIRECTORY_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        **_in_json(
            {
                "type": "object",
                "description": "the tables of the rules file by name, each a list of entries",
                "properties": {**_TABLES, "placeholders": {"type": "array", "items": {"type": "string"}}},
                "additionalProperties": False,
            }
        ),
    }
}
