"""Signing in and out through a real Keycloak, in a real browser, with the realm that deploy/keycloak shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from playwright.async_api import BrowserContext
from sqlalchemy import text
from tests.conftest import migrated_database
from tests.keys import sealed
from tests.openid.keycloak import CLIENT_SECRET, Keycloak, password_of, require, running_keycloak
from tests.ports import reserved_port
from tests.query.serving import listening
from tests.runtime import web_service
from tests.waiting import until

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_query.pages.rendering import HEADERS
from tiendo_runtime.authentication import Sight
from tiendo_runtime.authentication.people import Role
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.settings import Settings
from tiendo_runtime.web import Running, ServicePart, create_service

pytestmark = pytest.mark.xdist_group("keycloak")

OWN_UNITS = frozenset({"H34.STNMT", "H34.20"})
pages = APIRouter()


@pages.get("/")
async def home() -> HTMLResponse:
    """The button of our pages, under their policy."""
    return HTMLResponse('<form method="post" action="/sign-out"><button>Đăng xuất</button></form>', headers=HEADERS)


@dataclass(frozen=True, kw_only=True)
class Home:
    """A service whose people are Keycloak's."""

    keycloak: Keycloak
    running: Running
    url: str

    @asynccontextmanager
    async def signed_in(self, role: Role) -> AsyncIterator[httpx.AsyncClient]:
        """A client with a session of the one who has the role."""
        async with httpx.AsyncClient(base_url=self.url, timeout=60) as client:
            address = (await client.get("/sign-in/openid")).headers["location"]
            answer = await client.get(await self.keycloak.sign_in(address, role))
            assert answer.status_code == 200, answer.text
            yield client

    async def sessions(self) -> int:
        """How many there are."""
        async with self.running.engine.connect() as connection:
            return int(await connection.scalar(text("SELECT count(*) FROM tiendo.sessions")) or 0)


@pytest.fixture(scope="module")
async def at_home(postgres_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    """Keycloak, and a service that asks it about every session with every request."""
    require()
    folder = tmp_path_factory.mktemp("keycloak")
    with reserved_port() as port:
        url = f"http://127.0.0.1:{port}"
        async with (
            running_keycloak(folder, service=url) as keycloak,
            migrated_database(postgres_server) as database_url,
        ):
            app = create_service(_parts(), await _settings(folder, database_url, keycloak, url), database_url)
            async with listening(app, port):
                yield Home(keycloak=keycloak, running=app.state.running, url=url)


async def reads(client: httpx.AsyncClient) -> bool:
    return (await client.get("/v1/read/1")).status_code == 200


async def test_one_signs_in_on_keycloaks_own_page_and_out_of_both(at_home: Home, browser: BrowserContext) -> None:
    page = await browser.new_page()
    await page.goto(f"{at_home.url}/sign-in?next=/v1/read/7")
    await page.get_by_role("link", name="Đăng nhập bằng tài khoản của bạn").click()
    assert page.url.startswith(at_home.keycloak.issuer)
    await page.locator("#username").fill(Role.UNIT_MANAGER)
    await page.locator("#password").fill(password_of(Role.UNIT_MANAGER))
    await page.locator("#kc-login").click()
    await page.wait_for_url(f"{at_home.url}/v1/read/7")
    assert '"scopes":["decide","read"]' in await page.content()

    await page.goto(at_home.url)
    await page.get_by_role("button", name="Đăng xuất").click()
    await page.wait_for_url(f"{at_home.url}/")
    assert (await page.goto(f"{at_home.url}/v1/read/7") or pytest.fail("no answer")).status == 401
    await page.goto(f"{at_home.url}/sign-in/openid")
    assert await page.locator("#password").count() == 1, "Keycloak has signed them out too, and asks anew"


async def test_an_account_that_is_disabled_is_out_and_comes_in_no_more(at_home: Home) -> None:
    async with at_home.signed_in(Role.OFFICE) as client:
        assert await reads(client)
        await at_home.keycloak.set_enabled(Role.OFFICE, enabled=False)
        assert not await reads(client)
        await at_home.keycloak.set_enabled(Role.OFFICE, enabled=True)
        assert not await reads(client)


async def test_whom_keycloak_signs_out_is_out_everywhere_at_once(at_home: Home) -> None:
    async with at_home.signed_in(Role.AUDITOR) as here, at_home.signed_in(Role.AUDITOR) as there:
        assert [await reads(here), await reads(there)] == [True, True]
        before = await at_home.sessions()
        await at_home.keycloak.end_sessions(Role.AUDITOR)

        async def ended() -> bool:
            return await at_home.sessions() == before - 2

        await until(ended, what="Keycloak says by the back channel that both sessions have ended")
        assert [await reads(here), await reads(there)] == [False, False]


@pytest.mark.parametrize(
    ("role", "sight"),
    [
        (Role.OFFICER, Sight(units=frozenset(), officer_id="CC-0001")),
        (Role.OPERATOR, Sight(units=None)),
        *((role, Sight(units=OWN_UNITS)) for role in Role if role not in {Role.OFFICER, Role.OPERATOR}),
    ],
)
async def test_a_token_of_each_role_reads_what_the_role_sees(at_home: Home, role: Role, sight: Sight) -> None:
    tokens = await at_home.keycloak.tokens(role)
    async with httpx.AsyncClient(base_url=at_home.url, timeout=60) as client:
        statuses = {
            name: (await client.get("/v1/read/1", headers={"Authorization": f"Bearer {tokens[name]}"})).status_code
            for name in ("access_token", "id_token", "refresh_token")
        }
        sent = await client.post("/v1/send", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert statuses == {"access_token": 200, "id_token": 401, "refresh_token": 401}
    assert sent.status_code == 403
    assert at_home.running.people is not None
    person = await at_home.running.people.person_of_token(tokens["access_token"])
    assert (person.roles, person.sight, person.name) == ({role}, sight, "Ánh Nguyễn Thị")


def _parts() -> list[ServicePart]:
    open_to_all = dict.fromkeys((*web_service.OPEN, "GET /"), "a test")
    router = APIRouter()
    for each in (web_service.router, pages):
        router.include_router(each)
    query = DatabaseRole.QUERY
    return [ServicePart(name="test", role=query, router=router, lifespan=web_service.lifespan, open_to_all=open_to_all)]


async def _settings(folder: Path, database_url: str, keycloak: Keycloak, url: str) -> Settings:
    (folder / "secret").write_text(CLIENT_SECRET)
    return (await sealed(database_url, folder)).model_copy(
        update={
            "public_url": url,
            "oidc_issuer": keycloak.issuer,
            "oidc_client_id": "tiendo",
            "oidc_client_secret_file": folder / "secret",
            "oidc_renew_seconds": 0,
        }
    )
