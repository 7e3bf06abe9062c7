"""What is on a cluster held against what has to be there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tiendo_contracts.messages.topics import agency_topic, unit_of_agency_topic
from tiendo_runtime.kafka.planning import AGENCY_GROUPS, PlannedTopic, Resource, Right, TopicsPlan


class Standing(StrEnum):
    """How something of the plan stands on the cluster."""

    PRESENT = "present"
    MISSING = "missing"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    NOT_ENFORCED = "not enforced"


class RightsShown(StrEnum):
    """Whether the brokers show who may do what."""

    SHOWN = "shown"
    HIDDEN = "hidden"  # from this user
    NOT_ENFORCED = "not enforced"  # the brokers keep no rights: everybody may do everything


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTopic:
    """A topic as it is. `configuration` is what holds, None if this user may not see it; `own` the part set for the topic itself."""

    partitions: int
    copies: int
    configuration: Mapping[str, str] | None
    own: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRight:
    """A right as it is; with `allows` False it is denied."""

    right: Right
    allows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOnCluster:
    """What is on the cluster."""

    topics: Mapping[str, FoundTopic]
    rights: Sequence[FoundRight]
    rights_shown: RightsShown


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCompared:
    """How a topic stands. `settings` are those to mend; `partitions` and `copies` the numbers found where they are others."""

    planned: PlannedTopic
    standing: Standing
    settings: Mapping[str, str]
    partitions: int | None = None
    copies: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How the whole plan stands. `besides` are rights on what is planned that the plan does not give."""

    topics: Sequence[TopicCompared]
    rights: Sequence[tuple[Right, Standing]]
    besides: Sequence[FoundRight]


def compared(plan: TopicsPlan, found: FoundOnCluster | None) -> Comparison:
    """How the plan stands on the cluster; unknown where nothing was found out."""
    if found is None:
        return Comparison(
            topics=[TopicCompared(planned=each, standing=Standing.UNKNOWN, settings={}) for each in plan.topics],
            rights=[(right, Standing.UNKNOWN) for right in plan.rights],
            besides=[],
        )
    return Comparison(
        topics=[_topic_compared(each, found.topics.get(each.name)) for each in plan.topics],
        rights=[(right, _right_standing(right, found)) for right in plan.rights],
        besides=[each for each in found.rights if _concerns(each.right, plan) and each.right not in plan.rights],
    )


def _topic_compared(planned: PlannedTopic, found: FoundTopic | None) -> TopicCompared:
    if found is None:
        return TopicCompared(planned=planned, standing=Standing.MISSING, settings={})
    wanted, held = planned.configuration, found.configuration
    settings = {} if held is None else {name: value for name, value in wanted.items() if held.get(name) != value}
    partitions = None if found.partitions == planned.topic.partitions else found.partitions
    copies = None if planned.copies in {None, found.copies} else found.copies
    differs = bool(settings) or partitions is not None or copies is not None
    standing = Standing.DIFFERS if differs else Standing.UNKNOWN if held is None else Standing.PRESENT
    return TopicCompared(planned=planned, standing=standing, settings=settings, partitions=partitions, copies=copies)


def _right_standing(wanted: Right, found: FoundOnCluster) -> Standing:
    if found.rights_shown is RightsShown.HIDDEN:
        return Standing.UNKNOWN
    if found.rights_shown is RightsShown.NOT_ENFORCED:
        return Standing.NOT_ENFORCED
    touching = [each for each in found.rights if _covers(each.right, wanted)]
    if any(not each.allows for each in touching):
        return Standing.DIFFERS  # a denial goes before every permission
    return Standing.PRESENT if touching else Standing.MISSING


def _covers(broad: Right, narrow: Right) -> bool:
    """Whether one right says something of all that the other does."""
    return (
        broad.principal in {narrow.principal, "User:*"}
        and broad.resource is narrow.resource
        and broad.operation in {narrow.operation, "All"}
        and _names(broad, narrow.name, prefixed=narrow.prefixed)
    )


def _names(right: Right, name: str, *, prefixed: bool) -> bool:
    if right.prefixed:
        return name.startswith(right.name)
    return right.name == "*" or (right.name == name and not prefixed)


def _concerns(right: Right, plan: TopicsPlan) -> bool:
    """Whether a right is on a topic or on groups of the plan, or on those of an agency that is not in the plan any more."""
    if right.resource is Resource.TOPIC:
        unit = unit_of_agency_topic(right.name)
        if unit is not None and right.name == agency_topic(unit, generation=plan.generation).name:
            return True
        return any(_names(right, planned.name, prefixed=False) for planned in plan.topics)
    groups = [planned for planned in plan.rights if planned.resource is Resource.GROUP]
    return right.name.startswith(AGENCY_GROUPS) or any(_overlap(right, planned) for planned in groups)


def _overlap(one: Right, other: Right) -> bool:
    return _names(one, other.name, prefixed=other.prefixed) or _names(other, one.name, prefixed=one.prefixed)
