"""Events whose attributes are headers: the binary mode of the CloudEvents HTTP binding."""

import json

import pytest
from tests.contracts.events import DATA, event, text_of
from tests.ingest.serving import EVENT, Served

from tiendo_event_store import EventLog

BODY = text_of(DATA["received"])


def attributes(**members: str | None) -> dict[str, str]:
    """The headers of the usual event; `members` replace its attributes, None removes one."""
    named = {**{name: value for name, value in event().items() if name not in {"data", "datacontenttype"}}, **members}
    headers = {f"ce-{name}": value for name, value in named.items() if value is not None}
    return {"Content-Type": "application/json", **headers}


async def test_an_event_in_binary_mode_is_the_same_event(ingest: Served, log: EventLog) -> None:
    answer = await ingest.post(attributes(), BODY)
    assert (answer.status_code, answer.json()["status"], answer.json()["id"]) == (200, "accepted", "e-1")
    [stored] = await log.read_after(answer.json()["position"] - 1, 1)
    assert json.loads(stored.text) == event()
    assert (await ingest.post(EVENT, text_of(event()))).json()["status"] == "duplicate"
    assert (await ingest.post(attributes(), f" \n{BODY}\n")).json()["status"] == "duplicate"
    packed = attributes() | {"Content-Type": 'application/json; charset="utf-8"'}
    assert (await ingest.post(packed, b"\xef\xbb\xbf" + BODY.encode())).json()["status"] == "duplicate"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("H%E1%BB%93%20s%C6%A1", "Hồ sơ"),
        ("a%25b", "a%b"),
        ("a%2525", "a%25"),
        ('"a b"', "a b"),
        (r'"a\"b\\c"', 'a"b\\c'),
        ('"%22"', '"'),
        ("%22a%22", '"a"'),
        ("a+b", "a+b"),
        ("Euro %E2%82%AC %F0%9F%98%80", "Euro € 😀"),
        ("(a)", "(a)"),
    ],
)
async def test_values_of_headers_are_percent_decoded_once(
    ingest: Served, log: EventLog, written: str, read: str
) -> None:
    answer = await ingest.post(attributes(id=written), BODY)
    assert answer.json().get("id") == read
    [stored] = await log.read_after(answer.json()["position"] - 1, 1)
    assert stored.id == read


@pytest.mark.parametrize("written", ["a%", "a%2", "a%zz", "%ff", "%c3%28", "%ed%a0%80", '"a"b"%', "é"])
async def test_values_that_are_not_percent_encoded_utf_8_are_refused_by_name(ingest: Served, written: str) -> None:
    headers = [(name.encode(), value.encode()) for name, value in attributes(subject=written).items()]
    answer = await ingest.client.post("/v1/events", headers=headers, content=BODY)
    assert (answer.status_code, answer.json()["type"], answer.json()["field"]) == (
        422,
        "/problems/value-invalid",
        "subject",
    )


@pytest.mark.parametrize(
    ("headers", "body", "status", "field"),
    [
        (attributes(specversion=None), BODY, 422, "specversion"),
        (attributes(type="com.example.thing"), BODY, 422, "type"),
        (attributes(id="%00"), BODY, 422, None),
        (attributes(datacontenttype="application/json"), BODY, 422, "datacontenttype"),
        (attributes(data="{}"), BODY, 422, "data"),
        (attributes(sequence="x"), BODY, 422, "sequence"),
        (attributes(), '{"applicant": "x"}', 422, "data.applicant"),
        (attributes(), "[]", 422, "data"),
        (attributes(), '{},"traceparent":"x"', 400, None),
        (attributes(), '{}}{"a":1', 400, None),
        (attributes(), "nonsense", 400, None),
        (attributes(), '{"a":1,"a":2}', 422, "a"),
        (attributes(), "[" * 32 + "]" * 32, 422, None),
        (attributes(), '{"reason":"' + "x" * 70_000 + '"}', 413, None),
        (attributes() | {"Content-Type": "text/plain"}, BODY, 415, "Content-Type"),
        ({"Content-Type": "application/json"}, text_of(event()), 415, "Content-Type"),
    ],
)
async def test_what_is_wrong_is_told(
    ingest: Served, headers: dict[str, str], body: str, status: int, field: str | None
) -> None:
    answer = await ingest.post(headers, body)
    assert (answer.status_code, answer.json().get("field")) == (status, field)


async def test_an_attribute_that_stands_twice_is_refused(ingest: Served) -> None:
    headers = [*attributes().items(), ("CE-Id", "e-1")]
    answer = await ingest.client.post("/v1/events", headers=headers, content=BODY)
    assert (answer.json()["type"], answer.json()["field"]) == ("/problems/json-duplicate-member", "id")


async def test_other_content_is_a_conflict_and_foreign_extensions_are_passed_over(ingest: Served) -> None:
    await ingest.post(attributes(), BODY)
    assert (await ingest.post(attributes(sequence="18"), BODY)).status_code == 409
    assert (await ingest.post(attributes(partitionkey="x", traceparent="00-1"), BODY)).json()["status"] == "duplicate"


async def test_an_event_without_data_has_no_body(ingest: Served) -> None:
    headers = attributes(type="vn.tiendo.case.claimed.v1")
    assert (await ingest.post(headers, b"")).json()["status"] == "accepted"
    without = {name: value for name, value in event("claimed").items() if name != "data"}
    assert (await ingest.post(EVENT, text_of(without))).json()["status"] == "duplicate"


async def test_a_refused_event_in_binary_mode_is_kept_whole_and_can_be_mended_so(ingest: Served) -> None:
    refused = await ingest.post(attributes(), '{"applicant": "x"}')
    [entry] = (await ingest.client.get("/v1/rejections")).json()["rejections"]
    assert json.loads(entry["raw"]) == event(data={"applicant": "x"})
    address = f"/v1/rejections/{refused.json()['rejection']}/resubmit"
    mended = await ingest.client.post(address, headers=attributes(), content=BODY)
    assert mended.json()["status"] == "accepted"
