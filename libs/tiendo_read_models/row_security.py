"""Row-level security of a build: what the query side may read for a caller who is bound to units or to an officer.

The transaction names the caller's sight in settings that end with it; one that names none sees nothing. Who sees everything reads as another role,
whose policy is the constant TRUE and costs nothing. What is said here of rows, `tiendo_domain.visibility` says of one case.
"""

from typing import Any, Final

from sqlalchemy import Column
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tiendo_contracts.database.database_roles import BOUND_READER, BUILD_READERS
from tiendo_contracts.database.policies_of_rows import RowPolicy
from tiendo_read_models.tables import CASE, HASH_OF_PARTY, metadata

PLACES_SETTING: Final = "tiendo.places"
"""Numbers of the places (`tables.places`) that lie below the caller's units, as an array's text."""
PLACES_ELSEWHERE_SETTING: Final = "tiendo.places_elsewhere"
"""Numbers of all other places of the build, where they are fewer; else empty."""
OFFICER_SETTING: Final = "tiendo.officer"
"""The key of the party that the caller is; empty for nobody."""
UNITS_SETTING: Final = "tiendo.units"
"""Ids of the units whose names the caller may read, as an array's text."""
INSIDE_SETTING: Final = "tiendo.inside"
"""Ids of the units whose figures and lists the caller may read, as an array's text: of those the names of which are read, not the ones above."""

# As sub-queries each is worked out once a statement: the places as a table of hashes, whatever their number.
_PLACES: Final = f"(SELECT unnest(nullif(current_setting('{PLACES_SETTING}', true), '')::bigint[]))"
_UNITS: Final = f"(SELECT unnest(nullif(current_setting('{UNITS_SETTING}', true), '')::text[]))"
_OFFICER: Final = f"(SELECT nullif(current_setting('{OFFICER_SETTING}', true), ''))"

# As one array, by which an index leads to the rows. Read inside the sub-query: outside of it the text would be made an array anew for each row.
_PLACES_AT_ONCE: Final = f"(SELECT nullif(current_setting('{PLACES_SETTING}', true), '')::bigint[])::bigint[]"
_ELSEWHERE: Final = f"nullif(current_setting('{PLACES_ELSEWHERE_SETTING}', true), '')::bigint[]"

# The index of parties takes a time that grows with the places times the cases found: whoever sees nearly every place asks it for none while no case
# lies elsewhere, which the index of places tells at once.
_PLACES_IN_PART: Final = f"""(SELECT CASE WHEN {_ELSEWHERE} IS NULL OR EXISTS (SELECT 1 FROM unnest({_ELSEWHERE}) AS elsewhere (place_id),
        LATERAL (SELECT 1 FROM {{schema}}.cases e WHERE e.place_id = elsewhere.place_id LIMIT 1) AS there)
        THEN nullif(current_setting('{PLACES_SETTING}', true), '')::bigint[] END)::bigint[]"""

_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]

IN_PART: Final = "cases_in_part"
"""The view of cases that a bound caller sees in part, in the columns of `cases`; what names others is not in it."""

_HELD_BY_THE_OFFICER: Final = f"""SELECT h.case_id FROM {{schema}}.holds h WHERE h.party_kind = 'officer'
        AND h.party_hash = {HASH_OF_PARTY.format(key=_OFFICER)} AND h.party_key = {_OFFICER}"""
_OF_THE_OFFICER: Final = f"c.case_id IN ({_HELD_BY_THE_OFFICER})"
# Each by an index: what is asked case by case is asked of the whole province. Of cases that lie nowhere only those are looked at.
_CONCERNED: Final = f"""(c.party_places && {_PLACES_IN_PART} OR (c.place_id IS NULL AND c.party_places && {_PLACES_AT_ONCE})
        OR c.case_id = ANY (ARRAY({_HELD_BY_THE_OFFICER})))"""

_POLICIES: Final = {
    # The array is for the index; where a row was found by another, the table of hashes is quicker than a walk along the array.
    "cases": f"place_id IN {_PLACES} AND place_id = ANY ({_PLACES_AT_ONCE})",
    "holds": f"case_place_id IN {_PLACES} OR party_place_id IN {_PLACES} OR party_key = {_OFFICER}",
    "attributions": f"case_place_id IN {_PLACES} OR party_place_id IN {_PLACES} OR party_key = {_OFFICER}",
    "explanations": f"case_place_id IN {_PLACES} OR party_place_id IN {_PLACES} OR (had_part AND party_key = {_OFFICER})",
    "aliases": f"""EXISTS (SELECT FROM {{schema}}.cases c WHERE c.case_id = aliases.case_id)
        OR EXISTS (SELECT FROM {{schema}}.{IN_PART} c WHERE c.case_id = aliases.case_id)""",
    "unit_statements": f"unit_id IN {_UNITS}",
}
"""Table -> which of its rows a bound caller sees; of any other table none."""

