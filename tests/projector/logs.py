"""Cases for the projector's tests: made from a seed, sent in any order, and the read models that come of them as bytes."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.directory import directory_event
from tiendo_contracts.events.case_events import accept_text
from tiendo_domain.rules import Definition
from tiendo_event_store import BulkLoader, CoalescingWriter, EventLog
from tiendo_read_models.builds import reading
from tiendo_read_models.errors import NoLiveBuild
from tiendo_read_models.tables import metadata

STARTED_AT = datetime(2022, 3, 1, 1, 0, tzinfo=UTC)
SOURCE = "/test/one-stop"
OFFICERS = [("CB-1", "Nguyễn Thị Ánh"), ("CB-2", "Y Bình"), ("CB-3", "A Thuận"), (None, "Chuyên viên")]
POSITIONS = frozenset({"first_position", "last_position"})
"""The columns that say where in the log something stands: all that may differ between two deliveries of the same facts."""
BOOKKEEPING = frozenset({"folds", "places"})
"""The tables that say when cases were folded, or where units of cases hang or ever hung, not what came of it."""


def event_text(case_id: str, event_id: str, kind: str, at: datetime, **data: Any) -> str:
    """The CloudEvent of one fact, as a source sends it."""
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": f"vn.tiendo.case.{kind}.v1",
        "subject": case_id,
        "time": at.isoformat(),
        "recordedat": (at + timedelta(minutes=2)).isoformat(),
        "data": data,
    }
    return json.dumps(event, ensure_ascii=False)


def holder(officer: tuple[str | None, str], unit_id: str) -> dict[str, Any]:
    """An officer of a unit as events name one."""
    officer_id, name = officer
    unit = {"id": unit_id, "name": f"Phòng {unit_id}"}
    return {"name": name, "unit": unit} | ({} if officer_id is None else {"id": officer_id})


def received_text(
    case_id: str,
    *,
    unit: Mapping[str, str] | None = None,
    procedure_id: str = "1.004227",
    officer: tuple[str | None, str] = OFFICERS[0],
    at: datetime = STARTED_AT,
) -> str:
    """The reception of a case that `officer` holds."""
    return event_text(
        case_id,
        f"{case_id}-0",
        "received",
        at,
        procedure={"id": procedure_id, "name": "Đăng ký biến động"},
        unit=dict(unit or {"id": "H34.1", "name": "Sở"}),
        due_at=(at + timedelta(days=3)).isoformat(),
        holder=holder(officer, "H34.1"),
        step={"id": "s-0", "name": "Tiếp nhận", "allotted_minutes": 120},
    )


def case_texts(case_id: str, chance: random.Random) -> list[str]:
    """The events of one case: received, some handovers, perhaps a pause, an extension or a correction, mostly an end."""
    at = STARTED_AT + timedelta(minutes=chance.randrange(200_000))
    unit_id = f"H34.{chance.randrange(1, 5)}"
    unit = {"id": unit_id, "name": f"Sở {unit_id}", "parent": "H34", "level": "province"}
    texts = [received_text(case_id, unit=unit, officer=chance.choice(OFFICERS), at=at)]
    for number in range(1, chance.randrange(2, 9)):
        at += timedelta(minutes=chance.randrange(0, 3_000))
        texts.append(_next_text(case_id, number, at, chance))
    if chance.random() < 0.8:
        texts.append(event_text(case_id, f"{case_id}-end", "completed", at + timedelta(minutes=chance.randrange(900))))
    return texts


def _next_text(case_id: str, number: int, at: datetime, chance: random.Random) -> str:
    event_id = f"{case_id}-{number}"
    kind = chance.choice(["forwarded", "assigned", "claimed", "sent-back", "suspended", "resumed", "corrected"])
    if kind == "suspended":
        return event_text(case_id, event_id, kind, at, reason="chờ văn bản")
    if kind == "corrected":
        annulled = {"source": SOURCE, "id": f"{case_id}-{chance.randrange(1, number + 1)}"}
        return event_text(case_id, event_id, kind, at, annuls=annulled, reason="nhầm")
    step = {"id": f"s-{chance.randrange(4)}", "name": "Thẩm định", "allotted_minutes": chance.randrange(60, 900)}
    unit_id = f"H34.{chance.randrange(1, 5)}"
    return event_text(case_id, event_id, kind, at, holder=holder(chance.choice(OFFICERS), unit_id), step=step)


def many_cases(count: int, *, seed: int = 1) -> list[str]:
    """The events of `count` cases, in the order in which they happened."""
    chance = random.Random(seed)
    texts = [text for number in range(count) for text in case_texts(f"HS-{number:05d}", chance)]
    return sorted(texts, key=lambda text: str(json.loads(text)["time"]))


async def send(engine: AsyncEngine, texts: Iterable[str]) -> None:
    """Append events of cases to the log."""
    async with BulkLoader(engine) as loader:
        await loader.append([accept_text(text) for text in texts])


async def define(engine: AsyncEngine, *definitions: Definition) -> None:
    """Append facts of the configuration to the log."""
    async with CoalescingWriter(engine) as writer:
        await writer.append_directory([directory_event(definition, at=STARTED_AT) for definition in definitions])


def address_of(engine: AsyncEngine) -> str:
    """The address of the engine's database."""
    return engine.url.render_as_string(hide_password=False)


async def followed_to_the_end(engine: AsyncEngine) -> bool:
    """Whether the live build holds everything that the log does, with nothing left to fold again."""
    head = await EventLog(engine).head()
    try:
        async with reading(engine) as reader:
            waiting = await reader.connection.scalar(select(metadata.tables["refolds"].c.case_id).limit(1))
            return reader.position >= head and waiting is None
    except NoLiveBuild:
        return False


async def rows_of(engine: AsyncEngine, table_name: str, *columns: str) -> list[tuple[Any, ...]]:
    """Rows of a table of the live build, sorted; all columns unless some are named."""
    table = metadata.tables[table_name]
    wanted = [column for column in table.columns if not columns or column.name in columns]
    async with reading(engine) as reader:
        rows = await reader.connection.execute(select(*wanted))
        return sorted((tuple(row) for row in rows), key=repr)


async def read_models(engine: AsyncEngine) -> bytes:
    """Every table of the live build in canonical form, without the positions of the log."""
    parts: list[str] = []
    for table in metadata.sorted_tables:
        if table.name in BOOKKEEPING:
            continue
        columns = [column.name for column in table.columns if column.name not in POSITIONS]
        rows = await rows_of(engine, table.name, *columns)
        parts += [table.name, *(json.dumps(_plain(row), ensure_ascii=False, sort_keys=True) for row in rows)]
    return "\n".join(parts).encode()


def _plain(row: Sequence[Any]) -> list[Any]:
    return [value.isoformat() if isinstance(value, datetime) else value for value in row]
