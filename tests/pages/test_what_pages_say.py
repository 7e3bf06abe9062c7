"""What pages say of lateness, late entries, instants and names, and how they show text that came from outside."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import BrowserContext
from tests.domain.cases import BINH, forwarded, step
from tests.domain.decided_cases import FROM_BINH, LATE, decided, move
from tests.pages.conftest import CASE_ID, OFFICERS, late_case
from tests.pages.reading import links_of, page_of
from tests.pages.test_figures_and_lists import recorded_late
from tests.pages.test_in_a_browser import opened, opened_signed_in
from tests.projector.logs import STARTED_AT, event_text, received_text
from tests.query.serving import Asked
from tests.query.test_decisions import IN_TIME, texts

from tiendo_query.pages.showing import until_when
from tiendo_query.pages.visible import isolated, visible

LIST_AS_OF = "2022-03-10T17:00:00+07:00"


def text_of(html: str) -> str:
    """The page's text, its white space made one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


async def signed_in(asked: Asked) -> Asked:
    await asked.client.post("/sign-in", data={"key": asked.secret})
    return asked


async def test_a_late_entry_is_never_called_on_time(service: Asked) -> None:
    await service.tell([*recorded_late(1, proven=True), *recorded_late(2, proven=False)])
    await signed_in(service)
    for case_id, evidence, accepted in (
        ("QT-1", "văn bản số 1/KQ , ký 03:00 01/03/2022", "chưa, đang chờ người có thẩm quyền quyết định"),
        ("QT-2", "chưa có", "chưa đủ minh chứng để xem xét"),
    ):
        text = text_of(await page_of(service, f"/cases/{case_id}"))
        assert "không quá hạn" not in text, case_id
        assert "Ghi nhận kết thúc lúc 01:00 11/03/2022" in text
        assert f"Minh chứng kết thúc trong hạn {evidence}" in text
        assert f"Chấp nhận quên thao tác {accepted}" in text


async def test_who_bears_a_late_entry_by_decision_is_shown_with_what_proved_it(service: Asked) -> None:
    handed_on_late = (LATE[0], forwarded("08-15 10:30", BINH, step=step("S2", 60)), LATE[2])
    moved = move(20, source=FROM_BINH, of="late-entry")
    await service.tell(texts("QT-3", *handed_on_late, decided("09-05 08:00", "d", IN_TIME, moved)))
    await signed_in(service)
    text = text_of(await page_of(service, "/cases/QT-3"))
    found = re.search("Quên thao tác: .*? tính riêng", text)
    assert found is not None
    assert re.sub(r"\s+([,;])", r"\1", found[0]) == (
        "Quên thao tác: 100 phút (1 giờ 40 phút), trong đó Trần Văn Bình 50 phút; Nguyễn Thị Ánh 30 phút; "
        "tổ chức hoặc quy trình 20 phút; tính riêng"
    )
    assert "Minh chứng kết thúc trong hạn văn bản số 77/KQ , ký 15/08/2022" in text
    assert "Chấp nhận quên thao tác đã chấp nhận" in text


async def test_one_case_shows_one_lateness_whichever_way_it_was_reached(service: Asked) -> None:
    await service.tell([received_text("HS-1")])
    await signed_in(service)
    period = "from=2022-03-01&to=2022-03-09"
    ways = [f"/?{period}", f"/cases?figure=open-overdue&{period}", f"/officers/CB-1?{period}"]
    found = {}
    for way in ways:
        (href,) = {link.href for link in links_of(await page_of(service, way)) if link.text == "HS-1"}
        html = await page_of(service, href)
        text = text_of(html)
        assert "tính đến hết ngày 09/03/2022; quyết định ban hành sau đó đã được tính · xem đến hiện tại" in text, way
        found[way] = re.search(r"Quá hạn (\S+) phút", text)
        # The search on that page goes on at the same instant.
        assert (
            f'name="as_of" value="{re.search(r"as_at=([^&]*)", href)[1].replace("%3A", ":").replace("%2B", "+")}"'
            in html
        )
    late = {words[1] for words in found.values() if words is not None}
    assert len(late) == 1
    minutes = await service.get("/v1/cases/HS-1", as_of="2022-03-10T00:00:00+07:00")
    assert late == {f"{minutes['lateness_minutes']:,}".replace(",", ".")}


async def test_a_list_at_another_instant_than_now_says_so_and_keeps_it(service: Asked) -> None:
    await service.tell([received_text("HS-1")])
    html = await page_of(service, "/cases", as_of=LIST_AS_OF)
    assert "số liệu tính đến 17:00 10/03/2022, không phải đến hiện tại" in text_of(html)
    assert any(link.href == "/cases/HS-1?as_of=2022-03-10T17%3A00%3A00%2B07%3A00" for link in links_of(html))
    now = await page_of(service, "/cases")
    assert "không phải đến hiện tại" not in now
    assert any(link.href == "/cases/HS-1" for link in links_of(now))


