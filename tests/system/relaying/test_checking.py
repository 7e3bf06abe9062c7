"""The checker sees each thing that topics and their readers must never do, and nothing where they did well."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.system.relaying.checking import (
    Acknowledged,
    Delivery,
    Entry,
    Message,
    Topics,
    delivery_complaints,
    digest,
    event_complaints,
    log_complaints,
    state_complaints,
)

LOG_ID = "6f1f0f6e-9a55-4f0f-8d1c-0a7e1a0c5b11"
INGESTED_AT = "2022-08-15T01:05:13.123456Z"


def _event(event_id: str, subject: str = "case-1", kind: str = "case.received") -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "/test",
        "type": f"vn.tiendo.{kind}.v1",
        "subject": subject,
        "time": "2022-08-15T08:05:00+07:00",
        "data": {"reason": "trễ"},
    }


LOG = [
    *(Entry(position=place, ingested_at=INGESTED_AT, event=_event(f"e-{place}")) for place in (1, 2)),
    Entry(position=3, ingested_at=INGESTED_AT, event=_event("d-3", "vn", "directory.calendar-defined")),
    *(Entry(position=place, ingested_at=INGESTED_AT, event=_event(f"e-{place}")) for place in (4, 5)),
]


def _message(place: int, previous: int, offset: int, **members: Any) -> Message:
    entry = LOG[place - 1]
    told = {"logid": LOG_ID, "position": str(place), "previousposition": str(previous), "ingestedat": INGESTED_AT}
    value = {**entry.event, **told, "digest": digest(entry.event), **members}
    headers = {f"ce_{name}": text for name, text in value.items() if name != "data"}
    topic = "case-events" if entry.of_case else "directory"
    return Message(topic=topic, partition=0, offset=offset, key=value["subject"], value=value, headers=headers)


CHAIN = [_message(1, 0, 0), _message(2, 1, 1), _message(4, 2, 2), _message(5, 4, 3)]
DIRECTORY = [_message(3, 0, 0)]


def _stored(*places: tuple[int, int]) -> list[Message]:
    """Messages by position and previous position, in the order stored."""
    return [_message(position, previous, offset) for offset, (position, previous) in enumerate(places)]


def _complaints(case_events: Sequence[Message], directory: Sequence[Message] = DIRECTORY) -> list[str]:
    return event_complaints(LOG_ID, LOG, Topics(case_events=case_events, directory=directory, partitions=1))


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(CHAIN, id="once-each"),
        pytest.param(_stored((1, 0), (2, 1), (1, 0), (2, 1), (4, 2), (5, 4), (5, 4)), id="repeats"),
        pytest.param(_stored((1, 0), (4, 2), (5, 4), (2, 1), (4, 2), (5, 4)), id="sent-again-from-the-break"),
    ],
)
def test_topics_that_hold_the_log_have_no_complaints(stored: list[Message]) -> None:
    assert _complaints(stored) == []


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        pytest.param(_stored((1, 0), (4, 2), (5, 4)), "position 2 (/test#e-2) is in no message", id="lost"),
        pytest.param(_stored((1, 0), (4, 2), (5, 4)), "follow 2, but follows 1", id="missing-predecessor"),
        pytest.param(_stored((1, 0), (2, 1), (4, 2)), "position 5 (/test#e-5) is in no message", id="lost-at-the-end"),
        pytest.param(_stored((1, 0), (2, 1), (5, 4), (4, 2)), "keeps nothing back comes to 4", id="swapped"),
        pytest.param(_stored((1, 0), (2, 1), (4, 2), (5, 2)), "follow 2, but follows 4", id="forked"),
        pytest.param(
            [*CHAIN[:3], _message(5, 4, 3, digest="0" * 64)], "the digest is not that of the event", id="forged-digest"
        ),
        pytest.param(
            [*CHAIN[:3], _message(5, 4, 3, data={"reason": "x"})], "holds another event than the log", id="altered"
        ),
        pytest.param([*CHAIN, _message(5, 2, 4)], "but says something else", id="repeated-otherwise"),
        pytest.param([*CHAIN, _message(5, 5, 4, position="6")], "which the log does not have", id="invented"),
        pytest.param([*CHAIN, _message(3, 5, 4)], "which the log does not have", id="a-directory-fact-among-the-cases"),
        pytest.param([*CHAIN[:3], replace(CHAIN[3], key="case-2")], "is not the subject", id="another-key"),
        pytest.param([*CHAIN, _message(5, 4, 4, logid="another")], "is of the log another", id="another-log"),
        pytest.param([*CHAIN[:3], replace(CHAIN[3], headers={})], "the header ce_id says None", id="no-headers"),
    ],
)
def test_the_checker_sees_what_is_wrong_with_events(stored: list[Message], words: str) -> None:
    assert any(words in complaint for complaint in _complaints(stored)), _complaints(stored)


def test_the_checker_sees_a_lost_fact_of_the_directory() -> None:
    assert _complaints(CHAIN, []) == ["position 3 (/test#d-3) is in no message"]


def test_the_checker_sees_that_a_case_lies_in_the_wrong_partition() -> None:
    topics = Topics(case_events=CHAIN, directory=DIRECTORY, partitions=24)
    assert any("belongs in another partition" in complaint for complaint in event_complaints(LOG_ID, LOG, topics))


@pytest.mark.parametrize(
    ("acknowledged", "log", "words"),
    [
        (Acknowledged(position=6, event=_event("e-6")), LOG, "acknowledged at 6, where None is"),
        (Acknowledged(position=2, event=_event("e-1")), LOG, "acknowledged at 2, where /test#e-2 is"),
        (Acknowledged(position=2, event=_event("e-2")), LOG[:2] + LOG[3:], "gaps"),
    ],
)
def test_the_checker_sees_a_log_that_broke_its_word(acknowledged: Acknowledged, log: list[Entry], words: str) -> None:
    assert log_complaints([Acknowledged(position=1, event=_event("e-1"))], LOG) == []
    assert any(words in complaint for complaint in log_complaints([acknowledged], log))


def _delivered(*positions: int) -> list[Delivery]:
    return [
        Delivery(number=number, log_id=LOG_ID, position=position, case_id="case-1", event_id=f"e-{position}")
        for number, position in enumerate(positions)
    ]


@pytest.mark.parametrize(
    ("deliveries", "words"),
    [
        pytest.param(_delivered(1, 2, 2, 4, 5), "position 2 was delivered 2 times", id="twice"),
        pytest.param(_delivered(1, 2, 5, 4), "position 4 was delivered after 5", id="out-of-order"),
        pytest.param(_delivered(1, 2, 4), "position 5 was never delivered", id="lost"),
        pytest.param(
            [*_delivered(1, 2, 4), replace(_delivered(5)[0], number=9, event_id="e-4")],
            "delivered as e-4",
            id="mixed-up",
        ),
    ],
)
def test_the_checker_sees_what_a_consumer_does_wrong(deliveries: list[Delivery], words: str) -> None:
    assert delivery_complaints(LOG_ID, LOG, _delivered(1, 2, 4, 5)) == []
    found = delivery_complaints(LOG_ID, LOG, deliveries)
    assert any(words in complaint for complaint in found), found


ANSWER: dict[str, Any] = {"lateness_minutes": 30, "state": "completed", "attributions": [{"minutes": 30, "rule": "x"}]}


def _state(offset: int, version: tuple[int, int, int], **members: Any) -> Message:
    build, position, revision = map(str, version)
    value: dict[str, Any] = {
        "logid": LOG_ID,
        "subject": "case-1",
        "build": build,
        "position": position,
        "revision": revision,
    }
    value["data"] = {"lateness_minutes": 30, "state": "completed", "attributions": [{"minutes": 30}], **members}
    return Message(topic="delay-attributions", partition=0, offset=offset, key="case-1", value=value)


GOOD_STATES = [_state(0, (1, 4, 2), state="in-process"), _state(1, (1, 5, 3)), _state(2, (1, 5, 3))]


@pytest.mark.parametrize(
    ("states", "words"),
    [
        pytest.param([*GOOD_STATES, _state(3, (1, 4, 2), state="in-process")], "compaction would keep", id="older-last"),
        pytest.param([*GOOD_STATES, _state(3, (1, 5, 3), state="suspended")], "of the same version", id="two-of-one-version"),
        pytest.param([*GOOD_STATES, _state(3, (2, 1, 1), state="suspended")], "differs in ['state']", id="outdated"),
        pytest.param([*GOOD_STATES, _state(3, (2, 1, 1), attributions=[])], "shares sum to 0", id="does-not-sum"),
        pytest.param([], "case-1: no state", id="lost"),
        pytest.param([*GOOD_STATES, replace(GOOD_STATES[0], key="case-2")], "that nobody knows", id="invented"),
        pytest.param([replace(GOOD_STATES[1], value={**GOOD_STATES[1].value, "logid": "x"})], "in the log x", id="other-log"),
    ],
)  # fmt: skip
def test_the_checker_sees_what_is_wrong_with_states(states: list[Message], words: str) -> None:
    assert state_complaints(LOG_ID, {"case-1": ANSWER}, GOOD_STATES) == []
    found = state_complaints(LOG_ID, {"case-1": ANSWER}, states)
    assert any(words in complaint for complaint in found), found
