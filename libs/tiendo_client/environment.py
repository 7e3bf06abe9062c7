"""How a cluster is reached, from variables of the environment: for programs that have no settings of their own."""

import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from tiendo_client.access_errors import AccessUnusable
from tiendo_client.kafka_access import KafkaAccess, SaslMechanism, SecurityProtocol

_READ = {"security_protocol": SecurityProtocol, "sasl_mechanism": SaslMechanism}


def access_from_environment(environment: Mapping[str, str] | None = None, *, prefix: str = "KAFKA_") -> KafkaAccess:
    """The access that `KAFKA_BOOTSTRAP_SERVERS`, `KAFKA_SECURITY_PROTOCOL`, `KAFKA_USERNAME`, `KAFKA_PASSWORD`, `KAFKA_CA_FILE`, … name.

    There is a variable for each field of KafkaAccess; one that is empty counts as not set. Raises AccessUnusable.
    """
    found = os.environ if environment is None else environment
    given = {
        field.name: found[prefix + field.name.upper()]
        for field in fields(KafkaAccess)
        if _is_set(found, prefix, field.name)
    }
    if "bootstrap_servers" not in given:
        raise AccessUnusable(
            f"{prefix}BOOTSTRAP_SERVERS is not set: name the brokers as host:port, several separated by commas"
        )
    access = KafkaAccess(**{name: _value(name, text, prefix) for name, text in given.items()})
    access.check()
    return access


def _is_set(environment: Mapping[str, str], prefix: str, name: str) -> bool:
    return bool(environment.get(prefix + name.upper()))


def _value(name: str, text: str, prefix: str) -> Any:  # noqa: ANN401 - as the field has it
    if name.endswith("_file"):
        return Path(text)
    if name not in _READ:
        return text
    try:
        return _READ[name](text)
    except ValueError:
        known = ", ".join(_READ[name])
        raise AccessUnusable(f"{prefix}{name.upper()}: {{given!r}} is none of {known}", given=text) from None
