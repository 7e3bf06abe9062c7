"""A document as a workbook: printed as A4, one page wide, with the heading of its first table on every page."""

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tiendo_documents.administrative import AdministrativeDocument, Appendix, Block, FormHead, Orientation
from tiendo_documents.document_names import document_name
from tiendo_documents.document_tables import Align, DocumentTable, leaves
from tiendo_documents.plain_texts import one_line, plain
from tiendo_documents.words import ADDRESSEES, SIMULATED, appendix_heading, attached_line, ground_lines
from tiendo_documents.xlsx.cell_formats import Formats, Look
from tiendo_documents.xlsx.document_sheets import DocumentSheet
from tiendo_documents.xlsx.sheet_heads import closing, form_head, letterhead, title

_NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
_WIDTH: Final = {Orientation.PORTRAIT: 92.0, Orientation.LANDSCAPE: 138.0}
"""Characters side by side on a sheet."""
_PLAIN_COLUMNS: Final = 6
_SHEET_NAME_MAX: Final = 31
_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\']")
_A4: Final = 9
_INCH_MM: Final = 25.4


def xlsx(document: AdministrativeDocument) -> bytes:
    """The file. Raises TableUneven, and TooLong."""
    written = io.BytesIO()
    workbook = Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made_at = (document.made_at or _NO_TIME).astimezone(UTC).replace(tzinfo=None)
    workbook.set_properties({"title": document_name(document), "created": made_at})
    simulated = f'&R&"Times New Roman,Italic"&10{SIMULATED}' if document.simulated else ""
    formats, names = Formats(workbook), set[str]()
    main = _begin(workbook.add_worksheet(_sheet_name(document.sheet, names)), formats, document, simulated)
    _main(main, document)
    _finish(main)
    for appendix in document.appendices:
        name = _sheet_name(appendix_heading(appendix), names)
        sheet = _begin(workbook.add_worksheet(name), formats, appendix, simulated)
        _appendix(sheet, appendix, document)
        _finish(sheet)
    workbook.close()
    return written.getvalue()


def _begin(sheet: Worksheet, formats: Formats, part: AdministrativeDocument | Appendix, notice: str) -> DocumentSheet:
    widths = _widths(part.body, _WIDTH[part.orientation])
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.set_paper(_A4)
    if part.orientation is Orientation.LANDSCAPE:
        sheet.set_landscape()
    sheet.set_margins(left=30 / _INCH_MM, right=15 / _INCH_MM, top=20 / _INCH_MM, bottom=20 / _INCH_MM)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_header('&C&"Times New Roman,Regular"&13&P')
    sheet.set_footer(notice)
    return DocumentSheet(sheet=sheet, formats=formats, widths=widths)


def _widths(body: Sequence[Block], whole: float) -> list[float]:
    """Of the columns of all tables on the sheet the widest, scaled to the sheet."""
    found: list[float] = []
    for block in body:
        if isinstance(block, DocumentTable):
            columns = leaves(block.columns)
            total = sum(column.width for column in columns)
            for place, column in enumerate(columns):
                width = column.width / total * whole
                if place < len(found):
                    found[place] = max(found[place], width)
                else:
                    found.append(width)
    return found or [whole / _PLAIN_COLUMNS] * _PLAIN_COLUMNS


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that a workbook takes and has not yet."""
    kept = _NOT_IN_SHEET_NAMES.sub(" ", one_line(name)).strip()[:_SHEET_NAME_MAX].strip() or "1"
    found, number = kept, 2
    while found.casefold() in taken:
        found = f"{kept[: _SHEET_NAME_MAX - 4]} {number}"
        number += 1
    taken.add(found.casefold())
    return found


def _main(sheet: DocumentSheet, document: AdministrativeDocument) -> None:
    if document.simulated:
        sheet.line(SIMULATED, Look(size=10, italic=True, align=Align.RIGHT))
    if isinstance(document.head, FormHead):
        form_head(sheet, document.head)
    else:
        letterhead(sheet, document.head)
    if document.title is not None:
        title(sheet, document.title)
    for place, addressee in enumerate(document.addressees):
        sheet.line(f"{'' if place else ADDRESSEES + ' '}{addressee}", Look(size=13, align=Align.CENTRE))
    for ground in ground_lines(document.grounds):
        sheet.line(ground, Look(size=13, italic=True))
    _blocks(sheet, document.body, document.size)
    closing(sheet, document)


def _appendix(sheet: DocumentSheet, appendix: Appendix, document: AdministrativeDocument) -> None:
    if document.simulated:
        sheet.line(SIMULATED, Look(size=10, italic=True, align=Align.RIGHT))
    sheet.line(appendix_heading(appendix), Look(size=14, bold=True, align=Align.CENTRE))
    sheet.line(plain(appendix.title).upper(), Look(size=14, bold=True, align=Align.CENTRE))
    if (attached := attached_line(document, appendix)) is not None:
        sheet.line(attached, Look(size=13, italic=True, align=Align.CENTRE))
    sheet.end_row(6)
    _blocks(sheet, appendix.body, document.size)


def _blocks(sheet: DocumentSheet, blocks: Sequence[Block], size: float) -> None:
    for block in blocks:
        if isinstance(block, DocumentTable):
            sheet.table(block)
        else:
            bold, italic = (all(getattr(span, name) for span in block.spans) for name in ("bold", "italic"))
            text = "".join(span.text for span in block.spans)
            align = Align.LEFT if block.align is Align.JUSTIFIED else block.align
            sheet.line(text, Look(size=block.size or size, bold=bold, italic=italic, align=align))


def _finish(sheet: DocumentSheet) -> None:
    if sheet.tables:
        first, last = sheet.tables[0]
        sheet.sheet.repeat_rows(first, last)
        if len(sheet.tables) == 1:
            sheet.sheet.freeze_panes(last + 1, 0)
