"""Errors of the migrations.

MigrationError
├── SchemaNewer         the database was migrated by a newer version of tiendo: install that version
├── DatabaseUnsuitable  the server or the database cannot hold the log: its version or its encoding
├── RightsMissing       the connecting role may not make what is to be made: let it own the database
└── RoleNotGranted      a service's role is missing, or read models are still another role's, and the connecting role may not mend it
"""

from tiendo_contracts.database.database_roles import SERVICE_ROLES, DatabaseRole


class MigrationError(Exception):
    """Any error of the migrations; the message says what would be right."""


class SchemaNewer(MigrationError):  # noqa: N818 - a state, not a fault
    """The database has revisions that this version does not know."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"the database is newer than this version of tiendo (its revision is {revision}); install the newer version"
        )
        self.revision = revision


class DatabaseUnsuitable(MigrationError):  # noqa: N818 - as above
    """The log cannot live in this database."""


class RoleNotGranted(MigrationError):  # noqa: N818 - as above
    """The connecting role may not make the services' roles, or not hand what is theirs to them. It is given as SQL names it."""

    def __init__(self, connecting: str) -> None:
        roles = " ".join(f"CREATE ROLE {role} LOGIN;" for role in SERVICE_ROLES)
        super().__init__(
            f"the role {connecting} may not make the services' roles, or not hand the read models to theirs; "
            f"let an administrator run what of this is missing: {roles} GRANT {DatabaseRole.PROJECTOR} TO {connecting};"
        )
        self.connecting = connecting


class RightsMissing(MigrationError):  # noqa: N818 - as above
    """The connecting role may not make the schema or change what is in it."""

    def __init__(self, connecting: str, database: str) -> None:
        super().__init__(
            f"the role {connecting} may not make or change the schema in the database {database}; "
            f'let an administrator run: ALTER DATABASE "{database}" OWNER TO "{connecting}"'
        )
        self.connecting = connecting
        self.database = database
