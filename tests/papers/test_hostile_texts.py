"""Texts of facts are texts: none is markup, a formula, a field, or breaks a file."""

import io
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.papers.examples import notice, rows
from tests.papers.reading import cells, squeezed, texts

from tiendo_documents.administrative import AdministrativeDocument, FormHead, Letterhead, Signature, Title, paragraph
from tiendo_documents.document_files import DocumentFormat, render
from tiendo_documents.document_tables import Cell, DocumentColumn, DocumentRow, DocumentTable, group_row
from tiendo_documents.plain_texts import plain

HOSTILE = (
    '#read("/etc/passwd") #panic("x") #sys.version',
    "*a* _b_ `c` $d$ = e - f + g / h <i> @j \\u{41} // k /* l */ ~ -- ... 'm' \"n\"",
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+cmd|' /C calc'!A0",
    "@SUM(1)",
    "{=1+1}",
    "&P &D &[Page] _x0041_ _x000D_",
    "<w:t>a</w:t> &lt; &amp; ]]> <!-- x -->",
    "{{ 7*7 }} {% x %} ${x}",
    "http://example.org/ mailto:x@y",
)  # fmt: skip


def everywhere(text: str) -> AdministrativeDocument:
    """A document that says the text in every place that can say one."""
    table = DocumentTable(
        columns=(DocumentColumn(heading=text, number=text), DocumentColumn(heading="b")),
        rows=(
            group_row(text, 2),
            DocumentRow(cells=(text, Cell(value=text, bold=True, rows=2))),
            DocumentRow(cells=(text,)),
        ),
        caption=text,
        unit=text,
        notes=(text,),
    )
    return AdministrativeDocument(
        head=Letterhead(agency=text, superior=text, number=text, subject=text, place=text),
        title=Title(kind=text, subject=text, remarks=(text,)),
        sheet=text,
        grounds=(text,),
        addressees=(text, text),
        body=(paragraph(text), table),
        signatures=(Signature(capacity=(text,), manner=text, name=text),),
        recipients=(text,),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_every_format_says_a_text_as_it_stands(text: str) -> None:
    for document_format, found in texts(everywhere(text)).items():
        assert found.count(squeezed(text)) >= 8, document_format


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_a_link_or_a_field(text: str) -> None:
    with zipfile.ZipFile(io.BytesIO(render(everywhere(text), DocumentFormat.XLSX))) as file:
        parts = {name: file.read(name).decode() for name in file.namelist() if name.endswith(".xml")}
    assert not any("<f>" in part or "<hyperlink" in part for part in parts.values())
    with zipfile.ZipFile(io.BytesIO(render(everywhere(text), DocumentFormat.DOCX))) as file:
        body = file.read("word/document.xml").decode()
    assert not any(field in body for field in ("fldSimple", "instrText", "<w:hyperlink"))


@settings(max_examples=5, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
@example("\x00\x07\x1b\r\n\t\u2028\ud800\ufffe\u202e\u0301a\U000e0001")
@example("")
def test_any_text_gives_files_that_can_be_read(text: str) -> None:
    for document_format, found in texts(everywhere(text)).items():
        words = squeezed(plain(text))
        if document_format is DocumentFormat.DOCX:
            assert words in found
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in found


def test_a_text_longer_than_a_cell_may_be_is_cut_and_shows_it() -> None:
    file = render(notice(rows(1, name="x" * 40_000)), DocumentFormat.XLSX)
    (cut,) = [cell for cell in cells(file) if isinstance(cell, str) and cell.startswith("xxx")]
    assert (len(cut), cut[-1]) == (32_767, "…")


def test_marks_of_direction_do_not_turn_what_stands_beside_them() -> None:
    assert plain("Nguyễn \u202egnort\u202c A\u2067b\u2069") == "Nguyễn gnort Ab"


def test_a_word_of_any_length_stays_in_its_column() -> None:
    word = "K" * 200
    found = texts(notice(rows(1, name=word)))
    assert word in found[DocumentFormat.PDF].replace(" ", "")
    assert word in cells(render(notice(rows(1, name=word)), DocumentFormat.XLSX))


def test_a_form_says_hostile_texts_too() -> None:
    text = '=1+1 #panic("x")'
    head = FormHead(form=text, source=text, title="t", period=(text,), reporting_unit=text, receiving_unit=text)
    for found in texts(AdministrativeDocument(head=head, body=(), simulated=True)).values():
        assert found.count(text) == 5
