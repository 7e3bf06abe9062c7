"""Addresses of databases as users write them, and as SQLAlchemy and asyncpg read them."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from tiendo_contracts.database.database_roles import OWNER, DatabaseRole
from tiendo_runtime.errors import SettingsInvalid

_DRIVERS: Final = {"postgresql", "postgres", "postgresql+asyncpg"}
_RENAMED: Final = {"sslmode": "ssl"}
_PASSFILE: Final = "passfile"
_LOGINS: Final = "logins"
_KNOWN: Final = {"host", "port", "ssl", _PASSFILE, "timeout"}


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


def password_file(folder: Path, role: str) -> Path:
    """Where the password of a role lies, in the form of libpq's password files; in a folder of its own, which one service alone may be given."""
    return folder / role / "pgpass"


def with_logins(url: str, folder: Path) -> str:
    """The address together with the folder of the services' passwords, for `login_url`."""
    return make_url(url).update_query_dict({_LOGINS: str(folder)}).render_as_string(hide_password=False)


def login_url(url: str, role: DatabaseRole) -> str:
    """The address with the login of `role`, for the owner the given one; the password of another login stays behind.

    Where the folder that comes with it has a password for that login, the driver takes it from there, else from where the address says.
    """
    given = make_url(url)
    folder = given.query.get(_LOGINS)
    given = given.difference_update_query([_LOGINS])
    if role is not OWNER and given.username != role:
        # `set` would keep a password for which None is given.
        given = URL.create(given.drivername, role.value, None, given.host, given.port, given.database, given.query)
    if folder is not None and given.password is None and given.username is not None:
        file = password_file(Path(str(folder)), given.username)
        if file.exists():
            given = given.update_query_dict({_PASSFILE: str(file)})
    return given.render_as_string(hide_password=False)


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
