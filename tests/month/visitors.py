"""Somebody of each role in a browser of their own, and beside it a client with the same session."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final, Self

import httpx
from playwright.async_api import Browser, Page
from tests.month.province import PEOPLE
from tests.pages.reading import HTML
from tests.query.serving import Asked

from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.web.sign_in.session_cookies import COOKIE

NOBODY: Final = "nobody"
WIDE: Final = {"width": 1200, "height": 800}


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A person, or nobody who has signed in; `client` asks for pages as the browser does."""

    person: SignedInPerson | None
    page: Page
    client: httpx.AsyncClient

    @property
    def role(self) -> str:
        """What the visitor is."""
        return NOBODY if self.person is None else next(iter(self.person.roles)).value


@dataclass(frozen=True, kw_only=True)
class Visitors:
    """All of them by what their people are called, and the service that they ask."""

    service: Asked
    by_name: Mapping[str, Visitor]

    def __getitem__(self, name: str) -> Visitor:
        return self.by_name[name]

    @classmethod
    @asynccontextmanager
    async def of(cls, service: Asked, chromium: Browser) -> AsyncIterator[Self]:
        """A browser and a session for each."""
        async with AsyncExitStack() as stack:
            everybody: Mapping[str, SignedInPerson | None] = {**PEOPLE, NOBODY: None}
            visitors = {name: await _visitor(stack, service, chromium, one) for name, one in everybody.items()}
            yield cls(service=service, by_name=visitors)


async def _visitor(stack: AsyncExitStack, service: Asked, chromium: Browser, person: SignedInPerson | None) -> Visitor:
    address = f"http://127.0.0.1:{service.port}"
    context = await chromium.new_context(locale="vi-VN", base_url=address, viewport=WIDE)  # type: ignore[arg-type]
    stack.push_async_callback(context.close)
    headers = dict(HTML)
    if person is not None:
        cookie = await service.app.state.running.sessions.begin(person)
        await context.add_cookies([{"name": COOKIE, "value": cookie, "url": address}])
        headers["Cookie"] = f"{COOKIE}={cookie}"
    page = await context.new_page()
    page.set_default_timeout(60_000)
    client = await stack.enter_async_context(httpx.AsyncClient(base_url=address, headers=headers, timeout=60))
    return Visitor(person=person, page=page, client=client)
