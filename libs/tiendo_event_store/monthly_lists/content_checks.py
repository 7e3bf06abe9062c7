"""Whether the monthly lists that are kept beside the log are what its facts say."""

import json
import zlib
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Final

import asyncpg
from msgspec import Struct

from tiendo_contracts.publications.publication_facts import PUBLICATION_TYPE_PREFIX

_FACTS: Final = f"""
SELECT event.position, event.text, step.text AS kept, encode(step.digest, 'hex') AS digest
  FROM tiendo.events AS event FULL JOIN tiendo.publication_steps AS step ON step.position = event.position
 WHERE (event.shard IS NULL AND event.log_id IS NULL AND event.type ^@ '{PUBLICATION_TYPE_PREFIX}') OR event.position IS NULL
    OR step.position IS NOT NULL
 ORDER BY coalesce(event.position, step.position)
"""
_CONTENTS: Final = "SELECT digest, content, cases FROM tiendo.publication_contents ORDER BY publication_id, version"


class ContentFault(Struct, frozen=True, kw_only=True):
    """What is wrong with a list, in words; `position` is that of its fact, None where there is none."""

    position: int | None
    message: str


async def content_faults(driver: asyncpg.Connection) -> list[ContentFault]:
    """What is not as it was listed: a step that is no fact of the log, a content that is missing, or another than its digest."""
    return [fault async for fault in _faults(driver)]


async def _faults(driver: asyncpg.Connection) -> AsyncIterator[ContentFault]:
    contents: set[str] = set()
    async with driver.transaction(readonly=True):
        async for row in driver.cursor(_CONTENTS):
            told = row["digest"].hex()
            contents.add(told)
            if sha256(row["content"].encode()).hexdigest() != told:
                yield ContentFault(position=None, message=f"the list of the digest {told} was changed")
            elif json.loads(row["content"])["cases_digest"] != _cases_digest(row["cases"]):
                yield ContentFault(position=None, message=f"the cases of the list of the digest {told} were changed")
        async for row in driver.cursor(_FACTS):
            position = row["position"]
            if row["text"] != row["kept"]:
                message = "a step of a list is not what the log says, or stands in one of both alone"
                yield ContentFault(position=position, message=message)
                continue
            told = json.loads(row["text"])["data"]["digest"]
            if told not in contents or told != row["digest"]:
                message = f"the list of the digest {told}, which the log names, is not there"
                yield ContentFault(position=position, message=message)


def _cases_digest(packed: bytes) -> str:
    try:
        return sha256(zlib.decompress(packed)).hexdigest()
    except zlib.error:
        return ""
