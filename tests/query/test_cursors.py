"""Cursors that nobody has made: whoever knows the check, which is no secret, can write any; none of them is a fault of ours."""

import base64
import json

import pytest

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor, read, written

QUESTION: dict[str, object] = {"text": "a", "unit": None}
AS_OF = "2022-08-25T17:00:00+07:00"


def forged(content: bytes) -> str:
    """A cursor with a right check around any content."""
    return base64.urlsafe_b64encode(cursors._check(content, QUESTION) + content).decode().rstrip("=")


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor(after=(3, "Đ-1"), as_of=AS_OF)
    assert read(written(cursor, QUESTION), QUESTION, kinds=(int, str)) == cursor


def test_a_cursor_belongs_to_its_question() -> None:
    text = written(Cursor(after=("x",), as_of=AS_OF), QUESTION)
    with pytest.raises(Refusal):
        read(text, {**QUESTION, "text": "b"}, kinds=(str,))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"1",
        b"[]",
        b"[[]]",
        *(
            json.dumps(value).encode()
            for value in (
                [["x"], None],
                [["x"], 1],
                [["x"], "yesterday"],
                [None, AS_OF],
                [[1], AS_OF],
                [["x", "y"], AS_OF],
                [["x\0"], AS_OF],
                [["\ud800"], AS_OF],
                {"after": ["x"], "as_of": AS_OF},
            )
        ),
    ],
)
def test_a_forged_cursor_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        read(forged(content), QUESTION, kinds=(str,))
    assert refused.value.kind is ProblemKind.CURSOR_INVALID


def test_a_number_that_the_database_cannot_hold_is_refused() -> None:
    content = json.dumps([[2**31], AS_OF]).encode()
    with pytest.raises(Refusal):
        read(forged(content), QUESTION, kinds=(int,))
