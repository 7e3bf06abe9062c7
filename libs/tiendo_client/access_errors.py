"""What stands between a client and a Kafka cluster; each message says what was wrong and what would be right.

AccessFault
├── AccessUnusable      what is set does not go together, or names a file that is no use; no broker has been asked
├── AccessRefused       the brokers do not let this client in, or not do this: name, password, certificates, rights
└── BrokersAway         nobody answers; may pass
"""

from collections.abc import Callable
from typing import Final

FIELDS: Final = (
    "bootstrap_servers",
    "security_protocol",
    "sasl_mechanism",
    "username",
    "password",
    "ca_file",
    "certificate_file",
    "key_file",
    "key_password",
)
"""What a message may name, as KafkaAccess calls it; programs that call it otherwise put in their own names."""


class AccessFault(Exception):  # noqa: N818 - the house's word for what the operator can mend
    """Any of them. `text` names fields of KafkaAccess in braces, and `values` in braces too."""

    def __init__(self, text: str, **values: object) -> None:
        self.text = text
        self.values = values
        super().__init__(self.said(str))

    def said(self, name: Callable[[str], str]) -> str:
        """The message with each field of KafkaAccess as `name` calls it."""
        return self.text.format(**{field: name(field) for field in FIELDS}, **self.values)


class AccessUnusable(AccessFault):
    """What is set cannot be used."""


class AccessRefused(AccessFault):
    """The brokers refuse; the same again would be refused again."""


class BrokersAway(AccessFault):
    """Nobody answers, for now."""
