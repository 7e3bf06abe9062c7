"""Messages of states: the whole case, its version, and which of two counts."""

import itertools
import json
from enum import StrEnum

import pytest
from pydantic import ValidationError
from tests.contracts.messages.records import LOG, VERSION, attributions_of, timeline_of

from tiendo_contracts.answers.examples import timeline_example
from tiendo_contracts.answers.timelines import TimelineAnswer
from tiendo_contracts.messages import (
    CaseState,
    CaseTimelineMessage,
    CaseTimelineState,
    DelayAttributionsMessage,
    DelayAttributionsState,
    MessageInvalid,
    PartyOfCase,
    TopicKind,
    Version,
    decode_message,
    state_record,
    state_stub,
)
from tiendo_domain.timeline_types import CaseClass, PartyKind, Policy, State

TIMELINE = timeline_example()
CASE = TIMELINE["case_id"]
FAULT = DelayAttributionsState(case_id=CASE, fault=True)


def test_a_timeline_comes_back_as_it_was() -> None:
    record = state_record(timeline_of(TIMELINE), log_id=LOG, version=VERSION)
    message = decode_message(TopicKind.CASE_TIMELINES, record.value)
    assert isinstance(message, CaseTimelineMessage)
    assert message.data == timeline_of(TIMELINE)
    assert message.version == VERSION
    assert (message.subject, message.time, message.logid) == (CASE, TIMELINE["as_of"], LOG)
    assert record.key == CASE.encode()


def test_the_shares_of_a_case_come_back_and_sum_to_its_lateness() -> None:
    record = state_record(attributions_of(TIMELINE), log_id=LOG, version=VERSION)
    message = decode_message(TopicKind.DELAY_ATTRIBUTIONS, record.value)
    assert isinstance(message, DelayAttributionsMessage)
    assert message.data is not None
    assert sum(share.minutes for share in message.data.attributions) == message.data.lateness_minutes == 630


def test_a_timeline_says_what_the_query_api_says_of_the_case() -> None:
    said = json.loads(timeline_of(TIMELINE).model_dump_json(by_alias=True))
    answered = TIMELINE | {"anomalies": [{"kind": "silent-tail", "event_ids": ["e-2"]}]}
    only_there = {"notice", "basis", "known_at", "clocks", "explanations", "decisions"}
    assert answered.keys() - said.keys() == only_there
    assert said.keys() - answered.keys() == {"fault", "joined_to"}
    with_parties = ("holds", "attributions", "attributions_by_rule")
    for name in said.keys() & answered.keys() - {*with_parties}:
        assert said[name] == answered[name]
    for kind in with_parties:
        for mine, theirs in zip(said[kind], answered[kind], strict=True):
            assert mine.pop("party") == theirs["party"] | {"withheld": False}
            assert mine == {name: value for name, value in theirs.items() if name != "party"}


def test_members_and_their_meaning_are_those_of_the_answers() -> None:
    answered = {field.alias or name for name, field in TimelineAnswer.model_fields.items()}
    said = {field.alias or name for name, field in CaseTimelineState.model_fields.items()}
    assert said - answered == {"fault", "joined_to"}


@pytest.mark.parametrize(
    ("model", "member", "names"),
    [
        (CaseState, "state", State),
        (CaseState, "case_class", CaseClass),
        (CaseState, "policy", Policy),
        (PartyOfCase, "kind", PartyKind),
    ],
)
def test_the_examples_of_a_name_are_all_names_of_today(
    model: type[CaseState], member: str, names: type[StrEnum]
) -> None:
    assert model.model_fields[member].examples == [name.value for name in names]


def test_every_member_of_a_state_is_always_there() -> None:
    for state in (CaseTimelineState(case_id=CASE, fault=True), FAULT):
        record = state_record(state, log_id=LOG, version=VERSION)
        names = {field.alias or name for name, field in type(state).model_fields.items()}
        assert json.loads(record.value)["data"].keys() == names


