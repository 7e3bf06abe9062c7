"""What a key is entitled to send: kinds of events by its scopes, sources and cases by what it is bound to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from tiendo_contracts.case_events import AcceptedEvent, joined_alias
from tiendo_contracts.problem_kinds import ProblemKind, Refusal, Words
from tiendo_domain.facts import EventKey
from tiendo_event_store import EventLog
from tiendo_ingest.checked_event import Sent
from tiendo_runtime.authentication import Scope

_KIND = Words(en="events of this kind without the scope ingest", vi="loại sự kiện này khi không có quyền ingest")
_SOURCE = Words(en="events of this source", vi="sự kiện của nguồn này")
_CASE = Words(en="events about this case", vi="sự kiện của hồ sơ này")
_ANNULMENT = Words(en="a correction of that event", vi="đính chính cho sự kiện đó")


class Sender(Protocol):
    """The key that sends."""

    @property
    def key_id(self) -> str:
        """The id of the key, which is no secret."""

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the key allows."""

    @property
    def cases(self) -> tuple[str, ...] | None:
        """Prefixes of the cases that it may send; None for all."""

    def may_send_source(self, source: str) -> bool:
        """Whether the key may send events of the source."""

    def may_send_case(self, case_id: str) -> bool:
        """Whether the key may send events about the case."""


def entitled(event: AcceptedEvent, sender: Sender) -> AcceptedEvent:
    """The event, which the sender may send as far as it shows by itself; raises `Refusal`."""
    if Scope.INGEST not in sender.scopes:
        raise _refusal("type", _KIND)
    if not sender.may_send_source(event.source):
        raise _refusal("source", _SOURCE)
    if not sender.may_send_case(event.case_id):
        raise _refusal("subject", _CASE)
    alias = joined_alias(event.type, event.text)
    if alias is not None and not sender.may_send_case(alias):
        raise _refusal("data.alias", _CASE)
    if event.annuls is not None and not sender.may_send_source(event.annuls.source):
        raise _refusal("data.annuls.source", _ANNULMENT)
    return event


async def with_annulments_judged(sent: Sequence[Sent], sender: Sender, log: EventLog) -> list[Sent]:
    """The same, but corrections refused that annul a stored event about a case that the sender may not send.

    What is annulled and not stored is judged by the correction itself, which says no other case.
    """
    annulled = [] if sender.cases is None else [key for each in sent if (key := _annulled(each)) is not None]
    if not annulled:
        return list(sent)
    cases = await log.cases_of(annulled)
    return [_judged(each, sender, cases) for each in sent]


def _judged(sent: Sent, sender: Sender, cases: dict[EventKey, str]) -> Sent:
    key = _annulled(sent)
    if key is None or key not in cases or sender.may_send_case(cases[key]):
        return sent
    return replace(sent, content=_refusal("data.annuls", _ANNULMENT))


def _annulled(sent: Sent) -> EventKey | None:
    return sent.content.annuls if isinstance(sent.content, AcceptedEvent) else None


def _refusal(field: str, what: Words) -> Refusal:
    return Refusal(ProblemKind.NOT_ENTITLED, field=field, values={"what": what})
