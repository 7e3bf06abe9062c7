"""What is known as in order in a few steps is what the door's own checks take, with the same columns, digest and facts."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.events import DATA, DUE, OFFICER, event, text_of
from tests.domain.profile import bounded

from tiendo_contracts.events.case_events import accept_carefully
from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.events.plain_events import plain_event

AT = datetime(2022, 8, 15, 1, 6, tzinfo=UTC)
_HOSTILE = [
    *("", " ", ".", "..", "\u3000", "\u00a0", "a\u0000", "\u001f", "a\tb", "a\nb\n", "\x7f", "\x85", "\x9f", "\xa0x"),
    *("\u202e", "\u2066", "\u2028", "\ufeff", "\u200b", "Ánh", "A\u0301nh", "“đ”", "ﷺ", "😀", '"', "\\", "/", "x" * 50),
    *(
        "x" * 51,
        "x" * 200,
        "x" * 201,
        "đ" * 2_000,
        "đ" * 2_001,
        "/tiendo/rules",
        "/tiendo/house",
        "1e5",
        "null",
        "vn.tiendo.x",
    ),
]
_INSTANTS = [
    *(
        "2022-08-15T08:05:00+07:00",
        "2022-08-15t08:05:00z",
        "2022-08-15T08:05:00.123456Z",
        "2022-08-15T08:05:00.1234560Z",
    ),
    *(
        "2022-08-15T08:05:00.1234567Z",
        "2022-02-30T08:05:00Z",
        "2022-08-15T08:05:60Z",
        "2022-08-15T24:00:00Z",
        "2022-08-15",
    ),
    *(
        "1969-12-31T23:59:59Z",
        "2199-12-31T23:59:59-23:59",
        "2200-01-01T00:00:00Z",
        "2022-08-15 08:05:00Z",
        "2022-W33-1",
    ),
    *("2022-08-15T08:05:00+0700", "2022-08-15T08:05:00", "20220815T080500Z", "２022-08-15T08:05:00Z", "2022-02-30", ""),
]
_texts = st.sampled_from(_HOSTILE) | st.text("aÁ \u0301\u3000.7\n", max_size=6)
_instants = st.sampled_from(_INSTANTS)
_values: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(-2, 2**54) | st.floats(allow_nan=False) | _texts | _instants
    | st.sampled_from([[], {}, OFFICER, {"id": 1}, {"level": "ward"}, {"level": "commune"}, ["history"], ["x"], 7.0, 2**53])
)  # fmt: skip
_NAMES = [
    *(
        "id",
        "name",
        "position",
        "unit",
        "parent",
        "level",
        "allotted_minutes",
        "norm_minutes",
        "days",
        "marks",
        "actor",
    ),
    *(
        "holder",
        "step",
        "procedure",
        "field",
        "channel",
        "due_at",
        "reason",
        "since",
        "evidence",
        "signed_at",
        "apology",
    ),
    *("document_number", "annuls", "source", "birthday", "đ", ""),
]
_ENVELOPE = [
    *(
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "recordedat",
        "sequence",
        "sequencetype",
        "traceparent",
    ),
    *("datacontenttype", "data", "data_base64", "recordedAt", "partitionkey", "x"),
]
_WRITTEN = [
    *(
        (":240", ":7.0"),
        (":240", ":1e-400"),
        (":240", ":-0"),
        (":240", ":2.4e2"),
        (":240", ":0240"),
        (":240", ":1e400"),
    ),
    *(
        (":240", ":9007199254740993"),
        (":240", ":99999999999999999999"),
        (":240", ":NaN"),
        ("id", "\\u0069d"),
        ("/", "\\/"),
    ),
    *(
        ("{", '{"data":{},'),
        ("{", '{"id":"e-1",'),
        ('"name":', '"name":"x","name":'),
        (",", ",,"),
        (",", " ,\n\t"),
        (":", " : "),
    ),
    *(
        ("T", "\\u0000"),
        ("T", "\\ud800"),
        ("T", "\\ud83d\\ude00"),
        ("}", "},"),
        ("{", "\ufeff{"),
        ("a", "\x01"),
        ("}", "}}"),
    ),
    *(
        ("{", " {"),
        ("}", "} \r\n"),
        ('"e-1"', "[" * 40 + "]" * 40),
        ('"', "'"),
        ("1", "true"),
        ("e", "é"),
        ("e", "\x7f"),
    ),
]


@st.composite
def _changed(draw: st.DrawFn) -> dict[str, Any]:
    """An event of which a few members are others than they should be."""
    kind = draw(st.sampled_from(sorted(DATA)))
    sent = json.loads(json.dumps(event(kind)))
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.sampled_from(_ENVELOPE))
        sent[name] = deepcopy(draw(_instants if name in {"time", "recordedat"} else _values))
    for _ in range(draw(st.integers(0, 2))):
        inside = [sent.get("data")]
        while draw(st.booleans()) and isinstance(inside[-1], dict) and inside[-1]:
            inside.append(inside[-1][draw(st.sampled_from(sorted(inside[-1])))])
        place = next((each for each in reversed(inside) if isinstance(each, dict)), None)
        if place is not None:
            name = draw(st.sampled_from([*_NAMES, *place]))
            place[name] = deepcopy(draw(_values))
    return dict(sorted(sent.items())) if draw(st.booleans()) else sent


@st.composite
def _sent(draw: st.DrawFn) -> bytes:
    """The text of an event, good or bad, in one of the ways in which texts are written; perhaps damaged."""
    text = json.dumps(
        draw(_changed()),
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([(",", ":"), (", ", ": ")])),
        indent=draw(st.sampled_from([None, None, 1])),
    )
    if draw(st.integers(0, 2)) == 0:
        before, after = draw(st.sampled_from(_WRITTEN))
        text = text.replace(before, after, draw(st.integers(1, 3)))
    return text.encode("utf-8", "surrogatepass")


@bounded(1_000)
@given(sent=_sent())
def test_what_is_plainly_in_order_is_taken_by_the_checks_with_the_same_columns_digest_and_facts(sent: bytes) -> None:
    plain = plain_event(sent)
    if plain is not None:
        careful = accept_carefully(sent)
        assert careful == plain
        facts = [case_event(each.text, position=1, ingested_at=AT) for each in (careful, plain)]
        assert facts[0] == facts[1]


def test_ordinary_events_are_in_plain_order_however_they_are_spaced_and_ordered() -> None:
    for kind in sorted(set(DATA) - {"corrected", "joined", "consultation-requested"}):
        for sent in (event(kind), dict(sorted(event(kind).items()))):
            for text in (
                text_of(sent),
                json.dumps(sent, ensure_ascii=False),
                json.dumps(sent, ensure_ascii=False, indent=1),
            ):
                assert plain_event(text.encode()) is not None, text


def test_a_member_that_stands_twice_is_not_in_plain_order() -> None:
    text = text_of(event(data={"holder": {"id": "A"}, "due_at": DUE}))
    twice = text.replace('"id":"A"', '"id":"A","id":"A"')
    assert plain_event(text.encode()) is not None
    assert plain_event(twice.encode()) is None