def test_a_fault_says_nothing_of_anyone_and_bears_no_time() -> None:
    record = state_record(FAULT, log_id=LOG, version=VERSION)
    value = json.loads(record.value)
    assert "time" not in value
    assert "ce_time" not in dict(record.headers)
    assert value["data"]["attributions"] == []
    assert value["data"]["lateness_minutes"] is None
    message = decode_message(TopicKind.DELAY_ATTRIBUTIONS, record.value)
    assert isinstance(message, DelayAttributionsMessage)
    assert message.data == FAULT


def test_the_headers_are_the_context_attributes() -> None:
    record = state_record(attributions_of(TIMELINE), log_id=LOG, version=VERSION)
    value = json.loads(record.value)
    expected = {
        f"ce_{name}": member.encode() for name, member in value.items() if name not in {"data", "datacontenttype"}
    }
    assert dict(record.headers) == expected | {"content-type": b"application/cloudevents+json; charset=UTF-8"}


def test_a_stub_says_where_the_state_is_to_be_had() -> None:
    state = timeline_of(TIMELINE | {"case_id": "a/b ê"})
    record = state_stub(state, log_id=LOG, version=VERSION)
    message = decode_message(TopicKind.CASE_TIMELINES, record.value)
    assert isinstance(message, CaseTimelineMessage)
    assert message.is_stub
    assert message.data is None
    assert message.version == VERSION
    assert message.dataref == "/v1/cases/a%2Fb%20%C3%AA/timeline?as_of=2022-09-05T08%3A00%3A00%2B07%3A00"
    assert dict(record.headers)["ce_dataref"] == message.dataref.encode()


def test_no_two_messages_share_source_and_id() -> None:
    timeline, shares = timeline_of(TIMELINE), attributions_of(TIMELINE)
    withheld = shares.model_copy(update={"outside": True})
    records = [
        state_record(timeline, log_id=LOG, version=VERSION),
        state_record(shares, log_id=LOG, version=VERSION),
        state_record(withheld, log_id=LOG, version=VERSION, agency="H34 20/ê"),
        state_record(withheld, log_id=LOG, version=VERSION, agency="H34"),
        state_record(shares, log_id=LOG, version=Version(build=3, position=4711, revision=91)),
    ]
    keys = [(dict(record.headers)["ce_source"], dict(record.headers)["ce_id"]) for record in records]
    assert len(set(keys)) == len(keys)
    assert keys[2][0].decode() == f"/tiendo/logs/{LOG}/agencies/H34%2020%2F%C3%AA"
    assert state_stub(shares, log_id=LOG, version=VERSION, agency="H34").headers[3] == records[3].headers[3]


def test_the_later_build_counts_then_the_later_position_then_the_later_revision() -> None:
    versions = [
        Version(build=build, position=position, revision=revision)
        for build, position, revision in itertools.product((1, 2, 10), (0, 9, 10), (0, 1, 10))
    ]
    assert versions == sorted(versions)


def test_a_timeline_is_no_attribution() -> None:
    record = state_record(timeline_of(TIMELINE), log_id=LOG, version=VERSION)
    with pytest.raises(MessageInvalid, match=r"^type: "):
        decode_message(TopicKind.DELAY_ATTRIBUTIONS, record.value)


def test_members_of_a_later_version_are_passed_over() -> None:
    value = json.loads(state_record(timeline_of(TIMELINE), log_id=LOG, version=VERSION).value)
    value["data"]["holds"][0]["later"] = value["data"]["later"] = value["later"] = {"any": 1.5}
    message = decode_message(TopicKind.CASE_TIMELINES, json.dumps(value).encode())
    assert isinstance(message, CaseTimelineMessage)
    assert message.data == timeline_of(TIMELINE)


def test_minutes_are_whole_and_never_negative() -> None:
    for minutes in (-1, 1.5, None):
        share = TIMELINE["attributions"][0] | {"minutes": minutes}
        with pytest.raises(ValidationError):
            attributions_of(TIMELINE | {"attributions": [share]})
