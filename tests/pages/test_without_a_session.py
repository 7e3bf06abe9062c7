"""What somebody is shown who has not signed in: nothing, one case by its whole code, or what the operator opens; never a name."""

from dataclasses import replace
from urllib.parse import quote

from tests.pages.conftest import CASE_ID, OFFICERS
from tests.query.serving import Asked

from tiendo_runtime.settings import PublicPages

CASE = f"/cases/{quote(CASE_ID, safe='')}"
LISTS = ("/cases", f"/cases?text={CASE_ID[:8]}&overdue=true", "/cases?unit=H34.20", "/cases?figure=overdue")
ALWAYS_OPEN = ("/sign-in", "/problems", "/problems/not-found", "/static/tiendo.css", "/healthz")
DESCRIPTIONS = ("/docs", "/openapi.json", "/asyncapi.json")
BROWSER = {"Accept": "text/html"}


def shown(served: Asked, pages: PublicPages | None) -> None:
    """Let the service show those pages."""
    running = served.app.state.running
    settings = running.settings.model_copy(update={"public_pages": pages})
    served.app.state.running = replace(running, settings=settings)


async def statuses(served: Asked, *paths: str) -> set[int]:
    answers = [await served.client.get(path, headers=BROWSER) for path in paths]
    of_cases = [answer for answer in answers if "json" not in answer.headers.get("content-type", "")]
    assert not [answer for answer in of_cases for name in OFFICERS if name in answer.text]
    return {answer.status_code for answer in answers}


async def test_what_is_shown_without_a_session_is_the_operators_choice_and_never_a_name(served: Asked) -> None:
    del served.client.headers["Authorization"]
    shown(served, PublicPages.ON)
    assert await statuses(served, "/", CASE, *LISTS, *ALWAYS_OPEN, *DESCRIPTIONS) == {200}
    assert await statuses(served, "/officers/CC-0001") == {303}
    for asked in (None, PublicPages.CASES):
        shown(served, asked)
        assert await statuses(served, "/", CASE, *ALWAYS_OPEN, *DESCRIPTIONS) == {200}
        assert await statuses(served, *LISTS, "/officers/CC-0001") == {303}
        assert await statuses(served, "/live?after=0", f"/live?after=0&case={CASE_ID}") == {401}
        assert "data-live" not in (await served.client.get(CASE)).text
        landing = await served.client.get("/")
        assert "mã đầy đủ" in landing.text
        assert "Đơn vị chậm" not in landing.text
        to_the_case = await served.client.get("/cases", params={"text": CASE_ID})
        assert (to_the_case.status_code, to_the_case.headers["location"]) == (303, CASE)
        assert await statuses(served, f"/cases/{CASE_ID[:8]}") == {404}
    shown(served, PublicPages.OFF)
    assert await statuses(served, "/", CASE, *LISTS, "/officers/CC-0001") == {303}
    assert await statuses(served, "/cases/nobody-knows-it") == {303}
    assert await statuses(served, *DESCRIPTIONS) == {401}
    assert await statuses(served, *ALWAYS_OPEN) == {200}
    key = {"Authorization": f"Bearer {served.secret}"}
    assert {(await served.client.get(path, headers=key)).status_code for path in DESCRIPTIONS} == {200}
    assert (await served.client.get("/", headers=BROWSER)).headers["location"] == "/sign-in"


async def test_every_answer_but_static_ones_is_kept_by_no_cache(served: Asked) -> None:
    for path in ("/", CASE, "/v1/cases", "/v1/nothing", "/sign-in", "/docs", "/openapi.json", "/cases/nobody-knows-it"):
        headers = (await served.client.get(path)).headers
        assert (headers["cache-control"], "etag" in headers) == ("no-store", False), path
    for path in ("/cong-khai", "/cong-khai/CK-H34-2022-08/1"):
        assert (await served.client.get(path)).headers["cache-control"] == "no-cache"
    for path in ("/problems", "/problems/not-found", "/static/tiendo.css"):
        assert "no-store" not in (await served.client.get(path)).headers.get("cache-control", "")
