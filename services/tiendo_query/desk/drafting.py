"""What somebody says in a form, as the event that would be sent: the door judges it as it judges any other, before and when it is sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tiendo_contracts.events.case_events import accept_text
from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.events.event_types import event_type
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.explanations import ExplanationDecided, ExplanationFact, ExplanationFiled, ExplanationWithdrawn
from tiendo_domain.facts import EventKey

SOURCE: Final = "/tiendo/pages"
"""The source of what is said on pages; the id is made anew for each form, so that a form that is sent twice says it once."""

Member = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentEvent:
    """An event that nobody has sent yet: its text, and the fact as the domain reads it."""

    text: str
    event: CaseEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """About which case something is said, under which id, and when."""

    case_id: str
    event_id: str
    at: datetime


def drafted(fact: type[ExplanationFact], stamp: Stamp, data: Member) -> UnsentEvent:
    """The event of the fact, checked by the door. Raises Refusal, with all that is wrong with it.

    Of `data` members that are None or empty say nothing and are left out.
    """
    text = json.dumps(
        {
            "specversion": "1.0",
            "id": stamp.event_id,
            "source": SOURCE,
            "type": event_type(fact),
            "subject": stamp.case_id,
            "time": stamp.at.isoformat(),
            "data": said(data),
        },
        ensure_ascii=False,
    )
    accepted = accept_text(text)
    # Nobody has given it a place in the log yet; position and receipt decide nothing inside a case (rule T1).
    return UnsentEvent(text=text, event=case_event(accepted.text, position=0, ingested_at=stamp.at))


def said(data: Member) -> dict[str, Any]:
    """The members that say something."""
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


def document(number: str, signed_at: str, title: str = "") -> dict[str, str]:
    """A document of a form; what is missing is left to the door to ask for, unless all of it is."""
    if not (number or signed_at or title):
        return {}
    return {"document_number": number, "signed_at": signed_at, **({"title": title} if title else {})}


def filed(
    stamp: Stamp, officer: Member, *, reason: str, text: str, asks: str | Member | None, documents: Sequence[Member]
) -> UnsentEvent:
    """The explanation of an officer."""
    data = {"officer": said(officer), "reason": reason, "text": text, "asks": asks, "documents": list(documents)}
    return drafted(ExplanationFiled, stamp, data)


def withdrawn(stamp: Stamp, key: EventKey) -> UnsentEvent:
    """The withdrawal of an explanation."""
    return drafted(ExplanationWithdrawn, stamp, {"explanation": {"source": key.source, "id": key.id}})


def decided(
    stamp: Stamp, key: EventKey, *, effects: Sequence[Member], decided_by: Member, document: Member, text: str
) -> UnsentEvent:
    """The decision on an explanation: accepted where it has effects, else refused."""
    data = {
        "explanation": {"source": key.source, "id": key.id},
        "outcome": "accepted" if effects else "refused",
        "effects": list(effects),
        "decided_by": said(decided_by),
        "document": dict(document),
        "text": text,
    }
    return drafted(ExplanationDecided, stamp, data)
