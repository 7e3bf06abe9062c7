"""How long officers had cases in the same step of the same procedure: a distribution without names."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.timeline_types import PartyKind
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import IN_PERIOD, Period

_STEP: Final = "coalesce(h.step_id, h.step_name)"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOfProcedure:
    """A step of a procedure; the step by its id, without one by its name."""

    procedure_id: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMinutes:
    """So many working minutes of one officer's account in a case (rule A1); `own`: of the officer who is looked at."""

    of: StepOfProcedure
    own: bool
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHolder:
    """Somebody who had such an account."""

    of: StepOfProcedure
    key: str


async def count_peers(
    connection: AsyncConnection,
    relation: Relation,
    period: Period,
    officer_key: str,
    steps: Collection[StepOfProcedure],
) -> dict[AccountMinutes | AccountHolder, tuple[int]]:
    """Minutes -> accounts that have them, and holder -> accounts, in these steps of the relation's cases finished in the period."""
    statement = f"""
        WITH {relation.ctes},
        wanted AS (SELECT * FROM unnest(CAST(:procedures AS text[]), CAST(:steps AS text[])) AS w (procedure_id, step)),
        accounts AS MATERIALIZED (
            SELECT w.procedure_id, w.step, h.party_key, sum(h.working_minutes)::bigint AS minutes
            FROM seen c JOIN seen_holds h USING (case_id) JOIN wanted w ON w.procedure_id = c.procedure_id AND w.step = {_STEP}
            WHERE {IN_PERIOD} AND h.party_kind = '{PartyKind.OFFICER}' AND NOT h.paused
            GROUP BY w.procedure_id, w.step, h.party_key, h.case_id
        )
        SELECT procedure_id, step, NULL, party_key = :officer_key AS own, minutes, count(*) FROM accounts GROUP BY 1, 2, 3, 4, 5
        UNION ALL
        SELECT procedure_id, step, party_key, FALSE, 0, count(*) FROM accounts GROUP BY 1, 2, 3, 4, 5"""
    asked = {
        "officer_key": officer_key,
        "procedures": [one.procedure_id for one in steps],
        "steps": [one.step for one in steps],
    }
    rows = await connection.execute(text(statement), {**relation.parameters, **period.parameters, **asked})
    found: dict[AccountMinutes | AccountHolder, tuple[int]] = {}
    for procedure_id, step, key, own, minutes, accounts in rows:
        of = StepOfProcedure(procedure_id=procedure_id, step=step)
        if key is None:
            found[AccountMinutes(of=of, own=own, minutes=minutes)] = (accounts,)
        else:
            found[AccountHolder(of=of, key=key)] = (accounts,)
    return found
