"""The check of the read models: that they are what the log gives. Some cases are folded anew each time, and held against their rows."""

import json
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, Self

from sqlalchemy import ARRAY, JSON, Column, Table, Text, any_, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, wrong
from tiendo_event_store import EventLog
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.reading.log_rules import LogRules
from tiendo_event_store.stored import ToldGroup
from tiendo_projector.folding_chunks import CHUNK_CASES_MAX, fold_groups
from tiendo_read_models import tables
from tiendo_read_models.builds import Reader, is_as_defined, reading
from tiendo_read_models.errors import NoLiveBuild
from tiendo_read_models.folding import FoldedGroup
from tiendo_read_models.rows import CaseRows

CASES_MAX: Final = 1_000
"""How many cases are folded anew: all of a small log, of a larger one others each time."""
_SHOWN_MAX: Final = 20
_REMEDY: Final = "`tiendo rebuild` makes the read models anew from the log; find out who changed them"

_CASES: Final = text("""
SELECT DISTINCT subject FROM tiendo.events
 WHERE shard IS NOT NULL AND position = ANY(:positions)
""")
_LAST: Final = """
SELECT subject, max(position) AS last FROM tiendo.events WHERE shard IS NOT NULL AND subject = ANY($1::text[]) GROUP BY subject
"""

