"""In a browser faults are pages with a way on, and signing in leads back to where one was, never to another host."""

import httpx
import pytest
from tests.keys import new_key

from tiendo_runtime.authentication import Scope
from tiendo_runtime.web import Running
from tiendo_runtime.web.sign_in.local_paths import local_path

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
async def secret(running_service: tuple[httpx.AsyncClient, Running]) -> str:
    return (await new_key(running_service[1], Scope.READ))[1]


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nothing/here", 404, ("Không tìm thấy", '<a href="/">Về trang tổng hợp</a>')),
        ("GET", "/v1/read/1", 401, ("Chưa xác thực", '<a href="/sign-in?next=%2Fv1%2Fread%2F1">Đăng nhập</a>')),
        ("DELETE", "/v1/refused", 405, ("Phương thức không được phép", '<a href="/">Về trang tổng hợp</a>')),
        ("GET", "/v1/refused?cursor=%3Cx%3E", 400, ("Con trỏ trang không hợp lệ", '<a href="/v1/refused">')),
        ("GET", "/v1/broken", 500, ("Lỗi của hệ thống", '<a href="/v1/broken">Thử lại</a>')),
        ("GET", "/v1/unreachable", 503, ("Cơ sở dữ liệu không phản hồi", '<a href="/v1/unreachable">Thử lại</a>')),
    ],
)
async def test_a_fault_in_a_browser_is_a_page_with_a_way_on(
    client: httpx.AsyncClient, method: str, path: str, status: int, words: tuple[str, str]
) -> None:
    answer = await client.request(method, path, headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    title, way = words
    assert f"<h1>{title}</h1>" in answer.text
    assert way in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_the_page_of_a_fault_speaks_the_language_that_is_asked_for(client: httpx.AsyncClient) -> None:
    english = await client.get("/nothing", headers={**BROWSER, "Accept-Language": "en-GB,vi;q=0.5"})
    assert 'lang="en"' in english.text
    assert "<h1>Not found</h1>" in english.text
    assert 'lang="vi"' in (await client.get("/nothing", headers={**BROWSER, "Accept-Language": "fr"})).text


@pytest.mark.parametrize(
    "accepted", ["*/*", "application/json", "application/json, text/html;q=0.9", "application/problem+json", ""]
)
async def test_programs_get_the_problem_document(client: httpx.AsyncClient, accepted: str) -> None:
    answer = await client.get("/v1/read/1", headers={"Accept": accepted})
    assert answer.headers["content-type"] == "application/problem+json"


async def test_refusals_keep_their_headers_on_pages(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/read/1", headers=BROWSER)).headers["www-authenticate"].startswith("Bearer")
    assert (await client.get("/v1/unreachable", headers=BROWSER)).headers["retry-after"]


async def test_signing_in_leads_back_to_where_one_was(client: httpx.AsyncClient, secret: str) -> None:
    back = "/cases/000.00.20.H34%2F220815-0001?as_of=2022-08-25T17%3A00%3A00%2B07%3A00&page=2"
    form = (await client.get("/sign-in", params={"next": back})).text
    assert f'name="next" value="{back.replace("&", "&amp;")}"' in form
    answer = await client.post("/sign-in", data={"key": secret, "next": back})
    assert (answer.status_code, answer.headers["location"]) == (303, back)
    wrong = await client.post("/sign-in", data={"key": "wrong", "next": back})
    assert wrong.status_code == 401
    assert 'name="next"' in wrong.text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example/",
        "/\n/evil.example",
        " /cases",
        "javascript:alert(1)",
        "cases",
        "",
        "/a\r\nSet-Cookie: x=1",
        "/Việt",
        "/sign-in?next=/cases",
        "/sign-out",
        "/sign-in/callback?code=x",
        "/" + "a" * 2_001,
    ],
)
async def test_signing_in_never_leads_to_another_host(client: httpx.AsyncClient, secret: str, elsewhere: str) -> None:
    assert local_path(elsewhere) is None
    answer = await client.post("/sign-in", data={"key": secret, "next": elsewhere})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "evil" not in (await client.get("/sign-in", params={"next": elsewhere})).text


async def test_a_parameter_that_is_missing_is_told_as_missing(client: httpx.AsyncClient, secret: str) -> None:
    answer = await client.get("/v1/needs", headers={"Authorization": f"Bearer {secret}"})
    document = answer.json()
    assert (document["type"], document["field"]) == ("/problems/parameter-missing", "stat")
    assert (document["detail"], document["remedy"]) == ("`stat` is missing.", "Send `stat` with the request.")
