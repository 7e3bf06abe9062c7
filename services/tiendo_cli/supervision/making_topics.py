"""The topics that `tiendo up` makes for its relay, whenever Kafka answers: nothing else waits for them."""

import asyncio
from typing import Final

import structlog

from tiendo_runtime.errors import RuntimeFault
from tiendo_runtime.kafka.applying import apply_topics
from tiendo_runtime.kafka.errors import ClusterAway
from tiendo_runtime.settings import Settings
from tiendo_runtime.stop_aware_waiting import sleep_until

AGAIN_SECONDS: Final = 5.0

_journal = structlog.get_logger("tiendo.up")


async def make_topics(settings: Settings, stop: asyncio.Event) -> None:
    """Return when the topics of the settings are there, are refused for good (the journal says why), or `stop` is set."""
    while not stop.is_set():
        try:
            applied = await apply_topics(settings)
        except ClusterAway as fault:
            _journal.warning("topics wait for Kafka", reason=str(fault), again_in_seconds=AGAIN_SECONDS)
        except RuntimeFault as fault:
            _journal.error("topics cannot be made; `tiendo topics apply` tries again", reason=str(fault))
            return
        else:
            for line in applied.done:
                _journal.info("made for the relay", what=line)
            return
        await sleep_until(stop, AGAIN_SECONDS)
