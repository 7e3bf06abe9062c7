"""The logins of the database: each service has its own, and what it may do there is said by `tiendo_migrations.database_rights`."""

from enum import StrEnum
from typing import Final


class DatabaseRole(StrEnum):
    """A role that logs in; the value is its name in PostgreSQL, where roles belong to the whole server. None is a superuser."""

    INGEST = "tiendo_ingest"
    PROJECTOR = "tiendo_projector"
    QUERY = "tiendo_query"
    RELAY = "tiendo_relay"
    POLLER = "tiendo_poller"
    COMMAND_LINE = "tiendo_cli"
    MIGRATIONS = "tiendo_migrations"


OWNER: Final = DatabaseRole.MIGRATIONS
"""Owns the schema wherever an administrator runs the migrations; no other of these roles is a member of it."""

SERVICE_ROLES: Final = tuple(role for role in DatabaseRole if role is not OWNER)
"""The roles that own nothing of the log."""

BUILD_READERS: Final = (DatabaseRole.QUERY, DatabaseRole.RELAY, DatabaseRole.COMMAND_LINE)
"""The roles that read the tables of a build, which the projector's role owns."""
