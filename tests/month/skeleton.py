"""The shape of a page without its words and without how often each part of it stands there."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_EMPTY: Final = frozenset({"input", "link", "meta", "br", "hr", "img", "line", "rect", "polyline"})
_NAMED: Final = ("class", "role", "type")


@dataclass
class _Shape(HTMLParser):
    parts: set[str] = field(default_factory=set)
    headings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        part = " ".join([tag, *(f"{name}={named[name]}" for name in _NAMED if name in named)])
        self.parts.add(">".join([*self._open[-1:], part]))
        if tag in {"h1", "h2", "h3", "h4"} and self.headings[-1:] != [tag]:
            self.headings.append(tag)
        if tag not in _EMPTY:
            self._open.append(part)

    def handle_endtag(self, tag: str) -> None:
        if any(part.split(" ")[0] == tag for part in self._open):
            while self._open and self._open.pop().split(" ")[0] != tag:
                pass


def parts_of(html: str) -> frozenset[str]:
    """Which elements stand within which, by tag, class, role and type, and in what order its headings follow one another."""
    shape = _Shape()
    shape.feed(html)
    return frozenset({*shape.parts, " ".join(shape.headings)})
