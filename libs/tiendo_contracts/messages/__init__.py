"""What goes over Kafka: the topics, and the messages on them as CloudEvents in structured mode, with `ce_*` headers as well."""

from tiendo_contracts.messages.decoding import MessageInvalid, decode_message
from tiendo_contracts.messages.encoding import (
    Record,
    event_record,
    event_stub,
    redacted_members,
    state_record,
    state_stub,
)
from tiendo_contracts.messages.events import CaseEventMessage, DirectoryMessage, EventMessage, PublicationMessage
from tiendo_contracts.messages.places import Place, Version
from tiendo_contracts.messages.states import (
    AnomalyOfCase,
    CaseState,
    CaseTimelineMessage,
    CaseTimelineState,
    DelayAttributionsMessage,
    DelayAttributionsState,
    HoldOfCase,
    LateEntryOfCase,
    NamedThing,
    PartyOfCase,
    ShareOfLateness,
    StateMessage,
)
from tiendo_contracts.messages.topics import Cleanup, Topic, TopicKind, agency_topic, topic, unit_of_agency_topic

Message = CaseEventMessage | DirectoryMessage | PublicationMessage | CaseTimelineMessage | DelayAttributionsMessage

__all__ = [
    "AnomalyOfCase",
    "CaseEventMessage",
    "CaseState",
    "CaseTimelineMessage",
    "CaseTimelineState",
    "Cleanup",
    "DelayAttributionsMessage",
    "DelayAttributionsState",
    "DirectoryMessage",
    "EventMessage",
    "HoldOfCase",
    "LateEntryOfCase",
    "Message",
    "MessageInvalid",
    "NamedThing",
    "PartyOfCase",
    "Place",
    "PublicationMessage",
    "Record",
    "ShareOfLateness",
    "StateMessage",
    "Topic",
    "TopicKind",
    "Version",
    "agency_topic",
    "decode_message",
    "event_record",
    "event_stub",
    "redacted_members",
    "state_record",
    "state_stub",
    "topic",
    "unit_of_agency_topic",
]
