"""The list of officers: found without diacritics, sorted by any column, added up, and given out as it is shown; and the tables of other pages."""

import csv
import io

import pytest
from tests.pages.conftest import OFFICER_IDS, OFFICERS, event_of, on_time_case
from tests.pages.reading import links_of, page_of
from tests.query.serving import Asked

from tiendo_query.pages.officers import view
from tiendo_query.pages.sorted_columns import SortedColumns


@pytest.fixture
async def signed_in(served: Asked) -> Asked:
    held = {"holder": {"id": "VN-1", "name": "Đỗ Văn Ân", "unit": {"id": "H34.20.1", "name": "Phòng 1"}}}
    third = event_of(1, "received", "15T07:00", held, case_id="C-3", source="/kontum/igate")
    await served.tell([*on_time_case(case_id="C-2"), third])
    await served.client.post("/sign-in", data={"key": served.secret})
    return served


def officers_in(html: str) -> list[str]:
    rows = html[html.index("<tbody>") :]
    return [link.text for link in links_of(rows) if link.href.startswith("/officers/") and not link.text.isdigit()]


async def test_officers_stand_by_unit_and_name_and_sorted_by_any_column_and_their_files_say_the_same(
    signed_in: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = OFFICERS[0], OFFICERS[1], "Đỗ Văn Ân"
    assert officers_in(await page_of(signed_in, "/officers")) == [first, third, second]
    for sort, shown in (
        ("name", [first, third, second]),
        ("-name", [second, third, first]),
        ("-cases", [second, first, third]),
        ("-attributed", [second, first, third]),
    ):
        assert officers_in(await page_of(signed_in, "/officers", sort=sort)) == shown, sort
        text = (await signed_in.client.get("/officers.csv", params={"sort": sort})).text.removeprefix("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["officer_name"] for row in rows] == shown, sort
        assert sum(int(row["attributed_minutes"]) for row in rows) == 960
    html = await page_of(signed_in, "/officers", text="tran van binh")
    assert officers_in(html) == [second]
    assert officers_in(await page_of(signed_in, "/officers", late="true")) == [first, second]
    assert officers_in(await page_of(signed_in, "/officers", unit="H34.20.0")) == [first]
    monkeypatch.setattr(view, "ROWS_MAX", 2)
    html = await page_of(signed_in, "/officers", sort="-name")
    (more,) = (link.href for link in links_of(html) if link.text.startswith("Trang sau"))
    assert officers_in(await page_of(signed_in, more)) == [first]
    assert (await signed_in.client.get("/officers", params={"sort": "rank"})).status_code == 400
    assert (await signed_in.client.get("/officers.xlsx")).status_code == 200
    signed_in.client.cookies.clear()
    assert (await signed_in.client.get("/officers")).status_code == 303
    assert (await signed_in.client.get("/officers.csv")).status_code == 303


async def test_the_tables_of_a_page_are_sorted_each_by_itself(signed_in: Asked) -> None:
    person = f"/officers/{OFFICER_IDS[1]}"
    for path, columns in (
        ("/units/H34.20", ("sort_officers=-cases", "sort_steps=procedure", "sort_procedures=-resolved")),
        ("/procedures", ("sort=procedure", "sort=-on_time")),
        ("/flows", ("sort=giver", "sort_stays=-won_back")),
        ("/sources", ("sort=-source", "sort=-cases")),
        (person, ("sort=case", "sort=-held", "sort=overrun")),
    ):
        heads = [link.href for link in links_of(await page_of(signed_in, path)) if "sort" in link.classes]
        for column in columns:
            html = await page_of(signed_in, f"{path}?{column}")
            name, _, way = column.partition("=")
            turned = way.removeprefix("-") if way.startswith("-") else f"-{way}"
            way_there = "descending" if way.startswith("-") else "ascending"
            assert f'aria-sort="{way_there}"' in html, (path, column)
            assert any(f"{name}={turned}" in link.href for link in links_of(html)), (path, column)
            assert any(
                f"{name}={way.removeprefix('-')}" in href or f"{name}=-{way.removeprefix('-')}" in href
                for href in heads
            )
        assert (await signed_in.client.get(path, params={columns[0].partition("=")[0]: "nothing"})).status_code == 400


def test_rows_of_which_a_column_says_nothing_come_last_either_way() -> None:
    columns: SortedColumns[int | None] = SortedColumns(keys={"it": lambda row: row})
    assert columns.in_order([2, None, 1], "it") == [1, 2, None]
    assert columns.in_order([2, None, 1], "-it") == [2, 1, None]
    assert columns.in_order([2, None, 1], None) == [2, None, 1]