_WHO_SEES_ALL: Final = frozenset(role for role in BUILD_READERS if role is not BOUND_READER)


def _masked(prefix: str) -> dict[str, str]:
    """The columns of a party that is shown by kind and unit unless it is the caller's own; to the officer who held the case by position too."""
    own = f"(coalesce(c.{prefix}_place_id IN {_PLACES}, FALSE) OR coalesce(c.{prefix}_key = {_OFFICER}, FALSE))"
    named = f"({own} OR c.{prefix}_kind IN ('unit', 'consulted-unit'))"
    return {
        f"{prefix}_key": f"CASE WHEN {own} THEN c.{prefix}_key END",
        f"{prefix}_id": f"CASE WHEN {named} THEN c.{prefix}_id END",
        f"{prefix}_name": f"CASE WHEN {named} THEN c.{prefix}_name END",
        f"{prefix}_position": f"CASE WHEN {own} OR {_OF_THE_OFFICER} THEN c.{prefix}_position END",
    }


_MASKED: Final = {**_masked("holder"), **_masked("late_entry")}
_SHOWN_IN_PART: Final = frozenset(
    {
        *("case_id", "shard", "aliases", "source", "simulated", "channel", "state", "accepted", "provisional"),
        *("class", "class_by_rule"),
        *(f"{thing}_{member}" for thing in ("unit", "procedure", "field") for member in ("id", "name")),
        *(
            f"{event}_{written}"
            for event in (
                "submitted",
                "received",
                "due",
                "due_recomputed",
                "judged_due",
                "completed",
                "finished",
                "delivered",
            )
            for written in ("at", "text")
        ),
        *(
            "finish_recorded_at",
            "finish_recorded_text",
            "overdue",
            "overdue_by_rule",
            "overdue_after",
            "needs_fold",
            "lateness_minutes",
            "lateness_by_rule_minutes",
            "system_lateness_minutes",
        ),
        *(f"{prefix}_{part}" for prefix in ("holder", "late_entry") for part in ("kind", "unit_id", "unit_name")),
        *(
            "late_entry_minutes",
            "late_entry_by_rule_minutes",
            "policy",
            "calendar_version",
            "calendar_days",
            "event_count",
            "first_event_at",
            "last_event_at",
        ),
        *("first_position", "last_position", "told_codes", "unit_parents"),
    }
)
"""The columns of a case seen in part that are shown as they are; of any other, also one to come, nothing is."""


def _in_part(column: Column[Any]) -> str:
    """What the view shows of a column."""
    if column.name in _SHOWN_IN_PART:
        return f"c.{column.name}"
    nothing = {ARRAY: "'{{}}'", JSONB: "'[]'"}.get(type(column.type), "NULL")
    shown = _MASKED.get(column.name, nothing)
    kind, collated, collation = column.type.compile(dialect=_DIALECT).partition(" COLLATE")
    return f"CAST({shown} AS {kind}){collated}{collation} AS {column.name}"


def _view() -> str:
    return f"""CREATE VIEW {{schema}}.{IN_PART} WITH (security_barrier) AS
        SELECT {", ".join(map(_in_part, CASE.columns))} FROM {{schema}}.cases c
        WHERE NOT coalesce(c.place_id IN {_PLACES}, FALSE) AND {_CONCERNED}"""


def build_policies(schema: str) -> list[RowPolicy]:
    """The policies on the tables of a build, by table; each table has one for who sees everything."""
    found: list[RowPolicy] = []
    for name in sorted(metadata.tables):
        found.append(RowPolicy(table=name, name="everything", roles=_WHO_SEES_ALL, using="TRUE"))
        if name in _POLICIES:
            condition = _POLICIES[name].format(schema=schema)
            found.append(RowPolicy(table=name, name="sight", roles=frozenset({BOUND_READER}), using=condition))
    return found


def policy_statements(schema: str) -> list[str]:
    """The statements that put the policies on the tables of a build, for their owner, who alone is above them."""
    enabled = [f"ALTER TABLE {schema}.{name} ENABLE ROW LEVEL SECURITY" for name in sorted(metadata.tables)]
    return [_view().format(schema=schema), *enabled, *(policy.statement(schema) for policy in build_policies(schema))]
