"""A complaint as its people go through it in a browser: an officer reads and explains, the head decides, the officer reads what came of it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page
from tests.desk.browsing import said, signed_in
from tests.desk.desk_cases import ANH, HEAD, LATE, OFFICER, STRANGER, late
from tests.query.serving import Asked

from tiendo_runtime.authentication.people import Role, SignedInPerson

AUGUST = "/desk?month=2022-08"
BEARING_HEAD = SignedInPerson(
    subject="anh",
    name=ANH["name"],
    roles=frozenset({Role.UNIT_MANAGER}),
    units=frozenset({"H34.20"}),
    officer_id="CC-1",
)


@pytest.fixture(autouse=True)
async def left(chromium: Browser) -> AsyncIterator[None]:
    """Whoever looked has left when the next test begins: pages that stand open ask for news of what they show."""
    yield
    for context in chromium.contexts:
        await context.close()


async def explain(page: Page, case_id: str, *, text: str = "Trong tuần có 40 hồ sơ.") -> None:
    await page.goto(f"/desk/explain/{case_id}")
    await page.get_by_label("Lý do").select_option("overload")
    await page.get_by_label("Nội dung giải trình").fill(text)
    await page.get_by_label("Đề nghị").select_option("move")
    await page.get_by_label("Số văn bản 1").fill("5/BC")
    await page.get_by_label("Ngày ký 1").fill("2022-08-20")
    await page.get_by_role("button", name="Xem trước khi gửi").click()
    assert "số 5/BC ngày 20/08/2022" in await said(page, "main")
    await page.get_by_role("button", name="Gửi giải trình").click()
    await page.wait_for_url("**/desk?month=2022-08**")


async def decide(page: Page, case_id: str, button: str, **fields: str) -> None:
    await page.goto("/desk/decisions")
    waiting = page.locator("tr", has=page.get_by_role("link", name=case_id, exact=True))
    await waiting.get_by_role("link", name="Xem xét, quyết định").click()
    for label, value in fields.items():
        field = page.get_by_label(label.replace("_", " "))
        await (field.fill(value) if label.startswith("Số_phút") else field.select_option(value))
    await page.get_by_label("Số văn bản quyết định").fill("12/QĐ-CN")
    await page.get_by_label("Ngày ký văn bản quyết định").fill("2022-09-05")
    await page.get_by_label("Nội dung, lý do quyết định").fill("Xét thấy đúng một phần.")
    await page.get_by_role("button", name=button, exact=True).click()


async def test_a_complaint_from_reading_to_the_decided_outcome(service: Asked, chromium: Browser) -> None:
    officer, head = [await signed_in(chromium, service, person) for person in (OFFICER, HEAD)]
    await officer.goto(AUGUST)
    read = await said(officer, f"#case-{LATE}")
    assert "nên phần của anh/chị là 768 (quy tắc A3)" in read
    assert "Khi nhận từ Chuyên viên, Phòng Thẩm định, hồ sơ đã chậm 300 phút" in read
    assert await officer.locator(f"#case-{LATE} .rules a[href$='#A3']").count() == 1
    await explain(officer, LATE)
    assert "chờ quyết định" in await said(officer, f"#case-{LATE}")

    await decide(head, LATE, "Chấp nhận một phần", Số_phút_chuyển="100", Chuyển_cho="organisation")
    preview = await said(head, ".confirm")
    assert "Trần Văn Bình: phần chậm 768 → 668 phút" in preview
    assert "tổ chức hoặc quy trình: phần chậm 0 → 100 phút" in preview
    before = await service.get(f"/v1/cases/{LATE}/timeline")
    assert before["decisions"] == [], "the preview decides nothing"
    await head.get_by_role("button", name="Ghi quyết định").click()
    await head.wait_for_url(f"**/cases/{LATE}#explained")
    assert "văn bản số 12/QĐ-CN ngày 05/09/2022 · Phạm Văn Đức" in await said(head, "#explained")

    await officer.goto(AUGUST)
    outcome = await said(officer, f"#case-{LATE}")
    assert "theo quy tắc 768" in outcome
    assert "sau quyết định 668" in outcome
    assert "chấp nhận · văn bản số 12/QĐ-CN ngày 05/09/2022 · Phạm Văn Đức" in outcome
    after = await service.get(f"/v1/cases/{LATE}/timeline")
    assert {row["party"]["id"]: row["minutes"] for row in after["attributions"]} == {
        "CC-2": 668,
        "CC-1": 192,
        None: 100,
    }
    totals = (await service.get("/v1/officers/CC-2/timeline", from_="2022-08-01", to="2022-08-31"))["totals"]
    told = await said(officer, ".figures")
    assert f"{totals['attributed_minutes']:,} phút quy trách nhiệm".replace(",", ".") in told
    assert f"theo quy tắc {totals['attributed_by_rule_minutes']:,} phút".replace(",", ".") in told
    page = await officer.content()
    assert ANH["name"] not in page
    assert ANH["id"] not in page


async def test_a_refused_complaint_says_whom_to_turn_to_without_any_script(service: Asked, chromium: Browser) -> None:
    await service.tell(late("R-1"))
    officer, head = [await signed_in(chromium, service, person, script=False) for person in (OFFICER, HEAD)]
    await explain(officer, "R-1")
    await decide(head, "R-1", "Không chấp nhận")
    assert "Không chấp nhận: số liệu giữ nguyên" in await said(head, "main")
    await head.get_by_role("button", name="Quay lại sửa").click()
    assert await head.get_by_label("Số văn bản quyết định").input_value() == "12/QĐ-CN"
    await head.get_by_role("button", name="Không chấp nhận", exact=True).click()
    await head.get_by_role("button", name="Ghi quyết định").click()
    assert "không chấp nhận" in await said(head, "#explained")
    await officer.goto(AUGUST)
    outcome = await said(officer, "#case-R-1")
    assert "không chấp nhận · văn bản số 12/QĐ-CN" in outcome
    assert "đề nghị cấp trên trực tiếp của người quyết định xem xét" in outcome
    [decision] = (await service.get("/v1/cases/R-1/timeline"))["decisions"]
    assert (decision["outcome"], decision["decided_by"]["name"]) == ("refused", "Phạm Văn Đức")


async def test_an_explanation_is_withdrawn_while_nobody_has_decided(service: Asked, chromium: Browser) -> None:
    await service.tell(late("W-1"))
    officer = await signed_in(chromium, service, OFFICER)
    await explain(officer, "W-1")
    await officer.locator("#case-W-1").get_by_role("link", name="Rút giải trình").click()
    await officer.get_by_role("button", name="Rút giải trình").click()
    await officer.wait_for_url("**/desk?month=2022-08**")
    assert "đã rút" in await said(officer, "#case-W-1")
    [one] = (await service.get("/v1/cases/W-1/timeline"))["explanations"]
    assert one["state"] == "withdrawn"


async def test_finished_in_time_is_said_with_a_button_of_its_own(service: Asked, chromium: Browser) -> None:
    await service.tell(late("F-1"))
    officer = await signed_in(chromium, service, OFFICER)
    await officer.goto("/desk/explain/F-1")
    await officer.get_by_label("Hồ sơ đã xong ngày").fill("2022-08-18")
    await officer.get_by_label("theo văn bản số").fill("9/KQ")
    await officer.get_by_label("ký ngày").fill("2022-08-18")
    await officer.get_by_role("button", name="Hồ sơ đã xong theo văn bản này").click()
    await officer.get_by_role("button", name="Gửi giải trình").click()
    await officer.wait_for_url("**/desk?month=2022-08**")
    [one] = (await service.get("/v1/cases/F-1/timeline"))["explanations"]
    assert (one["asks"], one["text"]) == ("late-entry", "Hồ sơ đã xong ngày 18/08/2022 theo văn bản số 9/KQ.")
    assert [paper["document_number"] for paper in one["documents"]] == ["9/KQ"]


async def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    service: Asked, chromium: Browser
) -> None:
    await service.tell(late("M-1"))
    officer = await signed_in(chromium, service, OFFICER, script=False)
    await officer.goto("/desk/explain/M-1")
    await officer.get_by_label("Nội dung giải trình").fill("Quá tải.\nXem báo cáo.")
    await officer.get_by_label("Số văn bản 2").fill("6/BC")
    await officer.get_by_role("button", name="Xem trước khi gửi").click()
    assert "chưa điền" in await said(officer, ".field:has(#f-signed_2)")
    assert await officer.get_by_label("Nội dung giải trình").input_value() == "Quá tải.\nXem báo cáo."
    assert (await service.get("/v1/cases/M-1/timeline"))["explanations"] == []


async def test_a_draft_is_kept_in_the_browser_until_it_is_sent(service: Asked, chromium: Browser) -> None:
    await service.tell(late("K-1"))
    officer = await signed_in(chromium, service, OFFICER)
    await officer.goto("/desk/explain/K-1")
    await officer.get_by_label("Nội dung giải trình").fill("Bản nháp.")
    await officer.goto("/desk")
    await officer.goto("/desk/explain/K-1")
    assert await officer.get_by_label("Nội dung giải trình").input_value() == "Bản nháp."
    await explain(officer, "K-1", text="Bản gửi.")
    await officer.goto("/desk/explain/K-1")
    assert await officer.get_by_label("Nội dung giải trình").input_value() == ""


async def test_a_head_who_bears_something_reads_who_decides_instead(service: Asked, chromium: Browser) -> None:
    await service.tell(late("B-1"))
    officer, head = [await signed_in(chromium, service, person) for person in (OFFICER, BEARING_HEAD)]
    await explain(officer, "B-1")
    await head.goto("/desk/decisions")
    waiting = head.locator("tr", has=head.get_by_role("link", name="B-1"))
    assert "ông/bà chịu một phần trong hồ sơ này, do cấp trên quyết định" in await waiting.inner_text()
    assert await waiting.get_by_role("link", name="Xem xét, quyết định").count() == 0
    await head.goto("/cases/B-1")
    await head.get_by_role("link", name="Xem xét, quyết định").click()
    assert await said(head, ".forbidden") == "ông/bà chịu một phần trong hồ sơ này, do cấp trên quyết định"
    assert await head.get_by_role("button", name="Chấp nhận", exact=True).count() == 0


@pytest.mark.parametrize("path", ["/desk/explain/{case}", "/desk/withdraw/{case}?source=s&id=x", "/desk/decide/{case}"])
async def test_a_stranger_finds_no_case_of_others(service: Asked, chromium: Browser, path: str) -> None:
    stranger = await signed_in(chromium, service, STRANGER)
    answer = await stranger.goto(path.format(case=LATE))
    assert answer is not None
    assert answer.status in {403, 404}
    assert "Trần Văn Bình" not in await stranger.content()
