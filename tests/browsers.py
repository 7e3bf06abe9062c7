"""A real browser, for whatever tests want one."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

_QUIET_START = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
_NO_CALLS_HOME = ("--disable-background-networking", "--disable-component-update", "--disable-sync")


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A real browser."""
    program = shutil.which("chromium")
    if program is None:
        reason = "Chromium is not installed: run deploy/install-test-packages.sh as root"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=[*_QUIET_START, *_NO_CALLS_HOME])
        yield browser
        await browser.close()


@pytest.fixture
async def browser(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A fresh profile of the browser: no cookies, no cache."""
    context = await chromium.new_context(locale="vi-VN")
    context.set_default_timeout(60_000)
    yield context
    await context.close()
