"""Making what is missing on a cluster, and mending what differs, by the plan."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    InvalidReplicationFactorError,
    TopicAuthorizationFailedError,
)

from tiendo_client.kafka_access import KafkaAccess
from tiendo_runtime.agencies import load_agencies
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.kafka.administration import Administration, administration
from tiendo_runtime.kafka.comparing import Comparison, FoundOnCluster, RightsShown, Standing, TopicCompared, compared
from tiendo_runtime.kafka.errors import ClusterRefused, TopicsDiffer
from tiendo_runtime.kafka.planning import TopicsPlan, topics_plan
from tiendo_runtime.settings import Settings

_SHOWN_SECONDS: Final = 15.0
_POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was done, a line each, and what was left for a person to look at."""

    done: Sequence[str]
    remarks: Sequence[str]


async def compare_topics(settings: Settings) -> Comparison:
    """How the plan of the settings stands on the cluster. Raises SettingsInvalid and ClusterFault."""
    plan = plan_of(settings)
    async with administration(access_of(settings)) as cluster:
        return compared(plan, await cluster.find(plan))


async def apply_topics(settings: Settings) -> Applied:
    """Make topics and rights that are missing and mend settings that differ; return when the brokers serve all topics.

    Nothing is done where a topic has another number of partitions. Repeating it does no harm; where everything is there already,
    a user who may only see it is enough. Raises SettingsInvalid, TopicsDiffer, ClusterRefused, and ClusterAway, which may pass.
    """
    plan, access = plan_of(settings), access_of(settings)
    async with administration(access) as cluster:
        found = await cluster.find(plan)
        comparison = compared(plan, found)
        _refuse_other_partitions(comparison.topics)
        try:
            done = [
                *await _make_topics(cluster, comparison),
                *await _mend_settings(cluster, comparison, found),
                *await _give_rights(cluster, comparison),
            ]
            if done:
                await _shown(cluster, plan)
        except (TopicAuthorizationFailedError, ClusterAuthorizationFailedError) as error:
            raise _not_allowed(error, access) from None
        except InvalidReplicationFactorError as error:
            raise ClusterRefused(
                f"{_named(error)}: the cluster has too few brokers; set TIENDO_KAFKA_REPLICATION to at most their number"
            ) from None
    return Applied(done=done, remarks=_remarks(comparison, found.rights_shown))


def plan_of(settings: Settings) -> TopicsPlan:
    """The plan of the settings and of the agencies' file that they name. Raises SettingsInvalid."""
    return topics_plan(settings, load_agencies(settings.kafka_agencies))


def access_of(settings: Settings) -> KafkaAccess:
    """How the cluster is reached. Raises SettingsInvalid where none is set."""
    access = settings.kafka
    if access is None:
        raise SettingsInvalid("TIENDO_KAFKA_BOOTSTRAP_SERVERS is not set: set it to host:port of a Kafka broker")
    return access


def _refuse_other_partitions(topics: Sequence[TopicCompared]) -> None:
    others = [each for each in topics if each.partitions is not None]
    if not others:
        return
    numbers = "; ".join(
        f"{each.planned.name} has {each.partitions} partitions, {each.planned.topic.partitions} are asked for"
        for each in others
    )
    raise TopicsDiffer(
        f"{numbers}. Nothing was changed: with another number a case's later events would go elsewhere than its earlier ones. "
        "Set TIENDO_KAFKA_PARTITIONS to the number that is there, or have a new generation of all topics made and filled: "
        "TIENDO_KAFKA_GENERATION, one higher"
    )


async def _make_topics(cluster: Administration, comparison: Comparison) -> list[str]:
    missing = [each.planned for each in comparison.topics if each.standing is Standing.MISSING]
    if missing:
        await cluster.create(missing)
    return [f"topic {each.name}: made, {each.topic.partitions} partitions, kept {each.retention}" for each in missing]


async def _mend_settings(cluster: Administration, comparison: Comparison, found: FoundOnCluster) -> list[str]:
    done = []
    for each in comparison.topics:
        if each.settings:
            name = each.planned.name
            held = found.topics[name]
            await cluster.configure(name, {**held.own, **each.settings})
            before = held.configuration or {}
            done += [
                f"topic {name}: {setting}={value} instead of {before.get(setting)}"
                for setting, value in each.settings.items()
            ]
    return done


async def _give_rights(cluster: Administration, comparison: Comparison) -> list[str]:
    missing = [right for right, standing in comparison.rights if standing is Standing.MISSING]
    await cluster.allow(missing)
    return [f"right: {right}" for right in missing]


async def _shown(cluster: Administration, plan: TopicsPlan) -> None:
    """Return when the brokers show what was done: they learn of it one after another. Raises TimeoutError."""
    async with asyncio.timeout(_SHOWN_SECONDS):
        while True:
            if not _is_wanting(compared(plan, await cluster.find(plan))):
                return
            await asyncio.sleep(_POLL_SECONDS)


def _is_wanting(comparison: Comparison) -> bool:
    return any(each.standing is Standing.MISSING or each.settings for each in comparison.topics) or any(
        standing is Standing.MISSING for _, standing in comparison.rights
    )


def _remarks(comparison: Comparison, shown: RightsShown) -> list[str]:
    remarks = [
        f"topic {each.planned.name} is kept in {each.copies} copies instead of {each.planned.copies}: kafka-reassign-partitions.sh changes that"
        for each in comparison.topics
        if each.copies is not None
    ]
    remarks += [
        f"denied in spite of the plan: {right}" for right, standing in comparison.rights if standing is Standing.DIFFERS
    ]
    if comparison.besides:
        remarks.append(
            f"rights that the plan does not give: {len(comparison.besides)}; `tiendo topics plan` lists them"
        )
    if shown is RightsShown.NOT_ENFORCED:
        remarks.append(
            "the brokers keep no rights (no authorizer): everybody who reaches them may read and write everything"
        )
    if shown is RightsShown.HIDDEN:
        remarks.append("whether the rights are given could not be seen: that takes Describe on the cluster")
    return remarks


def _not_allowed(error: Exception, access: KafkaAccess) -> ClusterRefused:
    return ClusterRefused(
        f"{access.user} may not make or change {_named(error)}: run `tiendo topics apply` with TIENDO_KAFKA_USERNAME of an administrator "
        "of the brokers, or give them what `tiendo topics plan` prints"
    )


def _named(error: Exception) -> str:
    return " ".join(str(part) for part in error.args if part)
