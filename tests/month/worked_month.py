"""A month as its people work it in a browser: by clicks alone, with a picture of every page that the guide shows."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape

from playwright.async_api import Locator, Page
from tests.month.province import ALSO_LATE, HEAD, LATE, OFFICE, OFFICER, OPERATOR, PUBLISHER, ZONE, month_told
from tests.month.visitors import NOBODY, Visitors

from tiendo_domain.months import Month

LAND = "Sở Tài nguyên và Môi trường"
HOUSING = "Sở Xây dựng"


@dataclass
class WorkedMonth:
    """The month, the pictures taken (PNG) by name, and what stands where after it."""

    month: Month
    pictures: dict[str, bytes] = field(default_factory=dict)
    words: str = ""
    """What stood on the pages that pictures were taken of, folded up or not, and the names of controls that only readers of screens are told."""
    published: str = ""
    """The address of the working page of the published list."""
    number: str = ""
    """Under which it was published."""
    pending: dict[str, str] = field(default_factory=dict)
    """The explanation that nobody has decided about: its `source` and `id`."""

    async def take(self, name: str, page: Page, *, at: Locator | None = None) -> None:
        """Take the picture of what the window shows; `at` is moved to its upper edge."""
        if at is not None:
            await at.first.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - 12)")
        else:
            await page.evaluate("window.scrollTo(0, 0)")
        self.pictures[name] = await page.screenshot()
        await self.read(page)

    async def read(self, page: Page) -> None:
        """Keep the words of the page."""
        self.words += " ".join(unescape(re.sub(r"<[^>]*>", " ", await page.content())).split())
        self.words += " ".join(await page.locator("[aria-label]").evaluate_all("all => all.map(one => one.ariaLabel)"))


async def worked_month(visitors: Visitors) -> WorkedMonth:
    """The month after everybody has done what is theirs."""
    worked = WorkedMonth(month=month_told(datetime.now(UTC).astimezone(ZONE).date()))
    office, officer, head = (visitors[one.subject].page for one in (OFFICE, OFFICER, HEAD))
    await _drafts_and_opens(worked, office)
    await _explains(worked, officer)
    await _decides(worked, head)
    await _reads_the_outcome(worked, officer)
    [pending] = (await visitors.service.get("/v1/explanations", state="pending"))["items"]
    worked.pending = {name: pending[name] for name in ("source", "id")}
    await _publishes(worked, visitors[PUBLISHER.subject].page, office)
    await _looks(worked, office)
    await _operates(worked, visitors[OPERATOR.subject].page)
    public = visitors[NOBODY].page
    await public.goto("/cong-khai")
    listed = public.locator("main table a").first
    worked.number = (await listed.inner_text()).partition("/")[0]
    await _go(listed)
    await worked.take("cong-khai", public)
    await public.goto("/khong-co-trang-nay")
    await worked.read(public)
    return worked


async def _go(control: Locator) -> None:
    """Press what leads to another page, and wait until that is there."""
    async with control.page.expect_navigation():
        await control.click()


async def _board(page: Page) -> None:
    await page.goto("/")
    await _go(page.get_by_role("link", name="Danh sách tháng", exact=True))


async def _draft(page: Page, agency: str) -> None:
    await _go(page.get_by_role("button", name=f"Lập dự thảo: {agency}"))
    await _go(page.get_by_role("button", name="Lập dự thảo", exact=True))


async def _step(page: Page, kind: str, button: str) -> None:
    form = page.locator(f"form[action$='/{kind}']")
    await _go(form.get_by_role("button", name="Xem bước này làm gì"))
    await _go(page.get_by_role("button", name=button, exact=True))


async def _drafts_and_opens(worked: WorkedMonth, office: Page) -> None:
    await _board(office)
    await worked.take("bang-thang", office)
    await _draft(office, LAND)
    await worked.take("du-thao", office)
    await _step(office, "open", "Mở giải trình")


async def _own_work(worked: WorkedMonth, page: Page) -> None:
    await page.goto("/")
    await _go(page.get_by_role("link", name="Việc của tôi", exact=True))
    if f"Tháng {worked.month.in_words}" not in await page.locator(".lead").inner_text():
        await _go(page.get_by_role("link", name=f"← tháng {worked.month.in_words}"))


async def _explains(worked: WorkedMonth, page: Page) -> None:
    await _own_work(worked, page)
    await worked.take("viec-cua-toi", page)
    said = page.locator(f"#case-{LATE}")
    await worked.take("dieu-duoc-ghi", page, at=said)
    await _go(said.get_by_role("link", name="Giải trình", exact=True))
    await _fill_in(worked, page)
    await worked.take("giai-trinh", page, at=page.get_by_role("heading", name="Giải trình lý do khác"))
    await _go(page.get_by_role("button", name="Xem trước khi gửi"))
    await worked.take("xem-truoc-giai-trinh", page)
    await _send(page)
    await _go(page.locator(f"#case-{ALSO_LATE}").get_by_role("link", name="Giải trình", exact=True))
    await _fill_in(worked, page)
    await _go(page.get_by_role("button", name="Xem trước khi gửi"))
    await _send(page)


async def _fill_in(worked: WorkedMonth, page: Page) -> None:
    await page.get_by_label("Lý do").select_option("overload")
    await page.get_by_label("Nội dung giải trình").fill("Trong tuần tôi được giao 40 hồ sơ, gấp đôi mức bình thường.")
    await page.get_by_label("Đề nghị").select_option("move")
    await page.get_by_label("Số văn bản 1").fill("5/BC-PTĐ")
    await page.get_by_label("Ngày ký 1").fill(worked.month.end.isoformat())


async def _send(page: Page) -> None:
    await _go(page.get_by_role("button", name="Gửi giải trình"))


async def _decides(worked: WorkedMonth, page: Page) -> None:
    await page.goto("/")
    await _go(page.get_by_role("link", name="Đơn vị tôi", exact=True))
    await worked.take("don-vi-toi", page)
    await _go(page.get_by_role("link", name="Quyết định", exact=True))
    await worked.take("cho-quyet-dinh", page)
    waiting = page.locator("tr", has=page.get_by_role("link", name=LATE, exact=True))
    await _go(waiting.get_by_role("link", name="Xem xét, quyết định"))
    await page.get_by_label("Số phút chuyển").fill("100")
    await page.get_by_label("Chuyển cho").select_option("organisation")
    await page.get_by_label("Số văn bản quyết định").fill("12/QĐ-STNMT")
    await page.get_by_label("Ngày ký văn bản quyết định").fill(worked.month.end.isoformat())
    await page.get_by_label("Nội dung, lý do quyết định").fill("Xét thấy khối lượng công việc vượt mức bình thường.")
    await worked.take("quyet-dinh", page, at=page.get_by_role("heading", name="Quyết định", exact=True))
    await _go(page.get_by_role("button", name="Chấp nhận một phần", exact=True))
    await worked.take("xem-truoc-quyet-dinh", page)
    await _go(page.get_by_role("button", name="Ghi quyết định"))


async def _reads_the_outcome(worked: WorkedMonth, page: Page) -> None:
    await _own_work(worked, page)
    await worked.take("ket-qua", page, at=page.locator(f"#case-{LATE}"))


async def _publishes(worked: WorkedMonth, publisher: Page, office: Page) -> None:
    await _board(publisher)
    await _draft(publisher, HOUSING)
    await _step(publisher, "open", "Mở giải trình")
    await office.goto(publisher.url)
    form = office.locator("form[action$='/approve']")
    await form.get_by_label("Số văn bản").fill("15/TB-VP")
    await form.get_by_label("Ngày ký văn bản").fill(worked.month.end.isoformat())
    await form.get_by_label("Chức vụ của người ký").fill("Phó Chánh Văn phòng")
    await form.get_by_label("Căn cứ pháp lý").fill("Công văn 2797/UBND-TTHCC")
    await worked.take("phe-duyet", office, at=office.locator("#steps"))
    await _go(form.get_by_role("button", name="Xem bước này làm gì"))
    await worked.take("xem-truoc-phe-duyet", office)
    await _go(office.get_by_role("button", name="Phê duyệt", exact=True))
    await _step(office, "publish", "Công khai")
    worked.published = office.url
    await worked.take("da-cong-khai", office)


async def _looks(worked: WorkedMonth, page: Page) -> None:
    await page.goto("/")
    await _go(page.locator(".presets").get_by_role("link", name=f"Tháng {worked.month.in_words}"))
    await worked.take("tong-hop", page)
    await _go(page.get_by_role("link", name="Chất lượng", exact=True))
    await worked.take("chat-luong", page)
    await _go(page.get_by_role("link", name="Hồ sơ", exact=True))
    await worked.take("danh-sach-ho-so", page)
    await page.get_by_label("Tìm hồ sơ").fill(LATE)
    await _go(page.get_by_role("button", name="Tìm", exact=True))
    await worked.take("mot-ho-so", page)
    for place in ("Công chức", "Biểu báo cáo", "Quên thao tác"):
        await _go(page.get_by_role("link", name=place, exact=True))
        await worked.read(page)
    await _go(page.get_by_role("link", name="Khó khăn, vướng mắc", exact=True))
    await _go(page.locator(".presets").get_by_role("link", name=f"Tháng {worked.month.in_words}"))
    await worked.take("kho-khan", page)


async def _operates(worked: WorkedMonth, page: Page) -> None:
    await page.goto("/")
    await _go(page.get_by_role("link", name="Nguồn", exact=True))
    await worked.take("nguon", page)
    await _go(page.get_by_role("link", name="Quản trị", exact=True))
    await worked.take("quan-tri", page)
