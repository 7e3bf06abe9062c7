"""Open pages are told that there is news of what they show, and nobody is told of what they do not see."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from playwright.async_api import BrowserContext
from tests.keys import new_key, revoke_key
from tests.pages.conftest import CASE_ID, event_of, late_case, on_time_case
from tests.pages.reading import HTML, page_of
from tests.query.serving import Asked, client_of

from tiendo_query import live_news
from tiendo_query.live_news import News, OpenPages, WatchedCases, told
from tiendo_read_models.builds import create_build
from tiendo_runtime.authentication import Bounds, Scope

OTHER = "Z-1"
WAIT_SECONDS = 60


def of_another_unit(number: int, kind: str, time: str) -> str:
    data = {"unit": {"id": "H99", "name": "Sở khác", "level": "province"}, "due_at": "2022-08-29T17:00:00+07:00"}
    return event_of(number, kind, time, data if kind == "received" else {}, case_id=OTHER, source="/kontum/igate")


@asynccontextmanager
async def heard(client: httpx.AsyncClient, address: str) -> AsyncIterator[asyncio.Queue[dict[str, Any] | None]]:
    """What a page at the address of its news is told, one after the other; None when nothing more is."""
    told: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
    begun = asyncio.Event()

    async def listen() -> None:
        async with client.stream("GET", address, timeout=WAIT_SECONDS) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream"), answer.status_code
            begun.set()
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    told.put_nowait(json.loads(line.removeprefix("data: ")))
        told.put_nowait(None)

    listening = asyncio.create_task(listen())
    try:
        await asyncio.wait_for(begun.wait(), WAIT_SECONDS)
        yield told
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


def live_of(html: str) -> str:
    (address,) = re.findall(r'data-live="([^"]+)"', html)
    return str(address).replace("&amp;", "&")


async def next_of(told: asyncio.Queue[dict[str, Any] | None]) -> dict[str, Any] | None:
    return await asyncio.wait_for(told.get(), WAIT_SECONDS)


async def test_who_asks_for_the_head_of_a_stream_has_it_and_the_connection_is_free_again(served: Asked) -> None:
    _, secret = await new_key(served.app.state.running, Scope.READ)
    async with client_of(served.port, secret) as client:
        address = live_of((await client.get("/", headers=HTML)).text)
        head = await client.head(address)
        assert (head.status_code, head.headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
        assert (await client.get("/healthz", timeout=WAIT_SECONDS)).status_code == 200


async def test_a_case_and_the_first_page_tell_of_their_news_until_the_session_ends(served: Asked) -> None:
    await served.tell(on_time_case(case_id="B-1"))
    key_id, secret = await new_key(served.app.state.running, Scope.READ)
    client = served.client
    await client.post("/sign-in", data={"key": secret})
    answer = await client.get(f"/cases/{CASE_ID.replace('/', '%2F')}", headers=HTML)
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "data-live" not in await page_of(served, "/", as_of="2022-08-20T00:00:00+07:00")
    async with (
        heard(client, live_of(answer.text)) as of_case,
        heard(client, live_of(await page_of(served, "/"))) as all_,
    ):
        await served.tell(
            [
                *on_time_case(case_id="B-2"),
                event_of(9, "result-delivered", "24T07:00", {}, case_id=CASE_ID, source="/kontum/igate"),
            ]
        )
        assert await next_of(of_case) == {"count": 1, "more": False}
        assert (await next_of(all_) or {})["count"] in {1, 2, 3}
        await revoke_key(served.app.state.running, key_id)
        assert await next_of(of_case) is None
        while await next_of(all_) is not None:
            pass


async def test_who_is_bound_hears_of_no_case_that_they_do_not_see(served: Asked) -> None:
    await served.tell([of_another_unit(1, "received", "15T07:00")])
    _, secret = await new_key(served.app.state.running, Scope.READ, bounds=Bounds(units=["H99"]))
    async with client_of(served.port, secret) as client:
        await client.post("/sign-in", data={"key": secret})
        position = (await served.client.get("/v1/cases")).headers["x-tiendo-position"]
        async with (
            heard(client, f"/live?after={position}") as told,
            heard(client, f"/live?after={position}&case={CASE_ID}") as of_other,
        ):
            more = event_of(9, "result-delivered", "24T07:00", {}, case_id=CASE_ID, source="/kontum/igate")
            await served.tell([more, *late_case(case_id="L-2"), of_another_unit(2, "completed", "16T07:00")])
            assert await next_of(told) == {"count": 1, "more": False}
            assert of_other.empty()


async def test_a_rebuild_tells_how_far_it_is(served: Asked) -> None:
    async with heard(served.client, "/live?after=1000") as told:
        async with served.engine.begin() as connection:
            await create_build(connection)
        assert await next_of(told) == {"percent": 0}


@dataclass(kw_only=True)
class QuietPage:
    """A page of whom nothing that comes concerns, while something comes every second; it notes when it is asked for."""

    after: int = 0
    now: float = 0
    asked_at: list[float] = field(default_factory=list)

    async def reached(self) -> tuple[int, None]:
        return int(self.now) + 1, None

    async def news(self, reached: int) -> News:
        self.asked_at.append(self.now)
        return News(count=0, position=reached)

    async def wait(self, _: asyncio.Event) -> None:
        self.now += 1


async def test_pages_of_whom_nothing_concerns_are_asked_for_ever_more_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    page = QuietPage()
    loop = SimpleNamespace(time=lambda: page.now)
    monkeypatch.setattr(live_news, "asyncio", SimpleNamespace(get_running_loop=lambda: loop))
    monkeypatch.setattr(live_news, "_wait", page.wait)
    heard = [one async for one in told(cast("OpenPages", page), cast("WatchedCases", page), asyncio.Event())]
    assert heard == []
    assert page.asked_at == [0, 4, 12, 28, 60, 120, 180, 240]


async def test_the_number_of_open_pages_is_bounded(served: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_news, "STREAMS_MAX", 0)
    answer = await served.client.get("/live", params={"after": 1})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


async def test_news_shows_on_the_page_without_moving_it(served: Asked, browser: BrowserContext) -> None:
    page = await browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.set_viewport_size({"width": 390, "height": 400})
    await page.goto(f"http://127.0.0.1:{served.port}/")
    await page.evaluate("window.scrollTo(0, 300)")
    await served.tell(on_time_case(case_id="B-2"))
    news = page.get_by_role("status").filter(has_text="sự kiện mới")
    await news.wait_for(timeout=WAIT_SECONDS * 1000)
    assert await page.evaluate("window.scrollY") == 300
    await news.get_by_role("button", name="Tải lại").click()
    await page.wait_for_function("!document.querySelector('.news').textContent")
    assert complaints == []
