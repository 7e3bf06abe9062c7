"""The migrations of the database: bring it up to date, or say how it stands."""

from tiendo_migrations.errors import DatabaseUnsuitable, MigrationError, RightsMissing, RoleNotGranted, SchemaNewer
from tiendo_migrations.schema_upgrade import check, upgrade
from tiendo_migrations.states import SchemaState

__all__ = [
    "DatabaseUnsuitable",
    "MigrationError",
    "RightsMissing",
    "RoleNotGranted",
    "SchemaNewer",
    "SchemaState",
    "check",
    "upgrade",
]
