"""Messages of events: the event as it was accepted, byte by byte, with its place in the log beside it."""

import json
import time
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.events import DATA, event, text_of
from tests.contracts.messages.records import (
    INGESTED_AT,
    LOG,
    PLACE,
    attributes_of,
    record_of,
    stub_of,
    usual_record,
)

from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.messages import (
    CaseEventMessage,
    MessageInvalid,
    Place,
    TopicKind,
    decode_message,
    event_record,
)
from tiendo_contracts.messages.events import PLACE_ATTRIBUTES, event_of
from tiendo_contracts.texts.canonical_json import digest

MICROSECONDS_MAX = 40  # some 3 on an idle machine: what is looked for is a slip to ten times as much


def decoded(value: bytes, kind: TopicKind = TopicKind.CASE_EVENTS) -> CaseEventMessage:
    message = decode_message(kind, value)
    assert isinstance(message, CaseEventMessage)
    return message


@pytest.mark.parametrize("kind", DATA)
def test_every_type_of_event_comes_back_as_it_was_sent(kind: str) -> None:
    record = record_of(text_of(event(kind)))
    message = decoded(record.value)
    assert message.place == PLACE
    assert message.data == DATA[kind]
    assert (message.id, message.subject, message.time) == ("e-1", event()["subject"], event()["time"])
    assert message.ingestedat == INGESTED_AT
    assert not message.is_stub
    assert event_of(json.loads(record.value)) == event(kind)


@pytest.mark.parametrize(
    "text",
    [
        text_of(event(data={"step": {"allotted_minutes": 240}})).replace("240", "2.40e2"),
        text_of(event(data={"step": {"allotted_minutes": 1}})).replace(":1}", ":1.0}"),
        text_of(event(id="x")).replace('"x"', r'"\u0041\/\n\ud83d\ude00"'),
        text_of(event(data={"holder": {"name": "Nguyễn Thị Ánh", "id": "\U0001f600\u2028"}})),
        text_of(event(data={"holder": {"name": "Nguye\u0302\u0303n \ufb01"}})),
        json.dumps(event(), indent=2),
        '{ "data" : {} ,\n\t' + text_of(event(data=None))[1:-1] + " }",
    ],
)
def test_the_text_of_an_event_is_passed_on_as_it_was_accepted(text: str) -> None:
    value = record_of(text).value.decode()
    assert value.startswith(text.rstrip()[:-1])
    assert value[len(text) - 1 :].startswith(',"logid":"')
    assert decoded(value.encode()).digest == digest(json.loads(text)).hex()


def test_a_number_of_a_fraction_keeps_its_digits() -> None:
    text = text_of(event()).replace('"data":{', '"data":{"later":1.10,"most":-0.0,"great":1e21,')
    record = record_of(text)
    assert b'"later":1.10,"most":-0.0,"great":1e21' in record.value
    assert decoded(record.value).data is not None


def test_what_is_added_is_the_place_in_decimal_digits() -> None:
    value = json.loads(usual_record().value)
    assert {name: value[name] for name in PLACE_ATTRIBUTES if name in value} == {
        "logid": str(LOG),
        "position": "4711",
        "previousposition": "4690",
        "ingestedat": INGESTED_AT,
        "digest": digest(event()).hex(),
    }


def test_positions_of_sixty_four_bits_come_back() -> None:
    place = Place(log_id=LOG, position=2**63 - 1, previous_position=2**63 - 2)
    assert decoded(record_of(text_of(event()), place=place).value).place == place


