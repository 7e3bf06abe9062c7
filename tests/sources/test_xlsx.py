"""Tables as workbooks: what a spreadsheet shows is what is read, of whatever program wrote it; and no file can fill the memory."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.table_files import COLUMNS, HEADINGS, events, mapping, read, refusals, said

from tiendo_sources.errors import FormatUnknown, LogUnreadable, SourceError
from tiendo_sources.tables.mapping import TableShape
from tiendo_sources.xlsx.mapped_rows import sheet_rows

RECEIVED = datetime(2022, 8, 15, 8, 5)  # noqa: DTZ001 - as spreadsheets have it
DUE = datetime(2022, 8, 29)  # noqa: DTZ001
ENDED = datetime(2022, 8, 30, 9)  # noqa: DTZ001
EXPECTED = [("H-1", "received", "2022-08-15T08:05"), ("H-1", "completed", "2022-08-30T09:00")]
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def by_openpyxl(path: Path) -> None:
    """Texts in the cells, dates by a style, a formula without a value beside them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, ("H-1", RECEIVED, DUE, ENDED, "Chi nhánh"), (None,) * 5):
        sheet.append(row)
    sheet["G2"] = "=1+1"
    book.save(path)


def by_xlsxwriter(path: Path) -> None:
    """Shared texts, rich texts, formulas with the values that were worked out."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        date = book.add_format({"num_format": '"ngày" dd/mm/yyyy hh:mm'})
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_formula(1, 0, '="H-"&1', None, "H-1")
        sheet.write_formula(1, 1, "=DATE(2022,8,15)+485/1440", date, 44788.336805555555)
        sheet.write_datetime(1, 2, DUE, date)
        sheet.write_datetime(1, 3, ENDED, date)
        sheet.write_rich_string(1, 4, "Chi ", book.add_format({"bold": True}), "nhánh")


def counted_from_1904(path: Path) -> None:
    """The days of the first spreadsheets of Macintosh."""
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        date = book.add_format({"num_format": "d/m/yy h:mm"})
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ("H-1", RECEIVED, DUE, ENDED, "Chi nhánh"), date)


def in_another_sheet(path: Path) -> None:
    """The first sheet that is shown has the table, the one before is hidden."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("Hồ sơ")
    for row in (HEADINGS, ("H-1", "15/08/2022 08:05", "29/08/2022", 44803.375, "Chi nhánh")):
        sheet.append(row)
    book.save(path)


@pytest.mark.parametrize("written", [by_openpyxl, by_xlsxwriter, counted_from_1904, in_another_sheet])
def test_a_workbook_of_any_program_gives_the_same_events(path: Path, written: Callable[[Path], None]) -> None:
    written(path)
    entries, _ = read(path, mapping())
    assert said(entries) == EXPECTED
    assert events(entries)[0]["data"] == {
        "unit": {"name": "Chi nhánh"},
        "holder": {"unit": {"name": "Chi nhánh"}},
        "due_at": "2022-08-29T17:00:00+07:00",
    }


