"""What can be set, from the environment (`TIENDO_…`) and from the command line."""

from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tiendo_client.access_errors import AccessFault
from tiendo_client.kafka_access import KafkaAccess, SaslMechanism, SecurityProtocol
from tiendo_contracts.messages.topics import PARTITIONS
from tiendo_runtime.errors import SettingsInvalid

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PRINCIPAL: Final = r"^[A-Za-z]+:[^*\s]\S*$"
_DAY: Final = r"\d{4}-\d\d-\d\d"
_PERIODS: Final = rf"^(\s*[^=;]+={_DAY}/{_DAY}\s*(;|$))*$"
_PRINCIPALS: Final = r"^(\s*[A-Za-z]+:[^*\s]\S*)*\s*$"


class LogFormat(StrEnum):
    """How the journal on standard error looks: lines for people, or JSON; `auto` is lines on a terminal."""

    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


class Compression(StrEnum):
    """How the relay packs what it sends; readers need the codec."""

    NONE = "none"
    GZIP = "gzip"
    LZ4 = "lz4"
    ZSTD = "zstd"


class PublicPages(StrEnum):
    """Which pages are shown without a session: all, a single case by its whole code, or none. None shows names."""

    ON = "on"
    CASES = "cases"
    OFF = "off"


class LogLevel(StrEnum):
    """The least important entries that the journal shows."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(BaseSettings):
    """The settings of one process; environment variables carry the prefix TIENDO_."""

    model_config = SettingsConfigDict(env_prefix="TIENDO_", env_ignore_empty=True, frozen=True, extra="ignore")

    data: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("tiendo"),
        description="folder of the embedded database and of the demo's keys",
    )
    key_secret_file: Path | None = Field(
        default=None, description="file with the secret under which keys are stored; `key-secret` in the data folder"
    )
    database_url: str | None = Field(default=None, description="a PostgreSQL of the user's own", repr=False)
    database_logins: Path | None = Field(
        default=None,
        description="folder with the passwords of the services' logins there; `database-logins` in the data folder",
    )
    log_key_file: Path | None = Field(
        default=None,
        description="the key that checkpoints of the log are signed with; `log-key` in the data folder unless set",
    )
    checkpoints: Path | None = Field(
        default=None,
        description="the file to which every signed checkpoint is appended; in the data folder unless set",
    )
    checkpoint_seconds: float = Field(
        default=20.0, ge=0.05, le=60.0, description="how long after the last one a checkpoint over new events is signed"
    )
    rules: Path | None = Field(default=None, description="rules file that is applied at start")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="port on which a projector shows its metrics; none unless set"
    )
    public_url: str | None = Field(
        default=None, description="address as users reach it, where a proxy stands before it"
    )
    oidc_issuer: str | None = Field(
        default=None, description="address of the OpenID Connect issuer by which people sign in; without it by links"
    )
    oidc_client_id: str | None = Field(default=None, description="what the issuer calls this service")
    oidc_client_secret_file: Path | None = Field(
        default=None, description="file with the client's secret; none for a public client"
    )
    oidc_audience: str | None = Field(
        default=None, description="whom access tokens of programs must be meant for; the client id unless set"
    )
    oidc_roles_claim: str = Field(default="roles", min_length=1, description="where tokens tell roles, such as `a.b`")
    oidc_units_claim: str = Field(
        default="units", min_length=1, description="where they tell ids of units, `*` for all"
    )
    oidc_officer_claim: str = Field(default="officer_id", min_length=1, description="where they tell an officer's id")
    oidc_renew_seconds: float = Field(
        default=60, ge=0, le=60, description="after so long a session in use asks the issuer anew"
    )
    limit_requests: int = Field(
        default=180_000, ge=0, description="requests a minute of one address, and of one key; 0 for no limit"
    )
    limit_megabytes: int = Field(
        default=8_000, ge=0, description="megabytes a minute that one key sends, as they are sent; 0 for no limit"
    )
    limit_connections: int = Field(
        default=2_000, ge=0, description="requests of one address that are answered at once; 0 for no limit"
    )
    query_seconds: float = Field(
        default=120.0, ge=0.1, le=3600, description="so long the database works on one statement of a question"
    )
    access_log_days: int = Field(default=731, ge=30, description="for so many days who looked at what is kept")
    public_pages: PublicPages | None = Field(
        default=None, description="which pages are shown to people who have not signed in: on, off, cases"
    )
    periods: str = Field(
        default="",
        pattern=_PERIODS,
        description="periods that pages offer by name, `name=first day/last day`, separated by `;`",
    )
    kafka_bootstrap_servers: str | None = Field(
        default=None, description="`host:port` of Kafka brokers, separated by commas; without it nothing is relayed"
    )
    kafka_security_protocol: SecurityProtocol = SecurityProtocol.PLAINTEXT
    kafka_sasl_mechanism: SaslMechanism = SaslMechanism.SCRAM_SHA_512
    kafka_username: str | None = Field(default=None, description="who asks, where the protocol begins with SASL")
    kafka_password: SecretStr | None = Field(default=None, description="the password of that user")
    kafka_ca_file: Path | None = Field(default=None, description="certificates that the brokers' own are checked by")
    kafka_certificate_file: Path | None = Field(default=None, description="certificate that this client shows")
    kafka_key_file: Path | None = Field(default=None, description="the key of that certificate")
    kafka_key_password: SecretStr | None = Field(default=None, description="the password of that key")
    kafka_generation: int = Field(default=1, ge=1, description="generation of the topics that is written and read")
    kafka_partitions: int = Field(default=PARTITIONS, ge=1, le=1000, description="partitions of topics that are made")
    kafka_replication: int | None = Field(
        default=None, ge=1, le=10, description="copies of topics that are made; the broker's default unless set"
    )
    kafka_compression: Compression = Compression.NONE
    kafka_shared_topics: bool = Field(
        default=False, description="whether other logs may write to the same topics; else the relay refuses to"
    )
    kafka_agencies: Path | None = Field(default=None, description="the file that lists the agencies and what each sees")
    kafka_relay_principal: str = Field(
        default="User:tiendo-relay", pattern=_PRINCIPAL, description="whom the brokers take the relay for"
    )
    kafka_projector_principal: str = Field(
        default="User:tiendo-projector", pattern=_PRINCIPAL, description="whom they take projectors over Kafka for"
    )
    kafka_readers: str = Field(
        default="",
        pattern=_PRINCIPALS,
        description="who besides may read every topic that is not an agency's, such as `User:ministry`; separated by spaces",
    )
    webhooks: Path | None = Field(
        default=None, description="the file that lists who is told of publications over HTTP; without it nobody is"
    )
    mail_host: str | None = Field(
        default=None, description="SMTP server that mails go through; without it none is sent"
    )
    mail_port: int = Field(default=587, ge=1, le=65535, description="its port")
    mail_starttls: bool = Field(default=True, description="whether the connection is encrypted before anything is said")
    mail_user: str | None = Field(default=None, description="who signs in there; nobody unless set")
    mail_password_file: Path | None = Field(default=None, description="file with the password of that user")
    mail_ca_file: Path | None = Field(
        default=None, description="certificates that the server's own is checked by; the system's unless set"
    )
    mail_from: str | None = Field(
        default=None, pattern=r"^[^\r\n]*@[^\r\n@]+$", description="the address that mails come from"
    )
    digests: Path | None = Field(
        default=None, description="the file that lists who gets the morning's digest of due cases; without it nobody"
    )
    digest_at: str = Field(
        default="07:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="local time from which on it is sent"
    )
    api_url: str | None = Field(
        default=None,
        description="address of the tiendo whose log is followed over Kafka, for events too large for the broker",
    )
    api_key: SecretStr | None = Field(default=None, description="a key that may read there")
    log_format: LogFormat = LogFormat.AUTO
    log_level: LogLevel = LogLevel.INFO

    @property
    def embedded(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url is None

    @property
    def database_logins_path(self) -> Path:
        """The folder with the passwords of the services' logins."""
        return self.database_logins or self.data / "database-logins"

    @property
    def log_key(self) -> Path:
        """The file of the log's key."""
        return self.log_key_file or self.data / "log-key"

    def checkpoints_of(self, log_id: UUID) -> Path:
        """The file of the log's checkpoints: if none is set that of the embedded database, or one for each log that lies elsewhere."""
        if self.checkpoints is not None:
            return self.checkpoints
        return self.data / "checkpoints.txt" if self.embedded else self.data / "checkpoints" / f"{log_id}.txt"

    @property
    def key_secret_path(self) -> Path:
        """The file with the secret under which keys are stored."""
        return self.key_secret_file or self.data / "key-secret"

    @property
    def shown_pages(self) -> PublicPages:
        """Which pages are shown to people who have not signed in."""
        return self.public_pages or PublicPages.CASES

    @property
    def kafka(self) -> KafkaAccess | None:
        """How Kafka is reached; None where it is not configured. Raises SettingsInvalid for settings that do not go together."""
        if self.kafka_bootstrap_servers is None:
            return None
        access = KafkaAccess(
            bootstrap_servers=self.kafka_bootstrap_servers,
            security_protocol=self.kafka_security_protocol,
            sasl_mechanism=self.kafka_sasl_mechanism,
            username=self.kafka_username,
            password=_shown(self.kafka_password),
            ca_file=self.kafka_ca_file,
            certificate_file=self.kafka_certificate_file,
            key_file=self.kafka_key_file,
            key_password=_shown(self.kafka_key_password),
        )
        try:
            access.check()
        except AccessFault as fault:
            raise SettingsInvalid(with_settings(fault)) from None
        return access


