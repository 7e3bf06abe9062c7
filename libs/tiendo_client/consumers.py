"""The consumers, one for each kind of topic."""

from aiokafka import TopicPartition

from tiendo_client.consuming import Consumer
from tiendo_client.deliveries import M
from tiendo_client.delivery_order import Sorter, StateSorter
from tiendo_client.positions import Positions
from tiendo_contracts.messages import (
    CaseEventMessage,
    CaseTimelineMessage,
    DelayAttributionsMessage,
    DirectoryMessage,
    PublicationMessage,
    TopicKind,
)


class CaseEventConsumer(Consumer[CaseEventMessage]):
    """Hands over the events of cases (`tiendo.case-events.v1`), each once, those of a case in the order of the log."""

    kind = TopicKind.CASE_EVENTS


class DirectoryConsumer(Consumer[DirectoryMessage]):
    """Hands over the facts of the configuration (`tiendo.directory.v1`), each once, in the order of the log."""

    kind = TopicKind.DIRECTORY


class PublicationConsumer(Consumer[PublicationMessage]):
    """Hands over the facts of publications (`tiendo.publications.v1`), each once, in the order of the log."""

    kind = TopicKind.PUBLICATIONS


class StateConsumer(Consumer[M]):
    """Hands over every state that it reads: which of two states of a case is the later, their versions say (`versions.py`)."""

    def _new_sorter(self, partition: TopicPartition, positions: Positions) -> Sorter[M]:  # noqa: ARG002 - states have no chains
        return StateSorter(positions)


class CaseTimelineConsumer(StateConsumer[CaseTimelineMessage]):
    """Hands over the timelines of cases (`tiendo.case-timelines.v1`)."""

    kind = TopicKind.CASE_TIMELINES


class DelayAttributionsConsumer(StateConsumer[DelayAttributionsMessage]):
    """Hands over the shares of lateness (`tiendo.delay-attributions.v1`, or an agency's own topic)."""

    kind = TopicKind.DELAY_ATTRIBUTIONS
