"""Events at the door: what is stored, what is compared, what is refused and in which words."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.contracts.events import DATA, DUE, OFFICER, event, text_of

from tiendo_contracts.events.case_events import EVENT_SIZE_MAX, accept_text
from tiendo_contracts.events.event_types import COURSE_TYPES
from tiendo_contracts.problems.problem_documents import Language, ProblemKind, Refusal, problem_document
from tiendo_domain.facts import EventKey


def refusal_of(sent: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        accept_text(sent if isinstance(sent, str | bytes) else text_of(sent))
    return caught.value


def refused(sent: object) -> tuple[ProblemKind, str | None]:
    refusal = refusal_of(sent)
    problem_document(refusal)
    return refusal.kind, refusal.field


def with_data(kind: str = "received", /, **data: Any) -> dict[str, Any]:
    return event(kind, data=data)


def test_examples_exist_for_every_type() -> None:
    assert set(DATA) == {fact.kind for fact in COURSE_TYPES.values()}


@pytest.mark.parametrize("kind", DATA)
def test_every_member_that_the_contract_names_is_taken(kind: str) -> None:
    text = text_of(event(kind))
    accepted = accept_text(text.encode())
    assert (accepted.source, accepted.id, accepted.case_id) == ("/kontum/igate", "e-1", "000.00.20.H34-220815-0001")
    assert accepted.occurred_at == datetime(2022, 8, 15, 1, 5, tzinfo=UTC)
    assert accepted.recorded_at == datetime(2022, 8, 15, 1, 5, 12, tzinfo=UTC)
    assert accepted.text == text


@pytest.mark.parametrize(
    "kind",
    sorted(set(DATA) - {"corrected", "joined", "deadline-extended", "deadline-restated", "consultation-requested"}),
)
def test_data_may_be_missing_where_the_type_means_something_without_it(kind: str) -> None:
    for sent in (
        event(kind, data=None),
        event(kind, data={}),
        event(kind, data={"holder" if kind == "worked" else "actor": None}),
    ):
        assert accept_text(text_of(sent)).type == f"vn.tiendo.case.{kind}.v1"


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("corrected", "data.annuls"),
        ("joined", "data.alias"),
        ("deadline-extended", "data.due_at"),
        ("deadline-restated", "data.due_at"),
        ("consultation-requested", "data.unit"),
    ],
)
def test_data_without_which_the_type_means_nothing_is_asked_for(kind: str, field: str) -> None:
    assert refused(with_data(kind)) == (ProblemKind.MEMBER_MISSING, field)
    assert refused(event(kind, data=None)) == (ProblemKind.MEMBER_MISSING, field)


@pytest.mark.parametrize(
    ("sent", "kind", "field"),
    [
        ([], ProblemKind.EVENT_NOT_AN_OBJECT, None),
        ("x", ProblemKind.JSON_INVALID, None),
        (None, ProblemKind.EVENT_NOT_AN_OBJECT, None),
        ({}, ProblemKind.MEMBER_MISSING, "specversion"),
        (event(specversion="0.3"), ProblemKind.VALUE_INVALID, "specversion"),
        (event(specversion=1), ProblemKind.VALUE_INVALID, "specversion"),
        (event(type=""), ProblemKind.EVENT_TYPE_UNKNOWN, "type"),
        (event(type="vn.tiendo.case.received.v2"), ProblemKind.EVENT_TYPE_UNKNOWN, "type"),
        (event(type="vn.tiendo.directory.unit-defined.v1"), ProblemKind.EVENT_TYPE_UNKNOWN, "type"),
        (event(type="com.example.thing"), ProblemKind.EVENT_TYPE_UNKNOWN, "type"),
        (event(type=7), ProblemKind.VALUE_INVALID, "type"),
        (event(type=None), ProblemKind.MEMBER_MISSING, "type"),
        (event(id=None), ProblemKind.MEMBER_MISSING, "id"),
        (event(id=""), ProblemKind.VALUE_INVALID, "id"),
        (event(id=1), ProblemKind.VALUE_INVALID, "id"),
        (event(id="x" * 201), ProblemKind.VALUE_INVALID, "id"),
        (event(id="a\nb"), ProblemKind.VALUE_INVALID, "id"),
        (event(id="a\x85b"), ProblemKind.VALUE_INVALID, "id"),
        (event(id="."), ProblemKind.VALUE_INVALID, "id"),
        (event(id=" "), ProblemKind.VALUE_INVALID, "id"),
        (event(source="\u3000\u2028"), ProblemKind.VALUE_INVALID, "source"),
        (event(subject="\u00a0"), ProblemKind.VALUE_INVALID, "subject"),
        (event(recordedAt="2022-08-15T08:05:12+07:00"), ProblemKind.EXTENSION_MISSPELT, "recordedAt"),
        (event(RECORDEDAT=1), ProblemKind.EXTENSION_MISSPELT, "RECORDEDAT"),
        (event(recordedat=None, recordedAT={}), ProblemKind.EXTENSION_MISSPELT, "recordedAT"),
        (event(Sequence="1"), ProblemKind.EXTENSION_MISSPELT, "Sequence"),
        (event() | {"\u017fequence": "1"}, ProblemKind.EXTENSION_MISSPELT, "\u017fequence"),
        (event(source=".."), ProblemKind.VALUE_INVALID, "source"),
        (event(source="/tiendo/rules"), ProblemKind.SOURCE_RESERVED, "source"),
        (event(source="/tiendo/house"), ProblemKind.SOURCE_RESERVED, "source"),
        (event(subject=None), ProblemKind.MEMBER_MISSING, "subject"),
        (event(subject="x" * 51), ProblemKind.VALUE_INVALID, "subject"),
        (event(subject=".."), ProblemKind.VALUE_INVALID, "subject"),
        (event(subject="a\x7f"), ProblemKind.VALUE_INVALID, "subject"),
        (event(time=None), ProblemKind.MEMBER_MISSING, "time"),
        (event(time="2022-08-15T08:05:00"), ProblemKind.INSTANT_INVALID, "time"),
        (event(time=1660525500), ProblemKind.VALUE_INVALID, "time"),
        (event(recordedat="2022-08-15"), ProblemKind.INSTANT_INVALID, "recordedat"),
        (event(recordedat=0), ProblemKind.VALUE_INVALID, "recordedat"),
        (event(sequence=""), ProblemKind.VALUE_INVALID, "sequence"),
        (event(sequence="1" * 19), ProblemKind.VALUE_INVALID, "sequence"),
        (event(sequence="-1"), ProblemKind.VALUE_INVALID, "sequence"),
        (event(sequence="١"), ProblemKind.VALUE_INVALID, "sequence"),
        (event(sequence=17), ProblemKind.VALUE_INVALID, "sequence"),
        (event(sequencetype=1), ProblemKind.VALUE_INVALID, "sequencetype"),
        (event(traceparent={}), ProblemKind.VALUE_INVALID, "traceparent"),
        (event(datacontenttype="text/xml"), ProblemKind.VALUE_INVALID, "datacontenttype"),
        (event(datacontenttype="application/json; charset=latin1"), ProblemKind.VALUE_INVALID, "datacontenttype"),
        (event(data_base64="e30="), ProblemKind.VALUE_INVALID, "data_base64"),
        (event(data=[]), ProblemKind.VALUE_INVALID, "data"),
        (event(data="{}"), ProblemKind.VALUE_INVALID, "data"),
        (event(data=False), ProblemKind.VALUE_INVALID, "data"),
        (event(data=0), ProblemKind.VALUE_INVALID, "data"),
        (with_data(applicant="Trần Văn B"), ProblemKind.MEMBER_UNKNOWN, "data.applicant"),
        (with_data(__class__="x"), ProblemKind.MEMBER_UNKNOWN, "data.__class__"),
        (with_data(model_config={}), ProblemKind.MEMBER_UNKNOWN, "data.model_config"),
        (with_data(**{"": 1}), ProblemKind.MEMBER_UNKNOWN, "data."),
        (with_data(holder={"birthday": "1990"}), ProblemKind.MEMBER_UNKNOWN, "data.holder.birthday"),
        (with_data("assigned", procedure={"id": "1"}), ProblemKind.MEMBER_UNKNOWN, "data.procedure"),
        (with_data("assigned", due_at=DUE), ProblemKind.MEMBER_UNKNOWN, "data.due_at"),
        (with_data("supplement-received", reason="x"), ProblemKind.MEMBER_UNKNOWN, "data.reason"),
        (with_data("completed", reason="x"), ProblemKind.MEMBER_UNKNOWN, "data.reason"),
        (with_data("suspended", holder=OFFICER), ProblemKind.MEMBER_UNKNOWN, "data.holder"),
        (with_data(holder=[]), ProblemKind.VALUE_INVALID, "data.holder"),
        (with_data(holder="CC-0001"), ProblemKind.VALUE_INVALID, "data.holder"),
        (with_data(holder={"id": 7}), ProblemKind.VALUE_INVALID, "data.holder.id"),
        (with_data(holder={"id": "x" * 201}), ProblemKind.VALUE_INVALID, "data.holder.id"),
        (with_data(holder={"name": "x" * 2_001}), ProblemKind.VALUE_INVALID, "data.holder.name"),
        (with_data(unit={"level": "ward"}), ProblemKind.VALUE_INVALID, "data.unit.level"),
        (with_data(step={"allotted_minutes": -1}), ProblemKind.VALUE_INVALID, "data.step.allotted_minutes"),
        (with_data(step={"allotted_minutes": 0.5}), ProblemKind.VALUE_INVALID, "data.step.allotted_minutes"),
        (with_data(step={"allotted_minutes": 240.0}), ProblemKind.VALUE_INVALID, "data.step.allotted_minutes"),
        (text_of(event()).replace("240", "1e-400"), ProblemKind.VALUE_INVALID, "data.step.allotted_minutes"),
        (text_of(event()).replace("240", "24e1"), ProblemKind.VALUE_INVALID, "data.step.allotted_minutes"),
        (text_of(event()).replace("4800", "4800.0"), ProblemKind.VALUE_INVALID, "data.procedure.norm_minutes"),
        (with_data(step={"allotted_minutes": True}), ProblemKind.VALUE_INVALID, "data.step.allotted_minutes"),
        (with_data(step={"allotted_minutes": "240"}), ProblemKind.VALUE_INVALID, "data.step.allotted_minutes"),
        (with_data(due_at="2022-08-29"), ProblemKind.INSTANT_INVALID, "data.due_at"),
        (with_data(due_at=0), ProblemKind.VALUE_INVALID, "data.due_at"),
        (with_data("suspended", reason=""), ProblemKind.VALUE_INVALID, "data.reason"),
        (with_data("suspended", reason="x" * 2_001), ProblemKind.VALUE_INVALID, "data.reason"),
        (with_data("corrected", annuls={"source": "/s"}), ProblemKind.MEMBER_MISSING, "data.annuls.id"),
        (with_data("corrected", annuls={"source": "/s", "id": ""}), ProblemKind.VALUE_INVALID, "data.annuls.id"),
        (with_data("corrected", annuls={"source": "/s", "id": ".."}), ProblemKind.VALUE_INVALID, "data.annuls.id"),
        (with_data("corrected", annuls={"source": "\t", "id": "x"}), ProblemKind.VALUE_INVALID, "data.annuls.source"),
        (with_data("corrected", annuls={"source": " ", "id": "x"}), ProblemKind.VALUE_INVALID, "data.annuls.source"),
        (with_data("joined", alias=""), ProblemKind.VALUE_INVALID, "data.alias"),
        (with_data("joined", alias="x" * 51), ProblemKind.VALUE_INVALID, "data.alias"),
        (with_data("joined", alias=".."), ProblemKind.VALUE_INVALID, "data.alias"),
        (with_data("joined", alias="\u00a0"), ProblemKind.VALUE_INVALID, "data.alias"),
        (with_data("joined", alias="A", actor=None), ProblemKind.MEMBER_UNKNOWN, "data.actor"),
        (with_data("suspended", reason="a\rb"), ProblemKind.VALUE_INVALID, "data.reason"),
        (with_data("suspended", reason="a\u202eb"), ProblemKind.VALUE_INVALID, "data.reason"),
        (with_data(holder={"name": "a\nb"}), ProblemKind.VALUE_INVALID, "data.holder.name"),
        (with_data(holder={"name": "a\u2069"}), ProblemKind.VALUE_INVALID, "data.holder.name"),
        (with_data(holder={"id": "\x1b[31m"}), ProblemKind.VALUE_INVALID, "data.holder.id"),
        (with_data(unit={"parent": "\x7f"}), ProblemKind.VALUE_INVALID, "data.unit.parent"),
        (with_data(channel="\x9b"), ProblemKind.VALUE_INVALID, "data.channel"),
        (with_data(marks="history"), ProblemKind.VALUE_INVALID, "data.marks"),
        (with_data(marks=["simulated"]), ProblemKind.VALUE_INVALID, "data.marks.0"),
        (with_data("worked", marks=[None]), ProblemKind.VALUE_INVALID, "data.marks.0"),
        (with_data("consultation-requested", unit={}), ProblemKind.VALUE_INVALID, "data.unit"),
        (with_data("consultation-requested", unit={"id": " "}), ProblemKind.VALUE_INVALID, "data.unit"),
        (
            with_data("completed", evidence={"signed_at": "x"}),
            ProblemKind.VALUE_INVALID,
            "data.evidence.signed_at",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(sent: object, kind: ProblemKind, field: str | None) -> None:
    assert refused(sent) == (kind, field)


def test_an_unknown_member_is_named_before_every_other_fault() -> None:
    assert refused(with_data(due_at="x", holder={"id": 1, "birthday": 2})) == (
        ProblemKind.MEMBER_UNKNOWN,
        "data.holder.birthday",
    )


def test_the_name_of_a_member_is_shown_without_what_cannot_be_shown() -> None:
    kind, field = refused(with_data(**{"a\x1b[31m\u202e" + "x" * 500: 1}))
    assert kind is ProblemKind.MEMBER_UNKNOWN
    assert field == "data.a\ufffd[31m\ufffd" + "x" * 93


def test_the_limits_themselves_are_within() -> None:
    sent = event(
        id="x" * 200, source="s" * 200, subject="c" * 50, sequence="9" * 18, data={"unit": {"name": "đ" * 2_000}}
    )
    assert accept_text(text_of(sent)).id == "x" * 200
    assert accept_text(text_of(with_data("suspended", reason="x" * 2_000)))


def test_keys_are_compared_by_code_point_and_kept_as_they_were_sent() -> None:
    for name in (" x ", "...", "a/b%2F", "é", "e\u0301", "a\u2028", "\u200b", "\u202e", "ﷺ", "😀"):
        accepted = accept_text(json.dumps(event(id=name, subject=name, source=name)))
        assert (accepted.id, accepted.case_id, accepted.source) == (name, name, name)


def test_an_event_of_64_kibibytes_is_taken_and_one_byte_more_is_not() -> None:
    text = text_of(event())
    padded = text + " " * (EVENT_SIZE_MAX - len(text.encode()))
    assert accept_text(padded.encode()).text == text
    assert refused(padded.encode() + b" ") == (ProblemKind.EVENT_TOO_LARGE, None)
    assert refused("é" * (EVENT_SIZE_MAX // 2 + 1)) == (ProblemKind.EVENT_TOO_LARGE, None)


def test_text_with_a_lone_surrogate_in_it_is_refused() -> None:
    assert refused(text_of(event(id="\ud800"))) == (ProblemKind.JSON_LONE_SURROGATE, None)


@pytest.mark.parametrize(
    "foreign",
    [
        '"x":null',
        '"partitionkey":"k"',
        '"a":{"b":[1,{"c":"}\\""}]}',
        '"dataschema":"urn:x"',
        '"tracestate":"a=1"',
        '"recordedat2":1',
        '"sequences":1',
        '"__class__":[[]]',
        '"đ":1.25',
    ],
)
def test_foreign_members_of_the_envelope_are_neither_stored_nor_compared(foreign: str) -> None:
    text = text_of(event())
    plain = accept_text(text)
    for sent in (
        text[:-1] + "," + foreign + "}",
        "{" + foreign + " , " + text[1:],
        text.replace('"time"', foreign + ',"time"'),
    ):
        accepted = accept_text(sent)
        assert accepted.digest == plain.digest
        assert json.loads(accepted.text) == event()
        assert foreign not in accepted.text


def test_members_of_the_envelope_that_are_null_count_as_absent() -> None:
    sent = event()
    absent = {name: member for name, member in sent.items() if name not in {"sequence", "recordedat"}}
    with_null = accept_text(text_of(sent | {"sequence": None, "recordedat": None}))
    assert with_null.digest == accept_text(text_of(absent)).digest
    assert with_null.text == text_of(absent)
    assert with_null.recorded_at is None


def test_a_required_member_that_is_null_is_missing() -> None:
    assert refused(text_of(event()).replace('"id":"e-1"', '"id":null')) == (ProblemKind.MEMBER_MISSING, "id")


def test_the_stored_text_is_what_was_sent_without_the_space_around_it() -> None:
    text = '{ "data" : {"step":{"allotted_minutes":240}} ,\n' + text_of(event(data=None))[1:]
    assert accept_text(f" \r\n\t{text}\n ").text == text


def test_same_content_is_the_same_value_however_it_is_written() -> None:
    usual = accept_text(text_of(with_data(step={"id": "Tiếp nhận", "allotted_minutes": 100})))
    for sent in (
        json.dumps(with_data(step={"id": "Tiếp nhận", "allotted_minutes": 100}), indent=2),
        json.dumps(with_data(step={"allotted_minutes": 100, "id": "Tiếp nhận"}), sort_keys=True),
        text_of(with_data(step={"id": "Tiếp nhận", "allotted_minutes": 100})).replace("/", r"\/"),
    ):
        assert accept_text(sent).digest == usual.digest


@pytest.mark.parametrize(
    "other",
    [
        event(time="2022-08-15T01:05:00Z"),
        event(time="2022-08-15T08:05:00.0+07:00"),
        event(time="2022-08-15t08:05:00+07:00"),
        event(sequence="017"),
        event(recordedat=None),
        event(datacontenttype=None),
        event(sequencetype="Integer"),
        event(data={**DATA["received"], "actor": None}),
        event(data={name: member for name, member in DATA["received"].items() if name != "actor"}),
    ],
)
def test_instants_and_texts_are_compared_as_they_were_written(other: dict[str, Any]) -> None:
    assert accept_text(text_of(other)).digest != accept_text(text_of(event())).digest


def test_only_a_correction_names_the_source_that_it_annuls() -> None:
    assert accept_text(text_of(event("corrected"))).annuls == EventKey(source="/kontum/igate", id="e-0")
    assert accept_text(text_of(event())).annuls is None


def test_all_that_is_wrong_is_told_at_once_and_the_first_is_the_detail() -> None:
    wrong = event(
        specversion="2",
        id="",
        time="yesterday",
        recordedAt="x",
        sequence="-",
        data={"holder": {"id": 7, "birthday": 1}, "applicant": "x", "step": {"allotted_minutes": 7.0}, "due_at": "x"},
    )
    document = problem_document(refusal_of(wrong))
    assert [fault["field"] for fault in document["errors"]] == [
        *("recordedAt", "specversion", "sequence", "id", "time"),
        *("data.holder.birthday", "data.applicant", "data.due_at", "data.holder.id", "data.step.allotted_minutes"),
    ]
    first = document["errors"][0]
    assert {name: document[name] for name in first} == first
    assert document["type"] == "/problems/extension-misspelt"
    vietnamese = problem_document(refusal_of(wrong), Language.VIETNAMESE)
    assert len(vietnamese["errors"]) == len(document["errors"])
    assert problem_document(refusal_of(event(id="")))["errors"][0]["field"] == "id"


def test_of_very_many_faults_a_hundred_are_told() -> None:
    refusal = refusal_of(event(id="", data={f"m{number}": 1 for number in range(500)}))
    assert len(problem_document(refusal)["errors"]) == 100


def test_of_an_unknown_type_the_data_are_not_judged() -> None:
    refusal = refusal_of(event(type="com.example.thing", id="", data={"x": 1}))
    assert [refusal.field, *(other.field for other in refusal.others)] == ["type", "id"]


@pytest.mark.parametrize("kind", DATA)
def test_every_type_takes_marks_and_reasons_of_several_lines(kind: str) -> None:
    marks = ["history", "sender-repair", "matched-by-directory", "status-unmapped"]
    assert accept_text(text_of(event(kind, data={**DATA[kind], "marks": marks})))
    if "reason" in DATA[kind]:
        assert accept_text(text_of(event(kind, data={**DATA[kind], "reason": "a\tb\nc"})))
