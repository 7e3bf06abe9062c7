"""Errors of the migrations.

MigrationError
├── SchemaNewer         the database was migrated by a newer version of tiendo: install that version
├── DatabaseUnsuitable  the server or the database cannot hold the log: its version or its encoding
├── RightsMissing       the connecting role may not make what is to be made: let it own the database
└── RoleNotGranted      the application's role is missing or not granted, and the connecting role may not mend it
"""

APPLICATION_ROLE = "tiendo_app"


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
    """The connecting role may not make or grant the application's role."""

    def __init__(self, connecting: str) -> None:
        super().__init__(
            f"the role {connecting} may not make or grant the application's role; let an administrator run: "
            f'CREATE ROLE {APPLICATION_ROLE} NOLOGIN; GRANT {APPLICATION_ROLE} TO "{connecting}"'
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
