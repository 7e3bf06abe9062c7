"""What the page of the rule book shows."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tiendo_query.pages.document_pages import SetDocument, set_document


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document that is set."""

    document: SetDocument


@cache
def rule_book_view() -> DocumentView:
    """The rule book, `docs/rulebook.md`."""
    text = (files("tiendo_query.pages.rule_book") / "rulebook.md").read_text("utf-8")
    return DocumentView(document=set_document(text))
