"""Documents of the project as pages: set from their Markdown, each heading with an anchor."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_RULE: Final = re.compile(r"^([A-Z](?:\.?\d{1,2})?)[. ]")
_PAGES: Final[Mapping[str, str]] = {"glossary.md": "/glossary", "rulebook.md": "/rule-book"}
_HEADINGS: Final = frozenset({"h2", "h3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHeading:
    """A heading of a document: its anchor, its text, and whether it stands below another."""

    anchor: str
    text: str
    below: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDocument:
    """A document as HTML without its title, and its headings."""

    title: str
    html: Markup
    headings: Sequence[DocumentHeading]


def set_document(markdown: str) -> SetDocument:
    """The document as a page shows it; of its links those to documents that are pages lead there, others are text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    title = tokens[1].content if tokens and tokens[0].tag == "h1" else ""
    body = list(_linked(tokens[3:] if title else tokens))
    headings = list(_anchored(body))
    rendered = parser.renderer.render(body, parser.options, {}).replace("<th></th>", "<td></td>")
    html = Markup(rendered)  # noqa: S704 - it escapes all text of the document, and takes no HTML
    return SetDocument(title=title, html=html, headings=headings)


def _anchored(tokens: Sequence[Token]) -> Iterator[DocumentHeading]:
    """The headings, each of which has been given its anchor: a rule its number, any other its place."""
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag in _HEADINGS:
            text = tokens[number + 1].content
            rule = _RULE.match(text)
            anchor = rule[1] if rule else f"s{number}"
            token.attrSet("id", anchor)
            yield DocumentHeading(anchor=anchor, text=text.replace("`", ""), below=token.tag == "h3")


def _linked(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.children:
            token.children = list(_of_pages(token.children))
        if token.type == "table_open":
            token.attrSet("class", "document")
        yield token


def _of_pages(inline: Sequence[Token]) -> Iterator[Token]:
    """The tokens of a line; a link that leads to no page is left out, its text stays."""
    kept: list[bool] = []
    for token in inline:
        if token.type == "link_open":
            document, _, anchor = str(token.attrGet("href") or "").partition("#")
            page = _PAGES.get(document)
            kept.append(page is not None)
            if page is None:
                continue
            token.attrSet("href", f"{page}#{anchor}" if anchor else page)
        elif token.type == "link_close" and not kept.pop():
            continue
        yield token
