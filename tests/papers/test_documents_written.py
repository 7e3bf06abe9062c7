"""Administrative documents in three formats: one content, the form of Nghị định 30/2020/NĐ-CP."""

import re
import unicodedata

import pytest
from docx.oxml.ns import qn
from tests.papers.examples import LETTERS, notice, rows
from tests.papers.reading import cells, pages, sizes, texts, word, workbook

from tiendo_documents.document_files import DocumentFormat, render
from tiendo_documents.document_tables import group_row

SAID = (
    "UBND TỈNH KON TUM", "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
    "/TB-STNMT", "Kon Tum, ngày 05 tháng 02 năm 2022", "THÔNG BÁO", "Về việc công khai danh sách", "Kỳ tháng 01/2022",
    "Căn cứ Luật Cán bộ, công chức;", "Căn cứ Nghị quyết số 85/NQ-CP.", "Danh sách kèm theo.", "Nơi nhận:", "- UBND tỉnh;", "- Lưu: VT.",
    "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Văn Đức", "Phụ lục I", "DANH SÁCH CÔNG CHỨC", "(Kèm theo Thông báo số", "ngày 05 tháng 02 năm 2022 của",
    "Đơn vị tính: hồ sơ",
    "Theo quy tắc", "Sau quyết định", "(7)", "I. Chi nhánh Kon Tum", "Nguyễn Thị Ánh", "Tổng cộng", "Số liệu đến 31/8/2022.",
    "Dữ liệu mô phỏng",
)  # fmt: skip
LONG = notice(rows(60))


@pytest.mark.parametrize("document_format", DocumentFormat)
def test_the_same_document_is_the_same_bytes(document_format: DocumentFormat) -> None:
    assert render(notice(rows(3)), document_format) == render(notice(rows(3)), document_format)


def test_every_format_says_the_same() -> None:
    for document_format, text in texts(notice(rows(3))).items():
        notices = "Dữ liệu mô phỏng" if document_format is DocumentFormat.DOCX else ""
        assert [said for said in SAID if said not in text + notices] == [], document_format


def test_what_rests_on_simulated_facts_says_so_on_every_page() -> None:
    assert all("Dữ liệu mô phỏng" in page for page in pages(render(LONG, DocumentFormat.PDF)))
    for section in word(render(LONG, DocumentFormat.DOCX)).sections:
        for header in (section.header, section.first_page_header):
            assert [paragraph.text for paragraph in header.paragraphs][-1] == "Dữ liệu mô phỏng"
    for sheet in workbook(render(LONG, DocumentFormat.XLSX)):
        assert sheet.oddFooter.right.text == "Dữ liệu mô phỏng"


def test_a_table_repeats_its_heading_on_every_page() -> None:
    found = pages(render(LONG, DocumentFormat.PDF))
    assert len(found) > 3
    assert all("Họ và tên" in page and "(7)" in page for page in found[1:])
    (table,) = word(render(LONG, DocumentFormat.DOCX)).tables[2:]
    repeated = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
    assert repeated == [True] * 4 + [False] * 62
    sheet = workbook(render(LONG, DocumentFormat.XLSX))["Phụ lục I"]
    first, last = (int(row) for row in sheet.print_title_rows.replace("$", "").split(":"))
    assert [sheet.cell(row, 1).value for row in (first, last)] == ["STT", "(1)"]


def test_pages_are_numbered_from_the_second_and_anew_in_each_appendix() -> None:
    found = pages(render(LONG, DocumentFormat.PDF))
    numbers = [page.split()[0] if page.split()[0].isdigit() else None for page in found]
    assert numbers == [None, None, *(str(number) for number in range(2, len(found)))]
    for section in word(render(LONG, DocumentFormat.DOCX)).sections:
        assert section.different_first_page_header_footer
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_sheets_are_a4_upright_and_across() -> None:
    found = sizes(render(LONG, DocumentFormat.PDF))
    assert (found[0], set(found[1:])) == ((210, 297), {(297, 210)})
    upright, across = word(render(LONG, DocumentFormat.DOCX)).sections
    assert (round(upright.page_width.mm), round(across.page_width.mm)) == (210, 297)
    first, second = workbook(render(LONG, DocumentFormat.XLSX))
    assert {sheet.page_setup.paperSize for sheet in (first, second)} == {9}
    assert (first.page_setup.orientation, second.page_setup.orientation) == ("portrait", "landscape")


def test_every_letter_of_vietnamese_is_set_and_can_be_copied_out() -> None:
    composed = unicodedata.normalize("NFC", LETTERS)
    found = texts(notice(rows(1), text=" ".join(LETTERS[place : place + 8] for place in range(0, len(LETTERS), 8))))
    for document_format, text in found.items():
        assert set(composed) - set(text) == set(), document_format


def test_the_typeface_is_in_the_pdf_and_named_in_the_others() -> None:
    file = render(notice(rows(1)), DocumentFormat.PDF)
    assert b"TeXGyreTermes" in file
    assert word(render(notice(rows(1)), DocumentFormat.DOCX)).styles["Normal"].font.name == "Times New Roman"
    sheet = workbook(render(notice(rows(1)), DocumentFormat.XLSX)).worksheets[0]
    assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value} == {"Times New Roman"}


def test_a_workbook_holds_numbers_and_dates() -> None:
    found = cells(render(notice(rows(1)), DocumentFormat.XLSX))
    assert 1001 in found
    assert 0.125 in found
    assert [value.date().isoformat() for value in found if hasattr(value, "date")] == ["2022-08-05"]


def test_margins_are_those_of_the_decree_on_sheets_of_either_direction() -> None:
    """Top and bottom 20 to 25 mm, left 30 to 35, right 15 to 20 (Phụ lục I, I.3)."""
    for section in word(render(LONG, DocumentFormat.DOCX)).sections:
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]


def test_the_heading_of_a_group_never_ends_a_page() -> None:
    """However many rows stand before it: each page ends with a row of somebody, or of the sum."""
    grouped = [row for group in range(40) for row in (group_row(f"NHÓM {group}", 7), *rows(1 + group % 3)[1:-1])]
    found = pages(render(notice(grouped), DocumentFormat.PDF))
    ends = [re.sub(r"\s*(Số liệu đến.*|Dữ liệu mô phỏng)\s*", "", page) for page in found[1:]]
    assert len(ends) > 3
    assert [end for end in ends if re.search(r"NHÓM \d+$", end)] == []
    (table,) = word(render(notice(grouped), DocumentFormat.DOCX)).tables[2:]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
    texts_of = [row.cells[0].text.startswith("NHÓM") for row in table.rows]
    assert [each is True for each in kept] == texts_of
