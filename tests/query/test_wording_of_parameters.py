"""What is said of wrong parameters reads as a sentence, in both languages."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_contracts.problems.problem_kinds import Language, ProblemKind, Refusal, Words
from tiendo_query.questions.parameters import ReadParameters
from tiendo_query.questions.periods import asked_period


def said(refusal: Refusal) -> dict[str, tuple[str, str]]:
    """Detail and remedy, in each language."""
    documents = {language.value: problem_document(refusal, language) for language in Language}
    return {name: (str(one["detail"]), str(one["remedy"])) for name, one in documents.items()}


def refusal_of(values: dict[str, Any]) -> Refusal:
    with pytest.raises(Refusal) as found:
        ReadParameters.model_validate(values)
    return found.value


def refusal_of_period(start: date, end: date | None) -> Refusal:
    with pytest.raises(Refusal) as found:
        asked_period(start, end, as_of=None, now=datetime(2022, 9, 1, tzinfo=UTC), zone=ZoneInfo("Asia/Ho_Chi_Minh"))
    return found.value


def test_an_unknown_parameter_is_to_be_left_out() -> None:
    assert said(refusal_of({"stat": "open"})) == {
        "en": ("There is no parameter `stat` here.", "Leave `stat` out, or see its right name under /docs."),
        "vi": ("Ở đây không có tham số `stat`.", "Hãy bỏ `stat`, hoặc xem tên đúng ở /docs."),
    }


def test_a_value_that_does_not_fit_is_told_with_what_would() -> None:
    english, vietnamese = said(refusal_of({"min_position": "x"})).values()
    assert english[0].startswith("`min_position` must be a whole number from 0 to ")
    assert english[1].startswith("Right would be: a whole number from 0 to ")
    assert vietnamese[0].startswith("`min_position` không hợp lệ; cần: số nguyên từ 0 đến ")
    assert vietnamese[1].startswith("Giá trị đúng: số nguyên từ 0 đến ")


def test_a_period_that_ends_before_it_begins_is_told_in_order() -> None:
    assert said(refusal_of_period(date(2022, 8, 31), date(2022, 8, 1))) == {
        "en": ("`to` must be a date or instant after `from`.", "Right would be: a date or instant after `from`."),
        "vi": (
            "`to` không hợp lệ; cần: ngày hoặc thời điểm sau `from`.",
            "Giá trị đúng: ngày hoặc thời điểm sau `from`.",
        ),
    }


def test_a_period_without_an_end_that_has_not_begun_is_told_before_what_it_begins() -> None:
    english, vietnamese = said(refusal_of_period(date(2199, 12, 31), None)).values()
    assert english[0] == "`from` must be a date or instant before `as_of`, or before now where none is stated."
    assert vietnamese[0] == "`from` không hợp lệ; cần: ngày hoặc thời điểm trước `as_of`, không nêu thì trước hiện tại."


@pytest.mark.parametrize("kind", [ProblemKind.PARAMETER_MISSING, ProblemKind.PARAMETER_REPEATED])
def test_a_parameter_that_is_missing_or_repeated_is_to_be_sent(kind: ProblemKind) -> None:
    english, vietnamese = said(Refusal(kind, field="unit")).values()
    assert english[1].startswith("Send `unit`")
    assert vietnamese[1].startswith("Hãy gửi")


def test_parameters_that_contradict_each_other_are_named() -> None:
    others = Words(en="open=false", vi="open=false")
    refusal = Refusal(ProblemKind.PARAMETERS_CONTRADICT, field="due_within_hours", values={"others": others})
    assert said(refusal)["vi"] == ("`due_within_hours` không dùng cùng open=false.", "Hãy bỏ bớt một tham số.")
