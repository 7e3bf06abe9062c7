"""A fake gateway that answers, and its configuration."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.poller.fake_igate import CLIENT, SECRET, FakeGateway, serving


@pytest.fixture
async def gateway() -> AsyncIterator[FakeGateway]:
    async with serving(FakeGateway()) as answering:
        yield answering


@pytest.fixture
def configuration_file(gateway: FakeGateway, tmp_path: Path) -> Path:
    """The file of the gateway, for polls that follow one another at once."""
    (tmp_path / "secret.txt").write_text(f"{SECRET}\n", encoding="utf-8")
    path = tmp_path / "igate.toml"
    path.write_text(
        f"""
source = "/kontum/igate"
base_url = "{gateway.address}"
token_url = "{gateway.address}/token"
client_id = "{CLIENT}"
client_secret_file = "secret.txt"
poll_seconds = 0.05
overlap_seconds = 60
page_size = 3
requests_per_second = 1000
timeout_seconds = 2
updated_from = "updated-from"
[status]
2 = "in-process"
3 = "supplement-requested"
4 = "completed"
5 = "result-delivered"
""",
        encoding="utf-8",
    )
    return path
