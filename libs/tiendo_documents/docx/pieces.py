"""Paragraphs, tables without lines, and lines under words, added to a Word document in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.section import CT_SectPr

from tiendo_documents.administrative import TextSpan
from tiendo_documents.document_tables import Align
from tiendo_documents.docx.markup import NAMESPACE, TWIPS_PER_MM, run
from tiendo_documents.plain_texts import plain

_ALIGNS: Final = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right", Align.JUSTIFIED: "both"}
_INDENT: Final = f'<w:ind w:firstLine="{round(10 * TWIPS_PER_MM)}"/>'
_LINE: Final = '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLine:
    """A paragraph: its letters, how it stands, points before and after; `rule_mm` draws a line of that length below instead of letters."""

    spans: Sequence[TextSpan] = ()
    size: float = 13
    align: Align = Align.CENTRE
    indented: bool = False
    before: float = 0
    after: float = 0
    kept: bool = False
    rule_mm: float | None = None
    within_mm: float = 0


def paragraph_markup(line: WordLine) -> str:
    """The XML of the paragraph, with its namespace."""
    properties = "<w:keepNext/>" if line.kept else ""
    if line.rule_mm is not None:
        inset = max(0, round((line.within_mm - line.rule_mm) / 2 * TWIPS_PER_MM))
        properties += (
            f'{_LINE}{_spacing(line)} w:line="40" w:lineRule="exact"/><w:ind w:left="{inset}" w:right="{inset}"/>'
        )
    else:
        properties += f'{_spacing(line)} w:line="259" w:lineRule="auto"/>{_INDENT if line.indented else ""}'
    properties += f'<w:jc w:val="{_ALIGNS[line.align]}"/>'
    runs = "".join(run(plain(span.text), size=line.size, bold=span.bold, italic=span.italic) for span in line.spans)
    return f'<w:p xmlns:w="{NAMESPACE}"><w:pPr>{properties}</w:pPr>{runs}</w:p>'


def _spacing(line: WordLine) -> str:
    return f'<w:spacing w:before="{round(line.before * 20)}" w:after="{round(line.after * 20)}"'


def said(text: str, *, bold: bool = False, italic: bool = False) -> tuple[TextSpan, ...]:
    """The text as the letters of a line."""
    return (TextSpan(text=text, bold=bold, italic=italic),)


def side_by_side(columns: Sequence[tuple[float, Sequence[WordLine]]]) -> str:
    """The XML of a table without lines: for each column its width in millimetres and what stands in it."""
    twips = [round(width * TWIPS_PER_MM) for width, _ in columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{''.join(paragraph_markup(line) for line in lines) or '<w:p/>'}</w:tc>"
        for width, (_, lines) in zip(twips, columns, strict=True)
    )
    return (
        f'<w:tbl xmlns:w="{NAMESPACE}"><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>"
    )


def add(document: Document, markup: str) -> None:
    """Put the piece at the end of the document."""
    body = document.element.body
    last = body[-1] if len(body) else None
    piece = parse_xml(markup)
    if isinstance(last, CT_SectPr):
        last.addprevious(piece)
    else:
        body.append(piece)
