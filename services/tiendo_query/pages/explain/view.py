"""What the form of an explanation shows, and the event that it would send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tiendo_contracts.explanation.decided import REASON_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.explanations import Difficulty, EffectKind, ExplanationFiled
from tiendo_domain.instants import Moment
from tiendo_query.desk.drafting import Member, Stamp, UnsentEvent, document, filed
from tiendo_query.desk.said_of_one import SaidOfOne
from tiendo_query.pages.desk.view import SaidRow, said_row
from tiendo_query.pages.explained import ASKS_WORDS
from tiendo_query.pages.sent_forms import NO_FAULTS, Faults

PAPERS: Final = (1, 2, 3)
FINISHED: Final = "finished"
"""The kind of the form that says a case was finished in time, by a document."""

_NO_EFFECT: Final = ("", Words(vi="không đề nghị cụ thể", en="nothing in particular"))
_MEMBERS: Final = {"document_number": "number", "signed_at": "signed", "title": "title"}
_FINISHED_FIELDS: Final = {
    "data.documents.0.document_number": "finished_number",
    "data.documents.0.signed_at": "finished_signed",
    "data.text": "finished_on",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainView:
    """The form about one case: what is said of the officer there, what was filled in, and what was wrong with it."""

    row: SaidRow
    values: Mapping[str, str] = field(default_factory=dict)
    faults: Faults = NO_FAULTS
    draft_owner: str = ""
    """Whose draft the browser keeps: it shows one person nothing of another's."""

    @property
    def reasons(self) -> Sequence[tuple[str, Words]]:
        """The codes of rule E6, in words."""
        return [(code.value, words) for code, words in REASON_WORDS.items()]

    @property
    def asks(self) -> Sequence[tuple[str, Words]]:
        """What can be asked for."""
        return [_NO_EFFECT, *((kind.value, words) for kind, words in ASKS_WORDS.items())]

    @property
    def papers(self) -> Sequence[int]:
        """The numbers of the documents that the form has room for."""
        return PAPERS

    def value(self, name: str) -> str:
        """What was filled in."""
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStep:
    """The second step: what will be said, as the door has read it, and the fields that are sent again."""

    row: SaidRow
    reason: Words
    asks: Words | None
    text: str
    documents: Sequence[tuple[str, Moment, str | None]]
    fields: Mapping[str, str]
    draft_owner: str


def second_step(said: SaidOfOne, unsent: UnsentEvent, fields: Mapping[str, str], owner: str) -> SecondStep:
    """The second step of what was filled in."""
    fact = unsent.event.fact
    assert isinstance(fact, ExplanationFiled)  # noqa: S101 - what this form makes
    return SecondStep(
        row=said_row(said),
        reason=REASON_WORDS[fact.reason],
        asks=None if fact.asked_kind is None else ASKS_WORDS[fact.asked_kind],
        text=fact.text,
        documents=[(paper.document_number, paper.signed_at, paper.title) for paper in fact.documents or ()],
        fields=fields,
        draft_owner=owner,
    )


def unsent_explanation(stamp: Stamp, officer: Member, fields: Mapping[str, str]) -> UnsentEvent:
    """The explanation that the form would send. Raises Refusal, with all that is wrong with it."""
    if fields.get("kind") == FINISHED:
        return filed(
            stamp,
            officer,
            reason=fields.get("finished_reason", "") or Difficulty.OTHER.value,
            text=_finished_text(fields),
            asks=EffectKind.LATE_ENTRY.value,
            documents=[
                document(fields.get("finished_number", ""), fields.get("finished_signed", "")) or {"title": None}
            ],
        )
    return filed(
        stamp,
        officer,
        reason=fields.get("reason", ""),
        text=fields.get("text", ""),
        asks=fields.get("asks", ""),
        documents=[paper for _, paper in _papers(fields)],
    )


def stands_for(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Which field of the form a member of the event stands for."""
    if fields.get("kind") == FINISHED:
        return _FINISHED_FIELDS
    papers = {
        f"data.documents.{index}.{member}": f"{name}_{number}"
        for index, (number, _) in enumerate(_papers(fields))
        for member, name in _MEMBERS.items()
    }
    return {"data.reason": "reason", "data.text": "text", "data.asks": "asks", **papers}


def _papers(fields: Mapping[str, str]) -> list[tuple[int, Mapping[str, str]]]:
    """The documents of which anything was filled in, each with its number in the form."""
    found = [
        (number, document(*(fields.get(f"{name}_{number}", "") for name in ("number", "signed", "title"))))
        for number in PAPERS
    ]
    return [(number, paper) for number, paper in found if paper]


def _finished_text(fields: Mapping[str, str]) -> str:
    """What is said where a case was finished in time; empty, for the door to ask for it, where the day is missing."""
    try:
        on = date.fromisoformat(fields.get("finished_on", ""))
    except ValueError:
        return ""
    said = f"Hồ sơ đã xong ngày {on:%d/%m/%Y} theo văn bản số {fields.get('finished_number', '')}."
    more = fields.get("finished_text", "")
    return f"{said}\n{more}" if more else said
