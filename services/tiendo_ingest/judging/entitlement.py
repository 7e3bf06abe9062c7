"""What a key is entitled to send: kinds of events by its scopes, sources and cases by what it is bound to.

People who are signed in send what is explained and decided; about whom they may say it is judged by the case (`explaining`).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tiendo_contracts.events.case_events import AcceptedEvent, joined_alias
from tiendo_contracts.events.event_types import EXPLANATION_TYPES
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_domain.explanations import ExplanationDecided
from tiendo_event_store import EventLog
from tiendo_event_store.reading.annulments import Annulments, annulments
from tiendo_ingest.judging.checked_event import Sent
from tiendo_runtime.authentication import Key, Scope
from tiendo_runtime.authentication.people import SignedInPerson

_SOURCE = Words(en="events of this source", vi="sự kiện của nguồn này")
_CASE = Words(en="events about this case", vi="sự kiện của hồ sơ này")
ANNULMENT: Final = Words(en="a correction of that event", vi="đính chính cho sự kiện đó")


Sender = Key | SignedInPerson
"""Who sends: a key, or somebody who is signed in."""


def entitled(event: AcceptedEvent, sender: Sender) -> AcceptedEvent:
    """The event, which the sender may send as far as it shows by itself; raises `Refusal`.

    Of a correction it shows only with the event that it annuls which scope it needs.
    """
    if event.annuls is None:
        _check_scope(event.type, sender, "type")
    if event.type in EXPLANATION_TYPES or not isinstance(sender, Key) or Scope.INGEST not in sender.scopes:
        return event
    if not sender.may_send_source(event.source):
        raise _refusal("source", _SOURCE)
    if not sender.may_send_case(event.case_id):
        raise _refusal("subject", _CASE)
    alias = joined_alias(event.type, event.text)
    if alias is not None and not sender.may_send_case(alias):
        raise _refusal("data.alias", _CASE)
    if event.annuls is not None and not sender.may_send_source(event.annuls.source):
        raise _refusal("data.annuls.source", ANNULMENT)
    return event


def _check_scope(event_type: str, sender: Sender, field: str) -> None:
    scope = scope_for(event_type)
    if scope not in sender.scopes:
        raise _refusal(field, _without(scope))


def scope_for(event_type: str) -> Scope:
    """The scope that events of the type need."""
    match EXPLANATION_TYPES.get(event_type):
        case None:
            return Scope.INGEST
        case fact if fact is ExplanationDecided:
            return Scope.DECIDE
        case _:
            return Scope.EXPLAIN


async def with_annulments_judged(sent: Sequence[Sent], sender: Sender, log: EventLog) -> list[Sent]:
    """The same, but corrections refused that annul what the sender may not send: a fact of another kind, or one about a case that is not its own.

    Who annuls a correction gives back what that annulled, and needs its scope.
    What is annulled and neither stored nor sent along is judged by the correction itself, which says no other case and no other kind.
    """
    found = await annulments(log, (each.content for each in sent if isinstance(each.content, AcceptedEvent)))
    return [_judged(each, sender, found) for each in sent] if found.told else list(sent)


def _judged(sent: Sent, sender: Sender, found: Annulments) -> Sent:
    event = sent.content
    if not isinstance(event, AcceptedEvent) or event.annuls is None:
        return sent
    about, annulled_type = found.told.get(event.annuls), found.type_annulled(event)
    scope = Scope.INGEST if annulled_type is None else scope_for(annulled_type)
    if scope not in sender.scopes:
        return replace(sent, content=_refusal("data.annuls", ANNULMENT))
    if about is None:
        return sent
    if scope is Scope.INGEST and isinstance(sender, Key) and not sender.may_send_case(about.case_id):
        return replace(sent, content=_refusal("data.annuls", ANNULMENT))
    return replace(sent, annulled_type=annulled_type)


def _without(scope: Scope) -> Words:
    return Words(en=f"events of this kind without the scope {scope}", vi=f"loại sự kiện này khi không có quyền {scope}")


def _refusal(field: str, what: Words) -> Refusal:
    return Refusal(ProblemKind.NOT_ENTITLED, field=field, values={"what": what})
