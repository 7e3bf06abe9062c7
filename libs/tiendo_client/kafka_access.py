"""How a Kafka cluster is reached: addresses, encryption, and who asks."""

import re
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from ssl import SSLContext
from typing import Any, Final

from tiendo_client.access_errors import AccessUnusable

_SERVER: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):([0-9]{1,5})")
_PORT_MAX: Final = 65_535
_ENCRYPTED_BY: Final = "set {security_protocol} to SSL or SASL_SSL"


class SecurityProtocol(StrEnum):
    """Whether the connection is encrypted (TLS) and whether the client names itself (SASL)."""

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"

    @property
    def encrypts(self) -> bool:
        """Whether the connection is encrypted."""
        return self in {SecurityProtocol.SSL, SecurityProtocol.SASL_SSL}

    @property
    def names(self) -> bool:
        """Whether the client says who it is, with a password."""
        return self in {SecurityProtocol.SASL_PLAINTEXT, SecurityProtocol.SASL_SSL}


class SaslMechanism(StrEnum):
    """How a client proves who it is."""

    PLAIN = "PLAIN"
    SCRAM_SHA_256 = "SCRAM-SHA-256"
    SCRAM_SHA_512 = "SCRAM-SHA-512"


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaAccess:
    """What every client of a cluster needs to reach it. `bootstrap_servers` is `host:port`, several separated by commas."""

    bootstrap_servers: str
    security_protocol: SecurityProtocol = SecurityProtocol.PLAINTEXT
    sasl_mechanism: SaslMechanism = SaslMechanism.SCRAM_SHA_512
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None
    key_password: str | None = field(default=None, repr=False)

    @property
    def servers(self) -> tuple[tuple[str, int], ...]:
        """Host and port of each bootstrap server. Raises AccessUnusable."""
        return tuple(_host_and_port(server.strip()) for server in self.bootstrap_servers.split(","))

    @property
    def user(self) -> str:
        """Who asks, for messages."""
        if self.security_protocol.names:
            return f"user {self.username}"
        return "nobody by name" if self.certificate_file is None else f"the owner of {self.certificate_file.name}"

    def check(self) -> None:
        """Return if what is set goes together; no file is read. Raises AccessUnusable."""
        for server in self.bootstrap_servers.split(","):
            _host_and_port(server.strip())
        self._check_names()
        self._check_encryption()

    def options(self) -> dict[str, Any]:
        """The keyword arguments of any aiokafka client. Raises AccessUnusable."""
        self.check()
        options: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers,
            "security_protocol": self.security_protocol.value,
        }
        if self.security_protocol.encrypts:
            options["ssl_context"] = self.ssl_context()
        if self.security_protocol.names:
            options["sasl_mechanism"] = self.sasl_mechanism.value
            options["sasl_plain_username"] = self.username
            options["sasl_plain_password"] = self.password
        return options

    def ssl_context(self) -> SSLContext:
        """What TLS connections are made by: the brokers' certificates and names are always checked. Raises AccessUnusable."""
        from aiokafka.helpers import create_ssl_context  # noqa: PLC0415 - settings name an access; only clients need Kafka

        self._check_files()
        try:
            trusting: SSLContext = create_ssl_context(cafile=None if self.ca_file is None else str(self.ca_file))
        except OSError as error:
            raise AccessUnusable(
                "{ca_file}: {file} holds no certificates that can be read ({reason}); it has to be in PEM form",
                file=self.ca_file,
                reason=_reason(error),
            ) from None
        if self.certificate_file is not None:
            self._show_certificate(trusting, self.certificate_file)
        return trusting

    def _check_names(self) -> None:
        given = [name for name in ("username", "password") if getattr(self, name)]
        if self.security_protocol.names and len(given) < 2:  # noqa: PLR2004 - a name and a password
            missing = "password" if given == ["username"] else "username"
            raise AccessUnusable(
                "{" + missing + "} is not set, but {security_protocol} is {protocol}: "
                "set {username} and {password} to those of a user of the brokers, or {security_protocol} to SSL or PLAINTEXT",
                protocol=self.security_protocol.value,
            )
        if given and not self.security_protocol.names:
            raise AccessUnusable(
                "{" + given[0] + "} is set, but {security_protocol} is {protocol}, by which no user is named: "
                "set {security_protocol} to SASL_SSL (or SASL_PLAINTEXT), or leave {username} and {password} out",
                protocol=self.security_protocol.value,
            )

    def _check_encryption(self) -> None:
        for name in ("ca_file", "certificate_file", "key_file"):
            if getattr(self, name) is not None and not self.security_protocol.encrypts:
                raise AccessUnusable(
                    "{" + name + "} is set, but {security_protocol} is {protocol}, which is not encrypted: "
                    f"{_ENCRYPTED_BY}, or leave {{{name}}} out",
                    protocol=self.security_protocol.value,
                )
        if self.key_file is not None and self.certificate_file is None:
            raise AccessUnusable(
                "{key_file} is set, but {certificate_file} is not: a key is of use with its certificate only; set both"
            )
        if self.key_password is not None and self.certificate_file is None:
            raise AccessUnusable(
                "{key_password} is set, but neither {certificate_file} nor {key_file}: set them, or leave it out"
            )

    def _check_files(self) -> None:
        for name in ("ca_file", "certificate_file", "key_file"):
            path: Path | None = getattr(self, name)
            if path is not None and not path.is_file():
                raise AccessUnusable("{" + name + "}: there is no file {file}; it has to be in PEM form", file=path)

    def _show_certificate(self, trusting: SSLContext, certificate: Path) -> None:
        try:
            # A function, not a value: without one OpenSSL would ask on the terminal and wait.
            trusting.load_cert_chain(certificate, self.key_file, password=lambda: self.key_password or "")
        except ssl.SSLError as error:
            raise AccessUnusable(
                "{certificate_file}: {certificate} and its key {key} cannot be used ({reason}); both have to be in PEM form, the key has "
                "to be that of the certificate, and if it is encrypted {key_password} has to be its password",
                certificate=certificate,
                key=self.key_file or "in the same file",
                reason=_reason(error),
            ) from None
        except OSError as error:
            raise AccessUnusable("{certificate_file}: {reason}", reason=_reason(error)) from None


def _host_and_port(server: str) -> tuple[str, int]:
    found = _SERVER.fullmatch(server)
    if found is None or not 1 <= int(found[2]) <= _PORT_MAX:
        raise AccessUnusable(
            "{bootstrap_servers}: {server!r} is no address of a broker; right would be host:port, such as kafka-1.example:9092, "
            "several separated by commas",
            server=server,
        )
    return found[1].strip("[]"), int(found[2])


def _reason(error: OSError) -> str:
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return (error.strerror or str(error)).lower()
