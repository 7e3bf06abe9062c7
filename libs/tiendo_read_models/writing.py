"""Replacing the rows of cases in a build, in the caller's transaction: what was there goes, what was folded comes."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, any_, bindparam, case, delete, func, literal_column
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models import tables
from tiendo_read_models.builds import Build
from tiendo_read_models.folding import Fault
from tiendo_read_models.rows import ATTRIBUTION_COLUMNS, CASE_COLUMNS, HOLD_COLUMNS, CaseRows, Row
from tiendo_read_models.statements import UnitStatement, merge_statements, sortable

_FAULT_COLUMNS = tuple(column.name for column in tables.faults.columns)
_STATEMENT_COLUMNS = tuple(column.name for column in tables.unit_statements.columns)
_UNIT_MEMBERS = ("name", "parent", "level")


async def replace_cases(connection: AsyncConnection, build: Build, folded: Sequence[CaseRows | Fault]) -> None:
    """Put the rows of `folded` cases in place of what the build holds of them. `connection` is `within` the build."""
    case_ids = [one.case_id for one in folded]
    for table in tables.CASE_TABLES:
        await connection.execute(_delete_of(table), {"case_ids": case_ids})
    rows = [one for one in folded if isinstance(one, CaseRows)]
    faults = [_fault_row(one) for one in folded if isinstance(one, Fault)]
    await _copy(connection, build, tables.cases, CASE_COLUMNS, [one.case for one in rows])
    await _copy(connection, build, tables.holds, HOLD_COLUMNS, [hold for one in rows for hold in one.holds])
    shares = [share for one in rows for share in one.attributions]
    await _copy(connection, build, tables.attributions, ATTRIBUTION_COLUMNS, shares)
    await _copy(connection, build, tables.faults, _FAULT_COLUMNS, faults)
    await _merge_units(connection, rows)


def _delete_of(table: Table) -> Any:  # noqa: ANN401 - SQLAlchemy's statement types are generic over rows that a deletion has not
    return delete(table).where(table.c.case_id == any_(bindparam("case_ids", type_=ARRAY(tables.cases.c.case_id.type))))


def _fault_row(fault: Fault) -> Row:
    return (fault.case_id, fault.shard, fault.last_position, fault.cause)


async def _copy(
    connection: AsyncConnection, build: Build, table: Table, columns: Sequence[str], rows: Sequence[Row]
) -> None:
    """Write `rows` with COPY, on the connection's own transaction (which an earlier statement has begun)."""
    if not rows:
        return
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if driver is None:
        raise RuntimeError("the connection has no driver connection")
    await driver.copy_records_to_table(table.name, schema_name=build.schema_name, columns=columns, records=rows)


async def _merge_units(connection: AsyncConnection, rows: Iterable[CaseRows]) -> None:
    by_shard: dict[int, list[UnitStatement]] = {}
    for folded in rows:
        by_shard.setdefault(folded.shard, []).extend(folded.units)
    records = [
        _statement_record(shard, statement)
        for shard, statements in sorted(by_shard.items())
        for statement in merge_statements(iter(statements))
    ]
    if records:
        await connection.execute(_merge_statement(), records)


def _statement_record(shard: int, statement: UnitStatement) -> dict[str, object]:
    values = (
        shard,
        statement.unit_id,
        statement.name,
        sortable(statement.name_key),
        statement.parent,
        sortable(statement.parent_key),
        statement.level,
        sortable(statement.level_key),
    )
    return dict(zip(_STATEMENT_COLUMNS, values, strict=True))


def _merge_statement() -> Any:  # noqa: ANN401 - as above
    """Insert what is new of a unit; of what is there the later statement stays, member by member."""
    table = tables.unit_statements
    statement = insert(table)
    changes: dict[str, Any] = {}
    for member in _UNIT_MEMBERS:
        key, new, new_key = table.c[f"{member}_key"], statement.excluded[member], statement.excluded[f"{member}_key"]
        newer = new_key > func.coalesce(key, literal_column("''"))
        changes[member] = case((newer, new), else_=table.c[member])
        changes[f"{member}_key"] = case((newer, new_key), else_=key)
    return statement.on_conflict_do_update(index_elements=[table.c.shard, table.c.unit_id], set_=changes)
