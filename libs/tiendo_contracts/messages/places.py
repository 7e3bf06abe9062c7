"""Where a message stands: an event in the chain of its partition, a state among the states of its case."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Final
from uuid import UUID

from msgspec import Struct
from pydantic import BeforeValidator, Field, PlainSerializer, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

NUMBER_MAX = 2**63 - 1
FROM_JSON: Final = {"from": "json"}
"""The context for validating values that were read from JSON before: numbers are then no positions."""

_DIGITS_MAX: Final = 19


def _digits(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str) and len(value) <= _DIGITS_MAX and value.isascii() and value.isdigit():
        return int(value)
    if info.mode == "python" and info.context is not FROM_JSON and isinstance(value, int):
        return value
    raise PydanticCustomError("digits", "a text of 1 to 19 decimal digits is expected, as CloudEvents write it")


Digits = Annotated[
    int,
    Field(ge=0, le=NUMBER_MAX),
    BeforeValidator(_digits),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$"}),
]
"""A number from 0 to 2^63 - 1; in the envelope a text of decimal digits, for CloudEvents' own integers end at 2^31."""


class Place(Struct, frozen=True, kw_only=True, gc=False):
    """Where an event stands: its position in the log of that name, and the position of the one before it in the same partition of the topic.

    `previous_position` is 0 for the first. Positions of one partition rise, with gaps: the others are in other partitions.
    """

    log_id: UUID
    position: int
    previous_position: int


LogName = Annotated[UUID, BeforeValidator(lambda value: _log_id(value) if isinstance(value, str) else value)]
"""The name of a log: the same for millions of messages, which share one value."""


@lru_cache(maxsize=16)
def _log_id(text: str) -> UUID | str:
    """The name that a text tells as logs are named; of any other text the model decides."""
    try:
        found = UUID(text)
    except ValueError:
        return text
    return found if str(found) == text else text


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Version:
    """Which of two states of a case is the later: compare build, then position, then revision. Of one log and one topic only.

    `build`: the read models were made anew. `position`: the state shows at least everything in the log up to it.
    `revision`: of the same position, rises whenever the case was folded again.

    Of two messages of the same version the later one in the topic counts: mostly it repeats the first, but on an agency's topic what the
    agency may see can have changed without the case. So a reader keeps a message unless it holds a higher version.
    """

    build: int
    position: int
    revision: int