def test_of_merged_headings_the_lowest_counts(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "DANH SÁCH HỒ SƠ"
    sheet.merge_cells("A1:E1")
    for column, heading in (
        ("A", "Mã hồ sơ"),
        ("B", "Thời gian"),
        ("D", "Ngày có kết quả"),
        ("E", "Đơn vị giải quyết"),
    ):
        sheet[f"{column}3"] = heading
    for merged in ("A3:A4", "B3:C3", "D3:D4", "E3:E4"):
        sheet.merge_cells(merged)
    sheet["B4"], sheet["C4"] = "Ngày tiếp nhận", "Ngày hẹn trả"
    for column, value in enumerate(("H-1", RECEIVED, DUE, ENDED, "Chi nhánh"), start=1):
        sheet.cell(6, column, value)
    book.save(path)
    assert said(read(path, mapping(table={"header_rows": 4}))[0]) == EXPECTED


def test_a_formula_whose_value_is_not_kept_refuses_its_row_where_its_column_is_read(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    sheet.append(("H-1", RECEIVED, "=B2+10", ENDED, "Chi nhánh"))
    sheet.append(("H-2", RECEIVED, DUE, ENDED, "=A1"))
    sheet.append(("H-3", RECEIVED, DUE, ENDED, "#N/A"))
    book.save(path)
    assert refusals(read(path, mapping())[0]) == [
        ("row 2, Ngày hẹn trả", "file-formula-without-value"),
        ("row 3, Đơn vị giải quyết", "file-formula-without-value"),
        ("row 4, Đơn vị giải quyết", "file-formula-without-value"),
    ]


def test_the_end_of_a_line_in_a_cell_makes_no_other_name(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    sheet.append(("H-1", RECEIVED, DUE, ENDED, "Chi nhánh_x000D_\n"))
    book.save(path)
    assert events(read(path, mapping())[0])[0]["data"]["unit"] == {"name": "Chi nhánh"}


def test_every_cell_is_read_as_another_library_reads_it(path: Path) -> None:
    by_xlsxwriter(path)
    sheet = openpyxl.load_workbook(BytesIO(path.read_bytes()), data_only=True).active
    assert sheet is not None
    with path.open("rb") as file, sheet_rows(file, TableShape()) as rows:
        mine = [tuple(map(str, row.cells)) for row in rows]
    theirs = [tuple(str(cell).removesuffix(" 00:00:00") for cell in row) for row in sheet.iter_rows(values_only=True)]
    assert mine == theirs


def package(**parts: str | bytes) -> bytes:
    """A workbook of the parts; `sheet` is its one sheet."""
    named = {
        "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="a" r:id="1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="1" Type="x/worksheet" Target="sheet.xml"/></Relationships>',
        "xl/sheet.xml": parts.pop("sheet", ""),
        **{name.replace("__", "/").replace("_xml", ".xml"): content for name, content in parts.items()},
    }
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in named.items():
            archive.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (package(sheet=SHEET.format("<row/>" + " " * 128 * 1024**2)), "no table is packed that tight"),
        (package(sheet='<!DOCTYPE w [<!ENTITY a "a">]>' + SHEET.format("")), "entities that blow up"),
        (package(sheet=SHEET.format(f'<row><c t="str"><v>{"x" * 200_000}</v></c></row>')), "longer than 128 KiB"),
        (package(sheet=SHEET.format('<row r="99999999"/>')), "row beyond"),
        (package(sheet=SHEET.format('<row><c t="s"><v>7</v></c></row>')), "shared text 7"),
        (package(sheet="<worksheet><sheetData><row>"), "not well-formed"),
        (package(sheet=SHEET.format("")), "the table is empty"),
        (package()[:-40], "its end is missing"),
    ],
)
def test_what_would_fill_the_memory_or_is_damaged_is_refused(path: Path, content: bytes, complaint: str) -> None:
    path.write_bytes(content)
    with pytest.raises(LogUnreadable, match=complaint):
        read(path, mapping())


def zipped(**names: bytes) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in names.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return written.getvalue()


def compound(name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + f"{name}\0".encode("utf-16-le") + bytes(100)


@pytest.mark.parametrize(
    ("content", "likeness"),
    [
        (compound("EncryptedPackage"), "protected by a password"),
        (compound("Workbook"), r"\.xls"),
        (compound("WordDocument"), "Word"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b""), r"\.ods"),
        (zipped(xl__workbook_bin=b""), r"\.xlsb"),
        (zipped(word__document_xml=b""), "Word"),
        (zipped(table_csv=b"a;b"), "ZIP archive"),
    ],
)
def test_a_file_that_is_something_else_is_named_for_what_it_is(path: Path, content: bytes, likeness: str) -> None:
    path.write_bytes(content)
    with pytest.raises(FormatUnknown, match=likeness):
        read(path, mapping())


CELLS = st.builds(
    '<c r="{}" t="{}" s="{}">{}<v>{}</v></c>'.format,
    st.sampled_from(["A1", "B1", "ZZZZ9", "", "é", "C"]),
    st.sampled_from(["s", "n", "str", "b", "d", "e", "inlineStr", ""]),
    st.sampled_from(["0", "1", "-1", "٣"]),
    st.sampled_from(["", "<f/>", "<is><t>x</t></is>"]),
    st.sampled_from(["0", "44788.3", "-1", "1e999", "nan", "", "H-1", "٣"]),
)


@given(
    rows=st.lists(st.lists(CELLS, max_size=6).map("".join), max_size=4), junk=st.binary(max_size=4), at=st.floats(0, 1)
)
def test_any_cells_and_any_damage_give_entries_or_a_reasoned_refusal(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], junk: bytes, at: float
) -> None:
    path = tmp_path_factory.mktemp("xlsx") / "file"
    heads = "".join(f'<c t="inlineStr"><is><t>{heading}</t></is></c>' for heading in COLUMNS.values())
    whole = package(sheet=SHEET.format(f"<row>{heads}</row>" + "".join(f"<row>{row}</row>" for row in rows)))
    place = round(at * len(whole))
    path.write_bytes(whole[:place] + junk + whole[place + len(junk) :] if junk else whole)
    try:
        entries, _ = read(path, mapping())
    except SourceError:
        return
    # What begins with a brace is read as NDJSON, line by line.
    assert all(entry.where.startswith(("row ", "line ")) for entry in entries)
