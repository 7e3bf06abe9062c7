"""The search goes straight to what is named exactly, and finds nothing that is not seen."""

import httpx
import pytest
from tests.pages.conftest import CASE_ID, OFFICER_IDS, OFFICERS, event_of, on_time_case
from tests.pages.reading import HTML, links_of, page_of
from tests.query.serving import Asked


async def location(asked: Asked, text: str) -> str | None:
    answer = await asked.client.get("/search", params={"text": text, "from": "2022-01-01"}, headers=HTML)
    return answer.headers.get("location")


async def test_an_exact_code_or_name_leads_straight_there(served: Asked) -> None:
    await served.client.post("/sign-in", data={"key": served.secret})
    for text, address in (
        (CASE_ID, "/cases/000.00.20.H34%2F220815-0001"),
        (OFFICER_IDS[1], "/officers/CC-0002"),
        ("H34.20", "/units/H34.20"),
        ("1.004227", "/procedures/1.004227"),
        ("chi nhánh vpđkđđ <thành phố> kon tum", "/units/H34.20"),
    ):
        assert await location(served, text) == f"{address}?from=2022-01-01", text
        await page_of(served, f"{address}?from=2022-01-01")


async def test_the_way_of_looking_goes_along_to_what_is_found(served: Asked) -> None:
    await served.client.post("/sign-in", data={"key": served.secret})
    august = {"from": "2022-08-01", "to": "2022-08-31", "basis": "recorded"}
    for instant, text, kept in (
        ("2022-08-20T00:00:00+07:00", CASE_ID, "as_of"),
        ("2022-09-01T00:00:00+07:00", CASE_ID, "as_at"),
        ("2022-09-01T00:00:00+07:00", "H34.20", None),
    ):
        asked = {**august, "as_of": instant, "text": text}
        answer = await served.client.get("/search", params=asked, headers=HTML)
        led = dict(httpx.URL(answer.headers["location"]).params)
        assert led == ({**august, kept: instant} if kept else august), text


async def test_a_part_finds_cases_units_and_officers_without_diacritics(served: Asked) -> None:
    await served.tell(on_time_case(case_id="000.00.20.H34-9"))
    await served.client.post("/sign-in", data={"key": served.secret})
    hrefs = [link.href for link in links_of(await page_of(served, "/search", text="tran van binh"))]
    assert "/officers/CC-0002" in hrefs
    assert sum(href.startswith("/cases/") for href in hrefs) == 2
    assert "/units/H34.20" in [link.href for link in links_of(await page_of(served, "/search", text="chi nhanh"))]
    assert "Không tìm thấy gì" in await page_of(served, "/search", text="zzz")


@pytest.mark.parametrize("text", [OFFICER_IDS[1], OFFICERS[1], "CC-9999"])
async def test_without_a_session_nobody_is_found_and_nobody_is_told_apart_from_the_unknown(
    served: Asked, text: str
) -> None:
    del served.client.headers["Authorization"]
    assert await location(served, text) is None
    html = await page_of(served, "/search", text=text)
    assert "Không tìm thấy gì" in html
    assert "/officers/" not in html


async def test_officers_found_stand_in_the_order_of_vietnamese_names(service: Asked) -> None:
    names = ("Nguyễn Văn Bình", "Trần Văn Ánh", "Đỗ Văn Ân", "Lê Văn An")
    for number, name in enumerate(names):
        held = {"holder": {"id": f"VN-{number}", "name": name}}
        await service.tell([event_of(1, "received", "15T07:00", held, case_id=f"C-{number}", source="/kontum/igate")])
    await service.client.post("/sign-in", data={"key": service.secret})
    links = links_of(await page_of(service, "/search", text="van"))
    assert [link.text for link in links if link.href.startswith("/officers/")] == [
        "Lê Văn An",
        "Trần Văn Ánh",
        "Đỗ Văn Ân",
        "Nguyễn Văn Bình",
    ]
