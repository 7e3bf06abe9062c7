"""What all rows of a dossier say together, beside what its dossier messages say (rules N2, N3).

It follows from the set of rows and messages that are known, never from their order: what comes later may show that something was told
otherwise than it is, and then that fact is annulled and the right one told (decision 0027).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from tiendo_domain.calendar.minutes import minute_of
from tiendo_domain.facts import (
    Completed,
    Declined,
    Fact,
    Mark,
    Received,
    ResultDelivered,
    Resumed,
    Submitted,
    Withdrawn,
    Worked,
)
from tiendo_domain.rules import EighthState
from tiendo_sources.national.dates import meaning, meant
from tiendo_sources.national.keys import RowKey, row_key
from tiendo_sources.national.known_dossier import Event, KnownDossier, NewFact, data_of, kind_of, time_of
from tiendo_sources.national.pauses import PauseKind

_PAUSES = {5: PauseKind.SUPPLEMENT, 6: PauseKind.PAYMENT, 8: PauseKind.SUSPENSION}
_ENDS: dict[int, type[Fact]] = {3: Declined, 7: Withdrawn, 9: Completed, 10: ResultDelivered}
_BEGINNINGS: dict[int, type[Fact]] = {1: Submitted, 2: Received}
_AT_WORK = frozenset({2, 4})
_DOSSIER_FACTS = frozenset({"submitted", "received", "declined", "completed", "result-delivered", "entry"})


class _Row(Struct, frozen=True, kw_only=True):
    """A row: its key, its instant as it stated it, and the fact of the work."""

    key: RowKey
    at: datetime
    event: Event


class _Wanted(Struct, frozen=True, kw_only=True):
    """A fact that a row says, and when that happened."""

    kind: type[Fact]
    at: datetime
    row: _Row


class _Messages(Struct, frozen=True, kw_only=True):
    """What dossier messages say: when each kind of fact happened, by kind and minute; and which pauses have an answer."""

    happened: Mapping[tuple[str, int], datetime]
    answered: frozenset[tuple[str, int]]
    has_open_entry: bool

    def at(self, kind: type[Fact], row: _Row) -> datetime | None:
        """When messages say that the kind happened in the minute of the row; None where they do not."""
        return self.happened.get((kind.kind, minute_of(row.at)))


def settle_rows(known: KnownDossier, eighth_state: EighthState, now: datetime) -> None:
    """Tell what the rows say, and annul what they turn out not to say; raises `Refusal` for what cannot be stored."""
    wanted = dict(_wanted(_rows(known), _messages(known), eighth_state))
    for identity, fact in wanted.items():
        event = fact.row.event
        said, marks = _said(fact)
        told_now = NewFact(
            id=identity,
            kind=fact.kind,
            at=fact.at,
            said=said,
            recorded_at=str(event["recordedat"]),
            marks=marks,
            code=str(event["subject"]),
        )
        if not known.tell(told_now):
            known.let_count(identity, now, counts=True)
    told = [str(event["id"]) for _, event in known.facts("row") if _key(event) is not None]
    for identity in told:
        known.let_count(identity, now, counts=identity in wanted)


def _said(fact: _Wanted) -> tuple[Mapping[str, object], list[Mark]]:
    data = data_of(fact.row.event)
    marks = [Mark(mark) for mark in data.get("marks") or ()]
    if fact.kind is Worked:
        return {name: value for name, value in data.items() if name != "marks"}, marks
    holder = data.get("holder")
    return {} if holder is None else {"actor": holder}, marks


def _rows(known: KnownDossier) -> list[_Row]:
    """The rows in the order of their instants; of one instant those that begin a pause last: the next row is a later one."""
    found = [
        _Row(key=key, at=meant(key.at), event=event)
        for event in known.rows.values()
        if (key := _key(event)) is not None
    ]
    return sorted(found, key=lambda row: (row.at, row.key.state in _PAUSES, row.key.row))


def _key(event: Event) -> RowKey | None:
    return row_key(str(event["subject"]), str(event["id"]))


def _messages(known: KnownDossier) -> _Messages:
    happened: dict[tuple[str, int], datetime] = {}
    requested: dict[str, list[tuple[str, int]]] = {}
    answered: set[str] = set()
    for parts, event in known.facts():
        if parts and parts[0] in _DOSSIER_FACTS:
            at = time_of(event)
            fact = (kind_of(event), minute_of(at))
            happened[fact] = min(at, happened.get(fact, at))
            if parts[0] == "entry" and parts[2] == "requested":
                requested.setdefault(parts[1], []).append(fact)
            elif parts[0] == "entry":
                answered.add(parts[1])
    is_completed = any(kind == Completed.kind for kind, _ in happened)
    return _Messages(
        happened=happened,
        answered=frozenset(request for key in answered for request in requested.get(key, ())),
        has_open_entry=bool(requested.keys() - answered) and not is_completed,
    )


def _wanted(rows: list[_Row], messages: _Messages, eighth_state: EighthState) -> Iterator[tuple[str, _Wanted]]:
    """The facts of the rows under their ids.

    What a message says happened in the same minute is one happening, and the message's counts: the row says who worked until that (rule N2).
    """
    happenings = list(_happenings(rows, messages, eighth_state))
    told = {row.key.row: messages.at(kind, row) for kind, row in happenings}
    for row in rows:
        at = told.get(row.key.row) or row.at
        identity = row.key.row if at == row.at else f"{row.key.row}:until:{meaning(at)}"
        yield identity, _Wanted(kind=Worked, at=at, row=row)
    for kind, row in happenings:
        if messages.at(kind, row) is None:
            yield f"{row.key.row}:{kind.kind}", _Wanted(kind=kind, at=row.at, row=row)


def _happenings(rows: list[_Row], messages: _Messages, eighth_state: EighthState) -> Iterator[tuple[type[Fact], _Row]]:
    """What the states of the rows say, told by messages too or not."""
    first = _first(messages)
    open_pauses: dict[PauseKind, _Row] = {}
    for row in rows:
        state = row.key.state
        if state is None or (messages.has_open_entry and _is_repair(row.event)):
            continue
        if state in _AT_WORK and open_pauses:
            yield from ((pause.ends, row) for pause in _ended(open_pauses, row, messages))
            open_pauses = {}
        elif (kind := _BEGINNINGS.get(state)) is not None:
            # A case is submitted and received once: what says so again later says only who worked.
            if minute_of(row.at) <= first.get(kind.kind, minute_of(row.at)):
                first[kind.kind] = minute_of(row.at)
                yield kind, row
        elif state in _ENDS or (state in _PAUSES and _is_end(state, eighth_state)):
            yield _ENDS.get(state, Withdrawn), row
            open_pauses = {}
        elif (pause := _PAUSES.get(state)) is not None and pause not in open_pauses:
            open_pauses[pause] = row
            yield pause.begins, row


def _is_end(state: int, eighth_state: EighthState) -> bool:
    return _PAUSES[state] is PauseKind.SUSPENSION and eighth_state is EighthState.WITHDRAWN


def _first(messages: _Messages) -> dict[str, int]:
    """The first minute at which messages tell each kind."""
    found: dict[str, int] = {}
    for kind, minute in messages.happened:
        found[kind] = min(minute, found.get(kind, minute))
    return found


def _ended(open_pauses: Mapping[PauseKind, _Row], at_work: _Row, messages: _Messages) -> list[PauseKind]:
    """The pauses that a row at work ends; one that an entry tells with its answer ends by that. `resumed` ends every pause (rule H4)."""
    ended = [
        pause
        for pause, row in open_pauses.items()
        if (pause.begins.kind, minute_of(row.at)) not in messages.answered
        or (pause.ends.kind, minute_of(at_work.at)) in messages.happened
    ]
    return [PauseKind.SUSPENSION] if any(pause.ends is Resumed for pause in ended) else ended


def _is_repair(event: Event) -> bool:
    return Mark.SENDER_REPAIR in (data_of(event).get("marks") or ())
