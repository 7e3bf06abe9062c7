"""What a browser shows of a page: barriers that axe finds, and whether it holds together at every width, on paper, by keyboard and in the dark."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

RULES: Final = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST: Final = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
_BRIEF: Final = {"resultTypes": ["violations"], "selectors": False}
"""What is in order is not told: to tell it would take as long as to find it."""
WIDE, ZOOMED, PHONE, PAPER = 1200, 640, 390, 718
"""CSS pixels: a window, the same at 200 %, a phone, and what an upright A4 sheet leaves between its margins."""
_SCRIPT: Final = (files("tests.month") / "layout.js").read_text("utf-8")
_AXE: Final = Axe()


async def faults_at_first_sight(page: Page) -> list[str]:
    """What axe finds on the page that is open, and what does not hold together in the window."""
    await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    return [*await _barriers(page, RULES), *await page.evaluate(_SCRIPT, WIDE)]


async def faults_of(page: Page) -> list[str]:
    """All that is wrong with the page that is open; leaves it as wide and light as it was."""
    await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = [*await _barriers(page, RULES), *await _by_keyboard(page)]
    for width in (WIDE, ZOOMED, PHONE):
        await page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width} px: {fault}" for fault in await page.evaluate(_SCRIPT, width)]
    await page.emulate_media(color_scheme="dark")
    found += [f"dark: {fault}" for fault in await _barriers(page, CONTRAST)]
    await page.emulate_media(color_scheme="light", media="print")
    await page.set_viewport_size({"width": PAPER, "height": 1000})
    found += [f"print: {fault}" for fault in await page.evaluate(_SCRIPT, PAPER)]
    await page.emulate_media(media="screen")
    await page.set_viewport_size({"width": WIDE, "height": 800})
    return found


async def _barriers(page: Page, rules: dict[str, Any]) -> list[str]:
    answer = await _AXE.run(page, options={**rules, **_BRIEF})
    return list(_told(answer.response["violations"]))


def _told(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        yield from (f"{violation['id']}: {node['html'][:140]}" for node in violation["nodes"][:2])


async def _by_keyboard(page: Page) -> list[str]:
    """The first key leads past the head of the page, where there is one, and whoever follows it is in its main part."""
    if not await page.locator("a.skip").count():
        return []
    await page.evaluate("document.activeElement?.blur?.(); scrollTo(0, 0)")
    await page.keyboard.press("Tab")
    seen = await page.evaluate(
        "() => { const box = document.activeElement.getBoundingClientRect();"
        " return document.activeElement.matches('a.skip') && box.top >= 0 && box.height > 0 }"
    )
    await page.keyboard.press("Enter")
    arrived = await page.evaluate("document.activeElement.id === 'main' || location.hash === '#main'")
    return [] if seen and arrived else ["the first key does not lead past the head of the page"]
