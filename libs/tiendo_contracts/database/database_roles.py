"""The logins of the database: each service has its own, and what it may do there is said by `tiendo_migrations.database_rights`."""

from enum import StrEnum
from typing import Final


class DatabaseRole(StrEnum):
    """A role that logs in; the value is its name in PostgreSQL, where roles belong to the whole server. None is a superuser."""

    INGEST = "tiendo_ingest"
    PROJECTOR = "tiendo_projector"
    QUERY = "tiendo_query"
    QUERY_ALL = "tiendo_query_all"
    RELAY = "tiendo_relay"
    POLLER = "tiendo_poller"
    NOTIFIER = "tiendo_notifier"
    COMMAND_LINE = "tiendo_cli"
    MIGRATIONS = "tiendo_migrations"


OWNER: Final = DatabaseRole.MIGRATIONS
"""Owns the schema wherever an administrator runs the migrations; no other of these roles is a member of it."""

SERVICE_ROLES: Final = tuple(role for role in DatabaseRole if role is not OWNER)
"""The roles that own nothing of the log."""

BOUND_READER: Final = DatabaseRole.QUERY
"""Sees of cases what the sight shows that its transaction has named, and nothing where it has named none (row-level security)."""

BUILD_READERS: Final = (BOUND_READER, DatabaseRole.QUERY_ALL, DatabaseRole.RELAY, DatabaseRole.COMMAND_LINE)
"""The roles that read the tables of a build, which the projector's role owns."""
