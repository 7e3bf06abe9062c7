"""The checker sees each thing that a log must never do, and nothing where a log did well."""

from dataclasses import replace

import pytest
from tests.event_store.history import Answer, Call, History, Read, Seen, Sent, Told, complaints


def _call(begun: int, ended: int | None, *parts: tuple[str, Answer, int], content: str = "x") -> Call:
    return Call(
        begun=begun,
        ended=ended,
        events=[Sent(key=key, content=content) for key, _, _ in parts],
        told=None if ended is None else [Told(answer=answer, position=position) for _, answer, position in parts],
    )


def _read(begun: int, after: int, *keys: str, limit: int = 10, content: str = "x") -> Read:
    seen = [Seen(position=place, key=key, content=content) for place, key in enumerate(keys, after + 1)]
    return Read(begun=begun, after=after, limit=limit, seen=seen)


GOOD = History(
    calls=[
        _call(1, 5, ("a", Answer.APPENDED, 1), ("b", Answer.APPENDED, 2)),
        _call(2, 6, ("b", Answer.ALREADY_APPENDED, 2)),
        _call(3, 7, ("a", Answer.CONFLICT, 1), content="y"),
        _call(8, 9, ("c", Answer.APPENDED, 3)),
        _call(8, None, ("d", Answer.APPENDED, 4)),
    ],
    readers=[
        [_read(1, 0), _read(6, 0, "a", "b"), _read(7, 2), _read(10, 2, "c", "d")],
        [_read(11, 0, "a", "b", "c", "d")],
    ],
)


def test_a_good_history_has_no_complaints() -> None:
    assert complaints(GOOD) == []


OF_THE_SERVICE = Seen(position=3, key="head", content="head", by_the_service=True)


def test_what_the_service_writes_of_itself_was_sent_by_nobody() -> None:
    assert complaints(replace(GOOD, calls=GOOD.calls[:3], readers=[_ending(OF_THE_SERVICE)])) == []


def _ending(*last: Seen) -> list[Read]:
    return [_read(10, 0, "a", "b"), Read(begun=11, after=2, limit=10, seen=last)]


@pytest.mark.parametrize(
    ("history", "words"),
    [
        pytest.param(replace(GOOD, readers=[[_read(10, 0, "a", "b")]]), "where nothing is", id="lost"),
        pytest.param(replace(GOOD, readers=[[_read(10, 0, "a", "c", "b", "d")]]), "where c is", id="moved"),
        pytest.param(
            replace(GOOD, readers=[[_read(10, 0, "a", "b", "c", "d", "a")]]), "at the positions", id="doubled"
        ),
        pytest.param(
            replace(GOOD, readers=[[_read(10, 0, "a", "b"), _read(11, 3, "d")]]), "went from 2 on to 3", id="skipped"
        ),
        pytest.param(
            replace(GOOD, readers=[[Read(begun=9, after=0, limit=9, seen=[Seen(position=2, key="b", content="x")])]]),
            "position 2 where 1 was to come",
            id="hole",
        ),
        pytest.param(
            replace(GOOD, readers=[[_read(10, 0, "a", "b", "c", "d")], [_read(11, 0, "a", "b", "c", "e")]]),
            "and later",
            id="altered",
        ),
        pytest.param(
            replace(GOOD, readers=[[_read(10, 0, "a", "b", "c", "d", "e")]]), "which nobody sent", id="invented"
        ),
        pytest.param(
            replace(GOOD, readers=[_ending(OF_THE_SERVICE)]), "where head is", id="given-to-the-service-and-a-sender"
        ),
        pytest.param(
            replace(GOOD, calls=GOOD.calls[:3], readers=[_ending(OF_THE_SERVICE, replace(OF_THE_SERVICE, position=4))]),
            "head stands at the positions",
            id="doubled-by-the-service",
        ),
        pytest.param(
            replace(GOOD, readers=[*GOOD.readers, [_read(7, 0, "a")]]), "came to the end at 1", id="acknowledged-unseen"
        ),
        pytest.param(
            replace(GOOD, calls=[*GOOD.calls, _call(10, 11, ("a", Answer.ALREADY_APPENDED, 1), content="y")]),
            "but the contents are",
            id="conflict-taken-for-a-duplicate",
        ),
        pytest.param(
            replace(GOOD, calls=[*GOOD.calls, _call(10, 11, ("a", Answer.CONFLICT, 1))]),
            "but the contents are",
            id="duplicate-taken-for-a-conflict",
        ),
        pytest.param(
            replace(GOOD, calls=[*GOOD.calls, _call(2, 6, ("a", Answer.APPENDED, 1))]), "two senders", id="new-twice"
        ),
        pytest.param(
            replace(GOOD, calls=[_call(1, 5, ("b", Answer.APPENDED, 2), ("a", Answer.APPENDED, 1)), *GOOD.calls[3:]]),
            "sent after the one at 2 stands at 1",
            id="reordered-in-a-call",
        ),
        pytest.param(
            replace(
                GOOD,
                calls=[_call(6, 7, ("a", Answer.APPENDED, 1)), _call(1, 5, ("b", Answer.APPENDED, 2)), *GOOD.calls[3:]],
            ),
            "was sent after a later position had been acknowledged",
            id="reordered-between-calls",
        ),
        pytest.param(
            replace(GOOD, calls=[replace(GOOD.calls[0], told=[]), *GOOD.calls[1:]]),
            "answered by 0 outcomes",
            id="unanswered",
        ),
    ],
)
def test_the_checker_sees(history: History, words: str) -> None:
    assert any(words in complaint for complaint in complaints(history)), complaints(history)
