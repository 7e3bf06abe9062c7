"""Numbers of rules as links into the rule book."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from markupsafe import Markup

from tiendo_query.pages.rule_book.view import rule_book_view
from tiendo_query.pages.visible import visible

RULE_BOOK: Final = "/rule-book"
_NUMBER: Final = re.compile(r"(?<![\w./-])[A-Z](?:\.?\d{1,2})?(?![\w/-]|\.\d)")


@cache
def known_rules() -> frozenset[str]:
    """The numbers that the rule book has an anchor for."""
    return frozenset(heading.anchor for heading in rule_book_view().document.headings)


def rule_link(number: str) -> Markup:
    """The number as a link to its rule; a number that the rule book does not have as text."""
    if number not in known_rules():
        return Markup.escape(number)
    return Markup('<a class="rule" href="{}#{}">{}</a>').format(RULE_BOOK, number, number)


def rule_links(text: str) -> Markup:
    """The text, in which each number of a rule is a link; only for texts that speak of rules, since "A3" may be anything elsewhere."""
    parts: list[Markup] = []
    at = 0
    for found in _NUMBER.finditer(text):
        if found[0] in known_rules():
            parts += [Markup.escape(str(visible(text[at : found.start()]))), rule_link(found[0])]
            at = found.end()
    return Markup().join([*parts, Markup.escape(str(visible(text[at:])))])


def rules_listed(numbers: Iterable[str]) -> Markup:
    """The numbers as links, with commas between them."""
    return Markup(", ").join(map(rule_link, numbers))
