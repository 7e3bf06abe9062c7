"""The passwords of the services' logins on a PostgreSQL of the operator's own: made once, kept in files for their owner alone.

No password is ever in a command line, an environment or an address; the server is told what it compares with, and not the password.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.database.database_roles import OWNER, SERVICE_ROLES, DatabaseRole
from tiendo_runtime.database import owner_engine
from tiendo_runtime.database_urls import login_url, password_file

_ITERATIONS: Final = 4096
_MADE: Final = "its password was made by tiendo and lies in a file"
_NOTED: Final = text("SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = :role")

_journal = structlog.get_logger("tiendo.database")


async def ensure_logins(url: str, folder: Path, *, anew: bool = False) -> list[DatabaseRole]:
    """The roles that got a password now, which is in their file in the folder; for a server to which the owner logs in with a password.

    A role that has one somewhere keeps it, unless `anew`. Where the owner may not do so, an administrator has to: the journal says so.
    """
    owner = make_url(login_url(url, OWNER))
    if owner.password is None and "passfile" not in owner.query:
        return []
    engine = owner_engine(url)
    try:
        return await _made(engine, folder, anew=anew)
    except DBAPIError as error:
        _journal.warning(
            "the services' passwords cannot be made: let an administrator set them, and write each into its file",
            folder=str(folder),
            cause=str(error.orig).partition("\n")[0],
        )
        return []
    finally:
        await engine.dispose()


async def _made(engine: AsyncEngine, folder: Path, *, anew: bool) -> list[DatabaseRole]:
    made = {}
    async with engine.begin() as connection:
        for role in SERVICE_ROLES:
            if not anew and (password_file(folder, role).exists() or await _has_password(connection, role)):
                continue
            made[role] = secrets.token_urlsafe(32)
            await connection.exec_driver_sql(f"ALTER ROLE {role} PASSWORD '{verifier_of(made[role])}'")
            await connection.exec_driver_sql(f"COMMENT ON ROLE {role} IS '{_MADE}'")
        # Before the commit: a password that is lost would be nobody's.
        for role, password in made.items():
            _write(password_file(folder, role), f"*:*:*:{role}:{password}\n")
    return list(made)


async def _has_password(connection: AsyncConnection, role: DatabaseRole) -> bool:
    return bool(await connection.scalar(_NOTED, {"role": role.value}) == _MADE)


def verifier_of(password: str) -> str:
    """What PostgreSQL keeps of a password in ASCII for SCRAM-SHA-256 (RFC 5803): it opens nothing."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    shown_salt, shown_stored, shown_server = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${_ITERATIONS}:{shown_salt}${shown_stored}:{shown_server}"


def _write(path: Path, line: str) -> None:
    """Replace the file in one step; at no moment may anybody else read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(line)
    temporary.replace(path)
