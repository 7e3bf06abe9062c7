"""The pages as a person uses them, in a real browser."""

from playwright.async_api import BrowserContext, Page
from tests.pages.conftest import CASE_ID, OFFICER_IDS, OFFICERS, late_case, on_time_case
from tests.query.serving import Asked

from tiendo_runtime.authentication.people import Role, SignedInPerson

SOMEBODY = SignedInPerson(subject="Lê Thị Cúc", name="Lê Thị Cúc", roles=frozenset({Role.OFFICE}), units=None)


async def opened(browser: BrowserContext, served: Asked, path: str) -> tuple[Page, list[str], list[str]]:
    """The page at the path, the addresses that were asked for meanwhile, and what the browser complained of."""
    page = await browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"http://127.0.0.1:{served.port}{path}")
    return page, asked, complaints


async def opened_signed_in(browser: BrowserContext, served: Asked) -> tuple[Page, list[str], list[str]]:
    """The first page after a sign-in link was opened and its button pressed, and the same as of `opened`."""
    link = await served.app.state.running.links.make(SOMEBODY, None)
    page, asked, complaints = await opened(browser, served, f"/sign-in/link/{link}")
    assert SOMEBODY.name in await page.content()
    await page.get_by_role("button", name="Đăng nhập").click()
    await page.wait_for_url("**/")
    return page, asked, complaints


async def test_from_the_sign_in_link_to_the_picture_of_a_case(served: Asked, browser: BrowserContext) -> None:
    page, asked, complaints = await opened_signed_in(browser, served)
    assert page.url.endswith("/")
    assert await page.locator(".figures b").first.text_content() == "1"
    await page.get_by_role("link", name=OFFICERS[1]).click()
    assert await page.locator("h1").text_content() == f"{OFFICERS[1]} CC-0002, Chuyên viên, Phòng 1"
    await page.get_by_role("link", name=CASE_ID).click()

    assert await page.locator("svg.timeline rect.bar").count() == 4
    names = [await label.text_content() for label in await page.locator("svg.timeline text.label").all()]
    assert names == [OFFICERS[0], OFFICERS[1], "người nộp hồ sơ"]
    shares = [
        await row.inner_text() for row in await page.locator("section:has(h2:has-text('Quy trách nhiệm')) td.n").all()
    ]
    by_rule, after = shares[::2], shares[1::2]
    assert by_rule == after == ["768\n1 ngày 4 giờ 48 phút", "192\n3 giờ 12 phút", "960\n2 ngày"]
    assert await page.get_by_text("⌊1.200 × 960 ÷ 1.500⌋").count() == 1
    assert all(address.startswith(f"http://127.0.0.1:{served.port}/") for address in asked)
    assert complaints == []


async def test_the_overrun_is_drawn_in_its_proportion(served: Asked, browser: BrowserContext) -> None:
    page, _, _ = await opened(browser, served, f"/cases/{CASE_ID.replace('/', '%2F')}")
    first = page.locator("svg.timeline g").first
    bar, over = first.locator("rect.bar"), first.locator("rect.over")
    drawn = float(await over.get_attribute("width") or 0) / float(await bar.get_attribute("width") or 1)
    assert abs(drawn - 300 / 480) < 0.01
    box, due = await bar.bounding_box(), await page.locator("line.due.judged").bounding_box()
    assert box is not None
    assert due is not None
    assert due["x"] > box["x"] + box["width"]


async def test_search_finds_a_case_by_a_part_of_its_code(served: Asked, browser: BrowserContext) -> None:
    page, _, _ = await opened(browser, served, "/")
    await page.get_by_label("Tìm hồ sơ").fill("220815")
    await page.get_by_role("button", name="Tìm").click()
    await page.get_by_role("link", name=CASE_ID).click()
    assert (await page.locator("h1").text_content() or "").startswith(CASE_ID)


async def test_without_a_session_no_page_shows_an_officer(served: Asked, browser: BrowserContext) -> None:
    for path in ("/", "/cases", f"/cases/{CASE_ID.replace('/', '%2F')}"):
        page, _, complaints = await opened(browser, served, path)
        html = await page.content()
        assert CASE_ID in html or path == "/"
        assert not any(word in html for word in (*OFFICERS, *OFFICER_IDS)), path
        assert complaints == []


async def test_a_list_of_cases_says_what_narrows_it(served: Asked, browser: BrowserContext) -> None:
    page, _, _ = await opened(browser, served, "/")
    await page.get_by_role("link", name="Chi nhánh VPĐKĐĐ <thành phố> Kon Tum").click()
    assert await page.locator("h1").text_content() == (
        "Hồ sơ quá hạn, đã hoặc đang giải quyết · Chi nhánh VPĐKĐĐ <thành phố> Kon Tum (H34.20) và các đơn vị trực thuộc · từ 01/01/2022 · đến 23/08/2022"
    )
    assert await page.get_by_role("link", name=CASE_ID).count() == 1


async def test_an_officers_cases_begin_with_the_most_attributed_minutes(served: Asked, browser: BrowserContext) -> None:
    await served.tell(on_time_case(case_id="000.00.20.H34-0"))
    page, _, _ = await opened_signed_in(browser, served)
    await page.get_by_role("link", name=OFFICERS[1]).click()
    assert await page.locator("tbody td:first-child a").all_text_contents() == [CASE_ID, "000.00.20.H34-0"]
    assert "từ 01/01/2022 đến 23/08/2022" in (await page.locator(".seen").text_content() or "")


async def test_a_session_ends_with_signing_out(served: Asked, browser: BrowserContext) -> None:
    page, _, _ = await opened_signed_in(browser, served)
    assert OFFICERS[0] in await page.content()
    await page.get_by_role("button", name="Đăng xuất").click()
    assert page.url.endswith("/")
    assert OFFICERS[0] not in await page.content()


async def test_a_refusal_ends_no_session(served: Asked, browser: BrowserContext) -> None:
    page, _, _ = await opened(browser, served, "/cases/nobody-knows-it")
    assert await page.get_by_role("link", name="Đăng nhập để xem họ tên").count() == 1
    page, _, _ = await opened_signed_in(browser, served)
    await page.goto(f"http://127.0.0.1:{served.port}/cases/nobody-knows-it")
    assert await page.get_by_role("button", name="Đăng xuất").count() == 1


async def test_simulated_figures_say_so_on_every_page(served: Asked, browser: BrowserContext) -> None:
    await served.tell(late_case(source="/simulation/test", case_id="S-1"))
    for path in ("/", "/cases", "/cases/S-1"):
        page, _, _ = await opened(browser, served, path)
        assert await page.get_by_role("note").text_content() == "Dữ liệu mô phỏng", path
