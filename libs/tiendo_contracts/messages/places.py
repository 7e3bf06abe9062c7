"""Where a message stands: an event in the chain of its partition, a state among the states of its case."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field, PlainSerializer, WithJsonSchema

Digits = Annotated[
    int,
    Field(ge=0),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$"}),
]
"""A number of up to 64 bits; in the envelope a text of decimal digits, for CloudEvents' own integers end at 2^31."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an event stands: its position in the log of that name, and the position of the one before it in the same partition of the topic.

    `previous_position` is 0 for the first. Positions of one partition rise, with gaps: the others are in other partitions.
    """

    log_id: UUID
    position: int
    previous_position: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Version:
    """Which of two states of a case is the later: compare build, then position, then revision. Of one log only.

    `build`: the read models were made anew. `position`: the state shows at least everything in the log up to it.
    `revision`: of the same position, rises whenever the case was folded again. Two states of the same version are the same.
    """

    build: int
    position: int
    revision: int
