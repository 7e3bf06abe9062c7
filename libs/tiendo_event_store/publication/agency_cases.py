"""Which cases agencies were told of, so that they can be taken back. Everything here runs in the transaction of its caller."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Text, TextClause, any_, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_event_store.publication.publication_tables import relay_agency_cases

ToldCase = tuple[str, str]
"""A topic and a case."""

_REMEMBER = text("""
    INSERT INTO tiendo.relay_agency_cases AS present (topic, case_id, outside)
    SELECT told.topic, told.case_id, false
    FROM unnest(CAST(:topics AS text[]), CAST(:case_ids AS text[])) AS told (topic, case_id)
    ON CONFLICT (topic, case_id) DO UPDATE SET outside = false WHERE present.outside""")

_NOTE_OUTSIDE = text("""
    UPDATE tiendo.relay_agency_cases AS present SET outside = true
    FROM unnest(CAST(:topics AS text[]), CAST(:case_ids AS text[])) AS gone (topic, case_id)
    WHERE present.topic = gone.topic AND present.case_id = gone.case_id""")


async def told_of(
    connection: AsyncConnection, topics: Collection[str], case_ids: Collection[str]
) -> Mapping[ToldCase, bool]:
    """Of these cases those that were ever told of, and whether each has been taken back."""
    columns = relay_agency_cases.c
    keys = ARRAY(Text(collation="C"))
    statement = select(columns.topic, columns.case_id, columns.outside).where(
        columns.topic == any_(bindparam("topics", list(topics), type_=keys)),
        columns.case_id == any_(bindparam("case_ids", list(case_ids), type_=keys)),
    )
    return {(row.topic, row.case_id): row.outside for row in await connection.execute(statement)}


async def remember_told(connection: AsyncConnection, told: Iterable[ToldCase]) -> None:
    """Note cases that are about to be told of."""
    await _note(connection, _REMEMBER, told)


async def note_taken_back(connection: AsyncConnection, gone: Iterable[ToldCase]) -> None:
    """Note cases of which the broker has acknowledged that they were taken back. They stay known: they may have to be taken back once more."""
    await _note(connection, _NOTE_OUTSIDE, gone)


async def _note(connection: AsyncConnection, statement: TextClause, cases: Iterable[ToldCase]) -> None:
    in_order = sorted(cases)
    if in_order:
        values = {"topics": [topic for topic, _ in in_order], "case_ids": [case_id for _, case_id in in_order]}
        await connection.execute(statement, values)