async def test_the_period_of_an_officer_follows_the_officers_own_cases(service: Asked) -> None:
    later = STARTED_AT + timedelta(days=900)
    await service.tell([received_text("HS-1"), received_text("HS-2", officer=("CB-2", "Y Bình"), at=later)])
    await signed_in(service)
    assert "từ 01/01/2022 đến 01/03/2022" in await page_of(service, "/officers/CB-1")


async def test_the_newest_case_hides_no_other_year(service: Asked) -> None:
    later = STARTED_AT + timedelta(days=900)
    await service.tell([received_text("HS-1"), received_text("HS-2", at=later)])
    first = await page_of(service, "/")
    (before,) = [link for link in links_of(first) if link.text == "2022"]
    assert "HS-1" in await page_of(service, before.href)
    years = [link.text for link in links_of(first) if link.href.startswith("/?from=") and link.text.isdigit()]
    assert years == ["2024", "2022"]


async def test_the_page_of_an_officer_tells_that_one_id_has_two_names(service: Asked) -> None:
    await service.tell([received_text("HS-1"), received_text("HS-2", officer=("CB-2", "Y Bình"))])
    await signed_in(service)
    assert "nhiều họ tên" not in await page_of(service, "/officers/CB-1")
    await service.tell([received_text("HS-3", officer=("CB-1", "A Thuận"))])
    text = text_of(await page_of(service, "/officers/CB-1"))
    assert "Mã CB-1 được dùng cho nhiều họ tên: A Thuận ; Nguyễn Thị Ánh ." in text
    assert "nhiều họ tên" not in await page_of(service, "/officers/CB-2")


async def test_no_cache_keeps_a_page(service: Asked) -> None:
    await service.tell([received_text("HS-1")])
    await signed_in(service)
    for path in ("/", "/cases", "/cases/HS-1", "/officers/CB-1", "/cases/HS-9", "/nothing", "/cases?x=1", "/sign-in"):
        answer = await service.client.get(path, headers={"Accept": "text/html"})
        assert "no-store" in answer.headers["cache-control"], path
        assert "etag" not in answer.headers, path


async def test_an_axis_over_the_turn_of_a_year_carries_years(service: Asked) -> None:
    long = STARTED_AT + timedelta(days=800)
    await service.tell(
        [
            received_text("HS-1"),
            event_text("HS-1", "HS-1-end", "completed", long),
            received_text("HS-2"),
            event_text("HS-2", "HS-2-end", "completed", STARTED_AT + timedelta(days=20)),
        ]
    )
    for case_id, form in (("HS-1", r"\d\d/\d\d/\d{4}"), ("HS-2", r"\d\d/\d\d")):
        labels = re.findall(r'<text class="day"[^>]*>([^<]*)<', await page_of(service, f"/cases/{case_id}"))
        assert labels
        assert all(re.fullmatch(form, label) for label in labels), labels


async def test_units_carry_the_path_of_their_parents(service: Asked) -> None:
    unit = {"id": "H34.20.1", "name": "Chi nhánh", "parent": "H34.20"}
    await service.tell(
        [
            received_text("HS-0", unit={"id": "H34.20", "name": "Sở", "parent": "H34"}),
            received_text("HS-00", unit={"id": "H34", "name": "Tỉnh"}),
            received_text("HS-1", unit=unit),
            received_text("HS-2", unit={**unit, "id": "H34.20.1.1", "name": "Tổ 1", "parent": "H34.20.1"}),
        ]
    )
    # The province, above everything, is named in no path.
    assert "Tổ 1 Sở › Chi nhánh" in text_of(await page_of(service, "/?from=2022-03-01&to=2022-03-20"))


async def test_an_unknown_unit_officer_or_case_is_not_found(service: Asked) -> None:
    await service.tell([received_text("HS-1")])
    await signed_in(service)
    for path in ("/cases?unit=H34.9", "/officers/CB-9", "/cases/HS-9", "/cases?figure=overdue&unit=%27%20OR%201=1"):
        html = await page_of(service, path, status=404)
        assert '<a href="/">Về trang tổng hợp</a>' in html, path


async def test_no_page_shows_the_code_of_a_policy_or_an_anomaly_without_its_words(service: Asked) -> None:
    await service.tell([received_text("HS-1")])
    await signed_in(service)
    text = text_of(await page_of(service, "/cases/HS-1"))
    assert "theo thời hạn từng bước (step-norm/1)" in text
    assert re.search(r"lâu không có diễn biến \(silent-tail\): Hơn 4\.800 phút làm việc không có sự kiện nào", text)
    assert "lịch vn, bản 1" in text


