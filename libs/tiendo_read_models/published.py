"""The states of cases that were folded after what a reader has seen, each with the version that it has: what is passed on over Kafka."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from tiendo_contracts.messages.places import Version
from tiendo_read_models import tables
from tiendo_read_models.builds import Reader
from tiendo_read_models.members import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCase:
    """A case as it was folded last. `case` is None where it could not be folded, `faulty`, or the code names no case of its own any more.

    Then nothing may be said of it; `joined_to` is the case whose alias the code is now.
    """

    case_id: str
    shard: int
    version: Version
    faulty: bool
    joined_to: str | None
    case: Stored | None
    holds: Sequence[Stored]
    attributions: Sequence[Stored]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Changed cases, by shard and revision. `complete`: these are all that the snapshot holds."""

    cases: Sequence[ChangedCase]
    complete: bool

    @property
    def revisions(self) -> dict[int, int]:
        """Shard -> the last revision that is among them."""
        return {changed.shard: changed.version.revision for changed in self.cases}


_NOT_PASSED_ON = (
    *("case_id", "shard", "holder_names", "officer_ids", "told_codes"),
    *tables.PLACES_OF_A_CASE,
    *tables.SEARCH_KEYS,
)
_CASE_COLUMNS = tables.CASE.selected("c", without=_NOT_PASSED_ON)

_CHANGED = f"""
    SELECT f.case_id, f.shard, f.position AS shown_position, f.revision,
        c.case_id IS NULL AS untold, x.case_id IS NOT NULL AS faulty, a.case_id AS joined_to, {_CASE_COLUMNS}
    FROM unnest(CAST(:shards AS smallint[]), CAST(:revisions AS bigint[])) AS seen (shard, revision)
    CROSS JOIN LATERAL (
        SELECT n.case_id, n.shard, n.position, n.revision FROM {{schema}}.folds n
        WHERE n.shard = seen.shard AND n.revision > seen.revision ORDER BY n.revision LIMIT :limit) f
    LEFT JOIN {{schema}}.cases c ON c.case_id = f.case_id
    LEFT JOIN {{schema}}.faults x ON x.case_id = f.case_id
    LEFT JOIN {{schema}}.aliases a ON a.code = f.case_id
    ORDER BY f.shard, f.revision"""

_OF_CASES = "SELECT * FROM {schema}.{table} WHERE case_id = ANY(CAST(:case_ids AS text[])) ORDER BY case_id, ordinal"


async def changed_cases(reader: Reader, seen: Mapping[int, int], *, limit: int, with_holds: bool = True) -> Changes:
    """The cases folded after the revisions in `seen` (shard -> revision), of each shard at most the first `limit`."""
    values = {"shards": list(seen), "revisions": list(seen.values()), "limit": limit}
    found = await reader.connection.execute(text(_CHANGED.format(schema=reader.build.schema_name)), values)
    rows = [dict(row) for row in found.mappings()]
    case_ids = [row["case_id"] for row in rows if not row["untold"]]
    holds = await _of_cases(reader, "holds", case_ids) if with_holds else {}
    attributions = await _of_cases(reader, "attributions", case_ids)
    cases = [
        ChangedCase(
            case_id=row["case_id"],
            shard=row["shard"],
            version=Version(build=reader.build.build_id, position=row["shown_position"], revision=row["revision"]),
            faulty=row["faulty"],
            joined_to=row["joined_to"],
            case=None if row["untold"] else row,
            holds=holds.get(row["case_id"], ()),
            attributions=attributions.get(row["case_id"], ()),
        )
        for row in rows
    ]
    return Changes(cases=cases, complete=_longest(cases) < limit)


def _longest(cases: Sequence[ChangedCase]) -> int:
    counts: defaultdict[int, int] = defaultdict(int)
    for changed in cases:
        counts[changed.shard] += 1
    return max(counts.values(), default=0)


async def _of_cases(reader: Reader, table: str, case_ids: Sequence[str]) -> Mapping[str, Sequence[Stored]]:
    """Case -> its rows of a table, in order."""
    by_case: defaultdict[str, list[Stored]] = defaultdict(list)
    if case_ids:
        statement = text(_OF_CASES.format(schema=reader.build.schema_name, table=table))
        found = await reader.connection.execute(statement, {"case_ids": case_ids})
        for row in found.mappings():
            by_case[row["case_id"]].append(dict(row))
    return by_case
