"""Rows of tables that were refused are taken again by a mended mapping, as an import of their file would take them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.commands import Run, tiendo_on
from tests.sources.table_files import COLUMNS, HEADINGS, SOURCE, csv_text, mapping

from tiendo_event_store import EventLog

MENDED = mapping(time={"zone": "Asia/Ho_Chi_Minh", "time_of_day": "07:30"})
ROWS = [
    ("H-1", "15/08/2022", "29/08/2022", "30/08/2022 09:00", "Chi nhánh"),
    ("H-2", "hôm qua", "", "", "Chi nhánh"),
    ("H-3", "15/08/2022 08:05", "", "", "Chi nhánh"),
]


@pytest.fixture
def tiendo(database_url: str, tmp_path: Path) -> Run:
    (tmp_path / "first.toml").write_text(mapping(), encoding="utf-8")
    (tmp_path / "mended.toml").write_text(MENDED, encoding="utf-8")
    run = tiendo_on(database_url, tmp_path)
    made = run("migrate")  # with the secret of the keys
    assert made.returncode == 0, made.stderr
    return run


def replayed(tiendo: Run, *options: str) -> dict[str, Any]:
    done = tiendo("rejections", "replay", "--of", "table", "--format", "json", *options)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def told(engine: AsyncEngine) -> list[tuple[str, str, str]]:
    found = [json.loads(event.text) for event in await EventLog(engine).read_after(0, 100) if event.shard is not None]
    return sorted((one["subject"], one["type"].split(".")[3], one["time"][:16]) for one in found)


async def test_a_refused_row_is_taken_by_a_mended_mapping_once(
    tiendo: Run, tmp_path: Path, engine: AsyncEngine
) -> None:
    (tmp_path / "table.csv").write_text(csv_text(*ROWS), encoding="utf-8")
    assert tiendo("import", "table.csv", "--mapping", "first.toml").returncode == 1
    first = replayed(tiendo, "--mapping", "mended.toml")
    assert (first["taken"], first["still-refused"], first["left"]) == (1, 1, 0)
    assert "Ngày tiếp nhận" in first["shown"][0]["reason"]
    received = [("H-1", "completed", "2022-08-30T09:00"), ("H-1", "received", "2022-08-15T07:30")]
    assert await told(engine) == [*received, ("H-3", "received", "2022-08-15T08:05")]
    again = replayed(tiendo, "--mapping", "mended.toml")
    assert (again["taken"], again["already-there"], again["still-refused"]) == (0, 0, 1)
    assert tiendo("import", "table.csv", "--mapping", "mended.toml").stdout.startswith("accepted: 0   duplicates: 3")


async def test_a_row_of_a_workbook_is_taken_again_as_it_stood_and_one_that_text_does_not_tell_is_left(
    tiendo: Run, tmp_path: Path, engine: AsyncEngine
) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        HEADINGS,
        ("H-1", datetime(2022, 8, 15), "", "", "A"),  # noqa: DTZ001 - as spreadsheets have it
        ("H-2", datetime(2022, 8, 15), "", "=NA()", "A"),  # noqa: DTZ001 - likewise
    ):
        book.active.append(row)
    book.save(tmp_path / "table.xlsx")
    assert tiendo("import", "table.xlsx", "--mapping", "first.toml").returncode == 1
    found = replayed(tiendo, "--mapping", "mended.toml")
    assert (found["taken"], found["still-refused"], found["left"]) == (1, 0, 0)
    assert await told(engine) == [("H-1", "received", "2022-08-15T07:30")]
    async with engine.connect() as connection:
        open_ones = await connection.scalars(text("SELECT origin FROM tiendo.rejections WHERE resubmitted_at IS NULL"))
        assert open_ones.all() == [None]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"source": "/another"}, f"a row of {SOURCE}: give its mended mapping"),
        ({"columns": COLUMNS | {"field": "Lĩnh vực"}}, "Lĩnh vực"),
    ],
    ids=["another source", "a column of which nothing was kept"],
)
def test_a_row_that_the_mapping_is_not_for_is_left_with_the_reason(
    tiendo: Run, tmp_path: Path, changed: dict[str, Any], why: str
) -> None:
    (tmp_path / "table.csv").write_text(csv_text(ROWS[0]), encoding="utf-8")
    tiendo("import", "table.csv", "--mapping", "first.toml")
    other = mapping(changed.get("columns")).replace(SOURCE, changed.get("source", SOURCE))
    (tmp_path / "other.toml").write_text(other, encoding="utf-8")
    found = replayed(tiendo, "--mapping", "other.toml")
    assert (found["taken"], found["left"]) == (0, 1)
    assert why in found["shown"][0]["reason"]
    assert found["shown"][0]["reason"].endswith("import its file again")