@given(
    id_=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20),
    reason=st.text(
        st.characters(
            exclude_categories=["Cs", "Cc"],
            exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
            include_characters="\t\n",
        ),
        min_size=1,
        max_size=40,
    ),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 1]),
)
def test_whatever_is_taken_at_the_door_comes_back(id_: str, reason: str, ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001
    sent = event("suspended", id=f"-{id_}", subject=f"-{id_}", data={"reason": reason})
    accepted = accept_text(json.dumps(sent, ensure_ascii=ascii_only, indent=indent))
    record = event_record(
        accepted.text, attributes_of(sent), place=PLACE, ingested_at=INGESTED_AT, digest=accepted.digest.hex()
    )
    message = decoded(record.value)
    assert (message.id, message.data) == (sent["id"], sent["data"])
    assert record.value.decode().startswith(accepted.text[:-1])
    assert record.key.decode() == sent["subject"]


def test_the_key_is_the_case() -> None:
    assert record_of(text_of(event(subject="Hồ sơ 1/😀"))).key == "Hồ sơ 1/😀".encode()


def test_the_headers_are_those_of_cloudevents_in_structured_mode() -> None:
    record = record_of(text_of(event(source="/kon-tum/một-cửa", traceparent="00-1")))
    headers = dict(record.headers)
    assert len(headers) == len(record.headers)
    assert headers.pop("content-type") == b"application/cloudevents+json; charset=UTF-8"
    value = json.loads(record.value)
    expected = {
        f"ce_{name}": member.encode() for name, member in value.items() if name not in {"data", "datacontenttype"}
    }
    assert headers == expected
    assert headers["ce_source"] == "/kon-tum/một-cửa".encode()
    assert all(name.removeprefix("ce_").isalnum() and name.islower() and len(name) <= 23 for name in headers)


def test_the_size_of_a_record_is_that_of_its_parts() -> None:
    record = usual_record()
    parts = [record.key, record.value, *(part for name, value in record.headers for part in (name.encode(), value))]
    assert record.size == sum(map(len, parts))


def test_a_stub_says_everything_but_the_data_and_where_they_are() -> None:
    record = stub_of(event())
    message = decoded(record.value)
    assert message.is_stub
    assert message.data is None
    assert message.dataref == "/v1/events?after=4710&limit=1"
    assert message.place == PLACE
    assert message.digest == digest(event()).hex()
    assert dict(record.headers)["ce_dataref"] == b"/v1/events?after=4710&limit=1"
    assert event_of(json.loads(record.value)) == attributes_of(event())


def test_an_event_without_data_is_no_stub() -> None:
    assert not decoded(record_of(text_of(event("claimed", data=None))).value).is_stub


def test_an_event_that_was_altered_is_told_by_its_digest() -> None:
    value = usual_record().value
    where = value.index("Ánh".encode())
    altered = value[:where] + "Ánn".encode() + value[where + len("Ánh".encode()) :]
    with pytest.raises(MessageInvalid, match="digest: the event at position 4711"):
        decoded(altered)


@given(data=st.data())
def test_no_byte_of_an_event_can_be_changed_unnoticed(data: st.DataObject) -> None:
    value = usual_record().value
    where = data.draw(st.integers(0, value.index(b',"logid":') - 1))
    byte = data.draw(st.integers(0, 255))
    changed = value[:where] + bytes([byte]) + value[where + 1 :]
    try:
        found = json.loads(changed)
    except ValueError:
        found = None
    if found == json.loads(value):  # white space, or the same value in other words
        return
    with pytest.raises(MessageInvalid):
        decoded(changed)


def test_an_event_with_data_cannot_pass_as_a_stub() -> None:
    altered = usual_record().value[:-1].replace("Ánh".encode(), b"Anh") + b',"dataref":"/v1/events"}'
    with pytest.raises(MessageInvalid, match="digest"):
        decoded(altered)


def test_a_directory_fact_is_held_to_its_digest_too() -> None:
    text = text_of(event(type="vn.tiendo.directory.unit-defined.v1", subject="H34.20", data={"id": "H34.20"}))
    record = record_of(text)
    assert decode_message(TopicKind.DIRECTORY, record.value).subject == "H34.20"
    with pytest.raises(MessageInvalid, match="digest"):
        decode_message(TopicKind.DIRECTORY, record.value.replace(b'{"id":"H34.20"}', b'{"id":"H34.21"}'))


def without(name: str) -> bytes:
    value = json.loads(usual_record().value)
    del value[name]
    return text_of(value).encode()


def having(**members: Any) -> bytes:
    return text_of(json.loads(usual_record().value) | members).encode()


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (b"", "the message"),
        (b"[]", "the message"),
        (b"\xff", "the message"),
        (usual_record().value[:-1], "the message"),
        (without("position"), "position"),
        (without("digest"), "digest"),
        (having(specversion="0.3"), "specversion"),
        (having(position=4711), "position: a text of 1 to 19 decimal digits"),
        (having(position="4_711"), "position"),
        (having(position=" 4711"), "position"),
        (having(position="-1"), "position"),
        (having(position="9223372036854775808"), "position"),
        (having(position="٤"), "position"),
        (having(digest="x"), "digest"),
        (having(digest="0" * 64), "digest: the event at position 4711"),
        (having(logid="x"), "logid"),
        (having(data=[]), "data"),
        (having(data={"reason": float("nan")}), "the message"),
    ],
)
def test_what_is_no_message_is_refused_with_its_place(value: bytes, where: str) -> None:
    with pytest.raises(MessageInvalid) as refusal:
        decoded(value)
    assert str(refusal.value).startswith(where)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:0\\ud8null', max_size=40).map(str.encode))
def test_bytes_of_any_kind_are_refused_and_crash_nobody(value: bytes) -> None:
    for kind in TopicKind:
        with pytest.raises(MessageInvalid):
            decode_message(kind, value)


@pytest.mark.parametrize(
    "data",
    [
        '{"x":"\\ud800"}',
        '{"x":' + "[" * 5_000 + "]" * 5_000 + "}",
        '{"x":' + "[" * 500 + "]" * 500 + "}",
        '{"x":1e999}',
        '{"x":18446744073709551616}',
    ],
)
def test_what_no_log_holds_is_refused(data: str) -> None:
    value = usual_record().value.decode().replace('"data":{', f'"later":{data},"data":{{')
    with pytest.raises(MessageInvalid):
        decoded(value.encode())


def test_members_of_a_later_version_are_passed_over() -> None:
    text = text_of(event(type="vn.tiendo.case.merged.v1", severity="high", data={"into": "x", "weights": [1.5, {}]}))
    message = decoded(record_of(text).value)
    assert message.type == "vn.tiendo.case.merged.v1"
    assert message.data == {"into": "x", "weights": [1.5, {}]}


def test_a_record_is_made_in_a_few_microseconds() -> None:
    sent = event()
    text, attributes, seal = text_of(sent), attributes_of(sent), digest(sent).hex()
    places = [Place(log_id=uuid4(), position=number, previous_position=number - 1) for number in range(1, 3)]
    fastest = float("inf")
    for _ in range(5):
        began = time.thread_time()
        for number in range(1_000):
            event_record(text, attributes, place=places[number % 2], ingested_at=INGESTED_AT, digest=seal)
        fastest = min(fastest, time.thread_time() - began)
    assert fastest * 1_000 < MICROSECONDS_MAX
