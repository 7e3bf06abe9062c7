"""Pages over the case of `conftest.late_case`; those of all routes are walked in `tests/month`."""

from typing import Final
from urllib.parse import quote

from tests.pages.conftest import CASE_ID, OFFICER_IDS

CASE_PATH: Final = f"/cases/{quote(CASE_ID, safe='')}"
PUBLIC: Final = (
    *("/", "/cases", CASE_PATH, "/quality", "/search?text=a", "/style", "/units/H34.20"),
    *("/procedures", "/procedures/1.004227", "/flows", "/rule-book", "/glossary", "/cong-khai"),
)
"""Shown without a session, where the operator opens the pages."""
SIGNED_IN: Final = (
    *PUBLIC,
    "/officers",
    "/sources",
    "/desk/publications",
    "/difficulties",
    "/forms/ii06a",
    f"/officers/{OFFICER_IDS[0]}",
)
"""Shown to who has signed in and sees everything."""
