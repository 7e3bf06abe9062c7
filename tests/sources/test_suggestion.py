"""A mapping suggested for a table can be used as it stands where the headings are known, and says where it could not tell."""

import tomllib
from pathlib import Path

import openpyxl
import pytest
from tests.sources.table_files import csv_text, read, refusals, said

from tiendo_sources.opening import opened_log

CASES = (
    "STT",
    "Mã hồ sơ",
    "Chủ hồ sơ",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày có kết quả",
    "Đơn vị giải quyết",
    "Trạng thái",
)
ROW = ("1", "H-1", "Trần Thị A", "15/08/2022 08:05", "29/08/2022", "30/08/2022 09:00", "Chi nhánh", "Đã trả kết quả")


def suggested(path: Path) -> str:
    with opened_log(path) as log:
        assert log.format.suggested is not None
        return log.format.suggested(log.stream)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def test_a_table_with_known_headings_is_imported_by_what_is_suggested(path: Path) -> None:
    path.write_text("DANH SÁCH HỒ SƠ;;;;;;;\r\n;;;;;;;\r\n" + csv_text(ROW, headings=CASES), encoding="utf-16")
    text = suggested(path)
    entries, _ = read(path, text)
    assert said(entries) == [("H-1", "received", "2022-08-15T08:05"), ("H-1", "completed", "2022-08-30T09:00")]
    assert tomllib.loads(text)["table"] == {"row": "case", "header_rows": 3, "delimiter": ";", "encoding": "utf-16"}
    assert '# not read: "Chủ hồ sơ", which tells of the applicant' in text
    assert '# text = "Đã trả kết quả"' in text


def test_steps_are_known_and_merged_headings_counted(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Quá trình"
    for row in (
        ("Mã hồ sơ", "Xử lý", None, None, None),
        (None, "Bước", "Cán bộ xử lý", "Thời gian bắt đầu", "Thời gian kết thúc"),
        ("H-1", "Thẩm định", "Nguyễn Thị Ánh", "15/08/2022 08:05", "16/08/2022 09:00"),
    ):
        sheet.append(row)
    book.create_sheet("Khác")
    book.save(path)
    text = suggested(path)
    table = tomllib.loads(text)["table"]
    assert table == {"row": "step", "header_rows": 2, "sheet": "Quá trình"}
    assert '# others: "Khác"' in text
    assert said(read(path, text)[0]) == [("H-1", "assigned", "2022-08-15T08:05")]


def test_what_could_not_be_told_is_a_comment(path: Path) -> None:
    headings = ("Số", "Ngày tiếp nhận hồ sơ tại bộ phận", "Ngày trả", "Ngày trả kết quả")
    path.write_text(csv_text(("1", "08/25/2022 08:05", "08/26/2022", "x"), headings=headings, delimiter=","))
    text = suggested(path)
    assert '# case_id = ""  # could not tell which column this is' in text
    assert '"Ngày tiếp nhận hồ sơ tại bộ phận"  # by the likeness of its heading: is that so?' in text
    assert '# not read: "Ngày trả kết quả"; it may be delivered as well' in text
    assert 'format = "%m/%d/%Y %H:%M"' in text
    assert '# time_of_day = "07:00"  # "Ngày trả" has dates without a time of day' in text


def test_quotes_and_control_characters_in_headings_make_no_other_mapping(path: Path) -> None:
    headings = ("Mã hồ sơ", 'Ghi "chú" này', "Ngày tiếp nhận\x7f\\")
    path.write_text(
        csv_text(
            ("H-1", "", "15/08/2022 08:05"), headings=[f'"{one.replace(chr(34), chr(34) * 2)}"' for one in headings]
        )
    )
    text = suggested(path)
    assert tomllib.loads(text)
    assert not refusals(read(path, text)[0])
