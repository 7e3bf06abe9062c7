"""The pages that crawl, size and accessibility look at, over the case of `conftest.late_case`."""

from typing import Final
from urllib.parse import quote

from tests.pages.conftest import CASE_ID, OFFICER_IDS

CASE_PATH: Final = f"/cases/{quote(CASE_ID, safe='')}"
PUBLIC: Final = (
    "/",
    "/cases",
    CASE_PATH,
    "/quality",
    "/style",
    "/rule-book",
    "/glossary",
    "/units/H34.20",
    "/procedures",
    "/procedures/1.004227",
    "/flows",
)
"""Shown without a session, where the operator opens the pages."""
SIGNED_IN: Final = (*PUBLIC, f"/officers/{OFFICER_IDS[0]}")
"""Shown to who has signed in and sees everything."""
