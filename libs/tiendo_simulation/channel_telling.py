"""A case as a channel tells it that knows who did something, and what a dossier says at a moment: rows of work, and snapshots of the dossier.

What the channel makes worse is in `channel_defects`; here all is told as it happened.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tiendo_simulation.conduct import Act, Story, TrueStretch
from tiendo_simulation.minute_calendar import MinuteCalendar, instant_text
from tiendo_simulation.organisation import Kind

MINUTE = 60
AT_WORK, DONE = 4, 9
_CHANGES: Mapping[str, Mapping[str, str | None]] = {
    "submitted": {"submitted_at": None, "channel": "channel"},
    "received": {"received_at": None, "channel": "channel", "due_at": "due_at"},
    "declined": {"declined_at": None},
    "completed": {"completed_at": None},
    "result-delivered": {"delivered_at": None},
    "deadline-extended": {"due_at": "due_at"},
}
"""What a kind of act changes in the dossier: a member of what it says, or (None) the instant at which it happened."""
_STATES = {
    "submitted": 1,
    "received": 2,
    "declined": 3,
    "deadline-extended": AT_WORK,
    "supplement-requested": 5,
    "payment-requested": 6,
    "withdrawn": 7,
    "suspended": 8,
    "completed": DONE,
    "result-delivered": 10,
}
_ANSWERS = frozenset({"supplement-received", "payment-received", "resumed"})
_PAUSES = frozenset({"supplement-requested", "payment-requested", "suspended"})
_ENDS_WORK = _PAUSES | {"completed", "withdrawn"}
_ROW_SECOND = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """Somebody worked on the dossier until `at`; instants are RFC 3339 texts, None where they are not told."""

    code: str
    officer: str
    position: str
    unit: str
    at: str
    work: str
    state: int
    began_at: str | None
    planned_end: str | None
    other_code: str | None = None
    """The code that the dossier bore before it was given `code`, where the sender says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseEntry:
    """A pause as the dossier lists it, with the due before it and after it."""

    id: str
    asked_by: str
    reason: str
    asked_at: str
    answered_at: str | None
    due_before: str | None
    due_after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSnapshot:
    """What the dossier says when it is sent, at `sent_at`."""

    code: str
    procedure: tuple[str, str]
    field: tuple[str, str]
    unit: str
    sent_at: str
    state: int
    first_due: str | None = None
    channel: str = "counter"
    submitted_at: str | None = None
    received_at: str | None = None
    due_at: str | None = None
    declined_at: str | None = None
    completed_at: str | None = None
    delivered_at: str | None = None
    entries: tuple[PauseEntry, ...] = ()
    other_code: str | None = None
    """As of a row."""


ChannelTold = WorkRow | DossierSnapshot


def channel_told(story: Story, hours: MinuteCalendar) -> list[ChannelTold]:
    """What the channel tells of the case, in the order of time; `hours` are those in which steps are planned."""
    timed: list[tuple[int, int, ChannelTold]] = [
        *((_seconds(act), 1, told) for act, told in _snapshots(story)),
        *_rows(story, hours),
    ]
    return [told for _, _, told in sorted(timed, key=lambda each: each[:2])]


def _seconds(act: Act) -> int:
    return act.minute * MINUTE + act.second


def _snapshots(story: Story) -> Iterator[tuple[Act, DossierSnapshot]]:
    """The dossier after each act that its message speaks of."""
    field = json.loads(story.procedure.field_text)
    snapshot = DossierSnapshot(
        code=story.case_id,
        procedure=(story.procedure.id, story.procedure.name),
        field=(field["id"], field["name"]),
        unit=story.office.name,
        sent_at="",
        state=1,
        first_due=None if story.conduct is None else instant_text(story.conduct.due),
    )
    for act in story.acts:
        following = _after(snapshot, act)
        if following is not snapshot:
            recorded = _seconds(act) if act.recorded is None else act.recorded
            snapshot = replace(following, sent_at=instant_text(recorded // MINUTE, recorded % MINUTE))
            yield act, snapshot


def _after(snapshot: DossierSnapshot, act: Act) -> DossierSnapshot:
    """What the dossier says after the act; itself where its message does not speak of such an act."""
    at, said = instant_text(act.minute, act.second), json.loads(f"{{{act.more[1:]}}}")
    if act.kind in _PAUSES:
        entries = (*snapshot.entries, _entry(snapshot, act, at, said))
        return replace(snapshot, entries=entries, state=_STATES[act.kind])
    if act.kind in _ANSWERS and snapshot.entries:
        answered = replace(snapshot.entries[-1], answered_at=at, due_after=said.get("due_at"))
        due = said.get("due_at", snapshot.due_at)
        return replace(snapshot, entries=(*snapshot.entries[:-1], answered), due_at=due, state=AT_WORK)
    changes = _CHANGES.get(act.kind)
    if changes is None:
        return snapshot
    told: dict[str, Any] = {name: at if member is None else said.get(member) for name, member in changes.items()}
    if act.kind == "received" and told["due_at"] is None:
        # The format has no norm: a sender always states the due.
        told["due_at"] = snapshot.first_due
    return replace(snapshot, state=_STATES[act.kind], **told)


def _entry(snapshot: DossierSnapshot, act: Act, at: str, said: dict[str, str]) -> PauseEntry:
    return PauseEntry(
        id=str(len(snapshot.entries) + 1),
        asked_by=json.loads(act.actor).get("name", "") if act.actor else "",
        reason=said.get("reason", ""),
        asked_at=at,
        answered_at=None,
        due_before=snapshot.due_at,
        due_after=None,
    )


def _rows(story: Story, hours: MinuteCalendar) -> Iterator[tuple[int, int, WorkRow]]:
    """A row for each stretch that ended with somebody at work: an officer, or a unit that was asked."""
    if story.conduct is None:
        return
    by_minute: dict[int, list[Act]] = {}
    for act in story.acts:
        by_minute.setdefault(act.minute, []).append(act)
    ending = story.conduct.ending
    for stretch in story.conduct.stretches:
        is_open = ending is None and stretch is story.conduct.stretches[-1]
        if stretch.party.kind in {Kind.OFFICER, Kind.CONSULTED_UNIT} and not stretch.paused and not is_open:
            acts = by_minute.get(stretch.end, [])
            state = next((_STATES[act.kind] for act in acts if act.kind in _ENDS_WORK), AT_WORK)
            second = next(
                (act.second for act in acts if act.kind in _ENDS_WORK), acts[0].second if acts else _ROW_SECOND
            )
            yield stretch.end * MINUTE + second, 0, _row(story, stretch, hours, state, second)


def _row(story: Story, stretch: TrueStretch, hours: MinuteCalendar, state: int, second: int) -> WorkRow:
    party, step = stretch.party, stretch.step
    person = json.loads(party.text) if party.kind is Kind.OFFICER else {"unit": json.loads(party.unit_text)}
    planned = None
    if step is not None and step.allotted is not None:
        planned = instant_text(hours.reached(hours.coordinate(stretch.start) + step.allotted))
    return WorkRow(
        code=story.case_id,
        officer=person.get("name", ""),
        position=person.get("position", ""),
        unit=person["unit"]["name"],
        at=instant_text(stretch.end, second),
        work="" if step is None else json.loads(step.text)["name"],
        state=state,
        began_at=instant_text(stretch.start),
        planned_end=planned,
    )
