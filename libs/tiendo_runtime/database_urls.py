"""Addresses of databases as users write them, and as SQLAlchemy and asyncpg read them."""

from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from tiendo_runtime.errors import SettingsInvalid

_DRIVERS: Final = {"postgresql", "postgres", "postgresql+asyncpg"}
_RENAMED: Final = {"sslmode": "ssl"}
_KNOWN: Final = {"host", "port", "ssl", "passfile", "timeout"}


def sqlalchemy_url(given: str) -> str:
    """The address for SQLAlchemy's asyncpg driver, of one written as `postgresql://…`. Raises SettingsInvalid; never quotes a password."""
    try:
        url = make_url(given)
    except ArgumentError:
        raise SettingsInvalid(
            "TIENDO_DATABASE_URL is no address: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        ) from None
    if url.drivername not in _DRIVERS:
        raise SettingsInvalid(f"TIENDO_DATABASE_URL names {url.drivername}: only postgresql:// is supported")
    if not url.database:
        raise SettingsInvalid(
            "TIENDO_DATABASE_URL names no database: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        )
    return url.set(drivername="postgresql+asyncpg", query=_query(url)).render_as_string(hide_password=False)


def shown_url(url: str) -> str:
    """The address with its password hidden."""
    return make_url(url).render_as_string(hide_password=True)


def _query(url: URL) -> dict[str, str | tuple[str, ...]]:
    query = {_RENAMED.get(name, name): value for name, value in url.query.items()}
    unknown = sorted(query.keys() - _KNOWN)
    if unknown:
        raise SettingsInvalid(
            f"TIENDO_DATABASE_URL: the parameter {unknown[0]} is not known; known are {', '.join(sorted(_KNOWN))}"
        )
    return query
