"""Answers of any length as JSON: written and sent piece by piece, so that none holds the other threads or the event loop."""

from collections.abc import Iterator, Mapping
from typing import Final

from fastapi import Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

_ITEMS_MAX: Final = 500
_PIECE_BYTES: Final = 256 * 1024
_MEDIA_TYPE: Final = "application/json"


def json_answer(answer: BaseModel, headers: Mapping[str, str]) -> Response:
    """The answer with the headers; a long one is streamed. Lists of models stand behind the other members."""
    lists = {name: value for name in type(answer).model_fields if _is_long(value := getattr(answer, name))}
    if not lists:
        return Response(answer.model_dump_json(by_alias=True), media_type=_MEDIA_TYPE, headers=dict(headers))
    pieces = list(_pieces(answer, lists))
    return StreamingResponse(iter(pieces), media_type=_MEDIA_TYPE, headers=dict(headers))


def _is_long(value: object) -> bool:
    return isinstance(value, list) and len(value) > _ITEMS_MAX and isinstance(value[0], BaseModel)


def _pieces(answer: BaseModel, lists: Mapping[str, list[BaseModel]]) -> Iterator[bytes]:
    """The text in pieces: no call into a library, which keeps all other threads waiting, writes more than one item."""
    fields = type(answer).model_fields
    text = answer.model_dump_json(by_alias=True, exclude=set(lists)).removesuffix("}")
    for name, items in lists.items():
        text += f',"{fields[name].alias or name}":['
        for number, item in enumerate(items):
            text += f"{',' if number else ''}{item.model_dump_json(by_alias=True)}"
            if len(text) > _PIECE_BYTES:
                yield text.encode()
                text = ""
        text += "]"
    yield f"{text}}}".encode()
