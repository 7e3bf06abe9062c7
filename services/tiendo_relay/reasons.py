"""Why Kafka cannot be reached or does not do what was asked, in words that an operator can act on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka.errors import KafkaError

from tiendo_client.access_errors import AccessFault
from tiendo_client.connectivity import reach, refusal
from tiendo_client.kafka_access import KafkaAccess
from tiendo_relay.errors import KafkaAway
from tiendo_runtime.settings import with_settings


@asynccontextmanager
async def away_when_unreachable(access: KafkaAccess) -> AsyncIterator[None]:
    """Turn what aiokafka raises into KafkaAway, with the reason as far as it can be found out."""
    try:
        yield
    except (KafkaError, OSError, TimeoutError, AccessFault) as error:
        raise KafkaAway(await _found_out(error, access)) from error


def reason_of(error: BaseException, access: KafkaAccess) -> str:
    """What an error says, and what right is missing if it is that."""
    refused = refusal(error, access) if isinstance(error, KafkaError) else None
    return with_settings(refused) if refused is not None else str(error) or type(error).__name__


async def _found_out(error: Exception, access: KafkaAccess) -> str:
    if isinstance(error, AccessFault):
        return with_settings(error)
    if not isinstance(error, KafkaError) or refusal(error, access) is None:
        try:
            await reach(access)
        except AccessFault as fault:
            return with_settings(fault)
    return reason_of(error, access)
