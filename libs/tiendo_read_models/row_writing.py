"""Replacing the rows of cases in a build, in the caller's transaction: what was there goes, what was folded comes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SmallInteger,
    Table,
    any_,
    bindparam,
    case,
    delete,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.shards import shard_of
from tiendo_read_models import tables
from tiendo_read_models.builds import Build
from tiendo_read_models.folding import FoldedGroup, FoldFault
from tiendo_read_models.folds import note_folds
from tiendo_read_models.members import Row
from tiendo_read_models.rows import CaseRows
from tiendo_read_models.statements import UnitStatement, merge_statements, sortable
from tiendo_read_models.unit_places import UnitPlace

_FAULT_COLUMNS = tuple(column.name for column in tables.faults.columns)
_ALIAS_COLUMNS = tuple(column.name for column in tables.aliases.columns)
_STATEMENT_COLUMNS = tuple(column.name for column in tables.unit_statements.columns)
_UNIT_MEMBERS = ("name", "parent", "level")
_UNITS_MAX = 5_000
_KEYS = ARRAY(tables.cases.c.case_id.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRecord:
    """What the cases of one shard say of one unit."""

    shard: int
    statement: UnitStatement

    def merged(self, other: "UnitRecord") -> "UnitRecord":
        """The later of both statements, member by member."""
        return UnitRecord(shard=self.shard, statement=self.statement.merged(other.statement))


async def replace_cases(
    connection: AsyncConnection, build: Build, groups: Sequence[FoldedGroup], *, position: int | None
) -> None:
    """Put the rows of folded cases in place of what the build holds under any of their codes, and take these off the refold list.

    `connection` is `within` the build. `position`: as what the log holds up to it all have been folded; noted for those who pass states on,
    for which the transaction holds the shards' checkpoints. None notes nothing.
    """
    shards = {code: shard_of(code) for group in groups for code in sorted(group.codes)}
    keys = {"case_ids": list(shards), "shards": sorted(set(shards.values()))}
    for table in tables.CASE_TABLES:
        await connection.execute(_delete_of(table), keys)
    await connection.execute(_delete_refolds(), keys)
    await insert_cases(connection, build, groups)
    await merge_units(connection, unit_records(groups))
    await add_places(connection, place_records(groups))
    if position is not None:
        await note_folds(connection, build, shards, position)


async def insert_cases(connection: AsyncConnection, build: Build, groups: Sequence[FoldedGroup]) -> None:
    """Write the rows of folded cases of which the build holds nothing; what they say of units is left to `merge_units` and `add_places`."""
    folded = [one for group in groups for one in group.cases]
    rows = [one for one in folded if isinstance(one, CaseRows)]
    await _copy(connection, build, tables.cases, tables.CASE.names, [one.case for one in rows])
    await _copy(connection, build, tables.holds, tables.HOLD.names, [hold for one in rows for hold in one.holds])
    shares = [share for one in rows for share in one.attributions]
    await _copy(connection, build, tables.attributions, tables.ATTRIBUTION.names, shares)
    filed = [one_filed for one in rows for one_filed in one.explanations]
    await _copy(connection, build, tables.explanations, tables.EXPLANATION.names, filed)
    aliases = [(code, one.case_id, shard_of(code)) for one in rows for code in one.aliases]
    await _copy(connection, build, tables.aliases, _ALIAS_COLUMNS, aliases)
    faults = [_fault_row(one) for one in folded if isinstance(one, FoldFault)]
    await _copy(connection, build, tables.faults, _FAULT_COLUMNS, faults)


def _delete_of(table: Table) -> Any:  # noqa: ANN401 - SQLAlchemy's statement types are generic over rows that a deletion has not
    return delete(table).where(table.c.case_id == any_(bindparam("case_ids", type_=_KEYS)))


def _delete_refolds() -> Any:  # noqa: ANN401 - as above
    table = tables.refolds
    in_shards = table.c.shard == any_(bindparam("shards", type_=ARRAY(SmallInteger)))
    return delete(table).where(in_shards, table.c.case_id == any_(bindparam("case_ids", type_=_KEYS)))


def _fault_row(fault: FoldFault) -> Row:
    return (fault.case_id, fault.shard, fault.event_count, fault.last_position, fault.cause)


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


def unit_records(groups: Iterable[FoldedGroup]) -> list[UnitRecord]:
    """What the cases say of units, one record a shard and unit, by shard and unit."""
    by_shard: dict[int, list[UnitStatement]] = {}
    for group in groups:
        for one in group.cases:
            if isinstance(one, CaseRows):
                for shard, statement in one.units:
                    by_shard.setdefault(shard, []).append(statement)
    return [
        UnitRecord(shard=shard, statement=statement)
        for shard, statements in sorted(by_shard.items())
        for statement in merge_statements(iter(statements))
    ]


PlaceRecord = tuple[int, UnitPlace]
"""A place that cases of a shard name."""


def place_records(groups: Iterable[FoldedGroup]) -> list[PlaceRecord]:
    """The places that the rows of the cases name, each once a shard, by shard and number."""
    found = {
        (one.shard, place.place_id): (one.shard, place)
        for group in groups
        for one in group.cases
        if isinstance(one, CaseRows)
        for place in one.places
    }
    return [found[key] for key in sorted(found)]


async def add_places(connection: AsyncConnection, records: Sequence[PlaceRecord]) -> None:
    """Note the places that the build does not know."""
    table = tables.places
    for start in range(0, len(records), _UNITS_MAX):
        rows = [
            (shard, place.place_id, place.unit_id, dict(place.parents))
            for shard, place in records[start : start + _UNITS_MAX]
        ]
        names = [column.name for column in table.columns]
        columns = [bindparam(column.name, type_=ARRAY(column.type)) for column in table.columns]
        statement = insert(table).from_select(names, select(*map(func.unnest, columns)))
        values = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
        await connection.execute(statement.on_conflict_do_nothing(), values)


async def merge_units(connection: AsyncConnection, records: Sequence[UnitRecord]) -> None:
    """Insert what is new of the units; of what is there the later statement stays, member by member."""
    for start in range(0, len(records), _UNITS_MAX):
        rows = [_statement_row(record) for record in records[start : start + _UNITS_MAX]]
        columns = zip(*rows, strict=True)
        await connection.execute(
            _merge_statement(), {name: list(values) for name, values in zip(_STATEMENT_COLUMNS, columns, strict=True)}
        )


def _statement_row(record: UnitRecord) -> Row:
    statement = record.statement
    return (
        record.shard,
        statement.unit_id,
        statement.name,
        sortable(statement.name_key),
        statement.parent,
        sortable(statement.parent_key),
        statement.level,
        sortable(statement.level_key),
    )


def _merge_statement() -> Any:  # noqa: ANN401 - as above
    table = tables.unit_statements
    new_rows = select(*[func.unnest(bindparam(name, type_=ARRAY(table.c[name].type))) for name in _STATEMENT_COLUMNS])
    statement = insert(table).from_select(list(_STATEMENT_COLUMNS), new_rows)
    changes: dict[str, Any] = {}
    for member in _UNIT_MEMBERS:
        newer = _newer(statement, member)
        changes[member] = case((newer, statement.excluded[member]), else_=table.c[member])
        changes[f"{member}_key"] = case((newer, statement.excluded[f"{member}_key"]), else_=table.c[f"{member}_key"])
    return statement.on_conflict_do_update(
        index_elements=[table.c.shard, table.c.unit_id],
        set_=changes,
        where=or_(*[_newer(statement, member) for member in _UNIT_MEMBERS]),
    )


def _newer(statement: Insert, member: str) -> ColumnElement[bool]:
    key = tables.unit_statements.c[f"{member}_key"]
    return func.coalesce(statement.excluded[f"{member}_key"] > func.coalesce(key, literal_column("''")), false())
