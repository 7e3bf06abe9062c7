"""Documents to write, filled as an office would."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from tiendo_documents.administrative import (
    AdministrativeDocument,
    Appendix,
    Letterhead,
    Orientation,
    Signature,
    Title,
    paragraph,
)
from tiendo_documents.cell_values import Percentage
from tiendo_documents.document_tables import (
    Align,
    Cell,
    ColumnGroup,
    DocumentColumn,
    DocumentRow,
    DocumentTable,
    RowRole,
    group_row,
)

LETTERS = "ĂăÂâĐđÊêÔôƠơƯư" + "".join(
    letter + mark for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for mark in "\u0300\u0301\u0303\u0309\u0323"
)
"""Every letter of Vietnamese with a mark, the marks as characters of their own."""

COLUMNS = (
    DocumentColumn(heading="STT", width=0.5, number="(1)", align=Align.CENTRE),
    DocumentColumn(heading="Họ và tên", width=2.4, number="(2)"),
    ColumnGroup(
        heading="Hồ sơ",
        columns=(
            DocumentColumn(heading="Tổng số", number="(3)"),
            ColumnGroup(
                heading="Chậm",
                columns=(
                    DocumentColumn(heading="Theo quy tắc", number="(4)"),
                    DocumentColumn(heading="Sau quyết định", number="(5)"),
                ),
            ),
        ),
    ),
    DocumentColumn(heading="Tỷ lệ", number="(6)"),
    DocumentColumn(heading="Ngày", number="(7)", width=1.2),
)


def rows(count: int, name: str = "Nguyễn Thị Ánh") -> list[DocumentRow]:
    items = [
        DocumentRow(cells=(number, name, 1_000 + number, 2, 1, Percentage(part=1, whole=8), date(2022, 8, 5)))
        for number in range(1, count + 1)
    ]
    total = DocumentRow(kind=RowRole.TOTAL, cells=(Cell(value="Tổng cộng", columns=2), 9_999, 8, 7, None, None))
    return [group_row("I. Chi nhánh Kon Tum", 7), *items, total]


def notice(table_rows: Sequence[DocumentRow], *, text: str = "Danh sách kèm theo.") -> AdministrativeDocument:
    table = DocumentTable(
        columns=COLUMNS, rows=table_rows, unit="Đơn vị tính: hồ sơ", notes=("Số liệu đến 31/8/2022.",)
    )
    return AdministrativeDocument(
        head=Letterhead(
            agency="Sở Tài nguyên và Môi trường",
            superior="UBND tỉnh Kon Tum",
            symbol="TB-STNMT",
            place="Kon Tum",
            dated_on=date(2022, 2, 5),
        ),
        title=Title(kind="Thông báo", subject="Về việc công khai danh sách", remarks=("Kỳ tháng 01/2022",)),
        grounds=("Căn cứ Luật Cán bộ, công chức;", "Căn cứ Nghị quyết số 85/NQ-CP"),
        body=(paragraph(text),),
        signatures=(Signature(capacity=("KT. Giám đốc", "Phó Giám đốc"), name="Trần Văn Đức"),),
        recipients=("UBND tỉnh", "Lưu: VT"),
        appendices=(
            Appendix(
                number="I",
                title="Danh sách công chức",
                body=(table,),
                orientation=Orientation.LANDSCAPE,
            ),
        ),
        simulated=True,
        made_at=datetime(2022, 9, 5, tzinfo=UTC),
    )
