"""What is refused of a file stands in another of its format, whole and with the reason; mended there, it can be imported."""

import csv
import json
from pathlib import Path

import openpyxl
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.sources.table_files import HEADINGS, csv_text, mapping
from tests.sources.xes_logs import event, trace

from tiendo_cli.importing.file_import import ImportTally, import_file
from tiendo_event_store import EventLog, Rejections
from tiendo_sources.opening import opened_log

GOOD = ("H-1", "15/08/2022 08:05", "29/08/2022", "30/08/2022 09:00", "Chi nhánh", "Trần Thị Bí Mật")
BAD = ("H-2", "15/08/2022", "29/08/2022", "", "Chi nhánh", "Lê Văn Bí Mật")


async def imported(
    engine: AsyncEngine, path: Path, text: str | None, *, dry_run: bool = False, refused: Path | None = None
) -> ImportTally:
    with opened_log(path) as log:
        reading = log.format.reading(text)
    return await import_file(engine, path, reading, progress=lambda *_: None, dry_run=dry_run, refused_path=refused)


async def test_a_refused_row_stands_whole_in_a_table_like_its_own_and_can_be_mended_there(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    path, refused, again = tmp_path / "table.csv", tmp_path / "refused.csv", tmp_path / "again.csv"
    path.write_text("Danh sách;;;;;\r\n" + csv_text(GOOD, BAD, headings=(*HEADINGS, "Chủ hồ sơ")), encoding="utf-16")
    text = mapping(table={"header_rows": 2})
    await imported(engine, path, text, refused=refused)
    assert refused.read_bytes().startswith(b"\xef\xbb\xbf")
    title, headings, row = csv.reader(refused.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    assert title[0] == "Danh sách"
    assert headings == [*HEADINGS, "Chủ hồ sơ", "Lý do"]
    assert row[:-1] == list(BAD)
    assert row[-1].startswith("Ngày không có giờ. `Ngày tiếp nhận` chỉ là một ngày")

    assert (await imported(engine, refused, text, refused=again)).refused == 1
    assert again.read_bytes() == refused.read_bytes()

    refused.write_text(refused.read_text(encoding="utf-8-sig").replace("15/08/2022;", "15/08/2022 09:00;"))
    assert (await imported(engine, refused, text)).accepted == 1
    kept = [each.raw for each in await Rejections(engine).after(0, 10)]
    assert not any("Bí Mật".encode() in (raw or b"") for raw in kept)


async def test_the_events_of_one_row_that_are_refused_by_the_log_make_one_refused_row(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    path, refused = tmp_path / "table.csv", tmp_path / "refused.csv"
    path.write_text(csv_text(GOOD[:5]))
    await imported(engine, path, mapping())
    path.write_text(csv_text((*GOOD[:4], "Chi nhánh khác"), (*GOOD[:4], "Chi nhánh khác nữa")))
    tally = await imported(engine, path, mapping(), refused=refused)
    assert (tally.accepted, tally.duplicates, tally.refused) == (0, 2, 2)
    rows = list(csv.reader(refused.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert [row[4] for row in rows[1:]] == ["Chi nhánh khác", "Chi nhánh khác nữa"]


async def test_what_no_heading_stands_over_is_kept_behind_the_reason(engine: AsyncEngine, tmp_path: Path) -> None:
    path, refused, again = tmp_path / "table.csv", tmp_path / "refused.csv", tmp_path / "again.csv"
    path.write_text(csv_text(GOOD[:5], (*BAD[:5], "", "số 2")))
    await imported(engine, path, mapping(), refused=refused)
    row = list(csv.reader(refused.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))[1]
    assert (row[:5], row[6:]) == (list(BAD[:5]), ["", "số 2"])
    await imported(engine, refused, mapping(), refused=again)
    assert again.read_bytes() == refused.read_bytes()


async def test_a_sheet_that_the_mapping_numbers_has_its_number_among_the_refused(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    path, refused = tmp_path / "table.xlsx", tmp_path / "refused.xlsx"
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Hồ sơ")
    sheet.append(HEADINGS)
    sheet.append(BAD)
    book.save(path)
    text = mapping(table={"sheet": 2})
    await imported(engine, path, text, refused=refused)
    assert (await imported(engine, refused, text)).refused == 1


async def test_whatever_stands_among_the_events_of_a_log_stands_in_the_refused(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    path, refused = tmp_path / "log.json", tmp_path / "refused.json"
    strange = [5, {"id": "e", "type": "t", "attributes": None}, {"id": "e", "type": "t", "attributes": ["x"]}]
    path.write_text(json.dumps({"objectTypes": [], "objects": [{"id": "H-1", "type": "case"}], "events": strange}))
    await imported(engine, path, None, refused=refused)
    found = json.loads(refused.read_bytes())["events"]
    assert found[0] == 5
    assert [each["attributes"][-1]["name"] for each in found[1:]] == ["Lý do", "Lý do"]


async def test_a_refused_row_of_a_workbook_keeps_its_dates(engine: AsyncEngine, tmp_path: Path) -> None:
    path, refused = tmp_path / "table.xlsx", tmp_path / "refused.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    sheet.append(("", GOOD[1], "29/08/2022", "=B1", 44803.375))
    sheet["C2"].number_format = "dd/mm/yyyy"
    sheet["C2"] = 44802
    book.save(path)
    await imported(engine, path, mapping(), refused=refused)
    found = openpyxl.load_workbook(refused).active
    assert found is not None
    headings, row = found.iter_rows(values_only=True)
    assert headings == (*HEADINGS, "Lý do")
    assert [str(cell) for cell in row[:5]] == ["None", GOOD[1], "2022-08-29 00:00:00", "", "44803.375"]
    assert "mã hồ sơ" in str(row[5]).casefold()


async def test_a_refused_line_is_itself_with_the_reason_as_a_member_that_is_not_compared(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    path, refused = tmp_path / "events.ndjson", tmp_path / "refused.ndjson"
    line = {"specversion": "1.0", "id": "e", "source": "/s", "type": "vn.tiendo.case.received.v1", "subject": "H"}
    path.write_text(f"{json.dumps(line)}\n{{broken\n")
    await imported(engine, path, None, refused=refused)
    first, second = refused.read_text().splitlines()
    assert json.loads(first) | {"lydo": ""} == {**line, "lydo": ""}
    assert "time" in json.loads(first)["lydo"]
    assert second == "{broken"
    await imported(engine, refused, None, refused=tmp_path / "again.ndjson")
    assert (tmp_path / "again.ndjson").read_text() == refused.read_text()
    refused.write_text(first.replace('"id"', '"time": "2022-08-15T08:05:00+07:00", "id"'))
    assert (await imported(engine, refused, None)).accepted == 1


async def test_of_a_log_the_refused_trace_stands_whole_with_the_reason(engine: AsyncEngine, tmp_path: Path) -> None:
    path, refused = tmp_path / "log.xes", tmp_path / "refused.xes"
    whole = trace(event("2022-08-15T08:00:00+07:00", "R"), event("gestern", "R"), name="A")
    path.write_text(f"<log>{whole}{trace(event('2022-08-15T08:00:00+07:00', 'R'), name='B')}</log>")
    assert (await imported(engine, path, None, refused=refused)).accepted == 4
    written = refused.read_text()
    assert written.count("<trace>") == 1
    assert 'key="Lý do"' in written
    refused.write_text(written.replace("gestern", "2022-08-16T08:00:00+07:00"))
    tally = await imported(engine, refused, None)
    assert (tally.refused, tally.accepted) == (0, 1)


async def test_a_dry_run_tells_what_would_become_of_every_event_and_keeps_nothing(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    rows = [GOOD[:5], BAD[:5], GOOD[:5], (*GOOD[:4], "Khác"), ("H-3", *GOOD[1:5])]
    path.write_text(csv_text(*rows))
    first = await imported(engine, path, mapping(), dry_run=True)
    assert not [event for event in await EventLog(engine).read_after(0, 1_000) if event.shard is not None]
    assert not await Rejections(engine).after(0, 10)
    real = await imported(engine, path, mapping())
    after = await imported(engine, path, mapping(), dry_run=True)
    counts = [(one.accepted, one.duplicates, one.refused) for one in (first, real, after)]
    assert counts == [(4, 3, 2), (4, 3, 2), (0, 7, 2)]
    assert (first.first_position, first.last_position) == (None, None)
