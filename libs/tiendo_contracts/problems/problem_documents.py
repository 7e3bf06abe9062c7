"""Problem documents (RFC 9457): what every refusal looks like from outside.

`type` is `/problems/<kind>`, a page that explains the kind; it never changes. Texts are English or Vietnamese.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from tiendo_contracts.problems.problem_kinds import FAULTS_MAX, Language, ProblemKind, Refusal, Words
from tiendo_contracts.problems.problem_phrases import ProblemText
from tiendo_contracts.problems.problem_texts_event import EVENT_TEXTS
from tiendo_contracts.problems.problem_texts_file import FILE_TEXTS
from tiendo_contracts.problems.problem_texts_json import JSON_TEXTS
from tiendo_contracts.problems.problem_texts_publication import PUBLICATION_TEXTS
from tiendo_contracts.problems.problem_texts_query import QUERY_TEXTS
from tiendo_contracts.problems.problem_texts_record import RECORD_TEXTS
from tiendo_contracts.problems.problem_texts_request import REQUEST_TEXTS
from tiendo_contracts.problems.problem_texts_sign_in import SIGN_IN_TEXTS

__all__ = [
    "CATALOGUE",
    "MEDIA_TYPE",
    "Language",
    "Problem",
    "ProblemKind",
    "Refusal",
    "Words",
    "detail_in_words",
    "explanation",
    "problem_document",
    "status_of",
]

MEDIA_TYPE = "application/problem+json"
CATALOGUE: Mapping[ProblemKind, ProblemText] = (
    JSON_TEXTS
    | EVENT_TEXTS
    | FILE_TEXTS
    | RECORD_TEXTS
    | REQUEST_TEXTS
    | SIGN_IN_TEXTS
    | QUERY_TEXTS
    | PUBLICATION_TEXTS
)
_TOLD_TOGETHER = (
    frozenset(EVENT_TEXTS) | {kind for kind in JSON_TEXTS if kind.startswith("json-")} | {ProblemKind.DIRECTORY_REFUSED}
)


class Fault(BaseModel):
    """One thing that is wrong with an event, or with a directory."""

    type: str = Field(description="as the type of a problem", examples=["/problems/member-unknown"])
    detail: str
    field: str | None = Field(default=None, description="path of the member")
    remedy: str | None = Field(default=None, description="what would be right")


class Problem(BaseModel):
    """Why a request or an event was refused, and what would be right (RFC 9457)."""

    type: str = Field(
        description="stable path of the page that explains this kind of problem", examples=["/problems/member-unknown"]
    )
    title: str
    status: int
    detail: str
    index: int | None = Field(default=None, description="place of the event in its batch or stream, from 0")
    field: str | None = Field(
        default=None, description="path of the member, or name of the parameter", examples=["data.holder.birthday"]
    )
    remedy: str | None = Field(default=None, description="what would be right")
    errors: list[Fault] | None = Field(
        default=None,
        description=f"everything that is wrong with an event or a directory, at most {FAULTS_MAX} faults; `detail` is the first",
    )


def problem_document(
    refusal: Refusal, language: Language = Language.ENGLISH, *, index: int | None = None
) -> dict[str, Any]:
    """The JSON-ready problem document of a refusal; members that do not apply are left out."""
    texts = CATALOGUE[refusal.kind]
    first = _fault(refusal, language)
    document: dict[str, Any] = {
        "type": first["type"],
        "title": _in(language, texts.title),
        "status": texts.status,
        "detail": first["detail"],
    }
    if index is not None:
        document["index"] = index
    document |= {name: first[name] for name in ("field", "remedy") if name in first}
    faults = [_fault(other, language) for other in refusal.others]
    if refusal.kind in _TOLD_TOGETHER:
        faults.insert(0, first)
    return {**document, "errors": faults} if faults else document


def detail_in_words(refusal: Refusal) -> Words:
    """What the problem document of the refusal says is wrong, in each language."""
    said = {language: str(problem_document(refusal, language)["detail"]) for language in Language}
    return Words(vi=said[Language.VIETNAMESE], en=said[Language.ENGLISH])


def _fault(refusal: Refusal, language: Language) -> dict[str, str]:
    texts = CATALOGUE[refusal.kind]
    values = {name: _in(language, value) for name, value in {"field": refusal.field, **refusal.values}.items()}
    told = {
        "type": f"/problems/{refusal.kind.value}",
        "detail": str(_in(language, texts.detail)).format_map(values),
    }
    if refusal.field is not None:
        told["field"] = refusal.field
    if texts.remedy is not None:
        told["remedy"] = str(_in(language, texts.remedy)).format_map(values)
    return told


def status_of(kind: ProblemKind) -> int:
    """The HTTP status of a kind of problem."""
    return CATALOGUE[kind].status


def explanation(kind: ProblemKind, language: Language) -> tuple[str, str]:
    """Title and explanation of a kind, for its page under `/problems/<kind>`."""
    texts = CATALOGUE[kind]
    return str(_in(language, texts.title)), str(_in(language, texts.explanation))


def _in(language: Language, value: object) -> object:
    if isinstance(value, Words):
        return value.spoken(language)
    return value
