"""What an officer's own record shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tiendo_domain.rules import AbsenceRule, OfficerRule
from tiendo_query.desk.own_work import OwnRecord, RecordedMonth


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """An absence as the system knows it: its days, of which the last belongs to it, and of what kind it was."""

    start: date
    end: date
    kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPosition:
    """A unit and position in which the directory has the officer, from and until when."""

    unit: str | None
    position: str | None
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """The page."""

    officer_id: str
    record: OwnRecord
    absences: Sequence[Away]
    places: Sequence[HeldPosition]

    @property
    def months(self) -> Sequence[RecordedMonth]:
        """The months, the latest first."""
        return self.record.months


def record_view(
    officer_id: str, record: OwnRecord, absences: Iterable[AbsenceRule], places: Iterable[OfficerRule]
) -> RecordView:
    """The view; of absences and places those that touch the months shown."""
    first, last = record.months[-1].month.start, record.months[0].month.end
    away = [Away(start=_day(one.from_), end=_day(one.to), kind=one.kind) for one in absences]
    held = [
        HeldPosition(unit=one.unit, position=one.position, start=one.valid_from, end=one.valid_to) for one in places
    ]
    return RecordView(
        officer_id=officer_id,
        record=record,
        absences=[one for one in away if one.start <= last and one.end >= first],
        places=[
            one for one in held if (one.start is None or one.start <= last) and (one.end is None or one.end >= first)
        ],
    )


def _day(bound: date | datetime) -> date:
    return bound.date() if isinstance(bound, datetime) else bound
