"""What a dossier message says, told as facts (rule N1)."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from tiendo_domain.facts import Completed, DeadlineRestated, Declined, Fact, Mark, Received, ResultDelivered, Submitted
from tiendo_sources.national.arrival import Arrival, local_day
from tiendo_sources.national.dates import meaning, written
from tiendo_sources.national.directory import Matched
from tiendo_sources.national.dossier import DossierMessage
from tiendo_sources.national.keys import fact_id
from tiendo_sources.national.known_dossier import KnownDossier, NewFact, kind_of
from tiendo_sources.national.other_codes import tell_other_code
from tiendo_sources.national.pauses import BY_BEGINNING, BY_END, PauseKind
from tiendo_sources.national.stated_dues import BY_ENTRY
from tiendo_sources.national.supplements import SupplementEntry
from tiendo_sources.national.texts import present


def tell_dossier(known: KnownDossier, dossier: DossierMessage, arrival: Arrival) -> None:
    """Add what the message says and was not told before; raises `Refusal`."""
    _Telling(known, dossier, arrival).run()


class _Telling:
    def __init__(self, known: KnownDossier, dossier: DossierMessage, arrival: Arrival) -> None:
        self._known = known
        self._dossier = dossier
        self._arrival = arrival
        self._said_at = dossier.sent_at or arrival.sent_at or arrival.received_at

    def run(self) -> None:
        dossier = self._dossier
        was_received = any(self._known.facts("received"))
        answered_before = {
            entry.key for entry in dossier.entries if any(self._known.facts("entry", entry.key, "answered"))
        }
        self._tell_reception()
        self._tell_other_code()
        for entry in dossier.entries:
            self._tell_entry(entry)
        self._tell("declined", Declined, dossier.declined_at)
        self._tell("completed", Completed, dossier.completed_at)
        self._tell("result-delivered", ResultDelivered, dossier.delivered_at)
        if was_received:
            self._tell_other_due(answered_before)

    def _tell(
        self,
        name: str,
        kind: type[Fact],
        at: datetime | None,
        said: dict[str, Any] | None = None,
        marks: Iterable[Mark] = (),
    ) -> None:
        """A fact of which there is one at its instant."""
        if at is not None:
            self._tell_under((name, meaning(at)), kind, at, said or {}, marks)

    def _tell_under(
        self, parts: tuple[str, ...], kind: type[Fact], at: datetime, said: dict[str, Any], marks: Iterable[Mark] = ()
    ) -> None:
        """Under the id of those parts, unless the same was told of any of the dossier's codes."""
        if any(self._known.facts(*parts)):
            return
        identity = fact_id(self._known.code, *parts)
        recorded_at, history = self._arrival.recorded(at, self._said_at)
        marks = (*history, *marks)
        self._known.tell(NewFact(id=identity, kind=kind, at=at, said=said, recorded_at=recorded_at, marks=marks))

    def _tell_reception(self) -> None:
        dossier = self._dossier
        at = dossier.submitted_at
        if at is not None:
            said, marks = self._application(at)
            self._tell("submitted", Submitted, at, said, marks)
        at = dossier.received_at
        if at is None or any(self._known.facts("received", meaning(at))):
            return
        said, marks = self._application(at)
        stated = self._arrival.instant(dossier.due)
        before = (self._arrival.instant(entry.due_before) for entry in dossier.entries)
        first = next((due for due in before if due is not None), stated)
        if first is not None:
            said["due_at"] = written(first)
        if "unit" in said:
            said["holder"] = {"unit": said["unit"]}
        beside = [meaning(stated)] if stated is not None and stated != first else []
        self._tell_under(("received", meaning(at), *beside), Received, at, said, marks)

    def _tell_other_code(self) -> None:
        at = self._dossier.received_at or self._dossier.submitted_at or self._said_at
        recorded_at, history = self._arrival.recorded(at, self._said_at)
        tell_other_code(self._known, self._dossier.other_code, at, recorded_at=recorded_at, marks=history)

    def _application(self, at: datetime) -> tuple[dict[str, Any], Iterable[Mark]]:
        dossier = self._dossier
        unit, marks = self._unit(dossier.unit, at)
        said = present(procedure=dossier.procedure, field=dossier.field, channel=dossier.channel, unit=unit)
        return said, marks

    def _unit(self, text: str, at: datetime) -> Matched:
        return self._arrival.directory.unit(text, self._arrival.unit, local_day(at))

    def _tell_entry(self, entry: SupplementEntry) -> None:
        """Its request and its answer, of the kind that the entry was first seen to be."""
        pause = self._first_seen(entry)
        if (at := entry.requested_at) is not None:
            said, marks = self._acted(entry.requested_by, at)
            parts = ("entry", entry.key, "requested", meaning(at))
            self._tell_under(parts, pause.begins, at, present(reason=entry.reason, **said), marks)
        if (at := entry.answered_at) is not None:
            said, marks = self._acted(entry.answered_by, at)
            due = self._arrival.instant(entry.due_after)
            parts = ("entry", entry.key, "answered", meaning(at))
            self._tell_under(parts, pause.ends, at, present(due_at=due and written(due), **said), marks)

    def _acted(self, name: str, at: datetime) -> tuple[dict[str, Any], Iterable[Mark]]:
        actor, marks = self._arrival.directory.officer(name, "", ({}, ()), local_day(at))
        return present(actor=actor), marks

    def _first_seen(self, entry: SupplementEntry) -> PauseKind:
        for _, event in self._known.facts("entry", entry.key):
            kind = kind_of(event)
            return BY_BEGINNING.get(kind) or BY_END[kind]
        return entry.pause

    def _tell_other_due(self, answered_before: AbstractSet[str]) -> None:
        """A due that differs from what was told before, as of now; told again, or by a message that was sent before, it says nothing.

        What NgayHenTra states goes before what the latest entry that was answered before says now: at most one of them is told.
        """
        dues = self._known.dues
        if dues.said_at is not None and self._said_at < dues.said_at:
            return
        due = self._arrival.instant(self._dossier.due)
        if due is not None and meaning(due) not in dues.known:
            self._restate(dues.last, due)
            return
        answered = (
            entry.due_after for entry in self._dossier.entries if entry.answered_at and entry.key in answered_before
        )
        of_entry = next((at for at in map(self._arrival.instant, reversed([*answered])) if at is not None), None)
        if (
            of_entry is not None
            and meaning(of_entry) not in dues.ever
            and (due is None or meaning(due) != dues.restated)
        ):
            self._restate(dues.last, of_entry, BY_ENTRY)

    def _restate(self, last: str, due: datetime, *by: str) -> None:
        identity = fact_id(self._known.code, "restated", last or "none", meaning(due), *by)
        self._known.tell(
            NewFact(
                id=identity,
                kind=DeadlineRestated,
                at=self._said_at,
                said={"due_at": written(due)},
                recorded_at=written(self._said_at),
            )
        )
