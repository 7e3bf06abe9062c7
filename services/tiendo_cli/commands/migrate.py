"""`tiendo migrate`: the database brought up to the code."""

from typing import Annotated

import typer

import tiendo_migrations
from tiendo_cli.context import entered_by, run_command
from tiendo_cli.terminal import complain, say
from tiendo_contracts.database.database_roles import OWNER
from tiendo_runtime.authentication.sealing import seal_keys
from tiendo_runtime.database import owner_engine
from tiendo_runtime.database_logins import ensure_logins
from tiendo_runtime.database_urls import login_url
from tiendo_runtime.embedded import Cluster, running_database
from tiendo_runtime.embedded.upgrading import upgrade_cluster
from tiendo_runtime.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add `tiendo migrate`."""
    app.command()(migrate)


def migrate(
    *,
    new_logins: Annotated[
        bool,
        typer.Option(
            "--new-logins", help="Give each service a new password, also where it has one (TIENDO_DATABASE_LOGINS)."
        ),
    ] = False,
) -> None:
    """Bring the database up to this version; a data folder of an older PostgreSQL is upgraded, the old one is kept.

    On TIENDO_DATABASE_URL each service gets a login of its own, whose password is written into a file of TIENDO_DATABASE_LOGINS.
    """
    run_command(_migrate(new_logins=new_logins))


async def _migrate(*, new_logins: bool) -> None:
    settings = load_settings()
    if settings.embedded:
        kept = await upgrade_cluster(Cluster(data=settings.data), progress=complain)
        if kept is not None:
            say(f"upgraded to the newer PostgreSQL; the old database folder is kept: {kept}")
    async with running_database(settings, progress=complain) as url:
        changed = await tiendo_migrations.upgrade(login_url(url, OWNER))
        folder = settings.database_logins_path
        made = [] if settings.embedded else await ensure_logins(url, folder, anew=new_logins)
        engine = owner_engine(url)
        try:
            await seal_keys(engine, settings.key_secret_path, entered_by=entered_by())
        finally:
            await engine.dispose()
    if made:
        say(f"new passwords: {', '.join(made)}; each in a file of {folder}")
    say("the database has been brought up to this version" if changed else "the database is current")
