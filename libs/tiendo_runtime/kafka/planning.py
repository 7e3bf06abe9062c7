"""Which topics there have to be and who may do what with them; from the settings and the agencies alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tiendo_contracts.messages.agencies import Agency
from tiendo_contracts.messages.topics import Topic, TopicKind, agency_topic, carries_events, checkpoints_topic, topic
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.settings import Settings

AGENCY_GROUPS: Final = "tiendo.agency."
"""How the names of agencies' consumer groups begin, unless the list of agencies says otherwise."""

READER_GROUPS: Final = "tiendo.reader."
"""How the names of the consumer groups of readers of everything begin."""

PROJECTOR_GROUPS: Final = "tiendo.projector"
"""How the names of the consumer groups of projectors over Kafka begin."""

_FOLLOWED: Final = frozenset({TopicKind.CASE_EVENTS, TopicKind.DIRECTORY})
"""What projectors over Kafka read."""

_COPIES_FOR_TWO: Final = 3
"""From so many copies on a message counts as written when two have it: one broker may then fail at any time."""


class Resource(StrEnum):
    """What a right is on, as ACLs name it."""

    TOPIC = "topic"
    GROUP = "group"


class Operation(StrEnum):
    """What may be done, as ACLs name it. Who may read or write may describe too."""

    READ = "Read"
    WRITE = "Write"
    DESCRIBE_CONFIGS = "DescribeConfigs"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Right:
    """That a principal may do something; `prefixed`: with everything whose name begins with `name`."""

    principal: str
    resource: Resource
    name: str
    prefixed: bool = False
    operation: str

    def __str__(self) -> str:
        """The right in one line."""
        return f"{self.principal} {self.operation} {self.resource} {self.name}{'*' if self.prefixed else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTopic:
    """A topic as it has to be; `copies` None leaves their number to the brokers' default."""

    topic: Topic
    copies: int | None

    @property
    def name(self) -> str:
        """The topic's name."""
        return self.topic.name

    @property
    def configuration(self) -> Mapping[str, str]:
        """The settings of the topic that have to hold."""
        if self.copies is None or self.copies < _COPIES_FOR_TWO:
            return self.topic.configuration
        return {**self.topic.configuration, "min.insync.replicas": "2"}

    @property
    def retention(self) -> str:
        """How long messages stay, in words."""
        return "for ever" if self.configuration.get("retention.ms") == "-1" else "the latest of each key"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsPlan:
    """Everything that has to be on the cluster, of one generation of topics."""

    generation: int
    topics: Sequence[PlannedTopic]
    rights: Sequence[Right]


def topics_plan(settings: Settings, agencies: Sequence[Agency]) -> TopicsPlan:
    """What has to be on the cluster for the relay, for projectors over Kafka, for readers of everything and for each agency.

    Raises SettingsInvalid where an agency would get the rights of relay or projector with its own.
    """
    for problem in _overlaps(settings, agencies):
        raise SettingsInvalid(f"TIENDO_KAFKA_AGENCIES: {problem}")
    generation, partitions = settings.kafka_generation, settings.kafka_partitions
    common = [topic(kind, generation=generation, partitions=partitions) for kind in TopicKind]
    common.append(checkpoints_topic(generation=generation))
    theirs = {agency: agency_topic(agency.unit, generation=generation, partitions=partitions) for agency in agencies}
    rights = [
        *_relay_rights(settings.kafka_relay_principal, [*common, *theirs.values()]),
        *_projector_rights(settings.kafka_projector_principal, common),
        *(right for reader in settings.kafka_readers.split() for right in _reader_rights(reader, common)),
        *(right for agency, own in theirs.items() for right in _agency_rights(agency, own)),
    ]
    return TopicsPlan(
        generation=generation,
        topics=[PlannedTopic(topic=each, copies=settings.kafka_replication) for each in [*common, *theirs.values()]],
        rights=list(dict.fromkeys(rights)),
    )


def _overlaps(settings: Settings, agencies: Sequence[Agency]) -> Iterator[str]:
    own = {settings.kafka_relay_principal: "the relay", settings.kafka_projector_principal: "the projector"}
    for agency in agencies:
        for principal in agency.principals:
            if principal in own:
                yield f"{principal} of agency {agency.unit} is {own[principal]} as well: whoever reads for an agency needs a user of their own"
        for groups in (PROJECTOR_GROUPS, READER_GROUPS):
            if groups.startswith(agency.group_prefix) or agency.group_prefix.startswith(groups):
                yield f"the groups {agency.group_prefix}* of agency {agency.unit} are among {groups}*, or the other way round: choose another prefix"


def _relay_rights(principal: str, topics: Sequence[Topic]) -> Iterator[Right]:
    """To write (idempotently: since Kafka 3 that takes no more), to read what it checks chains on, and to ask for the longest message."""
    for each in topics:
        yield _on_topic(principal, each, Operation.WRITE)
        yield _on_topic(principal, each, Operation.DESCRIBE_CONFIGS)
        if carries_events(each):
            yield _on_topic(principal, each, Operation.READ)


def _projector_rights(principal: str, topics: Sequence[Topic]) -> Iterator[Right]:
    yield from (_on_topic(principal, each, Operation.READ) for each in topics if each.kind in _FOLLOWED)
    yield _on_groups(principal, PROJECTOR_GROUPS)


def _reader_rights(principal: str, topics: Sequence[Topic]) -> Iterator[Right]:
    yield from (_on_topic(principal, each, Operation.READ) for each in topics)
    yield _on_groups(principal, f"{READER_GROUPS}{principal.partition(':')[2]}:")


def _agency_rights(agency: Agency, own: Topic) -> Iterator[Right]:
    for principal in agency.principals:
        yield _on_topic(principal, own, Operation.READ)
        yield _on_groups(principal, agency.group_prefix)


def _on_topic(principal: str, on: Topic, operation: Operation) -> Right:
    return Right(principal=principal, resource=Resource.TOPIC, name=on.name, operation=operation)


def _on_groups(principal: str, prefix: str) -> Right:
    return Right(principal=principal, resource=Resource.GROUP, name=prefix, prefixed=True, operation=Operation.READ)
