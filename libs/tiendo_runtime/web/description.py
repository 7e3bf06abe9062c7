"""The OpenAPI description: what the framework writes, with our problem documents instead of its own errors."""

from typing import Any

from fastapi import FastAPI

from tiendo_contracts.events.event_schema import event_schemas
from tiendo_contracts.problems.problem_documents import MEDIA_TYPE, Problem

_FRAMEWORK_ERRORS = ("HTTPValidationError", "ValidationError")
_PROBLEM_SCHEMA = "Problem"
_REFERENCE = "#/components/schemas/{model}"


def describe(app: FastAPI) -> None:
    """Let the application describe its faults as they are: every 4xx and 5xx is a problem document."""
    write = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = with_problems(write())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def with_problems(description: dict[str, Any]) -> dict[str, Any]:
    """The description with the framework's validation errors replaced."""
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    for name in _FRAMEWORK_ERRORS:
        schemas.pop(name, None)
    schemas[_PROBLEM_SCHEMA] = Problem.model_json_schema(ref_template=_REFERENCE)
    if "/v1/events" in description["paths"]:
        schemas |= event_schemas(_REFERENCE)
    problem = {"$ref": f"#/components/schemas/{_PROBLEM_SCHEMA}"}
    for operations in description["paths"].values():
        for operation in operations.values():
            _describe_faults(operation["responses"], problem)
    return description


def _describe_faults(responses: dict[str, Any], problem: dict[str, str]) -> None:
    content = {MEDIA_TYPE: {"schema": problem}}
    unprocessable = responses.get("422")
    if unprocessable is not None and any(name in str(unprocessable) for name in _FRAMEWORK_ERRORS):
        del responses["422"]
    for status, answer in responses.items():
        if status[0] in "45" and "content" not in answer:
            answer["content"] = content
    responses.setdefault("4XX", {"description": "the caller can mend it", "content": content})
    responses.setdefault("5XX", {"description": "try again later", "content": content})