def with_settings(fault: AccessFault) -> str:
    """The message of a fault with the settings that it is about, as the environment names them."""
    return fault.said(lambda field: f"TIENDO_KAFKA_{field.upper()}")


def _shown(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def load_settings(**given: object) -> Settings:
    """The settings of the environment, with those that are `given` and not None going before.

    Raises SettingsInvalid.
    """
    try:
        settings = Settings.model_validate({**Settings().model_dump(), **_present(given)})
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise SettingsInvalid(f"TIENDO_{name.upper()}: {first['msg']}") from None
    _ = settings.kafka
    _check_issuer(settings)
    return settings.model_copy(update={"data": settings.data.expanduser().absolute()})


def _check_issuer(settings: Settings) -> None:
    """Raise SettingsInvalid for an issuer that is not reached over TLS or does not know this service by a name."""
    if settings.oidc_issuer is None:
        return
    parts = urlsplit(settings.oidc_issuer)
    if parts.hostname is None or not (parts.scheme == "https" or parts.hostname in _LOOPBACK):
        raise SettingsInvalid(
            "TIENDO_OIDC_ISSUER: an address that begins with https:// (http:// on this machine alone)"
        )
    if settings.oidc_client_id is None:
        raise SettingsInvalid("TIENDO_OIDC_CLIENT_ID: is missing; it is what the issuer calls this service")


def _present(given: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if value is not None}
