"""What is explained and decided, judged by the case that it is about, and marked with who entered it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from tiendo_contracts.events.case_events import AcceptedEvent, entered
from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.events.event_types import EXPLANATION_TYPES
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_domain.accountability import Author, Objection, objection, objection_to_annulling
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.explanations import EXPLANATION_FACTS, ExplanationDecided, ExplanationFact, ExplanationFiled
from tiendo_domain.facts import Corrected, EventKey
from tiendo_event_store.access_log import AccessEntry, AccessKind
from tiendo_ingest.judging.checked_event import Sent
from tiendo_ingest.judging.entitlement import ANNULMENT, Sender
from tiendo_ingest.judging.told_cases import ToldCase, ToldCases
from tiendo_runtime.authentication.authors import author_of
from tiendo_runtime.authentication.people import SignedInPerson

_WORDS: Final[Mapping[Objection, Words]] = {
    Objection.NOT_THEIR_OWN: Words(
        en="explanations of others: an officer explains only what is said of themselves",
        vi="giải trình thay người khác: mỗi người chỉ giải trình cho chính mình",
    ),
    Objection.NOT_OF_THEIR_UNITS: Words(
        en="what concerns these parties in this case: they are not of your units, or there is no such case",
        vi="nội dung về các bên này trong hồ sơ này: họ không thuộc đơn vị của ông/bà, hoặc không có hồ sơ này",
    ),
    Objection.BEARS_SOMETHING: Words(
        en="decisions in a case in which you bear a part of the delay: whoever is above you decides",
        vi="quyết định trong hồ sơ mà ông/bà chịu một phần chậm trễ: do cấp trên quyết định",
    ),
    Objection.ANOTHER_DECIDES: Words(
        en="decisions in the name of somebody else: `decided_by` is the person who is signed in",
        vi="quyết định thay người khác: `decided_by` phải là chính người đang đăng nhập",
    ),
}
_FIELDS: Final = {
    ExplanationFiled.kind: {Objection.NOT_THEIR_OWN: "data.officer"},
    ExplanationDecided.kind: {Objection.ANOTHER_DECIDES: "data.decided_by"},
}


async def with_explanations_judged(sent: Sequence[Sent], sender: Sender, cases: ToldCases) -> list[Sent]:
    """The same, but what is explained, decided or annulled of these refused where the sender may not say it; what they may, marked with who they are.

    The cases are read only for a sender who is a person or is bound to units. Raises LogUnavailable.
    """
    if not any(map(concerns_explanations, sent)):
        return list(sent)
    if isinstance(sender, SignedInPerson) or sender.units is not None:
        author = author_of(sender, await cases.lines())
        sent = await _Judge(author, cases, sent).judged()
    return [_entered(each, sender) for each in sent]


def access_entry(event: AcceptedEvent, sender: Sender, address: str) -> AccessEntry:
    """What the access log keeps of something explained or decided that was taken."""
    decided = EXPLANATION_TYPES.get(event.type) is not ExplanationFiled
    return AccessEntry(
        at=datetime.now(UTC),
        who=sender.entered_by,
        name=sender.name,
        kind=AccessKind.DECISION if decided else AccessKind.EXPLANATION,
        subject=event.case_id,
        address=address,
    )


def concerns_explanations(sent: Sent) -> bool:
    """Whether it is explained or decided, or annuls what is."""
    event = sent.content
    return isinstance(event, AcceptedEvent) and (sent.annulled_type or event.type) in EXPLANATION_TYPES


def _entered(sent: Sent, sender: Sender) -> Sent:
    if not isinstance(sent.content, AcceptedEvent) or not concerns_explanations(sent):
        return sent
    decides = EXPLANATION_TYPES.get(sent.content.type) is ExplanationDecided
    decider_id = sender.officer_id if decides and isinstance(sender, SignedInPerson) else None
    return replace(sent, content=entered(sent.content, by=sender.entered_by, decider_id=decider_id))


class _Judge:
    """Judges the events of one request in their order; what is filed earlier in it counts for what follows."""

    def __init__(self, author: Author, cases: ToldCases, sent: Sequence[Sent]) -> None:
        self._author = author
        self._cases = cases
        self._sent = sent
        self._told: dict[str, ToldCase] = {}
        self._along: dict[str, dict[EventKey, CaseEvent]] = {}

    async def judged(self) -> list[Sent]:
        return [await self._one(each) if concerns_explanations(each) else each for each in self._sent]

    async def _one(self, sent: Sent) -> Sent:
        event = sent.content
        assert isinstance(event, AcceptedEvent)  # noqa: S101 - nothing else concerns explanations
        fact = case_event(event.text, position=0, ingested_at=datetime.now(UTC))
        told = await self._case(event.case_id)
        along = self._along.setdefault(event.case_id, {})
        refusal = self._refusal(fact, told, along)
        if refusal is not None:
            return replace(sent, content=refusal)
        along[EventKey(source=event.source, id=event.id)] = fact
        return sent

    async def _case(self, code: str) -> ToldCase:
        if code not in self._told:
            self._told[code] = await self._cases.case(code)
        return self._told[code]

    def _refusal(self, event: CaseEvent, told: ToldCase, along: Mapping[EventKey, CaseEvent]) -> Refusal | None:
        case = told.case
        if case is not None and along:
            filed = {key: one.fact for key, one in along.items() if isinstance(one.fact, ExplanationFiled)}
            case = replace(case, filed_along=filed)
        if isinstance(event.fact, EXPLANATION_FACTS):
            found = objection(self._author, event.fact, case)
            return None if found is None else _refusal(found, _FIELDS.get(event.fact.kind, {}).get(found))
        annulled = _end({**told.events, **along}, event)
        if annulled is not None and objection_to_annulling(self._author, annulled, case) is None:
            return None
        return Refusal(ProblemKind.NOT_ENTITLED, field="data.annuls", values={"what": ANNULMENT})


def _refusal(found: Objection, field: str | None) -> Refusal:
    return Refusal(ProblemKind.NOT_ENTITLED, field=field, values={"what": _WORDS[found]})


def _end(events: Mapping[EventKey, CaseEvent], correction: CaseEvent) -> ExplanationFact | None:
    """What a correction, also one of a correction, is about in the end; None for what the case does not have, or of its course."""
    seen: set[EventKey] = set()
    event: CaseEvent | None = correction
    while event is not None and isinstance(event.fact, Corrected) and event.fact.annuls not in seen:
        seen.add(event.fact.annuls)
        event = events.get(event.fact.annuls)
    return event.fact if event is not None and isinstance(event.fact, EXPLANATION_FACTS) else None
