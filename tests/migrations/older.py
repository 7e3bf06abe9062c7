"""A database as an older version of tiendo has made it."""

from unittest.mock import patch

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

import tiendo_migrations
from tiendo_migrations import schema_upgrade


async def migrate_to(url: str, revision: str) -> None:
    """Bring a database to an older revision, without any right of a service, and with the policies of its migrations alone."""

    def run(connection: Connection) -> None:
        from alembic import command  # noqa: PLC0415 - as the product does

        config = schema_upgrade._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async def leave(_: AsyncConnection) -> None:
        return None

    with (
        patch.object(schema_upgrade, "_run", run),
        patch.object(schema_upgrade, "put_rights_in_order", leave),
        patch.object(schema_upgrade, "put_policies_in_order", leave),
    ):
        await tiendo_migrations.upgrade(url)
