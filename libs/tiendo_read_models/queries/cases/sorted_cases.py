"""Where cases stand in a list by one of its columns: read by the index of the column, as many as a page needs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.cases.listed_cases import CaseFilter, conditions_of
from tiendo_read_models.queries.cases.relations import Relation

CaseValue = datetime | str
CasePlace = tuple[CaseValue | None, str]
"""Where a case stands: what its column says, and its id. None: the column says nothing."""

_MINUTES = (
    """(c.counts_as_overdue OR NOT c.open AND (coalesce(c.lateness_minutes, 0) > 0 OR c.late_entry_minutes > 0))"""
)
WITH_MINUTES = CaseCondition(where=_MINUTES, parameters={})
"""The cases that show minutes of lateness or of late entry; rows that stand but for their minutes (`Exactness.COUNTS`) tell them."""
WITHOUT_MINUTES = CaseCondition(where=f"NOT {_MINUTES}", parameters={})
"""All others."""


class IndexedColumn(StrEnum):
    """A column by which cases can be read in order: each has an index that ends with the case id."""

    CASE = "case_id"
    PROCEDURE = "procedure_id"
    UNIT = "unit_id"
    RECEIVED = "received_at"
    DUE = "judged_due_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOrder:
    """An order of the cases whose column says something, or with `unsaid` of the others, which stand by their ids."""

    key: IndexedColumn
    descending: bool = False
    unsaid: bool = False

    @property
    def reversed(self) -> "KeyOrder":
        """The same the other way round."""
        return KeyOrder(key=self.key, descending=not self.descending, unsaid=self.unsaid)


async def places_in_order(
    connection: AsyncConnection,
    relation: Relation,
    asked: CaseFilter,
    order: KeyOrder,
    *,
    after: CasePlace | None,
    inclusive: bool = False,
    limit: int,
) -> list[CasePlace]:
    """The first `limit` matching cases of the relation in that order, behind `after`, or with `inclusive` from it on."""
    conditions = conditions_of(asked)
    column, way = f"c.{order.key}", "DESC" if order.descending else "ASC"
    keys = ["c.case_id"] if order.unsaid or order.key is IndexedColumn.CASE else [column, "c.case_id"]
    where = [*conditions.texts]
    if order.key is not IndexedColumn.CASE:
        where.append(f"{column} IS {'NULL' if order.unsaid else 'NOT NULL'}")
    parameters: dict[str, object] = {**conditions.parameters, **relation.parameters, "limit": limit}
    if after is not None:
        compared = f"{'<' if order.descending else '>'}{'=' if inclusive else ''}"
        where.append(f"({', '.join(keys)}) {compared} ({', '.join([':after_value', ':after_id'][-len(keys) :])})")
        parameters |= {"after_value": after[0], "after_id": after[1]} if len(keys) > 1 else {"after_id": after[1]}
    ordered = ", ".join(f"{key} {way}" for key in keys)
    statement = f"""WITH {relation.ctes} SELECT {"NULL" if order.unsaid else column} AS value, c.case_id FROM seen c
        WHERE {" AND ".join(where) or "TRUE"} ORDER BY {ordered} LIMIT :limit"""
    return [(row.value, row.case_id) for row in await connection.execute(text(statement), parameters)]
