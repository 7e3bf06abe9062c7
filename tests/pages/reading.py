"""What stands on a page, read from its HTML without a browser."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.query.serving import Asked

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
"""What browsers accept."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link: where it leads, its classes, and its text."""

    href: str
    classes: tuple[str, ...]
    text: str


@dataclass
class _Links(HTMLParser):
    found: list[Link] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: dict[str, str | None] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open, self._text = dict(attrs), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open is not None:
            classes = tuple((self._open.get("class") or "").split())
            self.found.append(Link(href=self._open.get("href") or "", classes=classes, text=self._text))
            self._open = None


def links_of(html: str) -> list[Link]:
    """All links of a page, in their order."""
    parser = _Links()
    parser.feed(html)
    return parser.found


def number_of(text: str) -> int:
    """The number as a page writes it."""
    return int(text.replace(".", ""))


async def page_of(asked: Asked, path: str, *, status: int = 200, **parameters: Any) -> str:
    """The HTML of the page at the path."""
    answer = await asked.client.get(path, params=parameters or None, headers=HTML)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8"), answer.text
    return answer.text


async def all_rows(asked: Asked, path: str) -> list[str]:
    """The addresses of the cases in the list at the path, on all its pages."""
    rows: list[str] = []
    following: str | None = path
    while following is not None:
        html = await page_of(asked, following)
        links = links_of(html)
        rows += [link.href for link in links if re.match(r"/cases/.", link.href)]
        here = following.partition("?")[0]
        more = [link.href for link in links if link.text.startswith("Trang sau")]
        following = None if not more else (f"{here}{more[0]}" if more[0].startswith("?") else more[0])
    return rows
