"""What PostgreSQL's catalogue says of a schema, as plain values that can be compared."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_COLUMNS = """
SELECT relname || '.' || attname, format_type(atttypid, atttypmod)
       || CASE WHEN attnotnull THEN ' not null' ELSE '' END
       || CASE attidentity WHEN '' THEN '' ELSE ' identity ' || attidentity::text END
       || coalesce(' collate ' || nullif(collname, 'default'), '')
       || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  LEFT JOIN pg_collation ON pg_collation.oid = attcollation
 WHERE relnamespace = 'tiendo'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
"""
_CONSTRAINTS = """
SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'tiendo'::regnamespace AND contype <> 'n'
"""
_INDEXES = "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'tiendo'"


async def described(engine: AsyncEngine) -> dict[str, str]:
    """Every column, constraint and index of the schema `tiendo`, by name, but for Alembic's own table."""
    found: dict[str, str] = {}
    async with engine.connect() as connection:
        for query in (_COLUMNS, _CONSTRAINTS, _INDEXES):
            rows = (await connection.execute(text(query))).all()
            found |= {str(name): str(definition) for name, definition in rows}
    return {name: definition for name, definition in found.items() if "alembic_version" not in name}
