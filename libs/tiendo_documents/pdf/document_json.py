"""A document as the JSON that the typst template reads: every value in words, every cell in its place."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from tiendo_documents.administrative import (
    AdministrativeDocument,
    Appendix,
    Block,
    FormHead,
    Letterhead,
    Orientation,
    Paragraph,
    Signature,
    Title,
)
from tiendo_documents.cell_values import in_words
from tiendo_documents.document_names import document_name
from tiendo_documents.document_tables import (
    Align,
    DocumentColumn,
    DocumentTable,
    PlacedCell,
    group_places,
    heading_rows,
    leaves,
    placed_rows,
)
from tiendo_documents.plain_texts import plain
from tiendo_documents.words import (
    ADDRESSEES,
    MOTTO,
    NATION,
    RECEIVING_UNIT,
    RECIPIENTS,
    REPORTING_UNIT,
    SIMULATED,
    appendix_heading,
    attached_line,
    ground_lines,
    number_line,
    place_and_date,
    recipient_lines,
)

_LONG_WORD: Final = re.compile(r"\S{28,}")


def content(document: AdministrativeDocument) -> str:
    """The JSON. Raises TableUneven, and TooLong."""
    head = document.head
    said = {
        "name": document_name(document),
        "size": document.size,
        "compact": document.compact,
        "simulated": SIMULATED if document.simulated else None,
        "letterhead": _letterhead(head) if isinstance(head, Letterhead) else None,
        "form_head": _form_head(head) if isinstance(head, FormHead) else None,
        "title": None if document.title is None else _title(document.title),
        "addressees_label": ADDRESSEES,
        "addressees": [plain(each) for each in document.addressees],
        "grounds": ground_lines(document.grounds),
        "main": {"landscape": document.orientation is Orientation.LANDSCAPE, "body": _blocks(document.body)},
        "recipients_label": RECIPIENTS,
        "recipients": recipient_lines(document.recipients),
        "signatures": [_signature(each) for each in document.signatures],
        "appendices": [_appendix(document, each) for each in document.appendices],
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _letterhead(head: Letterhead) -> dict[str, Any]:
    return {
        "agency": plain(head.agency),
        "superior": _optional(head.superior),
        "nation": NATION,
        "motto": MOTTO,
        "number": number_line(head),
        "subject": _optional(head.subject),
        "place_and_date": place_and_date(head),
    }


def _form_head(head: FormHead) -> dict[str, Any]:
    units = [(REPORTING_UNIT, head.reporting_unit), (RECEIVING_UNIT, head.receiving_unit)]
    return {
        "form": plain(head.form),
        "source": plain(head.source),
        "title": plain(head.title),
        "period": [plain(line) for line in head.period],
        "units": [{"label": label, "text": plain(text)} for label, text in units if text],
    }


def _title(title: Title) -> dict[str, Any]:
    return {
        "kind": plain(title.kind),
        "subject": _optional(title.subject),
        "remarks": [plain(line) for line in title.remarks],
    }


def _signature(signature: Signature) -> dict[str, Any]:
    return {
        "capacity": [plain(line) for line in signature.capacity],
        "manner": _optional(signature.manner),
        "name": _optional(signature.name),
    }


def _appendix(document: AdministrativeDocument, appendix: Appendix) -> dict[str, Any]:
    return {
        "heading": appendix_heading(appendix),
        "title": plain(appendix.title),
        "attached_to": _optional(attached_line(document, appendix)),
        "landscape": appendix.orientation is Orientation.LANDSCAPE,
        "body": _blocks(appendix.body),
    }


def _blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [_table(block) if isinstance(block, DocumentTable) else _paragraph(block) for block in blocks]


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    spans = [{"text": plain(span.text), "bold": span.bold, "italic": span.italic} for span in paragraph.spans]
    return {
        "kind": "paragraph",
        "spans": spans,
        "align": paragraph.align,
        "indented": paragraph.indented,
        "size": paragraph.size,
    }


def _table(table: DocumentTable) -> dict[str, Any]:
    columns = leaves(table.columns)
    rows = placed_rows(table)
    aligns = _aligns(rows, columns)
    return {
        "kind": "table",
        "caption": _optional(table.caption),
        "unit": _optional(table.unit),
        "size": table.size,
        "widths": [column.width for column in columns],
        "aligns": aligns,
        "heading": [[_cell(placed, None) for placed in row] for row in heading_rows(table.columns)],
        "groups": sorted(group_places(table)),
        "rows": [[_cell(placed, aligns[placed.column]) for placed in row] for row in rows],
        "notes": [plain(note) for note in table.notes],
    }


def _aligns(rows: Sequence[Sequence[PlacedCell]], columns: Sequence[DocumentColumn]) -> list[Align]:
    """How the cells of each column mostly stand: those say nothing of it, which makes files small and quick to set."""
    counted = [Counter[Align]() for _ in columns]
    for row in rows:
        for placed in row:
            counted[placed.column][placed.cell.align or Align.LEFT] += 1
    return [column.most_common(1)[0][0] if column else Align.LEFT for column in counted]


def _cell(placed: PlacedCell, usual: Align | None) -> str | dict[str, Any]:
    """The text alone where the cell stands as usual in its column; else what is different, too."""
    cell = placed.cell
    text = in_words(cell.value)
    different: dict[str, Any] = {
        name: value
        for name, value, plainly in (
            ("align", cell.align, usual),
            ("columns", cell.columns, 1),
            ("rows", cell.rows, 1),
            ("bold", cell.bold, False),
            ("italic", cell.italic, False),
            ("long", bool(_LONG_WORD.search(text)), False),
        )
        if value != plainly
    }
    return {"text": text, **different} if different or "\n" in text else text


def _optional(text: str | None) -> str | None:
    return None if text is None else plain(text)
