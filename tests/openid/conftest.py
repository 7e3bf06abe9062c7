"""The frame of the web services with an issuer beside it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.openid.issuer import CLIENT_ID, SECRET, TestIssuer, running_issuer
from tests.runtime.conftest import client, running
from tests.runtime.web_service import service

from tiendo_runtime.web import Running

__all__ = ["client", "running"]


@pytest.fixture
async def issuer() -> AsyncIterator[TestIssuer]:
    async with running_issuer() as running:
        yield running


@pytest.fixture
async def running_service(
    database_url: str, issuer: TestIssuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[httpx.AsyncClient, Running]]:
    """A service whose sessions are renewed with every use."""
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv("TIENDO_OIDC_ISSUER", issuer.url)
    monkeypatch.setenv("TIENDO_OIDC_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("TIENDO_OIDC_CLIENT_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("TIENDO_OIDC_RENEW_SECONDS", "0")
    async with service(database_url) as opened:
        yield opened
