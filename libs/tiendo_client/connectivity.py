"""Why a Kafka cluster cannot be reached. aiokafka itself only says that it could not, and leaves the reason in the journal."""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable
from typing import Any, Final

from aiokafka.conn import create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest

from tiendo_client.access_errors import AccessFault, AccessRefused, BrokersAway
from tiendo_client.kafka_access import KafkaAccess, SaslMechanism

_TIMEOUT_SECONDS: Final = 10.0
_OTHER_NAME: Final = frozenset({62, 64})
"""OpenSSL's codes for a certificate that is another host's, by name or by address."""

_UNAUTHORISED: Final = (
    TopicAuthorizationFailedError,
    GroupAuthorizationFailedError,
    ClusterAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)


async def reach(access: KafkaAccess, *, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
    """Return as soon as one of the bootstrap servers has let this client in and answers.

    Raises AccessUnusable, AccessRefused if any of them refuses, BrokersAway if none answers.
    """
    options = access.options()
    del options["bootstrap_servers"]
    away: list[str] = []
    for host, port in access.servers:
        try:
            await _ask(host, port, options, timeout_seconds)
        except (KafkaError, OSError, TimeoutError, ValueError) as error:
            fault = _explained(error, f"{host}:{port}", access)
            if isinstance(fault, AccessRefused):
                raise fault from None
            away.append(str(fault))
        else:
            return
    raise BrokersAway("no broker answers ({reasons}); is {bootstrap_servers} right?", reasons="; ".join(away))


def refusal(error: KafkaError, access: KafkaAccess) -> AccessRefused | None:
    """What to tell of an error by which the brokers refuse what this client asked for; None for every other error."""
    if not isinstance(error, _UNAUTHORISED):
        return None
    on = {
        GroupAuthorizationFailedError: "the consumer group",
        ClusterAuthorizationFailedError: "the cluster as a whole",
    }.get(type(error), "the topic")
    named = " ".join(str(part) for part in error.args)
    return AccessRefused(
        "the brokers do not let {user} do this on {on} {named}: let their administrator grant the right",
        user=access.user,
        on=on,
        named=named,
    )


async def _ask(host: str, port: int, options: dict[str, Any], timeout_seconds: float) -> None:
    async with asyncio.timeout(timeout_seconds):
        connection = await create_conn(host, port, request_timeout_ms=int(timeout_seconds * 1000), **options)
        try:
            await connection.send(MetadataRequest([], allow_auto_topic_creation=False))
        finally:
            connection.close()


def _explained(error: Exception, broker: str, access: KafkaAccess) -> AccessFault:
    for kinds, explain in _EXPLANATIONS:
        if isinstance(error, kinds):
            return explain(error, broker, access)
    return BrokersAway("{broker}: {reason}", broker=broker, reason=str(error) or type(error).__name__)


def _wrong_password(_error: Exception, broker: str, access: KafkaAccess) -> AccessFault:
    return AccessRefused(
        "{broker} does not let {user} in: there is no such user, or the password is another, by {mechanism}; "
        "check {username}, {password} and {sasl_mechanism}",
        broker=broker,
        user=access.user,
        mechanism=access.sasl_mechanism.value,
    )


def _other_mechanism(_error: Exception, broker: str, access: KafkaAccess) -> AccessFault:
    return AccessRefused(
        "{broker} does not take {mechanism}: set {sasl_mechanism} to another of {known}, as the brokers' "
        "sasl.enabled.mechanisms has it",
        broker=broker,
        mechanism=access.sasl_mechanism.value,
        known=", ".join(SaslMechanism),
    )


def _no_names_there(_error: Exception, broker: str, access: KafkaAccess) -> AccessFault:
    return AccessRefused(
        "{broker} asks for no user on this port, but {security_protocol} is {protocol}: set it to {right}, "
        "or name the port on which users sign in",
        broker=broker,
        protocol=access.security_protocol.value,
        right="SSL" if access.security_protocol.encrypts else "PLAINTEXT",
    )


def _untrusted(error: Exception, broker: str, access: KafkaAccess) -> AccessFault:
    assert isinstance(error, ssl.SSLCertVerificationError)  # noqa: S101 - the table below says so
    if error.verify_code in _OTHER_NAME:
        return AccessRefused(
            "the certificate that {broker} shows is another host's ({reason}): name the broker in {bootstrap_servers} "
            "as its certificate does",
            broker=broker,
            reason=error.verify_message,
        )
    return AccessRefused(
        "the certificate that {broker} shows is not trusted ({reason}): {ca_file} has to name the certificate of the "
        "authority that signed it, now it is {file}",
        broker=broker,
        reason=error.verify_message,
        file=access.ca_file or "not set, and the system's authorities count",
    )


def _no_encryption_there(error: Exception, broker: str, access: KafkaAccess) -> AccessFault:
    reason = (error.reason if isinstance(error, ssl.SSLError) else None) or str(error)
    if "CERTIFICATE" in reason.upper():
        return AccessRefused(
            "{broker} wants another certificate of this client ({reason}): set {certificate_file} and {key_file}",
            broker=broker,
            reason=reason,
        )
    return AccessRefused(
        "{broker} does not speak TLS as this client does ({reason}), but {security_protocol} is {protocol}: "
        "name the port that is encrypted, or set {security_protocol} to {right}",
        broker=broker,
        reason=reason.replace("_", " ").lower(),
        protocol=access.security_protocol.value,
        right="SASL_PLAINTEXT" if access.security_protocol.names else "PLAINTEXT",
    )


def _cut_off(_error: Exception, broker: str, access: KafkaAccess) -> AccessFault:
    wants = (
        "it does not speak TLS there, or it does not take this client's certificate ({certificate_file})"
        if access.security_protocol.encrypts
        else "it wants TLS or a user"
    )
    return BrokersAway(
        "{broker} took the connection and closed it: it may be starting or stopping, or "
        f"{wants}; {{security_protocol}} is {{protocol}}",
        broker=broker,
        protocol=access.security_protocol.value,
    )


def _nobody(error: Exception, broker: str, _access: KafkaAccess) -> AccessFault:
    assert isinstance(error, OSError)  # noqa: S101 - the table below says so
    number = None if isinstance(error, socket.gaierror) else error.errno
    reason = str(error) if number is None else os.strerror(number)
    return BrokersAway("{broker}: {reason}", broker=broker, reason=reason.lower())


def _silent(_error: Exception, broker: str, _access: KafkaAccess) -> AccessFault:
    return BrokersAway("{broker} does not answer in time", broker=broker)


_EXPLANATIONS: Final[
    tuple[
        tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Exception, str, KafkaAccess], AccessFault]], ...
    ]
] = (
    ((SaslAuthenticationFailed, AuthenticationFailedError), _wrong_password),
    (UnsupportedSaslMechanismError, _other_mechanism),
    (IllegalSaslStateError, _no_names_there),
    (ssl.SSLCertVerificationError, _untrusted),
    (ssl.SSLError, _no_encryption_there),
    ((ConnectionResetError, ConnectionAbortedError), _cut_off),
    (TimeoutError, _silent),
    (OSError, _nobody),
    (KafkaError, _cut_off),
)
"""From the particular to the general: the first that fits explains."""
