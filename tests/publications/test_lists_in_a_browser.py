"""The working pages of monthly lists in a browser: a list is approved by its form, and no barrier stands in the way."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page
from tests.desk.browsing import signed_in
from tests.domain.decided_cases import LATE, filed
from tests.publications.publishing import Desk
from tests.publications.test_rights import office
from tests.query.test_decisions import texts


async def barriers_on(page: Page) -> list[str]:
    """What axe finds on the page with all of it unfolded."""
    await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    return [one["id"] for one in (await Axe().run(page)).response["violations"]]


async def test_a_list_is_approved_by_its_form_and_no_page_on_the_way_has_a_barrier(
    desk: Desk, chromium: Browser
) -> None:
    await desk.service.tell(texts("one", *LATE, filed("08-20 08:00", "x")))
    draft = await desk.draft("T")
    await desk.step(draft["id"], "open")
    page = await signed_in(chromium, desk.service, office("Hoa"))
    await page.goto("/desk/publications?period=2022-08")
    assert await barriers_on(page) == []
    await page.get_by_role("link", name="đã hết hạn giải trình").click()
    assert await barriers_on(page) == []
    form = page.locator("form[action$='/approve']")
    await form.get_by_label("Số văn bản").fill("15/TB-VP")
    await form.get_by_label("Ngày ký văn bản").fill("2022-09-12")
    await form.get_by_label("Căn cứ pháp lý").fill("Công văn 2797/UBND-TTHCC")
    await form.get_by_role("button").click()
    assert await barriers_on(page) == []
    await page.get_by_role("button", name="Phê duyệt").click()
    await page.wait_for_url(f"**/desk/publications/{draft['id']}")
    await page.set_viewport_size({"width": 390, "height": 800})
    assert await barriers_on(page) == []
    assert (await desk.get(f"/v1/publications/{draft['id']}"))["state"] == "approved"
