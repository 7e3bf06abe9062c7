"""What the page of the glossary shows."""

from functools import cache
from importlib.resources import files

from tiendo_query.pages.document_pages import set_document
from tiendo_query.pages.rule_book.view import DocumentView


@cache
def glossary_view() -> DocumentView:
    """The glossary, `docs/glossary.md`."""
    text = (files("tiendo_query.pages.glossary") / "glossary.md").read_text("utf-8")
    return DocumentView(document=set_document(text))
