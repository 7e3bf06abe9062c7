"""How events name officers by their ids: all of them, and what does not fit, one id that bears several names."""

from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.quality import names_told_apart
from tiendo_domain.rules import RuleBook
from tiendo_read_models.builds import Build


async def officers_of_several_names(
    connection: AsyncConnection, build: Build, rules: RuleBook, *, officer_ids: Sequence[str] | None = None
) -> Mapping[str, tuple[str, ...]]:
    """Officer id -> the names under which holds know it, where they are more than one, sorted; of `officer_ids`, or of all."""
    return told_apart(await names_of_officers(connection, build, officer_ids=officer_ids), rules)


def told_apart(named: Mapping[str, Sequence[str]], rules: RuleBook) -> Mapping[str, tuple[str, ...]]:
    """The same by officer's id, sorted: which names are one, and which ids one person's, `names_told_apart` decides."""
    found = {officer_id: names_told_apart(officer_id, names, rules) for officer_id, names in named.items()}
    return {officer_id: names for officer_id, names in sorted(found.items()) if names}


async def names_of_officers(
    connection: AsyncConnection, build: Build, *, officer_ids: Sequence[str] | None = None
) -> dict[str, Sequence[str]]:
    """Officer id -> the names that holds have for it, where they are not all one text; of `officer_ids`, or of all."""
    named = _named(build)
    ids = None if officer_ids is None else list(officer_ids)
    every = f"WITH RECURSIVE {_every_id(build)}"
    chosen = "WITH officers AS (SELECT unnest(CAST(:officer_ids AS text[])) AS id)"
    statement = f"""{every if ids is None else chosen}
        SELECT o.id AS party_id, (SELECT array_agg(DISTINCT h.party_name) {named} = o.id) AS names FROM officers o
        WHERE (SELECT min(h.party_name) {named} = o.id) < (SELECT max(h.party_name) {named} = o.id)"""
    rows = await connection.execute(text(statement), {} if ids is None else {"officer_ids": ids})
    return {row.party_id: row.names for row in rows}


async def officers_in(connection: AsyncConnection, build: Build, case_ids: Sequence[str]) -> list[str]:
    """Ids of the officers who hold in the cases, each once."""
    statement = f"""
        SELECT DISTINCT h.party_id FROM {build.schema_name}.holds h
        WHERE h.case_id = ANY(CAST(:case_ids AS text[])) AND h.party_kind = 'officer' AND h.party_id IS NOT NULL"""
    return list((await connection.execute(text(statement), {"case_ids": list(case_ids)})).scalars())


async def names_of_ids(connection: AsyncConnection, build: Build) -> Mapping[str, Sequence[str]]:
    """Officer id -> the names under which the holds that the reader sees know it."""
    named = _named(build)
    statement = f"""WITH RECURSIVE {_every_id(build)}
        SELECT o.id, (SELECT array_agg(DISTINCT h.party_name) {named} = o.id) AS names
        FROM officers o WHERE o.id IS NOT NULL"""
    return {row.id: row.names for row in await connection.execute(text(statement))}


def _named(build: Build) -> str:
    return (
        f"FROM {build.schema_name}.holds h WHERE h.party_kind = 'officer' AND h.party_name IS NOT NULL AND h.party_id"
    )


def _every_id(build: Build) -> str:
    # From each id the index leads to the next, whatever number of holds lie between.
    named = _named(build)
    return f"""officers (id) AS (
            SELECT min(h.party_id) {named} IS NOT NULL
            UNION ALL
            SELECT (SELECT min(h.party_id) {named} > officers.id) FROM officers WHERE officers.id IS NOT NULL
        )"""
