"""The list of cases: narrowed as the interface narrows it, paged both ways, added up, and given out as it is shown."""

import csv
import io
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from tests.pages.reading import all_rows, links_of, page_of
from tests.pages.test_figures_and_lists import recorded_late
from tests.projector.logs import many_cases
from tests.query.serving import Asked

from tiendo_query.pages.cases import parameters

AS_OF = {"as_of": "2022-05-15T17:00:00+07:00"}
LATE = {"overdue": "true", **AS_OF}
ALL = {**AS_OF, "unit": "H34.1"}


@pytest.fixture
async def signed_in(service: Asked) -> Asked:
    texts = many_cases(130)
    for number in range(4):
        texts += recorded_late(number, proven=number % 2 == 0)
    await service.tell(texts)
    await service.client.post("/sign-in", data={"key": service.secret})
    return service


def ids_of(rows: list[str]) -> list[str]:
    return [row.removeprefix("/cases/").partition("?")[0] for row in rows]


async def test_every_filter_narrows_as_in_the_interface(signed_in: Asked) -> None:
    everything = await signed_in.all_items("/v1/cases", **AS_OF)
    one = next(item for item in everything if item["procedure"])
    for asked in (
        {"state": "completed"},
        {"channel": "counter"},
        {"class": "actual"},
        {"lateness_min": "500"},
        {"procedure": one["procedure"]["id"]},
        {"open": "true", "state": "in-process"},
    ):
        items = await signed_in.all_items("/v1/cases", **asked, **AS_OF)
        rows = await all_rows(signed_in, f"/cases?{httpx.QueryParams({**asked, **AS_OF})}")
        assert sorted(ids_of(rows)) == sorted(item["case_id"] for item in items), asked
        assert len(rows) <= len(everything), asked


@pytest.mark.parametrize("asked", [LATE, AS_OF])
async def test_pages_lead_both_ways_over_the_same_cases(
    signed_in: Asked, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameters, "ROWS_MAX", 9)
    forward = [f"/cases?{httpx.QueryParams(asked)}"]
    while following := ways(await page_of(signed_in, forward[-1]), "Trang sau"):
        forward.append(following)
    assert len(forward) > 2
    shown = [ids_of(await rows_of(signed_in, page)) for page in forward]
    back = forward[-1]
    for earlier in reversed(shown[:-1]):
        back = ways(await page_of(signed_in, back), "← Trang trước") or ""
        assert ids_of(await rows_of(signed_in, back)) == earlier
    assert ways(await page_of(signed_in, back), "← Trang trước") is None


def ways(html: str, words: str) -> str | None:
    return next((link.href for link in links_of(html) if link.text.startswith(words)), None)


async def rows_of(asked: Asked, path: str) -> list[str]:
    return [link.href for link in links_of(await page_of(asked, path)) if link.href.startswith("/cases/")]


@pytest.mark.parametrize("asked", [LATE, AS_OF, {**AS_OF, "class": "late-entry"}])
async def test_a_file_of_the_list_has_exactly_its_cases_and_the_list_adds_up_to_it(
    signed_in: Asked, asked: dict[str, Any]
) -> None:
    shown = ids_of(await all_rows(signed_in, f"/cases?{httpx.QueryParams(asked)}"))
    html = await page_of(signed_in, "/cases", **asked, sums="true")
    answer = await signed_in.client.get(next(link.href for link in links_of(html) if link.text == "CSV"))
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["case_id"] for row in rows] == shown
    members = ("lateness_by_rule_minutes", "lateness_minutes", "late_entry_by_rule_minutes", "late_entry_minutes")
    sums = [sum(int(row[name] or 0) for row in rows) for name in members]
    assert sum(sums) > 0
    spelt = [f"{number:,}".replace(",", ".") for number in (len(rows), *sums)]
    late = f"phút quá hạn: theo quy tắc {spelt[1]}, sau quyết định {spelt[2]}"
    entry = f"phút quên thao tác: theo quy tắc {spelt[3]}, sau quyết định {spelt[4]}"
    assert f"{spelt[0]} hồ sơ; {late}; {entry}" in html
    workbook = await signed_in.client.get(next(link.href for link in links_of(html) if link.text == "XLSX"))
    sheet = load_workbook(io.BytesIO(workbook.content)).active
    lines = list(sheet.iter_rows(values_only=True))
    head = [str(line[0]) for line in lines[:4]]
    assert "số liệu tính đến 17:00 15/05/2022" in head[0]
    assert "overdue-ratio/1" in head[1]
    assert head[3].startswith("Chất lượng số liệu: ")
    assert [line[0] for line in lines[5:]] == shown


async def test_a_file_names_nobody_to_who_has_not_signed_in(signed_in: Asked) -> None:
    named = (await signed_in.client.get("/cases.csv", params=AS_OF)).text
    assert "Nguyễn Thị Ánh" in named
    signed_in.client.cookies.clear()
    del signed_in.client.headers["Authorization"]
    text = (await signed_in.client.get("/cases.csv", params=AS_OF)).text
    assert "case_id" in text
    assert "Nguyễn Thị Ánh" not in text
    assert "holder_name" not in text
    assert (await signed_in.client.get("/cases.csv", params={"officer": "CB-1"})).status_code == 303
