"""`python -m tests.bench.plans --data FOLDER`: puts the plans of the queries that figures and lists ask into `docs/performance.md`.

Each question is asked of the province in this process, twice, so that what is kept between questions is there; the statements of the second
time are then explained by PostgreSQL as they were sent (`EXPLAIN (ANALYZE, BUFFERS)`).
"""

import argparse
import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from tests.bench.databases import engine_on
from tests.bench.documents import DOCUMENT, with_bench_table
from tests.bench.province import loaded
from tests.bench.sizes import DEFAULT_SCALE, Size
from tests.bench.stage import Stage

from tiendo_query.cases.case_pages import AskedCases, case_page
from tiendo_query.figures.delaying import AskedDelays, delay_page
from tiendo_query.figures.ranking import AskedOfficers, officer_delay, ranking
from tiendo_query.figures.reporting import AskedReport, report
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.province.view import province_view
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import asked_period
from tiendo_read_models.builds import reading
from tiendo_runtime.embedded import Cluster

START, END = date(2022, 7, 1), date(2022, 7, 31)
_WIDTH = 180
_SCHEMA = re.compile(r"\bbuild_\d+\.")
_NOISE = re.compile(r"\(cost=[^)]*\) ?|\bwidth=\d+|^\s*(?:Buffers: .*temp|Memory: ).*$")

Ask = Callable[[QuerySide, Snapshot], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it was sent, and the values of its parameters."""

    text: str
    values: tuple[Any, ...]


def questions(officer_id: str, unit_id: str, part: str) -> Mapping[str, Ask]:
    """The questions, by the address that asks them."""
    overdue = AskedCases(limit=50, unit=unit_id, class_="actual")

    def month(snapshot: Snapshot) -> Any:
        return asked_period(START, END, as_of=None, now=datetime.now(UTC), zone=snapshot.zone).period

    return {
        "`/` (home page)": lambda side, seen: province_view(side, seen, LookingParameters(), (START, END), names=True),
        "`/v1/officers`": lambda side, seen: ranking(side, seen, AskedOfficers(start=START, end=END)),
        "`/v1/report`, `/v1/units`": lambda side, seen: report(side, seen, AskedReport(start=START, end=END)),
        "`/v1/officers/{officer_id}/timeline`": lambda _, seen: officer_delay(seen, officer_id, month(seen)),
        "`/v1/cases?unit=&class=`": lambda side, seen: case_page(side, seen, overdue),
        "`/v1/cases?text=`": lambda side, seen: case_page(side, seen, AskedCases(limit=50, text=part)),
        "`/v1/delays?limit=500`": lambda side, seen: delay_page(
            side, seen, AskedDelays(start=START, end=END), limit=500, cursor=None
        ),
    }


async def sent_by(engine: AsyncEngine, side: QuerySide, ask: Ask) -> list[Sent]:
    """The statements that the question sends when it is asked again."""
    found: list[Sent] = []

    def note(_conn: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        found.append(Sent(statement, tuple(parameters)))

    for _ in range(2):
        found.clear()
        event.listen(engine.sync_engine, "before_cursor_execute", note)
        try:
            async with side.snapshot() as snapshot:
                await ask(side, snapshot)
        finally:
            event.remove(engine.sync_engine, "before_cursor_execute", note)
    return list({one.text: one for one in found if "build_0" in one.text}.values())


async def plan_of(connection: AsyncConnection, sent: Sent) -> list[str]:
    """The lines of the plan, without estimates."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    rows = await driver.fetch(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sent.text}", *sent.values)
    lines = [_NOISE.sub("", row[0]).rstrip() for row in rows]
    return [line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…" for line in lines if line]


def in_words(statement: str) -> str:
    """The statement on one line, without the relations that it is asked of."""
    plain = " ".join(_SCHEMA.sub("", statement).split())
    if plain.startswith("WITH seen "):
        plain = f"WITH … {plain[plain.rindex(') SELECT ') + 2 :]}"
    return plain if len(plain) <= _WIDTH else f"{plain[: _WIDTH - 1]}…"


async def plans(engine: AsyncEngine, scale: float) -> str:
    """All plans as text for the document; a statement that several questions send stands once."""
    side = QuerySide(engine, keeps=True)
    parts = [f"Explained on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, the province at scale {scale:g}."]
    explained: set[str] = set()
    try:
        async with side.snapshot() as snapshot:
            first = (await ranking(side, snapshot, AskedOfficers(start=START, end=END))).officers[0].names
            case_ids = [one["case_id"] for one in (await case_page(side, snapshot, AskedCases(limit=9))).records]
        for address, ask in questions(str(first.id), str(first.unit_id), case_ids[-1][-8:]).items():
            parts += [f"### {address}", ""]
            statements = await sent_by(engine, side, ask)
            async with reading(engine) as reader:
                for sent in statements:
                    if sent.text in explained:
                        continue
                    explained.add(sent.text)
                    lines = await plan_of(reader.connection, sent)
                    took = lines[-1].removeprefix("Execution Time: ")
                    parts += [
                        f"<details><summary>{took}: <code>{_escaped(in_words(sent.text))}</code></summary>",
                        "",
                        "```text",
                        *lines,
                        "```",
                        "",
                        "</details>",
                        "",
                    ]
    finally:
        await side.close()
    return "\n".join(parts).rstrip()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def _explained(folder: Path, scale: float) -> str:
    async with Stage(Cluster(data=folder), Size(scale=scale)) as stage:
        await loaded(stage.cluster, scale)
        async with engine_on(stage.province_url()) as engine:
            return await plans(engine, scale)


def main() -> None:
    """Explain, and write it down."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.plans", description="how PostgreSQL answers")
    parser.add_argument("--scale", type=float, default=DEFAULT_SCALE, help="share of the province")
    parser.add_argument("--data", type=Path, required=True, help="the folder that keeps the loaded province")
    given = parser.parse_args()
    found = asyncio.run(_explained(given.data, given.scale))
    DOCUMENT.write_text(with_bench_table(DOCUMENT.read_text(encoding="utf-8"), "plans", found), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT} has the plans\n")


if __name__ == "__main__":
    main()
