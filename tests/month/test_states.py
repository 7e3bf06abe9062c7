"""What a page says when it cannot be what was asked for: refusals and faults, and forms whose fields were not filled in."""

import re
from typing import Final

import pytest
from fastapi import FastAPI
from playwright.async_api import Page
from tests.month.province import ALSO_LATE, HEAD, OFFICE, OFFICER, OPERATOR
from tests.month.shown_page import faults_at_first_sight
from tests.month.visitors import NOBODY, Visitors
from tests.month.worked_month import WorkedMonth

from tiendo_contracts.problems.problem_documents import explanation, status_of
from tiendo_contracts.problems.problem_kinds import Language, ProblemKind, Refusal

pytestmark = pytest.mark.xdist_group("month")

REFUSED: Final = {
    403: ProblemKind.SCOPE_MISSING,
    404: ProblemKind.NOT_FOUND,
    409: ProblemKind.CONFLICT,
    422: ProblemKind.COMBINATION_UNAVAILABLE,
    429: ProblemKind.TOO_MANY_REQUESTS,
    500: ProblemKind.INTERNAL_ERROR,
    503: ProblemKind.DATABASE_UNAVAILABLE,
}
"""A kind of each status; what meets these in earnest has tests of its own."""
_TITLE: Final = re.compile(r"<h1[^>]*>(.*?)</h1>")


def _refuses(app: FastAPI) -> None:
    """Let an address of the service that runs refuse whatever it is asked for."""

    async def refuse(status: int) -> None:
        raise Refusal(REFUSED[status], values={"scope": "read", "position": 1})

    app.add_api_route("/of-this-test/{status}", refuse, include_in_schema=False)


async def test_whatever_goes_wrong_is_a_page_in_both_languages_with_a_way_on(visitors: Visitors) -> None:
    _refuses(visitors.service.app)
    nobody = visitors[NOBODY]
    for status, kind in REFUSED.items():
        for language in Language:
            answer = await nobody.client.get(
                f"/of-this-test/{status}", headers={"Accept-Language": language.value, "Accept": "text/html"}
            )
            title, _ = explanation(kind, language)
            assert (answer.status_code, status_of(kind)) == (status, status)
            assert f'<html lang="{language.value}">' in answer.text
            assert [found.replace("&#39;", "'") for found in _TITLE.findall(answer.text)] == [title]
            assert 'class="ways"' in answer.text
            assert f"/problems/{kind.value}" in answer.text
    await nobody.page.goto("/of-this-test/500")
    assert await faults_at_first_sight(nobody.page) == []


async def left_empty(page: Page, address: str, form: str, button: str) -> list[str]:
    """What is wrong with the page that answers a form that was sent without what it needs."""
    await page.goto(address)
    await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = page.locator(form)
    await found.evaluate("one => { one.noValidate = true }")
    async with page.expect_navigation() as sent:
        await found.get_by_role("button", name=button, exact=True).click()
    answer = await sent.value
    assert (answer and answer.status) == 422, address
    assert await page.locator(".fault").count() > 0, address
    return await faults_at_first_sight(page)


async def test_each_field_that_was_left_empty_says_so_where_it_stands(visitors: Visitors, month: WorkedMonth) -> None:
    officer, head, office = (visitors[one.subject].page for one in (OFFICER, HEAD, OFFICE))
    explain = f"/desk/explain/{ALSO_LATE}"
    decide = f"/desk/decide/{ALSO_LATE}?source={month.pending['source']}&id={month.pending['id']}"
    for page, address, form, button in (
        (officer, explain, "form:has([name=finished_on])", "Hồ sơ đã xong theo văn bản này"),
        (officer, explain, "form:has([name=reason])", "Xem trước khi gửi"),
        (head, decide, "form:has([name=effect])", "Chấp nhận một phần"),
        (office, month.published, "form[action$='/correct']", "Xem bước này làm gì"),
        (office, month.published, "form[action$='/withdraw']", "Xem bước này làm gì"),
        (
            office,
            f"/desk/publications?period={month.month}",
            "form:has([name=unit]:not([type=hidden]))",
            "Xem trước khi lập",
        ),
    ):
        assert await left_empty(page, address, form, button) == [], (address, button)


async def test_a_file_of_rules_that_is_none_is_refused_on_its_page(visitors: Visitors) -> None:
    page = visitors[OPERATOR.subject].page
    await page.goto("/administration")
    await page.get_by_label("Nội dung tệp quy tắc (TOML)").fill("[[unit]\n")
    await page.get_by_role("button", name="Xem sẽ thay đổi gì").click()
    await page.get_by_text("Tệp bị từ chối:").wait_for()
    assert await faults_at_first_sight(page) == []
