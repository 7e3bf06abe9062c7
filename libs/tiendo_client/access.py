"""How a Kafka cluster is reached: addresses, encryption, and who asks."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from ssl import SSLContext
from typing import Any

from aiokafka.helpers import create_ssl_context


class SecurityProtocol(StrEnum):
    """Whether the connection is encrypted (TLS) and whether the client names itself (SASL)."""

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"


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

    def options(self) -> dict[str, Any]:
        """The keyword arguments of any aiokafka client. Raises OSError or ssl.SSLError for files that cannot be used."""
        options: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers,
            "security_protocol": self.security_protocol.value,
        }
        if self.security_protocol in {SecurityProtocol.SSL, SecurityProtocol.SASL_SSL}:
            options["ssl_context"] = self._ssl_context()
        if self.security_protocol in {SecurityProtocol.SASL_PLAINTEXT, SecurityProtocol.SASL_SSL}:
            options["sasl_mechanism"] = self.sasl_mechanism.value
            options["sasl_plain_username"] = self.username
            options["sasl_plain_password"] = self.password
        return options

    def _ssl_context(self) -> SSLContext:
        context: SSLContext = create_ssl_context(
            cafile=None if self.ca_file is None else str(self.ca_file),
            certfile=None if self.certificate_file is None else str(self.certificate_file),
            keyfile=None if self.key_file is None else str(self.key_file),
            password=self.key_password,
        )
        return context
