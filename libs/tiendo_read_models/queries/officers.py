"""Officers' totals over a period, and the holds and cases behind them. An officer is a party's key (rules H3, H11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.builds import Build
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import FINISHED_IN_PERIOD_OR_OPEN, Period
from tiendo_read_models.tables import HASH_OF_PARTY


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerNames:
    """How an officer is shown. `id` is None where cases name the officer without one."""

    id: str | None
    name: str | None
    position: str | None
    unit_id: str | None
    unit_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSums:
    """An officer's totals over a set of cases, after decisions and by rule (rules D4, C, E1; CONTRACT, officer timeline)."""

    cases: int
    late_cases: int
    late_cases_by_rule: int
    overrun_minutes: int
    attributed_minutes: int
    attributed_by_rule_minutes: int
    late_entry_minutes: int
    late_entry_by_rule_minutes: int
    doubtful_minutes: int
    """Of the attributed minutes those that rest on doubtful facts."""
    simulated: int
    """Of the cases, those that are simulated."""

    @classmethod
    def of(cls, numbers: Sequence[int]) -> "OfficerSums":
        """The totals from `numbers`."""
        return cls(**dict(zip(cls.__slots__, numbers, strict=True)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """The totals in their order."""
        return tuple(getattr(self, name) for name in self.__slots__)

    def __add__(self, other: "OfficerSums") -> "OfficerSums":
        """The totals over both sets, which have no case in common."""
        return OfficerSums.of([mine + others for mine, others in zip(self.numbers, other.numbers, strict=True)])


NO_SUMS = OfficerSums.of([0] * len(OfficerSums.__slots__))


NOBODY = OfficerNames(id=None, name=None, position=None, unit_id=None, unit_name=None)

SHOWN_EARLIER_ALONE = "c.last_event_at > :as_of AND jsonb_array_length(c.anomalies) > 0"
"""The condition on `c` for cases that may show holds as at `:as_of` that are not among their rows."""

_SHOWN = ("id", "name", "position", "unit_id", "unit_name")


def _party(prefix: str) -> str:
    return ", ".join([f"{prefix}_key AS officer", *(f"{prefix}_{member} AS shown_{member}" for member in _SHOWN)])


def _in_index(key: str) -> str:
    """The condition on a hold `h` for being found in the index under the key: all of its officer's are, and perhaps others of the same hash."""
    return f"h.party_kind = 'officer' AND h.party_hash = {HASH_OF_PARTY.format(key=key)}"


_IS_ASKED_FOR = f"{_in_index('CAST(:officer_key AS text)')} AND h.party_key = :officer_key"


_MINUTES = {
    "attributed": "minutes",
    "attributed_by_rule": "by_rule_minutes",
    "late_entry": "late_entry_minutes",
    "late_entry_by_rule": "late_entry_by_rule_minutes",
    "doubtful": "doubtful_minutes",
}
"""What an officer bears: what the sums call it, and the column."""


def _parts(*, of_one: bool) -> str:
    """What each case adds to each officer: overruns of holds, shares, late-entry minutes."""
    only = {prefix: f" AND {prefix}_key = :officer_key" if of_one else "" for prefix in ("h.party", "a.party")}
    nothing = ", ".join(f"0 AS {name}" for name in _MINUTES)
    borne = ", ".join(f"a.{column}" for column in _MINUTES.values())
    return f"""
    picked AS MATERIALIZED (
        SELECT c.case_id, c.state, c.class, c.simulated, c.procedure_id, c.procedure_name FROM seen c WHERE {FINISHED_IN_PERIOD_OR_OPEN}
    ),
    parts AS (
        SELECT {_party("h.party")}, h.case_id, coalesce(h.overrun_minutes, 0) AS overrun, {nothing}, picked.simulated
        FROM seen_holds h JOIN picked USING (case_id) WHERE h.party_kind = 'officer'{only["h.party"]}
        UNION ALL
        SELECT {_party("a.party")}, a.case_id, 0, {borne}, picked.simulated
        FROM seen_shares a JOIN picked USING (case_id) WHERE a.party_kind = 'officer'{only["a.party"]}
    )"""


_SUMS = ", ".join(f"sum({name}) AS {name}" for name in _MINUTES)
_SOME_NAMES = ", ".join(f"max(shown_{member}) AS shown_{member}" for member in _SHOWN)


async def sum_officers(
    connection: AsyncConnection, relation: Relation, period: Period, *, officer_key: str | None = None
) -> dict[str, tuple[OfficerSums, OfficerNames]]:
    """Officer's key -> totals over the relation's cases finished in the period or open at its end, and some name that the cases give."""
    statement = f"""
        WITH {relation.ctes}, {_parts(of_one=officer_key is not None)},
        per_case AS (
            SELECT officer, case_id, sum(overrun) AS overrun, {_SUMS},
                bool_or(simulated) AS simulated, {_SOME_NAMES}
            FROM parts GROUP BY officer, case_id
        )
        SELECT officer, count(*) AS cases, count(*) FILTER (WHERE attributed > 0 OR late_entry > 0) AS late_cases,
            count(*) FILTER (WHERE attributed_by_rule > 0 OR late_entry_by_rule > 0) AS late_cases_by_rule,
            sum(overrun) AS overrun, {_SUMS},
            count(*) FILTER (WHERE simulated) AS simulated, {_SOME_NAMES}
        FROM per_case GROUP BY officer"""
    rows = await connection.execute(text(statement), _parameters(relation, period, officer_key))
    return {row.officer: (_sums(row), _names(row)) for row in rows}


def _parameters(relation: Relation, period: Period, officer_key: str | None) -> dict[str, object]:
    parameters = {**relation.parameters, **period.parameters}
    return parameters if officer_key is None else {**parameters, "officer_key": officer_key}


def _sums(row: Any) -> OfficerSums:  # noqa: ANN401 - a row of the statement above
    return OfficerSums(
        cases=row.cases,
        late_cases=row.late_cases,
        late_cases_by_rule=row.late_cases_by_rule,
        overrun_minutes=int(row.overrun),
        attributed_minutes=int(row.attributed),
        attributed_by_rule_minutes=int(row.attributed_by_rule),
        late_entry_minutes=int(row.late_entry),
        late_entry_by_rule_minutes=int(row.late_entry_by_rule),
        doubtful_minutes=int(row.doubtful),
        simulated=row.simulated,
    )


def _names(row: Any) -> OfficerNames:  # noqa: ANN401 - likewise
    return OfficerNames(**{member: getattr(row, f"shown_{member}") for member in _SHOWN})


async def latest_names(
    connection: AsyncConnection, build: Build, officer_keys: Sequence[str], as_of: datetime
) -> dict[str, OfficerNames]:
    """Officer's key -> how the officer's latest hold that began by `as_of` names them.

    Asked by hash alone, the index gives the latest hold of each without looking at the others; of two keys of one hash one would have no names.
    """
    shown = ", ".join(f"h.party_{member} AS shown_{member}" for member in _SHOWN)
    statement = f"""
        SELECT officers.key, latest.* FROM unnest(CAST(:keys AS text[])) AS officers (key), LATERAL (
            SELECT h.party_key, {shown} FROM {build.schema_name}.holds h
            WHERE {_in_index("officers.key")} AND h.started_at <= :as_of
            ORDER BY h.started_at DESC, h.case_id DESC, h.ordinal DESC LIMIT 1
        ) AS latest WHERE latest.party_key = officers.key"""
    rows = await connection.execute(text(statement), {"keys": list(officer_keys), "as_of": as_of})
    return {row.key: _names(row) for row in rows}


async def is_known_officer(connection: AsyncConnection, build: Build, officer_key: str) -> bool:
    """Whether any case names the officer as a holder."""
    statement = f"SELECT EXISTS (SELECT FROM {build.schema_name}.holds h WHERE {_IS_ASKED_FOR})"
    return bool(await connection.scalar(text(statement), {"officer_key": officer_key}))


_ORDER_OF_HOLDS = "h.started_at, h.case_id, h.ordinal"


def held_by_officer(build: Build) -> str:
    """The condition on `c` for cases in which the row's holds name `:officer_key`."""
    return _among(_held(build))


def perhaps_held_by_officer(build: Build) -> str:
    """The condition on `c` for cases in which `:officer_key` may hold as at `:as_of`.

    A hold that an earlier instant alone shows (before the first reception came, say) leaves an anomaly in the row; none is told of a case seen in part.
    """
    return _among(f"{_held(build)} UNION ALL SELECT c.case_id FROM {build.cases} c WHERE {SHOWN_EARLIER_ALONE}")


def _held(build: Build) -> str:
    return f"SELECT h.case_id FROM {build.schema_name}.holds h WHERE {_IS_ASKED_FOR}"


def _among(case_ids: str) -> str:
    # An array is worked out once, and goes where a join does not: below what a bound reader sees, where an index finds each case.
    return f"c.case_id = ANY (ARRAY({case_ids}))"


async def holds_of(
    connection: AsyncConnection, relation: Relation, period: Period, officer_key: str
) -> list[Mapping[str, Any]]:
    """The officer's holds that overlap the period, among the relation's cases; a hold of no length overlaps where it stands."""
    statement = f"""
        WITH {relation.ctes}
        SELECT h.*, c.simulated, c.calendar_version, c.calendar_days FROM seen_holds h JOIN seen c USING (case_id)
        WHERE h.party_key = :officer_key AND h.started_at < :period_end
            AND (h.ended_at IS NULL OR h.ended_at > :period_start OR (h.ended_at = h.started_at AND h.started_at = :period_start))
        ORDER BY {_ORDER_OF_HOLDS}"""
    rows = await connection.execute(
        text(statement),
        {
            **relation.parameters,
            "officer_key": officer_key,
            "period_start": period.start,
            "period_end": period.end,
        },
    )
    return [dict(row) for row in rows.mappings()]


async def cases_behind(
    connection: AsyncConnection, relation: Relation, period: Period, officer_key: str
) -> list[Mapping[str, Any]]:
    """What each case adds to the officer's totals, by case id."""
    statement = f"""
        WITH {relation.ctes}, {_parts(of_one=True)}
        SELECT parts.case_id, picked.state, picked.class AS case_class, sum(overrun) AS overrun_minutes,
            sum(attributed) AS attributed_minutes, sum(attributed_by_rule) AS attributed_by_rule_minutes,
            sum(late_entry) AS late_entry_minutes, sum(late_entry_by_rule) AS late_entry_by_rule_minutes,
            share.rule, share.event_ids, picked.procedure_id, picked.procedure_name
        FROM parts JOIN picked USING (case_id)
        LEFT JOIN seen_shares share ON share.case_id = parts.case_id AND share.party_key = :officer_key
        GROUP BY parts.case_id, picked.state, picked.class, share.rule, share.event_ids, picked.procedure_id,
            picked.procedure_name ORDER BY parts.case_id"""
    rows = await connection.execute(text(statement), _parameters(relation, period, officer_key))
    return [dict(row) for row in rows.mappings()]
