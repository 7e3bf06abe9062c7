"""Keys for the tests, made as `tiendo keys` makes them: by the owner of the database, under the secret of the keys."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_runtime.authentication import Bounds, KeyRegister, Scope
from tiendo_runtime.authentication.key_secret import KeySecret
from tiendo_runtime.authentication.sealing import seal_keys
from tiendo_runtime.database import owner_engine
from tiendo_runtime.embedded.cluster import OWNER
from tiendo_runtime.settings import PublicPages, Settings
from tiendo_runtime.web import Running

SECRET = KeySecret(bytes(range(32)))
ENTERED_BY = "tests"


def register_on(engine: AsyncEngine) -> KeyRegister:
    """The register of the keys under SECRET; the engine is the owner's."""
    return KeyRegister(engine, SECRET, entered_by=ENTERED_BY)


@asynccontextmanager
async def key_register(url: str, settings: Settings) -> AsyncIterator[KeyRegister]:
    """The register of the database's keys, which have their secret where the settings say."""
    engine = owner_engine(make_url(url).set(username=OWNER).render_as_string(hide_password=False))
    try:
        secret = await seal_keys(engine, settings.key_secret_path, entered_by=ENTERED_BY)
        yield KeyRegister(engine, secret, entered_by=ENTERED_BY)
    finally:
        await engine.dispose()


async def sealed(url: str, data: Path) -> Settings:
    """Settings of a service on that database, whose keys have a secret in the folder."""
    settings = Settings(data=data, public_pages=PublicPages.ON)
    async with key_register(url, settings):
        return settings


async def new_key(
    running: Running, *scopes: Scope, bounds: Bounds | None = None, name: str = "test"
) -> tuple[str, str]:
    """Id and secret of a new key of the service's database."""
    return await new_key_of(_url_of(running), running.settings, scopes, bounds, name)


async def new_key_of(
    url: str, settings: Settings, scopes: Collection[Scope], bounds: Bounds | None = None, name: str = "test"
) -> tuple[str, str]:
    """Id and secret of a new key of a database."""
    async with key_register(url, settings) as register:
        return await register.create(name, scopes, bounds=bounds)


async def revoke_key(running: Running, key_id: str) -> bool:
    """Whether there was such a key, which is revoked now."""
    async with key_register(_url_of(running), running.settings) as register:
        return await register.revoke(key_id)


def _url_of(running: Running) -> str:
    return running.engine.url.render_as_string(hide_password=False)
