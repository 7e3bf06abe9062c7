"""The AsyncAPI 3.0 document of what goes over Kafka, made from the models, the topics and the examples."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tiendo_contracts.messages import examples
from tiendo_contracts.messages.encoding import CONTENT_TYPE, REDACTED_HEADER
from tiendo_contracts.messages.examples import Example
from tiendo_contracts.messages.note_messages import NOTE_HEADERS, NOTE_SCHEMA, NOTE_TYPE
from tiendo_contracts.messages.schemas import MESSAGE_SCHEMAS, message_schemas
from tiendo_contracts.messages.states import CONTRACT_VERSION
from tiendo_contracts.messages.topics import PARTITIONS, Topic, TopicKind, agency_topic, checkpoints_topic, topic

_BINDING: Final = "0.5.0"
_EXAMPLE_UNIT: Final = "H34.STNMT"
_DESCRIPTION: Final = """\
What tiendo passes on: every event of the log, the timeline of every case, all shares of its lateness, the facts of the configuration and those of publications.

**Messages** are CloudEvents 1.0 in structured mode (JSON, UTF-8); the context attributes stand in `ce_*` headers as well. Members and types \
that you do not know may come at any time: pass them over. Nothing else of a released schema changes; what would break it comes on topics `….v2`.

**Events exactly once in effect.** A message may come twice, and after a failure a later one may come before the repeat of an earlier one. \
For each `logid` and partition keep the last `position` that you took, in the same transaction as what you made of it. A message whose \
`position` is not greater: drop it. One whose `previousposition` is that of the last you took: take it. One whose `previousposition` is greater: \
hold it back, the one before it comes again. No message is ever missing for good.

**Redacted texts.** A message with the header `redacted` is one whose text was taken out of the log in the members that it names. If you have taken \
its `position` before, it takes the place of what you kept then; nothing else of it has changed. It may come more than once.

**States** (timelines, attributions) hold the whole case each; the topics are compacted and no message is ever taken back by a null value. For each \
`logid` and case keep the message of the highest (`build`, `position`, `revision`), compared as numbers in this order; of the same version keep the later one.

**Stubs.** A message larger than the topic takes has no `data`; `dataref` is where its content is to be had, an address under tiendo's HTTP API.

**Keys and partitions.** The key is the case (of a directory fact what it is about, of a publication its id), \
the partition Kafka's default for it (murmur2 of the key). So all messages of a case keep their order. Partitions are fixed; \
growth is a new generation of all topics, filled from position 1, whose names end in `.g2`, `.g3` and so on.

**Checkpoints.** `tiendo.checkpoints.v1` (one partition, kept for ever) has the signed heads of the Merkle tree over the log: no CloudEvents, but each value \
a signed note (C2SP tlog-checkpoint), its key the origin. Keep them, and let `tiendo log verify --against` compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Channel:
    """A channel, its one message, and what is said of both."""

    name: str
    message: str
    title: str
    summary: str
    topic: Topic
    examples: Sequence[Example]
    parameters: Mapping[str, Any] | None = None


def asyncapi_document(*, generation: int = 1, partitions: int = PARTITIONS) -> dict[str, Any]:
    """The document, with the topics of a generation and their number of partitions."""
    channels = _channels(generation, partitions)
    schemas = message_schemas("#/components/schemas/{model}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "tiendo over Kafka",
            "version": CONTRACT_VERSION,
            "description": _DESCRIPTION,
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": _SERVERS,
        "channels": {channel.name: _channel(channel) for channel in channels},
        "operations": {f"send{channel.name[0].upper()}{channel.name[1:]}": _operation(channel) for channel in channels},
        "components": {
            "messages": {channel.message: _message(channel, schemas) for channel in channels},
            "schemas": schemas,
            "securitySchemes": _SECURITY,
        },
    }


