"""What holds of every page: links that answer, a size that a slow line bears, and no barrier that axe finds."""

import re
from urllib.parse import urldefrag

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page
from tests.pages.addresses import CASE_PATH, SIGNED_IN, STATES
from tests.pages.conftest import late_case
from tests.pages.reading import HTML, links_of
from tests.query.serving import Asked

PAGE_BYTES_MAX = 200_000
LINKS_MAX = 150
LATE_CASES = 52
ONCE_SIGNED = "/v1/log/proofs/"
"""Answers as soon as a checkpoint covers the event, which no writer signs here."""

EACH_KIND = (CASE_PATH, "/style")
"""Between them all components."""

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def crawled(asked: Asked, begin: tuple[str, ...]) -> dict[str, int]:
    """Every address that the pages lead to, and its status; of lists that go on by cursors the first pages alone."""
    found: dict[str, int] = {}
    waiting = list(begin)
    while waiting and len(found) < LINKS_MAX:
        path = waiting.pop(0)
        if path in found:
            continue
        answer = await asked.client.get(path, headers=HTML)
        found[path] = answer.status_code
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert len(answer.content) < PAGE_BYTES_MAX, path
        hrefs = {urldefrag(link.href)[0] for link in links_of(answer.text)}
        waiting += sorted(
            href
            for href in hrefs
            if href.startswith("/")
            and not href.startswith(ONCE_SIGNED)
            and shape(href) not in map(shape, (*found, *waiting))
        )
    return found


def shape(address: str) -> str:
    """The address without its values: of many links of one kind one is followed."""
    path, _, query = address.partition("?")
    path = re.sub(r"(?<=/)(cases|officers|units|procedures|problems|cong-khai)/.+", r"\1/…", path)
    return f"{path}?{sorted(part.partition('=')[0] for part in query.split('&'))}"


async def test_every_link_answers_and_no_page_is_too_large(served: Asked) -> None:
    await served.tell([text for number in range(LATE_CASES) for text in late_case(case_id=f"000.00.20.H34-{number}")])
    await served.client.post("/sign-in", data={"key": served.secret})
    found = await crawled(served, (*SIGNED_IN, "/docs", "/problems"))
    assert len(found) > 2 * len(SIGNED_IN)
    assert {path: status for path, status in found.items() if status not in {200, 303}} == {}


async def test_axe_finds_no_barrier_on_any_page_or_state(served: Asked, browser: BrowserContext) -> None:
    page = await browser.new_page()
    barriers = await barriers_on(page, served, EACH_KIND)
    await browser.request.post(f"http://127.0.0.1:{served.port}/sign-in", form={"key": served.secret})
    barriers |= await barriers_on(page, served, (*SIGNED_IN, *STATES))
    await page.emulate_media(color_scheme="dark")
    barriers |= await barriers_on(page, served, EACH_KIND)
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 390, "height": 800})
    barriers |= await barriers_on(page, served, EACH_KIND)
    assert barriers == set()


async def barriers_on(page: Page, asked: Asked, paths: tuple[str, ...]) -> set[str]:
    """What axe finds, with the address and the element."""
    found = set[str]()
    for path in paths:
        await page.goto(f"http://127.0.0.1:{asked.port}{path}")
        await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        answer = await Axe().run(page, options=_RULES)
        for violation in answer.response["violations"]:
            found |= {f"{path}: {violation['id']}: {node['html'][:160]}" for node in violation["nodes"][:2]}
    return found
