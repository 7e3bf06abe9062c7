"""Routes that tell `a%2Fb` from `a/b`, and parameters that are read strictly."""

from collections import Counter
from collections.abc import MutableMapping
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, model_validator
from starlette.routing import Match

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.texts.strict_json import shown_name

_SLASH: Final = "\x00"
"""Stands for an encoded slash while a path is matched; no identifier holds it."""

_NO_PATH: Final = "/\x00"
_PROTECTED: Final = "tiendo.protected_path"
"""Where a request keeps its path as it is matched, so that it is made once and not for every route that might match."""


class StrictRoute(APIRoute):
    """A route whose path parameters are the segments as they were sent, each decoded by itself, strictly as UTF-8."""

    def matches(self, scope: MutableMapping[str, Any]) -> tuple[Match, MutableMapping[str, Any]]:
        """Match the path with encoded slashes kept apart from those that divide it."""
        path: str = scope.get(_PROTECTED) or scope.setdefault(_PROTECTED, _protected_path(scope))
        if path == scope["path"]:
            return super().matches(scope)
        match, child = super().matches({**scope, "path": path})
        if "path_params" in child:
            child["path_params"] = {name: value.replace(_SLASH, "/") for name, value in child["path_params"].items()}
        return match, child


def _protected_path(scope: MutableMapping[str, Any]) -> str:
    """The decoded path in which `_SLASH` stands for each encoded slash; one that nothing matches where it cannot be decoded."""
    raw: bytes | None = scope.get("raw_path")
    if not raw:
        return str(scope["path"])
    segments = [unquote_to_bytes(segment) for segment in raw.partition(b"?")[0].split(b"/")]
    try:
        decoded = [segment.decode() for segment in segments]
    except UnicodeDecodeError:
        return _NO_PATH
    if any(_SLASH in segment for segment in decoded):
        return _NO_PATH
    return "/".join(segment.replace("/", _SLASH) for segment in decoded)


class Parameters(BaseModel):
    """Query parameters, each known by name; anything else is refused, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _known_names_only(cls, values: object) -> object:
        known = {member.alias or name for name, member in cls.model_fields.items()}
        for name in values if isinstance(values, dict) else ():
            if name not in known:
                raise Refusal(ProblemKind.PARAMETER_UNKNOWN, field=shown_name(name))
        return values


async def each_parameter_once(request: Request) -> None:
    """Refuse a request that gives a parameter twice: which one counts would be a guess."""
    if not request.scope["query_string"]:
        return
    for name, times in Counter(name for name, _ in request.query_params.multi_items()).items():
        if times > 1:
            raise Refusal(ProblemKind.PARAMETER_REPEATED, field=shown_name(name))
