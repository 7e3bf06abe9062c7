"""Whatever bytes a file holds, they give events that are accepted, and refusals with a reason; nothing else ever."""

import json
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from xml.sax.saxutils import quoteattr

from hypothesis import given
from hypothesis import strategies as st

from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_sources.errors import SourceError
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.xes.cases import read_cases
from tiendo_sources.xes.happenings import Unreadable
from tiendo_sources.xes.mapping import Mapping, default_mapping, parse_mapping
from tiendo_sources.xes.translation import Translation

WHOLE = parse_mapping("""
source = "/x"
[time]
zone = "Europe/Amsterdam"
[case]
start = "start"
due = "due"
end = "end"
responsible = "responsible"
channel = "channel"
end_activities = ["a", "b"]
[responsible_unit]
attribute = "department"
parent = { id = "town" }
""")[0]
# what XML 1.0 can hold
NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x0b\x0c\ufffe\uffff", min_codepoint=32)
    | st.sampled_from("\t\n\r"),
    max_size=60,
)
TIMES = st.one_of(
    st.sampled_from(
        [
            "2011-10-11T09:00:00+02:00",
            "2011-10-11T09:00:00",
            "2011-10-30T02:30:00",
            "2011-10-11",
            "0001-01-01T00:00:00Z",
            "",
        ]
    ),
    st.datetimes().map(lambda at: at.isoformat()),
    NAMES,
)
TRANSITIONS = st.sampled_from(
    [
        "start",
        "complete",
        "suspend",
        "resume",
        "assign",
        "schedule",
        "withdraw",
        "ate_abort",
        "pi_abort",
        "autoskip",
        "\u202e",
    ]
)
EVENT_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "time:timestamp": TIMES,
        "org:resource": NAMES | st.sampled_from(["R1", "R2", "UNKNOWN"]),
        "org:group": NAMES,
        "concept:name": NAMES | st.sampled_from(["a", "b"]),
        "lifecycle:transition": TRANSITIONS,
    },
)
CASE_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "concept:name": NAMES | st.sampled_from(["a", "a~2", "trace-1"]),
        **dict.fromkeys(("start", "due", "end"), TIMES),
        **dict.fromkeys(("responsible", "channel", "department"), NAMES),
    },
)


def element(tag: str, values: dict[str, str], *inner: str) -> str:
    escaped = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
    attributes = "".join(f"<string key={quoteattr(k)} value={quoteattr(v, escaped)}/>" for k, v in values.items())
    return f"<{tag}>{attributes}{''.join(inner)}</{tag}>"


EVENTS = EVENT_VALUES.map(lambda values: element("event", values))
TRACES = st.builds(lambda values, events: element("trace", values, *events), CASE_VALUES, st.lists(EVENTS, max_size=8))
LOGS = st.lists(TRACES | EVENTS, max_size=5).map(lambda parts: f"<log>{''.join(parts)}</log>")


def parts_of(text: bytes, mapping: Mapping) -> Iterator[Translation | Unreadable | FileRemark]:
    with suppress(SourceError):
        for each in read_cases(BytesIO(text), mapping):
            yield each if isinstance(each, FileRemark) else each[1]


def judge(parts: list[Translation | Unreadable | FileRemark]) -> None:
    cases = [each for each in parts if isinstance(each, Translation)]
    unreadable = [each for each in parts if isinstance(each, Unreadable)]
    said = [event for case in cases for event in case.events]
    accepted = [accept_text(json.dumps(event, ensure_ascii=False)) for event in said]
    assert len({event.id for event in accepted}) == len(accepted)
    assert len({case.case_id for case in cases}) == len(cases)
    for case in cases:
        assert {event["subject"] for event in case.events} <= {case.case_id}
        unreadable += case.unreadable
    for each in unreadable:
        assert problem_document(Refusal(each.problem, field=each.where))["remedy"]


@given(log=LOGS, mapping=st.sampled_from([default_mapping(), WHOLE]))
def test_every_log_gives_accepted_events_and_reasoned_refusals(log: str, mapping: Mapping) -> None:
    parts = list(parts_of(log.encode(), mapping))
    judge(parts)
    assert parts == list(parts_of(log.encode(), mapping))


@given(log=LOGS, mapping=st.sampled_from([default_mapping(), WHOLE]))
def test_every_event_of_a_log_is_taken_over_or_told(log: str, mapping: Mapping) -> None:
    parts = list(parts_of(log.encode(), mapping))
    told = 0
    for each in parts:
        if isinstance(each, Translation):
            told += sum(
                event["sequence"] not in {"0", "100001"} and "-" not in event["id"].rpartition("/")[2]
                for event in each.events
            )
            told += sum(", event " in refused.where for refused in each.unreadable)
            told += sum(remark.number for remark in each.remarks if remark.kind == "event-says-no-holder")
        elif isinstance(each, Unreadable):
            told += 1
    if any(isinstance(each, Translation) for each in parts):
        assert told == log.count("<event>")


@given(log=LOGS.map(str.encode), cut=st.floats(0, 1), junk=st.binary(max_size=6), at=st.floats(0, 1))
def test_a_damaged_log_gives_what_can_be_read_and_a_reason(log: bytes, cut: float, junk: bytes, at: float) -> None:
    text = log[: int(len(log) * cut)]
    place = int(len(text) * at)
    judge(list(parts_of(text[:place] + junk + text[place:], WHOLE)))


@given(text=st.binary(max_size=200) | st.text("<>/logtracevn='\"&;#! ?-[]", max_size=60).map(str.encode))
def test_any_bytes_are_refused_with_a_reason_or_read(text: bytes) -> None:
    judge(list(parts_of(text, WHOLE)))
