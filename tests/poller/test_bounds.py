"""When everything is read without a bound, and how long a gateway is left alone that asks for it."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.poller.fake_igate import FakeGateway
from tests.poller.polls import Polls

from tiendo_poller.gateway_client import _RETRY_AFTER_MAX_SECONDS
from tiendo_runtime.retry_after import retry_after_seconds
from tiendo_sources.igate.configuration import load_configuration

RECEIVED = {"dossierStatus": {"id": 2}, "acceptedDate": "2022-08-15T07:00:00.000+0700"}


@pytest.mark.parametrize(
    ("happened", "bounds"),
    [
        ("polled_at = polled_at", ["bound"]),
        ("whole_at = whole_at - interval '2 days'", [None]),
        ("gateway_at = gateway_at + interval '1 day'", ["bound", None]),
    ],
    ids=["nothing", "the last whole reading is long ago", "the gateway's clock was set back"],
)
async def test_everything_is_read_from_time_to_time_and_after_a_clock_was_set_back(
    engine: AsyncEngine, gateway: FakeGateway, configuration_file: Path, happened: str, bounds: list[str | None]
) -> None:
    gateway.put("d1", **RECEIVED)
    async with Polls(engine, load_configuration(configuration_file)) as polls:
        await polls.poll()
        async with engine.begin() as connection:
            await connection.execute(text(f"UPDATE tiendo.polled_sources SET {happened}"))
        gateway.asked.clear()
        await polls.poll()
    assert [asked.bound and "bound" for asked in gateway.asked] == bounds


async def test_one_dossier_dated_into_next_year_hides_no_other(
    engine: AsyncEngine, gateway: FakeGateway, configuration_file: Path
) -> None:
    """Its change lies after the instant that the gateway's answers bear."""
    gateway.put("d1", **RECEIVED)
    gateway.put("d2", **RECEIVED)["updatedDate"] = "2199-01-01T00:00:00.000+0700"
    async with Polls(engine, load_configuration(configuration_file)) as polls:
        await polls.poll()
        await polls.poll()
        assert (await polls.source.state()).bound_text == gateway.dossiers["d1"]["updatedDate"]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 15 Aug 2022 08:01:30 GMT", 90.0),
        ("Mon, 15 Aug 2022 07:00:00 GMT", 0.0),
        ("999999", 3600.0),
        ("soon", 0.0),
    ],
)
def test_a_gateway_says_how_long_it_wants_to_be_left_alone_in_seconds_or_by_its_own_clock(
    said: str, seconds: float
) -> None:
    headers = httpx.Headers({"Retry-After": said, "Date": "Mon, 15 Aug 2022 08:00:00 GMT"})
    assert retry_after_seconds(headers, most=_RETRY_AFTER_MAX_SECONDS) == seconds
