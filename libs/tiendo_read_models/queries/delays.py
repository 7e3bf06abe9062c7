"""The extraction case by case: which party answers for which minutes."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import FINISHED_IN_PERIOD_OR_OPEN, Period
from tiendo_read_models.queries.tree_spans import CountedUnits

_PARTY = ("key", "kind", "id", "name", "position", "unit_id", "unit_name")
BORNE: Final = (
    *("minutes", "by_rule_minutes", "late_entry_minutes", "late_entry_by_rule_minutes"),
    "received_by_decision_minutes",
)
"""What a row says of the minutes that its party bears, whole working minutes."""

_MINUTES = ", ".join(f"a.{name}" for name in (*BORNE, "doubtful_minutes"))
_SHARE_PARTY = ", ".join(f"a.party_{part}" for part in _PARTY)
_CASE = ", ".join(
    f"c.{name}"
    for name in (
        *(
            "case_id",
            "aliases",
            "simulated",
            "procedure_id",
            "procedure_name",
            "field_id",
            "field_name",
            "unit_id",
            "unit_name",
        ),
        *("received_text", "due_text", "judged_due_text", "finished_text", "state", "lateness_minutes"),
    )
)


async def delays(
    connection: AsyncConnection,
    relation: Relation,
    period: Period,
    *,
    units: CountedUnits | None,
    after: tuple[str, int],
    until: str | None,
    limit: int,
) -> list[Mapping[str, Any]]:
    """The first `limit` rows behind `after` (case id, ordinal) and in cases up to `until`; one of `units` is responsible.

    Cases finished in the period or open at its end in which a party bears anything, after decisions or by rule. `holds` are the party's own in the case.
    """
    statement = f"""
        WITH {relation.ctes},
        picked AS NOT MATERIALIZED (
            SELECT c.* FROM seen c WHERE {FINISHED_IN_PERIOD_OR_OPEN}
                AND c.case_id >= :after_case AND (CAST(:until AS text) IS NULL OR c.case_id <= :until)
                AND {"TRUE" if units is None else units.has_case}
        ),
        rows AS (
            SELECT {_CASE}, c.class AS case_class, a.ordinal, {_SHARE_PARTY}, {_MINUTES}, a.rule, a.event_ids
            FROM picked c JOIN seen_shares a USING (case_id)
        ),
        d AS (SELECT * FROM rows WHERE (case_id, ordinal) > (:after_case, :after_ordinal) ORDER BY case_id, ordinal LIMIT :limit)
        SELECT d.*, held.holds FROM d LEFT JOIN LATERAL (
            SELECT json_agg(json_build_object('step', coalesce(h.step_name, h.step_id), 'overrun', h.overrun_minutes,
                'from', h.started_text, 'to', h.ended_text) ORDER BY h.ordinal) AS holds
            FROM seen_holds h WHERE h.case_id = d.case_id AND h.party_key = d.party_key
        ) held ON TRUE ORDER BY d.case_id, d.ordinal"""
    parameters = {
        **relation.parameters,
        **period.parameters,
        **({} if units is None else units.parameters),
        "after_case": after[0],
        "after_ordinal": after[1],
        "until": until,
        "limit": limit,
    }
    rows = await connection.execute(text(statement), parameters)
    return [dict(row) for row in rows.mappings()]
