"""One way of looking: chosen in the bar, living in the address, following along every link, said in words."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.pages.addresses import CASE_PATH, SIGNED_IN
from tests.pages.reading import links_of, page_of
from tests.query.serving import Asked

from tiendo_contracts.problems.problem_kinds import Language
from tiendo_query.pages.bar import named_periods, presets_at
from tiendo_query.pages.looking import LookingParameters

CHOSEN = {"from": "2022-08-01", "to": "2022-08-20", "basis": "recorded", "policy": "after-due/1"}
WITHOUT_LOOKING = (
    "/docs",
    "/sign-in",
    "/static/",
    "/problems/",
    "/rule-book",
    "/glossary",
    "/cong-khai",
    "/v1/log/",
    "/v1/difficulties",
)


@pytest.fixture
async def signed_in(served: Asked) -> Asked:
    await served.client.post("/sign-in", data={"key": served.secret})
    return served


def is_without_looking(href: str) -> bool:
    """Whether the place has no period, basis or policy to choose: papers, rules, published lists; and forms, which are filled as they always are."""
    return href.startswith(WITHOUT_LOOKING) or "/forms/" in href


async def test_what_was_chosen_follows_along_every_link_between_pages(signed_in: Asked) -> None:
    for path in SIGNED_IN:
        asked = {} if path.startswith(("/style", "/cong-khai")) else CHOSEN
        for link in links_of(await page_of(signed_in, path, **asked)):
            if not asked or link.href == "/" or not link.href.startswith("/") or is_without_looking(link.href):
                continue
            kept = parse_qs(urlsplit(link.href).query)
            assert (kept.get("basis"), kept.get("policy")) == (["recorded"], ["after-due/1"]), (path, link)
            assert {"from", "to"} <= kept.keys(), (path, link)


async def test_the_instant_of_a_form_is_a_local_clock_and_an_offset(signed_in: Asked) -> None:
    by_form = await page_of(signed_in, CASE_PATH, as_of_local="2022-08-22T10:00", as_of_offset="+07:00")
    assert "số liệu tính đến 10:00 22/08/2022, không phải đến hiện tại</bdi>" in by_form
    assert 'value="2022-08-22T10:00"' in by_form
    await page_of(signed_in, CASE_PATH, as_of_local="", as_of_offset="+07:00")
    await page_of(signed_in, CASE_PATH, as_of_local="2022-08-22T10:00", status=400)


async def test_a_case_shows_the_basis_and_policy_that_were_chosen(signed_in: Asked) -> None:
    occurred = await page_of(signed_in, CASE_PATH)
    recorded = await page_of(signed_in, CASE_PATH, basis="recorded", policy="after-due/1")
    assert "theo thời điểm hệ thống ghi nhận" not in occurred.partition("<form class")[0]
    assert "<bdi>theo thời điểm hệ thống ghi nhận</bdi>" in recorded
    assert "(after-due/1)" in recorded.partition('class="period"')[0]


async def test_a_page_of_totals_says_that_another_basis_does_not_apply(signed_in: Asked) -> None:
    words = "danh sách và tổng số luôn tính theo thời điểm xảy ra"
    assert words not in await page_of(signed_in, "/cases")
    html = await page_of(signed_in, "/cases", basis="recorded")
    assert words in html
    assert '<select name="basis">' not in html


def test_an_instant_that_only_ends_the_period_is_left_behind_with_the_period() -> None:
    asked = {"to": "2022-08-25", "as_of": "2022-08-26T00:00:00+07:00"}
    assert LookingParameters.model_validate(asked).looking.but(to=date(2022, 9, 30)).link("/") == "/?to=2022-09-30"
    earlier = LookingParameters.model_validate({**asked, "as_of": "2022-08-25T00:00:00+07:00"}).looking
    assert earlier.as_of == "2022-08-25T00:00:00+07:00"


def test_presets_are_whole_months_quarters_and_years_and_those_that_have_a_name() -> None:
    named = tuple(named_periods("8 tháng đầu năm 2022=2022-01-01/2022-08-25; II=2022-04-01/2022-06-30;"))
    shown = {
        one.words.spoken(Language.VIETNAMESE): (one.start, one.end) for one in presets_at(date(2024, 2, 29), named)
    }
    assert shown == {
        "Tháng 2/2024": (date(2024, 2, 1), date(2024, 2, 29)),
        "Tháng 1/2024": (date(2024, 1, 1), date(2024, 1, 31)),
        "Quý I/2024": (date(2024, 1, 1), date(2024, 3, 31)),
        "Năm 2024": (date(2024, 1, 1), date(2024, 12, 31)),
        "8 tháng đầu năm 2022": (date(2022, 1, 1), date(2022, 8, 25)),
        "II": (date(2022, 4, 1), date(2022, 6, 30)),
    }