def _channels(generation: int, partitions: int) -> list[_Channel]:
    def of(kind: TopicKind) -> Topic:
        return topic(kind, generation=generation, partitions=partitions)

    return [
        _Channel(
            name="caseEvents",
            message="caseEvent",
            title="Events of cases",
            summary="Every event of every case as it was accepted, for ever; with directory facts left out the whole log",
            topic=of(TopicKind.CASE_EVENTS),
            examples=examples.case_event_examples(),
        ),
        _Channel(
            name="caseTimelines",
            message="caseTimeline",
            title="Timelines of cases",
            summary="Who held a case, for how long, against which due; whole, anew whenever it changes",
            topic=of(TopicKind.CASE_TIMELINES),
            examples=examples.case_timeline_examples(),
        ),
        _Channel(
            name="delayAttributions",
            message="delayAttributions",
            title="Shares of lateness",
            summary="All shares of a case's lateness, with the rule and the events behind each; whole, anew whenever they change",
            topic=of(TopicKind.DELAY_ATTRIBUTIONS),
            examples=examples.delay_attributions_examples(),
        ),
        _Channel(
            name="agencyDelayAttributions",
            message="agencyDelayAttributions",
            title="Shares of lateness that concern one agency",
            summary="As the shares of lateness, of the cases of one unit and of those below it, others' names withheld",
            topic=agency_topic(_EXAMPLE_UNIT, generation=generation, partitions=partitions),
            examples=examples.agency_examples(_EXAMPLE_UNIT),
            parameters={"unit": _UNIT_PARAMETER},
        ),
        _Channel(
            name="directory",
            message="directoryFact",
            title="Facts of the configuration",
            summary="Units, procedures, calendars and placeholders, and every change of them, in the log's order",
            topic=of(TopicKind.DIRECTORY),
            examples=examples.directory_examples(),
        ),
        _Channel(
            name="publications",
            message="publicationFact",
            title="Facts of publications",
            summary="Monthly lists drafted, opened, approved, published, corrected, withdrawn, in the log's order; the lists themselves are had over HTTP",
            topic=of(TopicKind.PUBLICATIONS),
            examples=examples.publication_examples(),
        ),
        _Channel(
            name="checkpoints",
            message="checkpoint",
            title="Signed checkpoints of the log",
            summary="How many events the log has and the root of the tree over them, signed; each as it was made, for ever",
            topic=checkpoints_topic(generation=generation),
            examples=examples.checkpoint_examples(),
        ),
    ]


def _channel(channel: _Channel) -> dict[str, Any]:
    address = channel.topic.name.replace(f".{_EXAMPLE_UNIT}.", ".{unit}.")
    return {
        "address": address,
        "title": channel.title,
        "summary": channel.summary,
        "messages": {channel.message: {"$ref": f"#/components/messages/{channel.message}"}},
        **({} if channel.parameters is None else {"parameters": channel.parameters}),
        "bindings": {
            "kafka": {
                "partitions": channel.topic.partitions,
                "topicConfiguration": _configuration(channel.topic),
                "bindingVersion": _BINDING,
            }
        },
    }


def _configuration(found: Topic) -> dict[str, Any]:
    """The topic's settings as the binding types them."""
    settings: dict[str, Any] = dict(found.configuration)
    settings["cleanup.policy"] = [found.cleanup.value]
    return settings | {name: int(value) for name, value in settings.items() if name.startswith("retention.")}


def _operation(channel: _Channel) -> dict[str, Any]:
    return {
        "action": "send",
        "title": channel.title,
        "summary": "tiendo's relay sends; you receive",
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "messages": [{"$ref": f"#/channels/{channel.name}/messages/{channel.message}"}],
    }


