"""The page of sources: what came last of each, and how late."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from tests.pages.conftest import CASE_ID, on_time_case
from tests.pages.reading import links_of, number_of, page_of
from tests.query.serving import Asked

from tiendo_event_store.sources.source_lags import source_lags
from tiendo_query.pages.sources.view import lag_in_words


async def test_a_source_shows_when_it_last_told_something_and_how_late(served: Asked) -> None:
    await served.tell(on_time_case(case_id="OTHER"))
    async with served.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT position, ingested_at, text::json ->> 'time' AS at FROM tiendo.events WHERE shard IS NOT NULL")
        )
        told = [(row.position, row.ingested_at, datetime.fromisoformat(row.at)) for row in rows]
        (lag,) = await source_lags(connection, ["/kontum/igate", "/nowhere"])
    assert (lag.position, lag.last_at) == (max(told)[0], max(one[1] for one in told))
    ages = sorted(ingested_at - at for _, ingested_at, at in told)
    assert lag.lag == ages[-(-len(ages) // 2) - 1]
    await served.client.post("/sign-in", data={"key": served.secret})
    page = await page_of(served, "/sources")
    (link,) = [
        one for one in links_of(page) if "figure" in one.classes and "source=" in one.href and "quality" not in one.href
    ]
    listed = await served.all_items(f"/v1{link.href}")
    assert number_of(link.text) == len(listed) == 2
    assert CASE_ID in {one["case_id"] for one in listed}
    assert lag_in_words(lag.lag).vi in page


@pytest.mark.parametrize(
    ("lag", "words"),
    [
        (timedelta(seconds=59), "0 phút"),
        (timedelta(minutes=59), "59 phút"),
        (timedelta(minutes=60), "1 giờ"),
        (timedelta(hours=47, minutes=59), "47 giờ"),
        (timedelta(days=2), "2 ngày"),
    ],
)
def test_a_lag_is_told_in_the_unit_that_fits(lag: timedelta, words: str) -> None:
    assert lag_in_words(lag).vi == words
