"""The plan gives everybody what they need and no more; a comparison tells what is missing, differs, or nobody planned."""

from collections.abc import Sequence
from typing import Any

import pytest

from tiendo_contracts.messages.agencies import Agency
from tiendo_contracts.messages.topics import TopicKind, topic
from tiendo_runtime.errors import SettingsInvalid
from tiendo_runtime.kafka.comparing import FoundOnCluster, FoundRight, FoundTopic, RightsShown, Standing, compared
from tiendo_runtime.kafka.planning import Resource, Right, TopicsPlan, topics_plan
from tiendo_runtime.settings import Settings

LAND = Agency(unit="H34.STNMT", principals=("User:land", "User:land-2"))
WARD = Agency(unit="H34.STNMT.1", principals=("User:ward",), groups="ward-")
EVENTS = topic(TopicKind.CASE_EVENTS)
THEIRS = "tiendo.agency.H34.STNMT.delay-attributions.v1"


def plan_for(*agencies: Agency, **settings: Any) -> TopicsPlan:
    return topics_plan(Settings().model_copy(update=settings), agencies)


def of(plan: TopicsPlan, principal: str) -> set[str]:
    return {str(right).removeprefix(f"{principal} ") for right in plan.rights if right.principal == principal}


def test_the_relay_writes_everything_and_reads_what_it_checks() -> None:
    assert of(plan_for(LAND), "User:tiendo-relay") == {
        "Write topic tiendo.case-events.v1",
        "Write topic tiendo.case-timelines.v1",
        "Write topic tiendo.delay-attributions.v1",
        "Write topic tiendo.directory.v1",
        "Write topic tiendo.publications.v1",
        "Write topic tiendo.checkpoints.v1",
        f"Write topic {THEIRS}",
        "DescribeConfigs topic tiendo.case-events.v1",
        "DescribeConfigs topic tiendo.case-timelines.v1",
        "DescribeConfigs topic tiendo.delay-attributions.v1",
        "DescribeConfigs topic tiendo.directory.v1",
        "DescribeConfigs topic tiendo.publications.v1",
        "DescribeConfigs topic tiendo.checkpoints.v1",
        f"DescribeConfigs topic {THEIRS}",
        "Read topic tiendo.case-events.v1",
        "Read topic tiendo.directory.v1",
        "Read topic tiendo.publications.v1",
    }


def test_projectors_read_events_in_their_group() -> None:
    assert of(plan_for(LAND), "User:tiendo-projector") == {
        "Read topic tiendo.case-events.v1",
        "Read topic tiendo.directory.v1",
        "Read group tiendo.projector*",
    }


def test_an_agency_reads_its_own_topic_in_its_own_groups() -> None:
    plan = plan_for(LAND, WARD)
    for principal in LAND.principals:
        assert of(plan, principal) == {f"Read topic {THEIRS}", "Read group tiendo.agency.H34.STNMT:*"}
    ward = "tiendo.agency.H34.STNMT.1.delay-attributions.v1"
    assert of(plan, "User:ward") == {f"Read topic {ward}", "Read group ward-*"}


def test_readers_see_every_topic_but_those_of_agencies() -> None:
    plan = plan_for(LAND, kafka_readers="User:ministry  User:archive")
    assert of(plan, "User:archive") == {
        *(f"Read topic {topic(kind).name}" for kind in TopicKind),
        "Read topic tiendo.checkpoints.v1",
        "Read group tiendo.reader.archive:*",
    }
    assert of(plan, "User:ministry") != set()


@pytest.mark.parametrize(
    ("agency", "said"),
    [
        (Agency(unit="H34", principals=("User:tiendo-relay",)), "User:tiendo-relay of agency H34 is the relay as well"),
        (Agency(unit="H34", principals=("User:tiendo-projector",)), "is the projector as well"),
        (Agency(unit="H34", principals=("User:a",), groups="tiendo."), "among tiendo.projector"),
        (Agency(unit="H34", principals=("User:a",), groups="tiendo.reader.ministry:"), "among tiendo.reader."),
    ],
)
def test_no_agency_gets_the_rights_of_relay_or_projector(agency: Agency, said: str) -> None:
    with pytest.raises(SettingsInvalid, match=said):
        plan_for(agency)


def test_a_generation_is_planned_by_itself() -> None:
    plan = plan_for(LAND, kafka_generation=3, kafka_partitions=48)
    assert {planned.name.rpartition(".")[2] for planned in plan.topics} == {"g3"}
    assert {planned.topic.partitions for planned in plan.topics} == {48, 1}
    assert all(right.name.endswith(".g3") for right in plan.rights if right.resource is Resource.TOPIC)


