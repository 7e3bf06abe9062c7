"""What lies behind a figure of a page: the cases that its link lists, and what the interface for programs says to the same question."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import httpx
from tests.month.visitors import Visitor
from tests.month.walk import shape_of
from tests.pages.reading import Link, links_of, number_of

_TOTAL: Final = re.compile(r"([\d.]+) hồ sơ; phút quá hạn")


def chosen(figures: Mapping[str, Link]) -> Iterator[tuple[str, Link]]:
    """Of the figures whose links differ in their values alone the largest one."""
    by_shape: dict[str, list[tuple[str, Link]]] = {}
    for href, link in figures.items():
        by_shape.setdefault(shape_of(href), []).append((href, link))
    for found in by_shape.values():
        yield min(found, key=lambda one: (-number_of(one[1].text), one[0]))


async def objection(visitor: Visitor, href: str, link: Link) -> str | None:
    """What is wrong with the figure; None if it counts what its link lists and what the interface says."""
    count = number_of(link.text)
    listed = await _listed(visitor.client, href)
    if "of-minutes" in link.classes:
        return None if (count > 0) == (listed > 0) else f"{href}: {count} minutes, {listed} cases"
    if href.startswith("/forms/"):
        return None if count == listed else f"{href}: {count} on the page, {listed} in its list"
    told = await _told(visitor, href)
    return None if count == listed == told else f"{href}: {count} on the page, {listed} in its list, {told} told"


async def _listed(client: httpx.AsyncClient, href: str) -> int:
    """The cases that the page behind the link has a row for; a list of cases says their number as well."""
    is_list = href.startswith("/cases")
    answer = await client.get(f"{href}&sums=true" if is_list else href)
    rows = {one.href.partition("?")[0] for one in links_of(answer.text) if one.href.startswith("/cases/")}
    rows -= {"/cases/"}
    if is_list:
        total = _TOTAL.search(answer.text)
        assert total is not None, (href, answer.status_code)
        return number_of(total[1]) if number_of(total[1]) == len(rows) else -1
    return len(rows)


async def _told(visitor: Visitor, href: str) -> int:
    """What the interface counts."""
    path, _, query = href.partition("?")
    asked = {name: value for name, value in httpx.QueryParams(query).items() if name != "late"}
    json = {"Accept": "application/json"}
    if path == "/cases":
        answer = await visitor.client.get("/v1/cases", params={**asked, "limit": 200}, headers=json)
        return len(answer.raise_for_status().json()["items"])
    answer = await visitor.client.get(f"/v1{path}/timeline", params=asked, headers=json)
    totals = answer.raise_for_status().json()["totals"]
    return int(totals["late_cases" if "late=true" in query else "cases"])
