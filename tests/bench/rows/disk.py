"""What an event takes on disk, by table and index, beside the text of the events alone."""

from tests.bench.databases import administrator
from tests.bench.province import database_name, loaded
from tests.bench.row import Better, Figure, Ground, Row, Sample
from tests.bench.stage import Stage

_SIZES = """
SELECT relation.relnamespace::regnamespace || '.' || relation.relname AS name, relation.relkind = 'i' AS is_index,
       CASE WHEN relation.relkind = 'i' THEN pg_relation_size(relation.oid) ELSE pg_table_size(relation.oid) END AS size
FROM pg_class relation
WHERE relation.relkind IN ('r', 'm', 'i') AND relation.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
"""
_LEAST = 0.5


async def take(stage: Stage) -> Sample:
    """The sizes of all relations of the loaded province; those under half a byte an event are added up."""
    file = await loaded(stage.cluster, stage.size.scale)
    with file.open("rb") as opened:
        lengths = [len(line) for line in opened]
    async with administrator(stage.cluster, database_name(stage.size.scale)) as connection:
        await connection.execute("VACUUM ANALYZE")
        events = await connection.fetchval("SELECT max(position) FROM tiendo.events")
        found = await connection.fetch(_SIZES)
    bytes_each = {row["name"]: row["size"] / events for row in found}
    details = {name: value for name, value in bytes_each.items() if value >= _LEAST}
    indexes = sum(row["size"] for row in found if row["is_index"]) / events
    return Sample(
        figures={"bytes": sum(bytes_each.values()), "of them indexes": indexes},
        floor={"bytes": sum(lengths) / len(lengths)},
        details={**details, "all others": sum(bytes_each.values()) - sum(details.values())},
    )


ROW = Row(
    name="disk",
    what="on disk for an event, all included but WAL",
    floor="the text of the events alone",
    ground=Ground.LOADED,
    figures=(
        Figure(name="bytes", unit="bytes/event", better=Better.LOWER, aim=1_100),
        Figure(name="of them indexes", unit="bytes/event", better=Better.LOWER),
    ),
    take=take,
)