async def test_text_from_outside_is_isolated_and_what_hides_in_it_is_shown(service: Asked) -> None:
    name = "\u202e<b>evil</b>\u0007 اسم"
    hidden = "\u200f<i>Phòng</i> \u05d0\u05d1"
    unit: dict[str, Any] = {"id": "H34.7", "name": hidden}
    await service.tell([received_text("HS-1", unit=unit, officer=("CB-7", "שם \u200f<script>x</script>"))])
    await signed_in(service)
    for path in ("/?from=2022-03-01&to=2022-03-20", "/cases", "/cases/HS-1", "/officers/CB-7"):
        html = await page_of(service, path)
        assert "\u200f" not in html, path
        assert "<script>" not in html, path
        assert "<i>Phòng" not in html, path
        assert "<bdi>שם ⟨U+200F⟩&lt;script&gt;x&lt;/script&gt;</bdi>" in html, path
    assert str(isolated(name)) == "<bdi>⟨U+202E⟩&lt;b&gt;evil&lt;/b&gt;⟨U+0007⟩ اسم</bdi>"


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1b", "\x7f", "\x85", "\x9b", "\r", "\u061c", "\u200e", "\u202a", "\u2066", "\u2069", "\u2028"],
)
def test_a_character_that_cannot_be_seen_is_shown_by_its_number(character: str) -> None:
    assert visible(f"a{character}b") == f"a⟨U+{ord(character):04X}⟩b"


def test_what_can_be_seen_stays_as_it_is() -> None:
    assert visible("Nguyễn Thị Ánh – Y Bình\tA\nB 🙂") == "Nguyễn Thị Ánh – Y Bình\tA\nB 🙂"


def test_the_end_of_a_day_is_called_so() -> None:
    assert until_when("2022-08-26T00:00:00+07:00") == "hết ngày 25/08/2022"
    assert until_when("2022-08-25T17:00:00+07:00") == "17:00 25/08/2022"


async def test_signing_in_leads_back_to_the_page_of_a_case(served: Asked, browser: BrowserContext) -> None:
    page, _, _ = await opened(
        browser, served, f"/cases/{CASE_ID.replace('/', '%2F')}?as_of=2022-08-22T10:00:00%2B07:00"
    )
    here = page.url
    assert OFFICERS[0] not in await page.content()
    await page.get_by_role("link", name="Đăng nhập để xem họ tên").click()
    await page.get_by_label("Mã truy cập").fill(served.secret)
    await page.get_by_role("button", name="Đăng nhập").click()
    await page.get_by_role("button", name="Đăng xuất").wait_for()
    assert page.url == here
    assert OFFICERS[0] in await page.content()


async def test_on_a_phone_every_table_shows_its_minutes_without_scrolling(
    served: Asked, browser: BrowserContext
) -> None:
    page, _, _ = await opened_signed_in(browser, served)
    await page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/", "/cases", f"/cases/{CASE_ID.replace('/', '%2F')}", "/officers/CC-0001"):
        await page.goto(f"http://127.0.0.1:{served.port}{path}")
        assert await page.evaluate("document.documentElement.scrollWidth") == 360, path
        cells = await page.locator("td.n:not(.behind td)").all()
        assert cells, path
        for cell in cells:
            box = await cell.bounding_box()
            assert box is not None, path
            assert box["x"] >= 0, path
            assert box["x"] + box["width"] <= 360, path


async def test_what_is_red_in_the_picture_is_what_its_legend_says(served: Asked, browser: BrowserContext) -> None:
    page, _, _ = await opened(browser, served, f"/cases/{CASE_ID.replace('/', '%2F')}")
    red = "rgb(179, 38, 30)"
    found = await page.evaluate(
        """red => [...document.querySelectorAll('svg.timeline *')].filter(one => {
            const style = getComputedStyle(one);
            const drawn = one.tagName == 'line' ? style.stroke : style.fill;
            return drawn == red && one.tagName != 'g' && one.tagName != 'title';
        }).map(one => one.getAttribute('class'))""",
        red,
    )
    assert found
    assert set(found) == {"over"}
    legend = page.locator("figcaption > span", has=page.locator(".key.over"))
    assert await legend.inner_text() == "màu đỏ: vượt thời hạn bước hoặc sau hạn"


async def test_the_forms_of_a_case_are_one_click_away_for_whoever_is_signed_in(service: Asked) -> None:
    await service.tell(late_case(case_id="H34/0001 #5"))
    page = f"/cases/{quote('H34/0001 #5', safe='')}"
    assert "/forms/" not in (await service.client.get(page)).text
    await signed_in(service)
    del service.client.headers["Authorization"]
    links = re.findall(r'href="(/v1/cases/[^"]+/forms/[^"]+)"', (await service.client.get(page)).text)
    assert len(links) == 6
    for link in links:
        answer = await service.client.get(unescape(link))
        assert (answer.status_code, answer.content[:2]) in {(200, b"%P"), (200, b"PK")}


async def test_beside_a_share_stands_why_the_case_waited_for_those_who_see_names(service: Asked) -> None:
    await service.tell(late_case())
    path = f"/cases/{quote(CASE_ID, safe='')}"
    without = text_of(await page_of(service, path))
    await signed_in(service)

    text = text_of(await page_of(service, path))

    answer = await service.get(f"/v1/cases/{quote(CASE_ID, safe='')}/waiting")
    assert [one["causes"]["waiting_minutes"] > 0 for one in answer["officers"]] == [True, True]
    assert text.count("không trừ vào phần đó") == 2
    assert "hồ sơ phải chờ" not in without