def _message(channel: _Channel, schemas: Mapping[str, Any]) -> dict[str, Any]:
    kind = channel.topic.kind
    if kind is None:
        return _note(channel)
    what = _KEYS.get(kind, "the case")
    return {
        "name": channel.message,
        "title": channel.title,
        "summary": channel.summary,
        "contentType": "application/cloudevents+json",
        "headers": _headers_schema(schemas[MESSAGE_SCHEMAS[kind]]),
        "payload": {"$ref": f"#/components/schemas/{MESSAGE_SCHEMAS[kind]}"},
        "correlationId": {
            "description": f"{what}: the same on all topics",
            "location": "$message.payload#/subject",
        },
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"{what}, as `subject`; UTF-8"},
                "bindingVersion": _BINDING,
            }
        },
        "examples": [_example(example) for example in channel.examples],
    }


def _note(channel: _Channel) -> dict[str, Any]:
    """The message that is no CloudEvent."""
    key = {"type": "string", "description": "the checkpoint's origin, `tiendo/` and the id of the log; UTF-8"}
    return {
        "name": channel.message,
        "title": channel.title,
        "summary": channel.summary,
        "contentType": NOTE_TYPE,
        "headers": NOTE_HEADERS,
        "payload": NOTE_SCHEMA,
        "bindings": {"kafka": {"key": key, "bindingVersion": _BINDING}},
        "examples": [_example(example) for example in channel.examples],
    }


def _headers_schema(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of the headers: each attribute of the envelope as text, but for `datacontenttype`."""
    names = [name for name in envelope["properties"] if name not in {"data", "datacontenttype"}]
    return {
        "type": "object",
        "description": "values are UTF-8",
        "properties": {
            "content-type": {"type": "string", "const": CONTENT_TYPE.decode()},
            **{f"ce_{name}": {"type": "string", "description": f"`{name}` of the value"} for name in names},
            **({REDACTED_HEADER: _REDACTED} if "previousposition" in names else {}),
        },
        "required": ["content-type", *(f"ce_{name}" for name in envelope["required"] if name != "datacontenttype")],
    }


def _example(example: Example) -> dict[str, Any]:
    headers = {name: value.decode() for name, value in example.record.headers}
    text = example.record.value.decode()
    payload = text if headers["content-type"] == NOTE_TYPE else json.loads(text)
    return {"name": example.name, "summary": example.summary, "headers": headers, "payload": payload}


_REDACTED: Final = {
    "type": "string",
    "description": "members of the event, separated by commas, whose text is `[redacted]` by now: the message takes the place of what was sent "
    "at its position; absent: nothing was redacted",
    "examples": ["data.reason"],
}
_KEYS: Final = {TopicKind.DIRECTORY: "what the fact is about", TopicKind.PUBLICATIONS: "the publication"}
_UNIT_PARAMETER: Final = {
    "description": "the unit's id; what a topic's name cannot hold (all but `A-Z a-z 0-9 . -`) is written as `_` and two hexadecimal digits "
    "for each byte of its UTF-8",
    "examples": [_EXAMPLE_UNIT],
}
_ADDRESS: Final = {
    "description": "a broker, as the province names it",
    "examples": ["kafka.kontum.example:9093"],
}
_SERVERS: Final = {
    "encrypted": {
        "host": "{address}",
        "protocol": "kafka-secure",
        "title": "For other agencies",
        "description": "SASL_SSL: TLS, and a user name with a password (SCRAM-SHA-512); or SSL with a client's certificate",
        "variables": {"address": _ADDRESS},
        "security": [
            {"$ref": "#/components/securitySchemes/password"},
            {"$ref": "#/components/securitySchemes/certificate"},
        ],
    },
    "closed": {
        "host": "{address}",
        "protocol": "kafka",
        "title": "Within a closed network",
        "description": "PLAINTEXT: for trying out, and where the network itself is closed",
        "variables": {"address": {**_ADDRESS, "examples": ["127.0.0.1:9092"]}},
    },
}
_SECURITY: Final = {
    "password": {
        "type": "scramSha512",
        "description": "user name and password; the topics that the user may read are the province's to say",
    },
    "certificate": {"type": "X509", "description": "a client's certificate that the brokers trust"},
}
