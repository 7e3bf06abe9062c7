"""Pages that cannot be shown say why, in Vietnamese, with the right status."""

import pytest
from tests.pages.conftest import CASE_ID, OFFICERS
from tests.query.serving import Asked


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/cases/nobody-knows-it", 404, "Không có hồ sơ này"),
        ("/?from=gestern", 400, "Tham số không hợp lệ"),
        ("/?from=2022-09-01&to=2022-08-01", 400, "Tham số không hợp lệ"),
        ("/?to=9999-12-31", 400, "Tham số không hợp lệ"),
        ("/?from=0001-01-01", 400, "Tham số không hợp lệ"),
        ("/cases?cursor=garbled", 400, "Con trỏ trang không hợp lệ"),
        ("/cases/x?as_of=2022-08-01", 400, "Tham số không hợp lệ"),
        ("/cases?text=%00", 400, "Tham số không hợp lệ"),
        ("/cases?unit=a%00b", 400, "Tham số không hợp lệ"),
        ("/cases/a%00b", 404, "Không tìm thấy"),
    ],
)
async def test_a_refusal_is_a_page(served: Asked, path: str, status: int, words: str) -> None:
    answer = await served.client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f"<h1>{words}</h1>" in answer.text


async def test_an_instant_may_be_written_with_small_letters(served: Asked) -> None:
    for path in ("/cases", f"/cases/{CASE_ID}"):
        answer = await served.client.get(path, params={"as_of": "2022-08-25t10:00:00z"})
        assert answer.status_code == 200, path
        assert "tính đến 10:00 25/08/2022" in answer.text, path


async def test_an_officers_page_is_for_who_is_signed_in(served: Asked) -> None:
    answer = await served.client.get("/officers/CC-0001")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fofficers%2FCC-0001")


async def test_what_was_sent_is_text_on_a_page_never_markup(served: Asked) -> None:
    page = (await served.client.get(f"/cases/{CASE_ID}")).text
    assert "Chi nhánh VPĐKĐĐ &lt;thành phố&gt; Kon Tum" in page
    assert not any(name in page for name in OFFICERS)


@pytest.mark.parametrize(("path", "scripts"), [("/", ["script-src 'self'"]), ("/glossary", [])])
async def test_no_page_may_be_cached_framed_or_run_scripts_of_others(
    served: Asked, path: str, scripts: list[str]
) -> None:
    headers = (await served.client.get(path)).headers
    assert "no-store" in headers["cache-control"]
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert [one for one in policy if one.startswith("script-src")] == scripts


async def test_head_is_answered_as_get_without_the_body(served: Asked) -> None:
    for path in ("/", "/healthz", f"/cases/{CASE_ID}", "/v1/events"):
        head, get = await served.client.head(path), await served.client.get(path)
        assert (head.status_code, head.content) == (200, b""), path
        assert head.headers["content-type"] == get.headers["content-type"]
    assert "HEAD" in (await served.client.delete("/v1/events")).headers["allow"]