def test_three_copies_are_written_when_two_have_it() -> None:
    for copies, enough in ((None, None), (1, None), (2, None), (3, "2")):
        (planned, *_) = plan_for(kafka_replication=copies).topics
        assert planned.configuration.get("min.insync.replicas") == enough


def found(rights: Sequence[FoundRight] = (), *, events: FoundTopic | None = None) -> FoundOnCluster:
    topics = {} if events is None else {EVENTS.name: events}
    return FoundOnCluster(topics=topics, rights=rights, rights_shown=RightsShown.SHOWN)


def as_planned(**others: Any) -> FoundTopic:
    held = {**EVENTS.configuration, "max.message.bytes": "1048588"}
    return FoundTopic(**{"partitions": 24, "copies": 3, "configuration": held, "own": {}, **others})


def test_what_differs_is_told_with_what_is_asked_for() -> None:
    plan = plan_for(kafka_replication=3)
    other = {**EVENTS.configuration, "retention.ms": "604800000"}
    compared_topics = {
        name: compared(plan, found(events=each)).topics[0]
        for name, each in {
            "settings": as_planned(configuration=other),
            "partitions": as_planned(partitions=12),
            "copies": as_planned(copies=1),
            "hidden": as_planned(configuration=None),
        }.items()
    }
    assert compared_topics["settings"].settings == {"retention.ms": "-1", "min.insync.replicas": "2"}
    assert compared_topics["partitions"].partitions == 12
    assert compared_topics["copies"].copies == 1
    assert compared_topics["hidden"].standing is Standing.UNKNOWN
    assert compared(plan_for(), found(events=as_planned())).topics[0].standing is Standing.PRESENT
    assert compared(plan, found()).topics[0].standing is Standing.MISSING


def allowed(principal: str, operation: str, name: str, *, allows: bool = True, **others: Any) -> FoundRight:
    right = Right(
        **{"principal": principal, "operation": operation, "name": name, "resource": Resource.TOPIC, **others}
    )
    return FoundRight(right=right, allows=allows)


def standing_of(right: str, *there: FoundRight) -> Standing:
    rights = compared(plan_for(LAND), found(there)).rights
    return next(standing for each, standing in rights if str(each) == right)


def test_a_broader_right_counts_and_a_narrower_does_not() -> None:
    wanted = f"User:land Read topic {THEIRS}"
    assert standing_of(wanted) is Standing.MISSING
    for there in (
        allowed("User:land", "Read", THEIRS),
        allowed("User:land", "All", THEIRS),
        allowed("User:*", "Read", THEIRS),
        allowed("User:land", "Read", "*"),
        allowed("User:land", "Read", "tiendo.agency.H34.", prefixed=True),
    ):
        assert standing_of(wanted, there) is Standing.PRESENT
    for there in (
        allowed("User:land", "Describe", THEIRS),
        allowed("User:ward", "Read", THEIRS),
        allowed("User:land", "Read", f"{THEIRS}.g2"),
        allowed("User:land", "Read", "tiendo.agency.H34.", prefixed=False),
    ):
        assert standing_of(wanted, there) is Standing.MISSING
    assert (
        standing_of(
            "User:land Read group tiendo.agency.H34.STNMT:*",
            allowed("User:land", "Read", "tiendo.agency.H34.STNMT:", resource=Resource.GROUP),
        )
        is Standing.MISSING
    )


def test_a_denial_goes_before_every_right() -> None:
    there = (allowed("User:land", "Read", THEIRS), allowed("User:*", "All", "tiendo.", prefixed=True, allows=False))
    assert standing_of(f"User:land Read topic {THEIRS}", *there) is Standing.DIFFERS


def test_rights_that_nobody_planned_are_told_also_of_agencies_that_left() -> None:
    left = "tiendo.agency.H34.LEFT.delay-attributions.v1"
    there = (
        allowed("User:land", "Read", THEIRS),
        allowed("User:spy", "Read", "tiendo.", prefixed=True),
        allowed("User:left", "Read", left),
        allowed("User:left", "Read", "tiendo.agency.H34.LEFT:", resource=Resource.GROUP, prefixed=True),
        allowed("User:other", "Read", "invoices"),
        allowed("User:other", "Read", f"{left}.g2"),
    )
    besides = compared(plan_for(LAND), found(there)).besides
    assert [str(each.right) for each in besides] == [
        "User:spy Read topic tiendo.*",
        f"User:left Read topic {left}",
        "User:left Read group tiendo.agency.H34.LEFT:*",
    ]


def test_hidden_rights_are_unknown() -> None:
    hidden = FoundOnCluster(topics={}, rights=(), rights_shown=RightsShown.HIDDEN)
    assert {standing for _, standing in compared(plan_for(LAND), hidden).rights} == {Standing.UNKNOWN}
    assert {each.standing for each in compared(plan_for(LAND), None).topics} == {Standing.UNKNOWN}
