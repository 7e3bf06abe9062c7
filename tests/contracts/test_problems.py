"""Every problem has texts in both languages, which name their values and nothing that was sent."""

import string

import pytest

from tiendo_contracts.problems.problem_documents import (
    CATALOGUE,
    Language,
    Problem,
    ProblemKind,
    Refusal,
    Words,
    explanation,
    problem_document,
    status_of,
)

VALUES = {
    "covered": 12,
    "offset": 7,
    "limit": 32,
    "size": 9,
    "known": "a, b",
    "name": "NaN",
    "position": 12,
    "cause": "ValueError",
    "scope": "read",
    "source": "/tiendo/rules",
    "expected": Words(en="text", vi="văn bản"),
    "others": Words(en="overdue=true", vi="overdue=true"),
    "versions": "1, 2",
    "id": "2b1f",
    "state": "open",
    "needed": "draft",
    "until": "2022-09-12T17:00:00+07:00",
    "number": "CK-H34-2022-08/1",
    "on": "12/09/2022",
    "reason": "Sai kỳ",
    "from_": "2022-09-01T00:00:00+07:00",
    "least": "2022-09-12T17:00:00+07:00",
    "days": 5,
    "what": Words(en="this", vi="điều này"),
}


@pytest.mark.parametrize("kind", ProblemKind)
@pytest.mark.parametrize("language", Language)
def test_every_kind_has_a_document_in_every_language(kind: ProblemKind, language: Language) -> None:
    document = problem_document(Refusal(kind, field="data.x", values=VALUES), language, index=3)
    problem = Problem.model_validate(document)
    assert problem.type == f"/problems/{kind}"
    assert problem.status == status_of(kind)
    assert (problem.index, problem.field) == (3, "data.x")
    assert "{" not in (problem.detail + (problem.remedy or "")).replace("{case_id}", "")
    title, why = explanation(kind, language)
    assert title == problem.title
    assert why


@pytest.mark.parametrize("kind", ProblemKind)
def test_both_languages_name_the_same_values(kind: ProblemKind) -> None:
    def gaps(words: Words | None, language: str) -> set[str]:
        text = "" if words is None else getattr(words, language)
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    texts = CATALOGUE[kind]
    for words in (texts.title, texts.detail, texts.remedy, texts.explanation):
        assert gaps(words, "en") == gaps(words, "vi") <= VALUES.keys() | {"field"}
    assert texts.title.en != texts.title.vi


def test_members_that_do_not_apply_are_left_out() -> None:
    document = problem_document(Refusal(ProblemKind.REQUEST_REFUSED))
    assert set(document) == {"type", "title", "status", "detail"}


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    document = problem_document(Refusal(ProblemKind.MEMBER_UNKNOWN, field="data.{0}{evil}"))
    assert document["detail"] == "`data.{0}{evil}` is no member of this type of event."
