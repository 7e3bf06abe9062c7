"""The steps of monthly lists as they are stored, and the lists that come of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg
from msgspec import Struct

from tiendo_domain.monthly_list.numbers import ListNumber
from tiendo_domain.monthly_list.workflow import STATE_AFTER, ListState, StepKind
from tiendo_domain.months import Month

_COLUMNS: Final = "position, publication_id, unit_id, period, version, kind, ingested_at, digest, text"
_OF_ONE: Final = f"SELECT {_COLUMNS} FROM tiendo.publication_steps WHERE publication_id = $1 ORDER BY position"
_OF_UNIT: Final = (
    f"SELECT {_COLUMNS} FROM tiendo.publication_steps WHERE unit_id = $1 AND period = $2 ORDER BY position"
)
_OF_ALL: Final = f"""
SELECT {_COLUMNS} FROM tiendo.publication_steps
 WHERE ($1::text IS NULL OR period = $1) AND ($2::text[] IS NULL OR unit_id = ANY($2)) ORDER BY position
"""
_OF_SEVERAL: Final = f"""
SELECT {_COLUMNS} FROM tiendo.publication_steps WHERE publication_id = ANY($1::text[]) ORDER BY position
"""


class TakenStep(Struct, frozen=True, kw_only=True):
    """A step of a list: its fact's place and text in the log, and the digest of the content that it is about."""

    position: int
    publication_id: str
    unit_id: str
    period: str
    version: int
    kind: StepKind
    ingested_at: datetime
    digest: bytes
    text: str

    @property
    def said(self) -> Mapping[str, Any]:
        """The `data` of the fact."""
        said: Mapping[str, Any] = json.loads(self.text)["data"]
        return said


class MonthlyList(Struct, frozen=True, kw_only=True):
    """A list by its steps, in their order; there is at least one."""

    steps: tuple[TakenStep, ...]

    @property
    def id(self) -> str:
        """Its id."""
        return self.steps[0].publication_id

    @property
    def unit_id(self) -> str:
        """Whose list it is."""
        return self.steps[0].unit_id

    @property
    def month(self) -> Month:
        """Of which month."""
        month = Month.parse(self.steps[0].period)
        assert month is not None  # noqa: S101 - only months are drafted
        return month

    @property
    def state(self) -> ListState:
        """Where it stands."""
        return STATE_AFTER[self.steps[-1].kind]

    @property
    def version(self) -> int:
        """The newest version."""
        return self.steps[-1].version

    @property
    def position(self) -> int:
        """Where its last fact stands in the log."""
        return self.steps[-1].position

    @property
    def versions(self) -> tuple[int, ...]:
        """All versions, rising."""
        return tuple(sorted({step.version for step in self.steps}))

    @property
    def published_versions(self) -> tuple[int, ...]:
        """The versions that have a number, rising."""
        kinds = (StepKind.PUBLISHED, StepKind.CORRECTED)
        return tuple(sorted(step.version for step in self.steps if step.kind in kinds))

    def last(self, *kinds: StepKind, version: int | None = None) -> TakenStep | None:
        """The last step of these kinds, of that version if one is named."""
        found = [step for step in self.steps if step.kind in kinds and version in {None, step.version}]
        return found[-1] if found else None

    def content_digest(self, version: int) -> bytes:
        """The digest of the content that counts for a version that the list has."""
        return [step for step in self.steps if step.version == version and step.kind is not StepKind.WITHDRAWN][
            -1
        ].digest

    def number(self, version: int) -> ListNumber | None:
        """The number of a version; None before it is published."""
        if version not in self.published_versions:
            return None
        return ListNumber(unit_id=self.unit_id, month=self.month, version=version)


async def read_list(driver: asyncpg.Connection, publication_id: str) -> MonthlyList | None:
    """The list of this id; None where there is none, or none that the reader sees."""
    steps = tuple(map(_step, await driver.fetch(_OF_ONE, publication_id)))
    return MonthlyList(steps=steps) if steps else None


async def lists_of_unit(driver: asyncpg.Connection, unit_id: str, month: Month) -> list[MonthlyList]:
    """The lists of a unit and month, in the order in which they were drafted."""
    return _lists(map(_step, await driver.fetch(_OF_UNIT, unit_id, str(month))))


async def all_lists(
    driver: asyncpg.Connection, *, period: str | None = None, units: Sequence[str] | None = None
) -> list[MonthlyList]:
    """The lists that the reader sees, in the order in which they were drafted; of one month, and of these units, if so asked."""
    found = await driver.fetch(_OF_ALL, period, None if units is None else list(units))
    return _lists(map(_step, found))


async def read_lists(driver: asyncpg.Connection, publication_ids: Sequence[str]) -> dict[str, MonthlyList]:
    """The lists of these ids."""
    return {one.id: one for one in _lists(map(_step, await driver.fetch(_OF_SEVERAL, list(publication_ids))))}


def _lists(steps: Iterable[TakenStep]) -> list[MonthlyList]:
    by_id: dict[str, list[TakenStep]] = {}
    for step in steps:
        by_id.setdefault(step.publication_id, []).append(step)
    return [MonthlyList(steps=tuple(of_one)) for of_one in by_id.values()]


def _step(row: asyncpg.Record) -> TakenStep:
    return TakenStep(**{**dict(row.items()), "kind": StepKind(row["kind"]), "digest": bytes(row["digest"])})
