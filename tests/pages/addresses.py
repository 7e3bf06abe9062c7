"""The pages that crawl, size and accessibility look at, over the case of `conftest.late_case`."""

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
STATES: Final = (
    *(
        "/cases?sort=-received_at",
        "/units/H34.20?sort_officers=-cases",
        "/cases?text=zzz",
        "/search?text=zzz",
        "/cases?class=actual&sums=true&from=2022-01-01&to=2022-12-31",
    ),
    *(f"{CASE_PATH}?as_of=2022-08-16T10:00:00%2B07:00&basis=recorded", "/cases/nobody-knows-it", "/?from=gestern"),
)
"""Pages with nothing on them, looked at otherwise, or refused."""
