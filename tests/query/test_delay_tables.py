"""Delays as tables for clerks and for programs: words and local dates, or codes and instants; codes survive in a workbook."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from defusedxml import ElementTree

from tiendo_contracts.answers.common import Named
from tiendo_contracts.answers.delays import Delay
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_query.figures.delay_columns import DELAYS
from tiendo_query.tables.columns import Wording
from tiendo_query.tables.table_files import TableForm, write_table
from tiendo_query.tables.workbook import TableXlsx
from tiendo_read_models.queries.units import UnitNode, UnitTree

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TREE = UnitTree.of(
    UnitNode(id=unit, name=name, level=None, parent=parent)
    for unit, name, parent in (
        ("H34", "UBND tỉnh", None),
        ("H34.S", "Sở TNMT", "H34"),
        ("H34.S.1", "Chi nhánh VPĐKĐĐ", "H34.S"),
        ("H34.S.1.1", None, "H34.S.1"),
    )
)


def a_delay(**values: Any) -> Delay:
    row = {
        "case_id": "0012",
        "aliases": [],
        "simulated": True,
        "procedure": {"id": "1.004227", "name": "=cmd()"},
        "field": {"id": "dat-dai", "name": "Đất đai"},
        "responsible_unit": {"id": "H34.S", "name": "Sở"},
        "received_at": "2022-08-15T01:05:30Z",
        "due_at": "2022-08-29T17:00:00+07:00",
        "judged_due_at": None,
        "ended_at": None,
        "state": "in-process",
        "lateness_minutes": 1_234,
        "party_kind": "officer",
        "party_key": '["officer", "0012"]',
        "officer_id": "0012",
        "full_name": 'Nguyễn; "Thị" Ánh',
        "position": "Chuyên viên",
        "unit": {"id": "H34.S.1", "name": "Chi nhánh"},
        "step": "Thẩm định",
        "held_from": "2022-08-15T23:30:00+07:00",
        "held_to": None,
        "minutes": 540,
        "by_rule_minutes": 600,
        "late_entry_minutes": 0,
        "late_entry_by_rule_minutes": 0,
        "received_by_decision_minutes": 0,
        "class": None,
        "rule": "step-norm/1 (A1, A2, A3)",
        "event_ids": ["e-1", "e-2"],
        "doubtful_minutes": 0,
        "quality": "good",
    }
    return Delay.model_validate(row | values)


def wording(language: Language) -> Wording:
    return Wording(tree=TREE, zone=ZoneInfo("Asia/Ho_Chi_Minh"), language=language)


async def table(form: TableForm, language: Language, *rows: Delay) -> bytes:
    async def found() -> AsyncIterator[Delay]:
        for row in rows:
            yield row

    file = io.BytesIO()
    assert await write_table(DELAYS, form, file, found(), wording(language)) is any(row.simulated for row in rows)
    return file.getvalue()


def sheets(content: bytes) -> list[list[dict[int, tuple[str, str]]]]:
    """Of each sheet the rows, of each row place -> (type, text) of its cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        return [[_cells(row) for row in ElementTree.fromstring(book.read(name)).iter(f"{_SHEET}row")] for name in names]


def _cells(row: Any) -> dict[int, tuple[str, str]]:
    return {
        _place(cell.get("r", "").rstrip("0123456789")): (cell.get("t", "n"), "".join(cell.itertext()))
        for cell in row.iter(f"{_SHEET}c")
    }


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def column(heading: str) -> int:
    return [one.heading.vi for one in DELAYS.in_words].index(heading)


async def test_csv_for_clerks_has_words_local_dates_and_semicolons() -> None:
    content = await table(TableForm.CSV, Language.VIETNAMESE, a_delay())
    assert content.startswith(b"\xef\xbb\xbfM")
    text = content.decode("utf-8-sig")
    assert not text.startswith("sep=")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert row["Ngày tiếp nhận"] == "15/08/2022 08:05"
    assert row["Ngày hẹn trả"] == "29/08/2022 17:00"
    assert row["Giữ từ"] == "15/08/2022 23:30"
    assert row["Giữ đến"] == row["Ngày có kết quả"] == row["Phân loại"] == ""
    assert row["Tình trạng"] == "đang xử lý"
    assert row["Bên chịu trách nhiệm"] == "công chức, viên chức"
    assert row["Họ và tên"] == 'Nguyễn; "Thị" Ánh'
    assert row["Đơn vị giải quyết"] == "Sở TNMT"
    assert row["Đơn vị"] == "Sở TNMT › Chi nhánh VPĐKĐĐ"
    assert (row["Số phút quy trách nhiệm"], row["Quy ra ngày làm việc (8 giờ)"]) == ("540", "1 ngày 1 giờ")
    assert row["Quy tắc"] == "theo thời hạn từng bước (step-norm/1), quy tắc A1, A2, A3"
    assert row["Tên thủ tục"] == "'=cmd()"
    assert row["Ghi chú"] == "Dữ liệu mô phỏng"


