"""Records of one dossier, and what is known of it, turned into the facts that are new (rules N1 to N4)."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_sources.national import dossier, progress
from tiendo_sources.national.arrival import Arrival
from tiendo_sources.national.dossier_facts import tell_dossier
from tiendo_sources.national.known_dossier import Event, Judge, KnownDossier
from tiendo_sources.national.row_facts import tell_row
from tiendo_sources.national.row_states import settle_rows

SERVICES = (dossier.SERVICE, progress.SERVICE)
"""The services of the format, each of which sends records of a kind of its own."""

Read = dossier.DossierMessage | progress.ProgressRow
_AN_OBJECT = Words(en="an object", vi="một đối tượng JSON")


class Translated(Struct, frozen=True, kw_only=True):
    """What became of the records of one dossier: of each whether it was new, or why it is refused; and the facts to add to the log."""

    taken: Sequence[bool | Refusal]
    events: Sequence[AcceptedEvent]


def read_record(service: str, record: Any) -> Read | Refusal:  # noqa: ANN401 - any JSON value
    """What a record of the service says, or why it is refused."""
    if not isinstance(record, dict):
        return Refusal(ProblemKind.VALUE_INVALID, field="data", values={"expected": _AN_OBJECT})
    try:
        return dossier.read_dossier(record) if service == dossier.SERVICE else progress.read_row(record)
    except Refusal as refusal:
        # Without where it was raised: of a message with many refusals that would be most of what is kept in memory.
        return refusal.with_traceback(None)


def translate(records: Iterable[Read], facts: Iterable[Event], arrival: Arrival, judge: Judge) -> Translated:
    """The facts that records of one dossier add to the `facts` told before.

    Those are all that the log has of it from this source, under whichever of its codes.
    """
    known = KnownDossier(arrival.source, facts, judge)
    taken = [_taken(known, record, arrival) for record in records]
    try:
        settle_rows(known, arrival.directory.rule(arrival.source).state_8, arrival.received_at)
    except Refusal as refusal:
        # What all rows say together cannot be told, such as of another code that the sender may not send: then nothing is.
        return Translated(taken=[one if isinstance(one, Refusal) else refusal for one in taken], events=())
    return Translated(taken=taken, events=known.fresh)


def _taken(known: KnownDossier, record: Read, arrival: Arrival) -> bool | Refusal:
    before, known.code = known.mark(), record.code
    try:
        if isinstance(record, progress.ProgressRow):
            tell_row(known, record, arrival)
        else:
            tell_dossier(known, record, arrival)
    except Refusal as refusal:
        known.go_back(before)
        return refusal
    return known.mark() > before
