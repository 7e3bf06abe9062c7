"""The tables of the read models as Parquet files, read with a cursor of the database and written group by group of rows."""

import asyncio
import json
import shutil
from collections.abc import Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, RowMapping, SmallInteger, Table, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.answers.common import SIMULATED_NOTICE
from tiendo_read_models.builds import reading
from tiendo_read_models.tables import PLACES_OF_A_CASE, PLACES_OF_A_PARTY, SEARCH_KEYS, attributions, cases, holds

_TABLES: Mapping[str, Table] = {"holds": holds, "attributions": attributions, "cases": cases}
_NOT_SHOWN = frozenset(
    {"shard", "needs_fold", "unit_parents", "holder_names", "officer_ids", "ordinal", "party_hash", "first_position"}
).union(PLACES_OF_A_CASE, PLACES_OF_A_PARTY, SEARCH_KEYS)
"""Columns that say how the tables are kept, and nothing of a case."""
_ROWS_A_GROUP = 20_000
_NOTICE = {b"tiendo:notice": SIMULATED_NOTICE.encode()}


async def write_parquet(engine: AsyncEngine, what: str, file: IO[bytes]) -> bool:
    """Whether any row is of a simulated case (column `simulated`), after the whole table was written, by case and place."""
    table = _TABLES[what]
    columns = [column for column in table.columns if column.key not in _NOT_SHOWN]
    columns += [] if table is cases else [cases.c.simulated]
    statement = select(*(column.label(str(column.key)) for column in columns))
    if table is not cases:
        statement = statement.join(cases, cases.c.case_id == table.c.case_id)
    statement = statement.order_by(*table.primary_key.columns)
    simulated = False
    schema = _schema(columns)
    with TemporaryFile() as whole:
        async with reading(engine) as reader:
            with pq.ParquetWriter(whole, schema, compression="zstd") as writer:
                result = await reader.connection.stream(statement)
                async for rows in result.mappings().partitions(_ROWS_A_GROUP):
                    simulated = simulated or any(row["simulated"] for row in rows)
                    await asyncio.to_thread(_write, writer, columns, schema, rows)
                if simulated:
                    writer.add_key_value_metadata(_NOTICE)
        whole.seek(0)
        await asyncio.to_thread(shutil.copyfileobj, whole, file)
    return simulated


def _write(
    writer: pq.ParquetWriter, table: Sequence[Column[Any]], schema: pa.Schema, rows: Sequence[RowMapping]
) -> None:
    columns = [_values(column, rows) for column in table]
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
    writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _values(column: Column[Any], rows: Sequence[RowMapping]) -> list[Any]:
    """The values of a column; JSON as its text."""
    values = [row[str(column.key)] for row in rows]
    if not isinstance(column.type, JSONB):
        return values
    return [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values]


def _schema(columns: Sequence[Column[Any]]) -> pa.Schema:
    return pa.schema([pa.field(str(column.key), _type(column), nullable=bool(column.nullable)) for column in columns])


def _type(column: Column[Any]) -> pa.DataType:
    match column.type:
        case Boolean():
            return pa.bool_()
        case BigInteger() | Integer() | SmallInteger():
            return pa.int64()
        case DateTime():
            return pa.timestamp("us", tz="UTC")
        case ARRAY():
            return pa.list_(pa.string())
        case _:
            return pa.string()
