"""The directory as tables: what is read, how faults are told, and that what is written reads as it was."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from tests.commands import tiendo_on

from tiendo_contracts.directory import definition_of
from tiendo_contracts.rules_file import RulesFileError, events_to_append
from tiendo_domain.rules import RuleBook
from tiendo_sources.directory_tables.mapping import mapping_text, parse_directory_mapping
from tiendo_sources.directory_tables.reader import DirectoryFile, known_sheets, read_directory
from tiendo_sources.directory_tables.writing import write_csv, write_workbook
from tiendo_sources.errors import SourceError

AT = datetime(2026, 11, 30, tzinfo=UTC)
RULES = """
[[unit]]
id = "H"
name = "Tỉnh"
level = "province"
[[unit]]
id = "NGOK"
name = "Xã Ngok Wang"
parent = "H"
level = "commune"
valid_from = "2020-01-01"
valid_to = "2025-07-01"
merged_into = "DAK"
[[calendar]]
id = "vn"
[[calendar]]
id = "so"
units = ["H", "DAK"]
holidays = "none"
due_on_day_off = "as-stated"
[[session]]
calendar = "so"
weekdays = [1, 2, 3, 4, 7]
from = "07:00"
to = "11:30"
valid_to = "2025-12-31"
[[override]]
calendar = "so"
date = "2026-01-10"
kind = "working"
legal_reference = "Công văn 12"
[[procedure]]
id = "1.001"
pause = "restart"
days = "calendar"
norm_minutes = 7200
[[officer]]
id = "CB-1"
name = "=Nguyễn Thị Ánh"
unit = "H"
position = "Chuyên viên"
valid_from = "2025-07-01"
accounts = ["anh.nt", "anh2"]
[[officer]]
id = "CB-9"
same_as = "CB-1"
[[absence]]
officer = "CB-1"
from = "2022-08-15"
to = "2022-08-16"
kind = "phép"
[[absence]]
officer = "CB-1"
from = "2022-09-15T07:00:00"
to = "2022-09-15T12:00:00+07:00"
[[step]]
procedure = "1.001"
id = "tham-dinh"
name = "Thẩm định"
allotted_minutes = 960
"""


def applied(rules: Any, book: RuleBook | None = None) -> RuleBook:
    before = book or RuleBook()
    events = events_to_append(rules, before, at=AT)
    return before.with_definitions(definition_of(event["type"], event["data"]) for event in events)


def read(path: Path, book: RuleBook | None = None, kind: str | None = None) -> DirectoryFile:
    return read_directory(known_sheets(path, kind=kind), book or RuleBook())


def saved(folder: Path, text: str) -> Path:
    path = folder / "bang.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def faults(found: DirectoryFile, book: RuleBook | None = None) -> list[str]:
    """What is wrong with the file, as the command says it."""
    try:
        applied(found.tables, book)
    except RulesFileError as error:
        return [str(fault) for fault in (*found.faults, *found.placed(error).problems)]
    return [str(fault) for fault in found.faults]


def test_what_the_directory_says_written_as_a_workbook_and_read_again_changes_nothing(tmp_path: Path) -> None:
    book = applied(RULES)
    write_workbook(book, tmp_path / "danh-ba.xlsx")
    found = read(tmp_path / "danh-ba.xlsx")
    assert found.faults == []
    assert events_to_append(found.tables, book, at=AT) == []
    fresh = applied(found.tables)
    assert (fresh.officers, fresh.absences, fresh.steps) == (book.officers, book.absences, book.steps)
    assert (fresh.unit_rules, fresh.procedures) == (book.unit_rules, book.procedures)
    assert fresh.calendars["so"].definition == book.calendars["so"].definition


@pytest.mark.parametrize("kind", ["unit", "officer", "absence", "step", "session", "override", "calendar", "procedure"])
def test_a_table_written_as_csv_is_known_by_its_headings_and_says_the_same(tmp_path: Path, kind: str) -> None:
    book = applied(RULES)
    write_csv(book, kind, tmp_path / "bang.csv")
    (sheet,) = known_sheets(tmp_path / "bang.csv")
    assert (sheet.kind, sheet.unread) == (kind, [])
    found = read(tmp_path / "bang.csv")
    assert found.tables[kind]
    assert events_to_append(found.tables, book, at=AT) == []


def test_tables_as_offices_have_them_are_understood(tmp_path: Path) -> None:
    """Titles above, headings in other words, dates as spreadsheets keep them, units by name, the last day instead of the first no longer."""
    workbook = Workbook()
    units = workbook.active
    assert units is not None
    units.title = "Đơn vị"
    for row in (
        ["DANH SÁCH ĐƠN VỊ"],
        [],
        ["STT", "Mã đơn vị", "Tên đơn vị", "Trực thuộc", "Cấp", "Đến ngày", "Sáp nhập vào"],
        [1, "DAK", "Xã Đắk Hà", "H", "Xã", None, None],
        [2, "NGOK", "Xã Ngok Wang", "H", "cấp xã", datetime(2025, 6, 30), "DAK"],  # noqa: DTZ001 - as a spreadsheet has it
    ):
        units.append(row)
    officers = workbook.create_sheet("CBCC")
    officers.append(["Mã công chức", "Họ tên", "Phòng ban", "Chức danh", "Từ ngày"])
    officers.append(["CB-1", "Nguyễn  Thị Ánh", "Xã Đắk Hà", "Công chức", "01/07/2025"])
    steps = workbook.create_sheet("Quy trình")
    steps.append(["Mã TTHC", "Mã bước", "Tên bước", "Thời hạn bước (ngày)"])
    steps.append(["1.001", "td", "Thẩm định", 2.5])
    steps.append(["1.001", "kt", "Ký", 0.25])
    workbook.save(tmp_path / "danh-ba.xlsx")
    found = read(tmp_path / "danh-ba.xlsx")
    assert found.faults == []
    book = applied(found.tables)
    assert book.carried_on_by("NGOK", datetime(2025, 7, 1, tzinfo=UTC).date()) == "DAK"
    assert book.carried_on_by("NGOK", datetime(2025, 6, 30, tzinfo=UTC).date()) == "NGOK"
    (officer,) = book.officers["CB-1"]
    assert (officer.name, officer.unit, officer.position) == ("Nguyễn Thị Ánh", "DAK", "Công chức")
    assert [step.allotted_minutes for step in sorted(book.steps["1.001"], key=lambda one: one.id)] == [120, 1200]


FAULTY = """Mã công chức;Họ tên;Đơn vị;Từ ngày
CB-1;Nguyễn Thị Ánh;Tỉnh;31/02/2025
;Y Bình;Tỉnh;01/07/2025
CB-3;A Thuận;Huyện nào;01/07/2025
CB-4;Đinh;Tỉnh;01/07/2025;thừa
CB-5;Đúng;Tỉnh;01/07/2025
CB-5;Hai lần;Tỉnh;01/07/2025
"""


def test_every_fault_is_told_with_its_line_its_column_and_what_would_be_right(tmp_path: Path) -> None:
    book = applied(RULES)
    told = faults(read(saved(tmp_path, FAULTY), book), book)
    assert told == [
        "line 2, column “Từ ngày”: “31/02/2025” is no date; write the day as 01/07/2025",
        "line 4, column “Đơn vị”: “Huyện nào” is the name of no unit; write the unit's code in a column “Mã đơn vị”",
        "line 5: cannot be read: it has more cells than headings, or a quotation mark that is not closed",
        "line 3, column “Mã công chức”: is missing and required",
    ]
    twice = FAULTY.splitlines()
    told = faults(read(saved(tmp_path, "\n".join([twice[0], *twice[5:]])), book), book)
    assert told[0].startswith("line 3: the officer of id CB-5, valid_from 2025-07-01 stands already")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Mã cán bộ;Từ ngày;Đến ngày\nCB-1;01/07/2025;02/07/2025\n",
            "may be officer or absence by its headings; say which by --table",
        ),
        ("Cột một;Cột hai\na;b\n", "no headings by which it is known"),
        ("", "empty"),
        ('{"specversion": "1.0"}\n', "the directory is read from CSV and XLSX"),
    ],
)
def test_a_file_that_is_no_table_of_the_directory_says_what_would_be_one(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        known_sheets(saved(tmp_path, text))


def test_a_table_may_be_named_and_its_columns_mapped(tmp_path: Path) -> None:
    path = saved(tmp_path, "Mã cán bộ;Từ ngày;Đến ngày\nCB-1;01/07/2025;02/07/2025\n")
    (absence,) = read(path, kind="absence").tables["absence"]
    assert absence == {"officer": "CB-1", "from": "2025-07-01", "to": "2025-07-02"}
    mapping = parse_directory_mapping(mapping_text(known_sheets(path, kind="absence")))
    (again,) = read_directory(known_sheets(path, mapping=mapping), RuleBook()).tables["absence"]
    assert again == absence
    with pytest.raises(SourceError, match="'nobody' is no column of absence"):
        parse_directory_mapping('[[table]]\nkind = "absence"\n[table.columns]\nnobody = "x"')


@pytest.mark.parametrize(
    ("written", "days"),
    [("2-6", [1, 2, 3, 4, 5]), ("Thứ 2, Thứ 4, CN", [1, 3, 7]), ("7", [6]), ("Thứ 2 đến thứ 7", [1, 2, 3, 4, 5, 6])],
)
def test_weekdays_are_counted_as_in_vietnamese(tmp_path: Path, written: str, days: list[int]) -> None:
    path = saved(tmp_path, f"Mã lịch;Thứ;Từ giờ;Đến giờ\nvn;{written};7h30;11:30\n")
    (session,) = read(path).tables["session"]
    assert (session["weekdays"], session["from"]) == (days, "07:30")
    told = faults(read(saved(tmp_path, "Mã lịch;Thứ;Từ giờ;Đến giờ\nvn;1, 8;07:00;11:30\n")))
    assert "“1, 8” are no weekdays" in told[0]


def test_the_command_imports_a_table_once_and_as_a_whole(database_url: str, tmp_path: Path) -> None:
    tiendo = tiendo_on(database_url, tmp_path)
    good = "Mã công chức;Họ tên;Từ ngày\nCB-1;Nguyễn Thị Ánh;01/07/2025\nCB-2;Y Bình;\n"
    saved(tmp_path, good + "CB-3;Hỏng;khi nào\n")
    refused = tiendo("directory", "import", "bang.csv")
    assert refused.returncode == 1
    assert "bang.csv: line 4, column “Từ ngày”: “khi nào” is no date" in refused.stderr
    saved(tmp_path, good)
    assert "2 would be changed" in tiendo("directory", "import", "bang.csv", "--dry-run").stdout
    assert "2 changed" in tiendo("directory", "import", "bang.csv").stdout
    assert "nothing changed" in tiendo("directory", "import", "bang.csv").stdout
    assert tiendo("directory", "export", "ra.csv", "--table", "officer").returncode == 0
    lines = (tmp_path / "ra.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("CB-1;Nguyễn Thị Ánh;;;01/07/2025")
