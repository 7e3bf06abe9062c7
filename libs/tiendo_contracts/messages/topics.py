"""The topics: their names, and how a broker has to keep them.

A topic's partitions are fixed when it is made: more of them would send a case's later events elsewhere than its earlier ones. Growth is a
new generation of all topics, filled from position 1; the first generation carries no suffix, the second is `….g2`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

PARTITIONS = 24
_ANY_TIME = str(2**63 - 1)  # brokers whose clocks are behind would refuse every message
FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000
"""After this time at the latest a broker looks for states that were replaced, such as what was taken back from an agency, and drops them."""
_LEGAL = re.compile(r"[A-Za-z0-9.-]")
_ESCAPED = re.compile(r"(?:_[0-9a-f]{2})+")
_AGENCY = re.compile(r"tiendo\.agency\.(.+)\.delay-attributions\.v1(?:\.g[0-9]+)?")


class TopicKind(StrEnum):
    """What a topic carries."""

    CASE_EVENTS = "case-events"
    CASE_TIMELINES = "case-timelines"
    DELAY_ATTRIBUTIONS = "delay-attributions"
    DIRECTORY = "directory"
    PUBLICATIONS = "publications"


class Cleanup(StrEnum):
    """What the broker may throw away: nothing, or what a later message of the same key replaces."""

    KEEP = "delete"  # with a retention without end
    COMPACT = "compact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic as it has to be: name, what it carries (None: signed checkpoints, which are notes and no messages), partitions, cleanup."""

    name: str
    kind: TopicKind | None
    partitions: int
    cleanup: Cleanup

    @property
    def configuration(self) -> Mapping[str, str]:
        """The broker's settings of the topic, besides the replication."""
        settings = {
            "cleanup.policy": self.cleanup.value,
            "message.timestamp.type": "CreateTime",
            "message.timestamp.after.max.ms": _ANY_TIME,
        }
        if self.cleanup is Cleanup.KEEP:
            return {**settings, "retention.ms": "-1", "retention.bytes": "-1"}
        return {**settings, "min.cleanable.dirty.ratio": "0.1", "max.compaction.lag.ms": str(FORGOTTEN_AFTER_MS)}


_CLEANUPS = {
    TopicKind.CASE_EVENTS: Cleanup.KEEP,
    TopicKind.DIRECTORY: Cleanup.KEEP,
    TopicKind.PUBLICATIONS: Cleanup.KEEP,
    TopicKind.CASE_TIMELINES: Cleanup.COMPACT,
    TopicKind.DELAY_ATTRIBUTIONS: Cleanup.COMPACT,
}


_EVENTS = frozenset({TopicKind.CASE_EVENTS, TopicKind.DIRECTORY, TopicKind.PUBLICATIONS})
_IN_THE_ORDER_OF_THE_LOG = frozenset({TopicKind.DIRECTORY, TopicKind.PUBLICATIONS})


def carries_events(of: Topic) -> bool:
    """Whether the topic carries events of the log, in chains."""
    return of.kind in _EVENTS


def topic(kind: TopicKind, *, generation: int = 1, partitions: int = PARTITIONS) -> Topic:
    """The topic of a kind. Those of the directory and of publications have one partition, so that their facts keep the order of the log."""
    return Topic(
        name=f"tiendo.{kind}.v1{_suffix(generation)}",
        kind=kind,
        partitions=1 if kind in _IN_THE_ORDER_OF_THE_LOG else partitions,
        cleanup=_CLEANUPS[kind],
    )


def checkpoints_topic(*, generation: int = 1) -> Topic:
    """The topic of the log's signed checkpoints: one partition, kept for ever. Each value is a signed note, its key the checkpoint's origin."""
    return Topic(name=f"tiendo.checkpoints.v1{_suffix(generation)}", kind=None, partitions=1, cleanup=Cleanup.KEEP)


def agency_topic(unit_id: str, *, generation: int = 1, partitions: int = PARTITIONS) -> Topic:
    """The topic of the attributions that the agency of a unit may see.

    What a topic's name cannot hold is written as `_` and two hexadecimal digits for each byte of its UTF-8.
    """
    return Topic(
        name=f"tiendo.agency.{_escaped(unit_id)}.delay-attributions.v1{_suffix(generation)}",
        kind=TopicKind.DELAY_ATTRIBUTIONS,
        partitions=partitions,
        cleanup=Cleanup.COMPACT,
    )


def unit_of_agency_topic(name: str) -> str | None:
    """The unit whose agency a topic is for; None for a topic that is for all, and for names that `agency_topic` never gives."""
    found = _AGENCY.fullmatch(name)
    try:
        return None if found is None else _ESCAPED.sub(_unescaped, found[1])
    except UnicodeDecodeError:
        return None


def _suffix(generation: int) -> str:
    return "" if generation == 1 else f".g{generation}"


def _escaped(text: str) -> str:
    return "".join(
        character if _LEGAL.fullmatch(character) else "".join(f"_{byte:02x}" for byte in character.encode())
        for character in text
    )


def _unescaped(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("_", "")).decode()
