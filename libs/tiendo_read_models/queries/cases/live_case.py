"""One case in the live build: how far the build is and what is needed to fold the case, in one question."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import asyncpg

from tiendo_read_models.builds import Build


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCase:
    """What is needed to fold one case: its codes, those to be read of, the position up to which its row was made, and of how many events.

    Not `whole`: the reader sees it in part; `unit_parents` is what its events say of units.
    """

    case_id: str
    codes: Sequence[str]
    told_codes: Sequence[str]
    last_position: int
    event_count: int
    whole: bool = True
    unit_parents: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCase:
    """A case in the live build, which holds everything up to `position`; `known` is None where the case has not been projected."""

    position: int
    known: KnownCase | None


async def live_case(driver: asyncpg.Connection, build: Build, code: str) -> LiveCase | None:
    """The case that the code names (rule N4), as one snapshot has it; None when the build is not the live one (any more).

    Over a bound build inside of a transaction: that asks again, and once more, for a code that is not the id of a case seen whole.
    """
    row = await _row(driver, build, code)
    if row is None:
        return None
    position, case_id, aliases, told_codes, last_position, event_count, whole, unit_parents = row
    if case_id is None:
        return LiveCase(position=position, known=None)
    known = KnownCase(
        case_id=case_id,
        codes=[case_id, *aliases],
        told_codes=told_codes or [case_id],
        last_position=last_position,
        event_count=event_count,
        whole=whole,
        unit_parents=json.loads(unit_parents),
    )
    return LiveCase(position=position, known=known)


async def _row(driver: asyncpg.Connection, build: Build, code: str) -> asyncpg.Record | None:
    """The position with the case, or alone; None when the build is not the live one."""
    if not build.bound:
        return await driver.fetchrow(_statement(build, _of_any_code(build)), build.build_id, code)
    # To plan what a policy asks costs more than to answer it: of cases seen in part three times what it costs of those seen whole, and ten times of
    # aliases, which are seen as their cases are. So what is asked for most is asked first, and by itself.
    for statement in (_statement(replace(build, bound=False), "$2"), _statement(build, "$2")):
        row = await driver.fetchrow(statement, build.build_id, code)
        if row is None or row["case_id"] is not None:
            return row
    return await driver.fetchrow(_statement(build, _of_any_code(build)), build.build_id, code)


def _of_any_code(build: Build) -> str:
    return f"ANY (ARRAY[$2, (SELECT alias.case_id FROM {build.schema_name}.aliases AS alias WHERE alias.code = $2)])"


@cache
def _statement(build: Build, case_id: str) -> str:
    # What the events say of units is of use for cases seen in part alone.
    parents = "CASE WHEN c.seen_whole THEN '{}' ELSE c.unit_parents::text END" if build.bound else "'{}'"
    return f"""
SELECT reached.position, c.case_id, c.aliases, c.told_codes, c.last_position, c.event_count, {build.seen_whole}, {parents}
  FROM tiendo.projection_pointer AS pointer
 CROSS JOIN LATERAL (SELECT coalesce(min(checkpoint.position), 0) AS position
                       FROM tiendo.projection_checkpoints AS checkpoint
                      WHERE checkpoint.build_id = pointer.build_id) AS reached
  LEFT JOIN {build.all_cases} AS c
    ON c.case_id = {case_id}
 WHERE pointer.build_id = $1
"""
