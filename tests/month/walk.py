"""Every page as every role sees it: what it answers, how large it is, where it leads, and what it counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urldefrag, urljoin

from tests.month.addresses import STATES, address_of, routes_of
from tests.month.skeleton import parts_of
from tests.month.visitors import Visitor, Visitors
from tests.month.worked_month import WorkedMonth
from tests.pages.reading import Link, links_of

from tiendo_runtime.authentication.people import Role

PAGE_BYTES_MAX: Final = 200_000
_HTML: Final = "text/html"
_ACTION: Final = re.compile(r'<form[^>]*\baction="([^"]*)"')
_VALUES: Final = re.compile(r"(?<=/)(cases|officers|units|procedures|problems|cong-khai|explain|withdraw|decide)/[^/]+")
_SORTS: Final = re.compile(r"[?&]sort\w*=")
_EVERYBODY: Final = ""
ONCE_SIGNED: Final = "/v1/log/proofs/"
"""Answers as soon as a checkpoint covers the event, which no writer signs here."""
_EXAMPLES: Final = "/style"
"""Shows components with figures that count nothing."""
STATES_FOR: Final = frozenset({Role.OFFICER.value, "all"})
"""Those of whom the states are looked at."""


@dataclass
class Walk:
    """What was found: statuses by route and role, faults in words, figures by who sees which cases, and which page looks like no other."""

    statuses: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    figures: dict[str, dict[str, Link]] = field(default_factory=dict)
    shapes: dict[frozenset[str], tuple[Visitor, str]] = field(default_factory=dict)
    """Where each set of parts was seen first."""
    _followed: set[tuple[str, str]] = field(default_factory=set)

    def read(self, visitor: Visitor, address: str, status: int, html: str) -> None:
        """Keep what the page has that no page before it had."""
        self.shapes.setdefault(parts_of(html), (visitor, address))
        if len(html.encode()) >= PAGE_BYTES_MAX:
            self.faults.append(f"{visitor.role} {address}: {len(html.encode())} bytes")
        if not re.search(r"<h1[ >]", html):
            self.faults.append(f"{visitor.role} {address}: {status} without a heading")

    @property
    def to_look_at(self) -> Iterator[tuple[Visitor, str]]:
        """As few pages as have between them every part that any page has."""
        looked_at = set[str]()
        for parts in sorted(self.shapes, key=lambda one: (-len(one), self.shapes[one][1])):
            if not parts <= looked_at:
                looked_at |= parts
                yield self.shapes[parts]

    async def follow(self, visitor: Visitor, address: str, html: str) -> None:
        """Open one link of each kind that nobody who sees the same has opened, of those that sort one that nobody has, and keep the figures."""
        for link in links_of(html):
            href = urljoin(address, urldefrag(link.href)[0] or address)
            if "figure" in link.classes and not address.startswith(_EXAMPLES):
                self.figures.setdefault(sight_of(visitor), {}).setdefault(href, link)
            await self._open(visitor, address, href)
        for action in _ACTION.findall(html):
            if not action.startswith("/"):
                self.faults.append(f"{visitor.role} {address}: a form leads to {action!r}")

    async def _open(self, visitor: Visitor, address: str, href: str) -> None:
        kind = (_EVERYBODY if _SORTS.search(href) else sight_of(visitor), shape_of(href))
        if href == address or kind in self._followed or not href.startswith("/") or href.startswith(ONCE_SIGNED):
            return
        self._followed.add(kind)
        answer = await visitor.client.get(href)
        if answer.status_code not in {200, 303}:
            self.faults.append(f"{visitor.role} {address}: {href} answers {answer.status_code}")
        if answer.headers.get("content-type", "").startswith(_HTML):
            self.read(visitor, href, answer.status_code, answer.text)


def sight_of(visitor: Visitor) -> str:
    """Visitors who see the same cases, names and pages have the same."""
    person = visitor.person
    return visitor.role if person is None or person.units is not None else "all"


def shape_of(address: str) -> str:
    """The address without its values: of many links of one kind one is followed."""
    path, _, query = address.partition("?")
    plain = _VALUES.sub(r"\1/…", path)
    return f"{plain}?{sorted(part.partition('=')[0] for part in query.split('&'))}"


async def walked(visitors: Visitors, worked: WorkedMonth) -> Walk:
    """The walk over all routes and states."""
    walk = Walk()
    routes = {route: address_of(route, worked) for route in routes_of(visitors.service.app)}
    for visitor in visitors.by_name.values():
        asked = {**routes, **{one: one for one in STATES}} if sight_of(visitor) in STATES_FOR else routes
        for route, address in asked.items():
            answer = await visitor.client.get(address)
            walk.statuses.setdefault(route, {})[visitor.role] = answer.status_code
            if answer.headers.get("content-type", "").startswith(_HTML):
                walk.read(visitor, address, answer.status_code, answer.text)
                await walk.follow(visitor, address, answer.text)
    return walk
