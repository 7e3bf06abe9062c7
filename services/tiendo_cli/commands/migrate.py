"""`tiendo migrate`: the database brought up to the code."""

import typer

import tiendo_migrations
from tiendo_cli.context import entered_by, run_command
from tiendo_cli.terminal import complain, say
from tiendo_runtime.authentication.sealing import seal_keys
from tiendo_runtime.database import owner_engine
from tiendo_runtime.embedded import Cluster, running_database
from tiendo_runtime.embedded.upgrading import upgrade_cluster
from tiendo_runtime.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add `tiendo migrate`."""
    app.command()(migrate)


def migrate() -> None:
    """Bring the database up to this version; a data folder of an older PostgreSQL is upgraded, the old one is kept."""
    run_command(_migrate())


async def _migrate() -> None:
    settings = load_settings()
    if settings.embedded:
        kept = await upgrade_cluster(Cluster(data=settings.data), progress=complain)
        if kept is not None:
            say(f"upgraded to the newer PostgreSQL; the old database folder is kept: {kept}")
    async with running_database(settings, progress=complain) as url:
        changed = await tiendo_migrations.upgrade(url)
        engine = owner_engine(url)
        try:
            await seal_keys(engine, settings.key_secret_path, entered_by=entered_by())
        finally:
            await engine.dispose()
    say("the database has been brought up to this version" if changed else "the database is current")