Rows = Mapping[str, Sequence[Sequence[Any]]]
"""What a case has in each table of the read models, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _KnownRules:
    """The rules that cases are folded by, and the position of the fact that told them last."""

    rules: LogRules
    position: int

    @classmethod
    async def of(cls, log: EventLog) -> Self:
        facts = await log.facts_of_logs()
        return cls(rules=LogRules.fold(facts), position=max((one.fact.position for one in facts), default=0))

    async def hold(self, log: EventLog) -> bool:
        """Whether nothing has been told of rules since."""
        return not await log.facts_of_logs(after=self.position)


async def check_read_models(engine: AsyncEngine) -> list[CheckFinding]:
    """Whether the rows of some cases are what folding their events gives; what is being folded at this moment is left to the next time."""
    log = EventLog(engine)
    try:
        known = await _KnownRules.of(log)
        codes = await _some_codes(engine, await log.head())
        judged, differing = 0, list[str]()
        for start in range(0, len(codes), CHUNK_CASES_MAX):
            compared, different = await _compared(engine, log, known, codes[start : start + CHUNK_CASES_MAX])
            judged += compared
            if different:  # twice, for codes may have been joined in this moment
                differing += (await _compared(engine, log, known, different))[1]
    except NoLiveBuild:
        return []
    if not judged and not differing:
        return []
    if not differing:
        return [good("read models", f"{judged} cases folded anew, each as it is shown")]
    more = f", and {len(differing) - _SHOWN_MAX} more" if len(differing) > _SHOWN_MAX else ""
    return [wrong("read models", f"other than the log gives: {', '.join(differing[:_SHOWN_MAX])}{more}", _REMEDY)]


async def _some_codes(engine: AsyncEngine, head: int) -> list[str]:
    """Codes that events name at positions drawn by lot, and codes of rows: somebody may have put in a case that nobody told of."""
    drawn = random.sample(range(1, head + 1), min(head, 10 * CASES_MAX))
    async with engine.connect() as connection:
        told = list(await connection.scalars(_CASES, {"positions": drawn}))
    async with reading(engine) as reader:
        shown = list(await reader.connection.scalars(_some_rows(reader)))
    random.shuffle(told)
    return [*dict.fromkeys([*told[:CASES_MAX], *shown])]


def _some_rows(reader: Reader) -> Any:  # noqa: ANN401 - SQLAlchemy's statement types are generic
    return text(f"SELECT case_id FROM {reader.build.schema_name}.cases ORDER BY random() LIMIT {CASES_MAX // 4}")


async def _compared(
    engine: AsyncEngine, log: EventLog, known: _KnownRules, codes: Sequence[str]
) -> tuple[int, list[str]]:
    """How many cases were held against their rows, and which differ."""
    groups = await log.read_groups(codes)
    folded = fold_groups(groups, known.rules)
    told = frozenset(code for group in groups for code in group.codes)
    async with reading(engine) as reader:
        if not await is_as_defined(reader.connection, reader.build):
            return 0, []
        shown = await _shown(reader, told | set(codes))
        waiting = set(await reader.connection.scalars(select(tables.refolds.c.case_id)))
        position = reader.position
    if known.position > position or not await known.hold(log):
        return 0, []
    last = await _last_positions(engine, told)
    judged, differing = 0, sorted(shown.keys() - told)
    for group, one in zip(groups, folded, strict=True):
        if group.codes & waiting or not _is_settled(group, last, position):
            continue
        judged += len(one.cases)
        differing += _differing(one, shown)
    return judged, differing


async def _last_positions(engine: AsyncEngine, codes: Collection[str]) -> Mapping[str, int]:
    """Where the last event told of each code stands by now."""
    async with lent_driver(engine) as driver:
        return {row["subject"]: row["last"] for row in await driver.fetch(_LAST, sorted(codes))}


def _is_settled(group: ToldGroup, last: Mapping[str, int], position: int) -> bool:
    """Whether what was read of the group is all that the rows can show."""
    read = max(event.position for event in group.events)
    return read <= position and max(last.get(code, 0) for code in group.codes) == read


def _differing(folded: FoldedGroup, shown: Mapping[str, Rows]) -> Iterable[str]:
    made = {one.case_id: _plain_rows(one) for one in folded.cases if isinstance(one, CaseRows)}
    if folded.faults:
        return ()
    return [code for code in sorted(folded.codes) if made.get(code) != shown.get(code)]


_TABLES: Final = {
    tables.cases: tables.CASE.names,
    tables.holds: tables.HOLD.names,
    tables.attributions: tables.ATTRIBUTION.names,
    tables.explanations: tables.EXPLANATION.names,
}


def _plain_rows(rows: CaseRows) -> Rows:
    given = zip(_TABLES, ([rows.case], rows.holds, rows.attributions, rows.explanations), strict=True)
    return {table.name: _ordered(_parsed(table, row) for row in of) for table, of in given if of}


def _parsed(table: Table, row: Sequence[Any]) -> list[Any]:
    """A row as it is written, where JSON is text still, as it is read."""
    columns = _columns(table, _TABLES[table])
    pairs = zip(columns, row, strict=True)
    return [
        json.loads(value) if isinstance(column.type, JSON) and value is not None else value for column, value in pairs
    ]


@cache
def _columns(table: Table, names: Sequence[str]) -> Sequence[Column[Any]]:
    by_name = {column.name: column for column in table.columns}
    return [by_name[name] for name in names]


async def _shown(reader: Reader, codes: Collection[str]) -> dict[str, Rows]:
    found: dict[str, dict[str, list[Any]]] = {}
    for table, names in _TABLES.items():
        for case_id, *row in await _rows_of(reader.connection, table, names, codes):
            found.setdefault(case_id, {}).setdefault(table.name, []).append(row)
    return {case_id: {name: _ordered(rows) for name, rows in of.items()} for case_id, of in found.items()}


async def _rows_of(
    connection: AsyncConnection, table: Table, names: Sequence[str], codes: Collection[str]
) -> Iterable[Sequence[Any]]:
    columns = [table.c.case_id, *_columns(table, names)]
    among = bindparam("codes", type_=ARRAY(Text))
    statement = select(*columns).where(table.c.case_id == any_(among))
    return (await connection.execute(statement, {"codes": sorted(codes)})).all()


def _ordered(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return sorted(([_plain(value) for value in row] for row in rows), key=repr)


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a column holds
    """The value as the database gives it back."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    return value
