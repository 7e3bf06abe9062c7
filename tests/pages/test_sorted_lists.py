"""Lists are sorted by their columns: the same cases in another order, over all pages, both ways, at any instant, and in their files."""

import csv
import io
from datetime import datetime
from typing import Any

import httpx
import pytest
from tests.pages.reading import all_rows, links_of, page_of
from tests.pages.test_case_lists import AS_OF, LATE, ids_of, rows_of, signed_in, ways
from tests.query.serving import Asked

from tiendo_domain.overdue import OVERDUE_CLASSES
from tiendo_query.cases import case_segments, sorted_pages
from tiendo_query.cases.case_sorts import CASE_SORTS
from tiendo_query.pages.cases import columns, parameters

__all__ = ["signed_in"]
OFTEN = ("2022-05-15T17:00:00+07:00", "2022-04-20T10:00:00+07:00")
"""Long after the last event, and amid them: then most rows do not stand, and cases are folded."""


def value_of(item: dict[str, Any], column: str) -> Any:
    found = item[column]
    if column == "lateness_minutes":
        counts = item["class"] in OVERDUE_CLASSES or item["overdue"]
        return (found or 0, item["late_entry_minutes"]) if counts or found or item["late_entry_minutes"] else None
    if column in {"procedure", "unit"}:
        return found and found["id"]
    return found and (datetime.fromisoformat(found) if column.endswith("_at") else found)


def ordered(items: list[dict[str, Any]], sort: str) -> list[str]:
    """The ids as the rule has them: by the column, then by id, all the same way; without a value last."""
    column, falls = sort.removeprefix("-"), sort.startswith("-")
    said = [item for item in items if value_of(item, column) is not None]
    unsaid = [item for item in items if value_of(item, column) is None]
    if column == "lateness_minutes":
        said.sort(key=lambda item: (tuple(-one for one in value_of(item, column)), item["case_id"]), reverse=not falls)
        unsaid.sort(key=lambda item: item["case_id"], reverse=not falls)
        return [item["case_id"] for item in ([*said, *unsaid] if falls else [*unsaid, *said])]
    said.sort(key=lambda item: (value_of(item, column), item["case_id"]), reverse=falls)
    unsaid.sort(key=lambda item: item["case_id"], reverse=falls)
    return [item["case_id"] for item in [*said, *unsaid]]


async def test_programs_get_the_same_cases_in_every_order_and_no_other(signed_in: Asked) -> None:
    for as_of in OFTEN:
        items = await signed_in.all_items("/v1/cases", as_of=as_of, limit="500")
        assert len(items) > 20
        for sort in CASE_SORTS:
            found = await signed_in.all_items("/v1/cases", as_of=as_of, sort=sort, limit="40")
            assert [item["case_id"] for item in found] == ordered(items, sort), sort
            assert sorted(found, key=lambda item: item["case_id"]) == items, sort
    for sort in ("", "due", "--case_id", "case_id "):
        assert (await signed_in.raw("/v1/cases", sort=sort)).status_code == 400, sort
    assert (await signed_in.client.get("/cases", params={"sort": "due"})).status_code == 400
    page = await signed_in.get("/v1/cases", sort="received_at", limit="5", **AS_OF)
    await signed_in.get("/v1/cases", 400, sort="-received_at", limit="5", cursor=page["next"], **AS_OF)
    await signed_in.get("/v1/cases", 400, limit="5", cursor=page["next"], **AS_OF)


@pytest.mark.parametrize("asked", [LATE, {"as_of": OFTEN[1]}])
async def test_sorted_pages_lead_both_ways_and_their_file_is_in_their_order(
    signed_in: Asked, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameters, "ROWS_MAX", 9)
    monkeypatch.setattr(columns, "ROWS_AT_ONCE", 7)
    for sort in ("judged_due_at", "-lateness_minutes", "lateness_minutes"):
        forward = [f"/cases?{httpx.QueryParams({**asked, 'sort': sort})}"]
        while following := ways(await page_of(signed_in, forward[-1]), "Trang sau"):
            forward.append(following)
        shown = [ids_of(await rows_of(signed_in, page)) for page in forward]
        back = forward[-1]
        for earlier in reversed(shown[:-1]):
            back = ways(await page_of(signed_in, back), "← Trang trước") or ""
            assert ids_of(await rows_of(signed_in, back)) == earlier, sort
        assert ways(await page_of(signed_in, back), "← Trang trước") is None
        text = (await signed_in.client.get("/cases.csv", params={**asked, "sort": sort})).text
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        assert [row["case_id"] for row in rows] == [case_id for page in shown for case_id in page], sort


async def test_what_orders_a_file_is_worked_out_once(signed_in: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "ROWS_AT_ONCE", 3)
    counted: list[str] = []

    def counting(name: str) -> Any:
        original = getattr(sorted_pages, name)

        def count(*asked: Any, **named: Any) -> Any:
            counted.append(name)
            return original(*asked, **named)

        return count

    for name in ("late_places", "folded_places"):
        monkeypatch.setattr(sorted_pages, name, counting(name))
    expected = {"received_at": ["folded_places"], "lateness_minutes": ["late_places", "folded_places"]}
    for sort, once in {**expected, None: ["late_places"]}.items():
        asked = {**LATE, "sort": sort} if sort else LATE
        rows = list(csv.DictReader(io.StringIO((await signed_in.client.get("/cases.csv", params=asked)).text)))
        assert len(rows) > 2 * columns.ROWS_AT_ONCE
        assert counted == once, sort
        counted.clear()


async def test_the_head_of_a_column_says_and_changes_the_order(signed_in: Asked) -> None:
    html = await page_of(signed_in, "/cases", **AS_OF)
    (head,) = (link for link in links_of(html) if link.text.startswith("Hạn tính quá hạn"))
    assert "sort=judged_due_at" in head.href
    assert "aria-sort" in html
    html = await page_of(signed_in, head.href)
    assert html.count("aria-sort=") == 1
    assert 'aria-sort="ascending"><a class="sort" href="' in html
    (head,) = (link for link in links_of(html) if link.text.startswith("Hạn tính quá hạn"))
    assert "sort=-judged_due_at" in head.href
    assert "as_of=2022-05-15" in head.href
    assert ids_of(await all_rows(signed_in, head.href))


async def test_an_order_that_would_cost_too_much_is_refused_to_programs_and_told_to_people(
    signed_in: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_segments, "FOLDED_MAX", 3)
    asked = {"as_of": OFTEN[1], "sort": "received_at"}
    problem = await signed_in.get("/v1/cases", 422, **asked)
    assert problem["type"] == "/problems/sort-unavailable"
    html = await page_of(signed_in, "/cases", **asked)
    assert "phải tính lại quá nhiều hồ sơ" in html
    assert ids_of(await rows_of(signed_in, f"/cases?{httpx.QueryParams(asked)}")) == ids_of(
        await rows_of(signed_in, f"/cases?{httpx.QueryParams({'as_of': OFTEN[1]})}")
    )
