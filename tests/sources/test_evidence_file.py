"""Tables of evidence are read by their headings, wherever these stand, and dates as tables write them."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from tiendo_sources.evidence.evidence_file import ROWS_MAX, EvidenceRow, EvidenceUnreadable, read_evidence

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def test_a_workbook_with_a_title_above_its_headings_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bang.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Minh chứng quên thao tác"])
        sheet.write_row(2, 0, ["STT", "MÃ HỒ SƠ", "Ngày ký", "Số, ký hiệu", "Xong lúc"])
        sheet.write_row(3, 0, [1, "H34-1", date(2022, 8, 16), "77/KQ", datetime(2022, 8, 16, 16, 30)])  # noqa: DTZ001 - as workbooks have them
        sheet.write_row(5, 0, [2, "H34-2", "16/8/2022", "", "chiều"])
    assert read_evidence(path, ZONE) == [
        EvidenceRow(
            number=4,
            case_id="H34-1",
            document_number="77/KQ",
            signed_at="2022-08-16",
            finished_at="2022-08-16T16:30:00+07:00",
        ),
        EvidenceRow(number=6, case_id="H34-2", document_number="", signed_at="2022-08-16", finished_at="chiều"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mã hồ sơ;Ngày ký\nH34-1;16/08/2022\n", "không thấy các cột"),
        ("Mã hồ sơ;Số văn bản;Ngày ký\n", "bảng không có dòng nào"),
        ("Mã hồ sơ;Số văn bản;Ngày ký\n" + "H;1;16/08/2022\n" * (ROWS_MAX + 1), f"hơn {ROWS_MAX} dòng"),
        ("Tên;Ghi chú\n" + "x;y\n" * 2_000, "more than 1,000 rows"),
        ("%PDF-1.7\n", "không đọc được tệp"),
    ],
    ids=["a column missing", "no row", "too many rows", "too many rows of others", "no table"],
)
def test_what_is_no_table_of_evidence_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bang.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceUnreadable) as refused:
        read_evidence(path, ZONE)
    assert said in refused.value.words.vi
