"""What is kept of a refusal tells the same as the refusal itself, in whichever language is asked for later."""

import json

import pytest
from tests.contracts.events import event, text_of

from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.kept_refusals import KEPT_FAULTS_MAX, kept_refusal, told_refusal
from tiendo_contracts.problems.problem_documents import Language, ProblemKind, Refusal, problem_document


def refusal_of(text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        accept_text(text)
    return caught.value


@pytest.mark.parametrize(
    "refusal",
    [
        refusal_of("x"),
        refusal_of(text_of(event(id="", time="x", data={"a": 1, "holder": {"name": "x" * 3_000}, "marks": ["x"]}))),
        Refusal(ProblemKind.CONFLICT, field="id", values={"position": 7}),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_what_is_kept_tells_what_was_told(refusal: Refusal, language: Language) -> None:
    kept = json.loads(json.dumps(kept_refusal(refusal, index=3)))
    assert told_refusal(kept, language) == problem_document(refusal, language, index=3)


def test_what_was_kept_as_documents_is_told_as_it_is() -> None:
    document = {"type": "/problems/source-not-allowed", "title": "x", "status": 422, "detail": "y"}
    assert told_refusal(document, Language.VIETNAMESE) == document
    assert told_refusal({"en": document, "vi": {**document, "title": "z"}}, Language.VIETNAMESE)["title"] == "z"


def test_little_is_kept_of_an_event_with_very_many_faults() -> None:
    refusal = refusal_of(text_of(event(data={f"m{number}": 1 for number in range(500)})))
    kept = kept_refusal(refusal, index=0)
    assert len(told_refusal(kept, Language.ENGLISH)["errors"]) == KEPT_FAULTS_MAX
