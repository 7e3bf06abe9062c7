"""People in a browser, each signed in by a link of their own."""

from playwright.async_api import Browser, Page
from tests.query.serving import Asked

from tiendo_runtime.authentication.people import SignedInPerson


async def signed_in(chromium: Browser, service: Asked, person: SignedInPerson, *, script: bool = True) -> Page:
    """A page of a fresh browser in which the person has signed in by a link."""
    browser = await chromium.new_context(
        locale="vi-VN", java_script_enabled=script, base_url=f"http://127.0.0.1:{service.port}"
    )
    page = await browser.new_page()
    page.set_default_timeout(60_000)
    link = await service.app.state.running.links.make(person, None)
    await page.goto(f"/sign-in/link/{link}")
    await page.get_by_role("button", name="Đăng nhập").click()
    await page.wait_for_url("**/")
    return page


async def said(page: Page, selector: str) -> str:
    """The text of a part of the page, with single spaces."""
    return " ".join((await page.locator(selector).inner_text()).split())
