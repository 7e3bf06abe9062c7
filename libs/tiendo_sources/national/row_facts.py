"""What a progress row says: that somebody worked until an instant (rules N2, N3)."""

from typing import Any

from tiendo_domain.facts import Mark, Worked
from tiendo_domain.rules.placeholders import placeholder_key
from tiendo_sources.national.arrival import Arrival, local_day
from tiendo_sources.national.dates import written
from tiendo_sources.national.known_dossier import KnownDossier, NewFact
from tiendo_sources.national.other_codes import tell_other_code
from tiendo_sources.national.progress import ProgressRow
from tiendo_sources.national.texts import identifier, line, present


def tell_row(known: KnownDossier, row: ProgressRow, arrival: Arrival) -> None:
    """Note the row, unless it was told before: what it says follows from all rows and messages together. Raises `Refusal`."""
    recorded_at, history = arrival.recorded(row.at, arrival.received_at)
    tell_other_code(known, row.other_code, row.at, recorded_at=recorded_at, marks=history)
    if row.id in known.rows:
        return
    directory, on = arrival.directory, local_day(row.at)
    unit = directory.unit(row.unit, arrival.unit, on)
    person, matched = directory.officer(row.officer, row.position, unit, on)
    since = row.began_at and written(row.began_at)
    said = present(holder=person, since=since, step=_step(row, arrival))
    unmapped = (Mark.STATUS_UNMAPPED,) if row.is_state_unknown else ()
    repair = (Mark.SENDER_REPAIR,) if _is_repair(row, arrival) else ()
    marks = (*history, *matched, *repair, *unmapped)
    known.note_row(NewFact(id=row.id, kind=Worked, at=row.at, said=said, recorded_at=recorded_at, marks=marks))


def _is_repair(row: ProgressRow, arrival: Arrival) -> bool:
    """A sender's repair of its own: a placeholder with a text that is known for it (rule N3)."""
    texts = arrival.directory.rule(arrival.source).repair_texts
    return arrival.directory.is_placeholder(row.officer) and placeholder_key(row.work) in map(placeholder_key, texts)


def _step(row: ProgressRow, arrival: Arrival) -> dict[str, Any]:
    """What was done is the step; with its beginning and its planned end stated, the working minutes between them are its allotment."""
    step = identifier(row.work)
    if step is None:
        return {}
    name = line(row.work)
    return present(id=step, name=name if name != step else None) | _allotment(row, arrival)


def _allotment(row: ProgressRow, arrival: Arrival) -> dict[str, int]:
    end = arrival.instant(row.planned_end)
    if row.began_at is None or end is None or end < row.began_at:
        return {}
    calendar = arrival.directory.calendar(arrival.unit, local_day(row.began_at))
    return {"allotted_minutes": calendar.working_minutes(row.began_at, end)}