async def test_csv_for_programs_has_codes_and_instants_as_they_are_in_json() -> None:
    (row,) = csv.DictReader(io.StringIO((await table(TableForm.CSV, Language.ENGLISH, a_delay())).decode("utf-8-sig")))
    assert row["received"] == "2022-08-15T01:05:30Z"
    assert (row["state"], row["party_kind"], row["rule"]) == ("in-process", "officer", "step-norm/1 (A1, A2, A3)")
    assert (row["unit"], row["unit_path"]) == ("Chi nhánh", "Sở TNMT › Chi nhánh VPĐKĐĐ")


async def test_in_a_workbook_codes_are_text_minutes_numbers_and_dates_dates() -> None:
    ((heading, row),) = sheets(await table(TableForm.XLSX, Language.VIETNAMESE, a_delay()))
    assert [heading[place][1] for place in range(len(DELAYS.in_words))] == [one.heading.vi for one in DELAYS.in_words]
    assert row[column("Mã hồ sơ")] == ("inlineStr", "0012")
    assert row[column("Mã thủ tục")] == ("inlineStr", "1.004227")
    assert row[column("Mã công chức, viên chức")] == ("inlineStr", "0012")
    assert row[column("Tên thủ tục")] == ("inlineStr", "=cmd()")
    assert row[column("Số phút quy trách nhiệm")] == ("n", "540")
    assert row[column("Số phút do quên thao tác")] == ("n", "0")
    kind, days = row[column("Ngày tiếp nhận")]
    assert kind == "n"
    assert float(days) == pytest.approx(44_788 + (8 * 60 + 5.5) / 1440)
    assert column("Ngày có kết quả") not in row or row[column("Ngày có kết quả")][1] == ""


async def test_a_workbook_bears_every_character_and_every_length() -> None:
    name = "A\x1b\x00\ufffe\x7fB"
    long = a_delay(full_name=name, event_ids=["e" * 40_000])
    ((_, row),) = sheets(await table(TableForm.XLSX, Language.VIETNAMESE, long))
    assert row[column("Họ và tên")][1].startswith("A")
    assert row[column("Họ và tên")][1].endswith("B")
    assert row[column("Sự kiện làm căn cứ")][1] == "e" * 32_766 + "…"


def test_rows_beyond_a_sheet_go_on_in_the_next() -> None:
    file = io.BytesIO()
    book = TableXlsx(file, DELAYS, wording(Language.VIETNAMESE), rows_max=2)
    book.add([a_delay(case_id=f"HS-{number}") for number in range(5)])
    book.close()
    found = [[row[0][1] for row in sheet] for sheet in sheets(file.getvalue())]
    assert found == [["Mã hồ sơ", "HS-0", "HS-1"], ["Mã hồ sơ", "HS-2", "HS-3"], ["Mã hồ sơ", "HS-4"]]


@pytest.mark.parametrize("columns", [DELAYS.codes, DELAYS.in_words])
def test_every_heading_stands_once_in_either_language(columns: Any) -> None:
    for language in Language:
        headings = [column.heading.spoken(language) for column in columns]
        assert len(set(headings)) == len(headings)


@pytest.mark.parametrize(
    ("unit", "path"),
    [
        (("H34", None), "UBND tỉnh"),
        (("H34.S", None), "Sở TNMT"),
        (("H34.S.1.1", "Tổ một cửa"), "Sở TNMT › Chi nhánh VPĐKĐĐ › Tổ một cửa"),
        (("H34.S.1.1", None), "Sở TNMT › Chi nhánh VPĐKĐĐ › H34.S.1.1"),
        (("H99", "Nơi khác"), "Nơi khác"),
        ((None, "Tổ dân phố"), "Tổ dân phố"),
        ((None, None), None),
    ],
)
def test_a_unit_is_shown_with_the_path_of_its_parents(unit: tuple[str | None, str | None], path: str | None) -> None:
    named = Named(id=unit[0], name=unit[1])
    assert wording(Language.VIETNAMESE).unit(named) == path


def test_with_several_provinces_a_path_begins_at_the_top_and_a_circle_ends() -> None:
    nodes = (("A", None), ("A.1", "A"), ("B", None), ("B.1", "B"), ("X", "Y"), ("Y", "X"))
    tree = UnitTree.of(UnitNode(id=unit, name=None, level=None, parent=parent) for unit, parent in nodes)
    assert tree.path("A.1") == "A › A.1"
    assert tree.path("X") == "Y › X"
