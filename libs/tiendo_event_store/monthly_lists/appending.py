"""A step of a monthly list appended: fact, row and content in one transaction of the database's own function."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.house_facts import house_event
from tiendo_contracts.publications.publication_facts import publication_type
from tiendo_contracts.texts.canonical_json import digest
from tiendo_domain.monthly_list.frozen import FrozenCase
from tiendo_domain.monthly_list.listed_content import Content
from tiendo_domain.monthly_list.workflow import StepKind
from tiendo_domain.months import Month
from tiendo_event_store.appending.salts import salts
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.errors import StepTaken
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.monthly_lists.stored_contents import named_rows, packed_cases, stored_content

_APPEND: Final = """
SELECT at_position, at_instant FROM tiendo.append_publication_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""


class NewContent(Struct, frozen=True, kw_only=True):
    """A content that a step freezes, and the cases that it was summed up from."""

    content: Content
    cases: Sequence[FrozenCase]


class NewStep(Struct, frozen=True, kw_only=True):
    """A step to take at the aware instant `at`: `expected` is the position of the last step of the unit's month, 0 before the first.

    `said` is what the fact says besides unit, period, version and digest. `digest` is that of the content that it is about, `frozen` where it is new.
    """

    publication_id: str
    unit_id: str
    month: Month
    version: int
    kind: StepKind
    at: datetime
    expected: int
    digest: bytes
    said: Mapping[str, Any]
    frozen: NewContent | None = None


def fact_of(step: NewStep) -> dict[str, Any]:
    """The fact of the step, as a CloudEvent: never a row of the list."""
    data = {
        "unit": step.unit_id,
        "period": str(step.month),
        "version": step.version,
        "digest": step.digest.hex(),
        **step.said,
    }
    return house_event(publication_type(step.kind), step.publication_id, data, at=step.at)


async def append_step(engine: AsyncEngine, step: NewStep) -> int:
    """The position of the step's fact, durable. Raises StepTaken where another step came first, and LogUnavailable."""
    fact = fact_of(step)
    with unavailable_when_unreachable():
        async with lent_driver(engine) as driver, driver.transaction():
            await driver.execute("SET LOCAL synchronous_commit = on")
            try:
                return int(await driver.fetchval(_APPEND, *_values(step, fact)))
            except asyncpg.ObjectInUseError as error:
                raise StepTaken(step.unit_id, str(step.month)) from error


def _values(step: NewStep, fact: Mapping[str, Any]) -> Sequence[object]:
    frozen = step.frozen
    rows = [] if frozen is None else named_rows(frozen.content)
    parts, parties, said = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    return (
        step.publication_id,
        step.unit_id,
        str(step.month),
        step.version,
        step.kind.value,
        step.expected,
        fact["id"],
        digest(fact),
        json.dumps(fact, ensure_ascii=False, separators=(",", ":")),
        salts(1),
        step.digest,
        None if frozen is None else stored_content(frozen.content),
        None if frozen is None else packed_cases(frozen.cases),
        parts,
        parties,
        said,
    )
