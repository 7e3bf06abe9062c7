"""What is said of wrong parameters reads as a sentence, in both languages."""

from typing import Any

import pytest

from tiendo_contracts.problem_kinds import Language, ProblemKind, Refusal, Words
from tiendo_contracts.problems import problem_document
from tiendo_query.parameter_refusals import refused
from tiendo_query.parameters import ReadParameters


def said(refusal: Refusal) -> dict[str, tuple[str, str]]:
    """Detail and remedy, in each language."""
    documents = {language.value: problem_document(refusal, language) for language in Language}
    return {name: (str(one["detail"]), str(one["remedy"])) for name, one in documents.items()}


def refusal_of(values: dict[str, Any]) -> Refusal:
    with pytest.raises(Refusal) as found:
        ReadParameters.model_validate(values)
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
    from tiendo_query.periods import _NOT_BEFORE  # noqa: PLC0415 - the phrase alone

    assert said(refused("to", _NOT_BEFORE)) == {
        "en": ("`to` must be a date or instant after `from`.", "Right would be: a date or instant after `from`."),
        "vi": (
            "`to` không hợp lệ; cần: ngày hoặc thời điểm sau `from`.",
            "Giá trị đúng: ngày hoặc thời điểm sau `from`.",
        ),
    }


@pytest.mark.parametrize("kind", [ProblemKind.PARAMETER_MISSING, ProblemKind.PARAMETER_REPEATED])
def test_a_parameter_that_is_missing_or_repeated_is_to_be_sent(kind: ProblemKind) -> None:
    english, vietnamese = said(Refusal(kind, field="unit")).values()
    assert english[1].startswith("Send `unit`")
    assert vietnamese[1].startswith("Hãy gửi")


def test_parameters_that_contradict_each_other_are_named() -> None:
    others = Words(en="open=false", vi="open=false")
    refusal = Refusal(ProblemKind.PARAMETERS_CONTRADICT, field="due_within_hours", values={"others": others})
    assert said(refusal)["vi"] == ("`due_within_hours` không dùng cùng open=false.", "Hãy bỏ bớt một tham số.")
