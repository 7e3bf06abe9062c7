"""The three due instants as a case goes on: stated, recomputed, judged (rules D1, D2, D3, D5)."""

from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from tiendo_domain.calendar import DueOnDayOff, ceil_minute, floor_minute
from tiendo_domain.facts import DeadlineExtended, DeadlineRestated, SignedDocument
from tiendo_domain.instants import Instant, instant_in_zone
from tiendo_domain.rules import PauseMode
from tiendo_domain.timeline.carrying import CarriedDue, Carrying
from tiendo_domain.timeline.placed import Finding, Placed
from tiendo_domain.timeline_types import AnomalyKind

NOTICE = timedelta(hours=24)


class Dues(Struct, frozen=True, kw_only=True):
    """`stated` as last effectively told, `recomputed` by the rules, `judged` against which lateness is measured; `setter` set or moved that last.

    `stated` is shown as sent; `stated_carried` is what it means where it falls on a day off (rule D5), as the other two do.
    """

    stated: Instant | None = None
    stated_carried: Instant | None = None
    recomputed: Instant | None = None
    judged: Instant | None = None
    setter: Placed | None = None


class DueTrack(Struct, kw_only=True):
    """The dues of one case, moved event by event; `findings` collects what does not fit.

    `began_at` is the reception, or where that is missing the beginning of the holds: the minutes of a restart count from it.
    """

    carrying: Carrying
    mode: PauseMode
    began_at: Instant | None
    dues: Dues = Dues()
    findings: list[Finding] = field(default_factory=list)
    _first: Instant | None = None
    _extended: bool = False
    _pause_began_at: Instant | None = None
    # Where a pause moves a due that was set inside it, only the part from here on does.
    _part_from: Instant | None = None
    _restarted: bool = False

    def begin(self, placed: Placed, due_at: Instant | None, norm_minutes: int | None) -> None:
        """The reception: the due that it states, else reception + norm."""
        if due_at is not None:
            told = self.carrying.stated(due_at, placed)
            self._first = told.carried
            self.dues = Dues(
                stated=due_at,
                stated_carried=told.carried,
                recomputed=told.carried,
                judged=told.carried,
                setter=placed,
            )
        elif norm_minutes is not None:
            calendar = self.carrying.calendar
            due = self.carrying.computed(instant_in_zone(calendar.due(floor_minute(placed.at.at), norm_minutes)))
            self._first = due
            self.dues = Dues(recomputed=due, judged=due, setter=placed)

    def pause_begins(self, at: Instant) -> None:
        """The clock stands from `at` on; further pauses inside it change nothing."""
        if self._pause_began_at is None:
            self._pause_began_at = at

    def pause_ends(
        self, at: Instant, *, placed: Placed | None, due_at: Instant | None, mode: PauseMode | None = None
    ) -> bool:
        """Whether the pause that ends at `at` is of mode restart and has moved the judged due; `due_at` is the new due stated with its end.

        `placed` is None where no event ended the pause and it is only counted up to `at`.
        """
        self._move(at, placed=placed, due_at=due_at, mode=mode or self.mode)
        restarted = self._restarted
        self._pause_began_at, self._part_from, self._restarted = None, None, False
        return restarted

    def part_of_pause_ends(self, at: Instant, *, placed: Placed, due_at: Instant) -> None:
        """One of several overlapping pauses ends with a new due: the rest of the pause moves it by its own part only."""
        self._move(at, placed=placed, due_at=due_at, mode=self.mode)
        self._part_from = at

    def restate(self, placed: Placed, fact: DeadlineRestated | DeadlineExtended) -> None:
        """An extension or restatement (rule D3): effective or only kept, with what is irregular about it."""
        told = self._news(fact.due_at, placed)
        if told is None:
            return
        extension = isinstance(fact, DeadlineExtended)
        judged = self.dues.judged
        if judged is None or self._is_effective(placed, fact, told, judged):
            self._set_anew(placed, told)
            self._extended |= extension

    def _is_effective(
        self, placed: Placed, fact: DeadlineRestated | DeadlineExtended, told: CarriedDue, judged: Instant
    ) -> bool:
        said_at = self._pause_began_at or placed.at
        if said_at.at > judged.at:
            self._find(AnomalyKind.DEADLINE_MOVED_AFTER_DUE, placed)
            return False
        if isinstance(fact, DeadlineExtended) and self._extended:
            self._find(AnomalyKind.SECOND_EXTENSION, placed)
            return False
        if fact.reason is None:
            self._find(AnomalyKind.DEADLINE_MOVED_WITHOUT_REASON, placed)
            if told.carried.at <= judged.at:
                return False
        if isinstance(fact, DeadlineExtended):
            if told.carried.at <= self._as_if_resumed(placed, judged).at:
                return False
            if judged.at - said_at.at < NOTICE or _is_blank(fact.apology):
                self._find(AnomalyKind.EXTENSION_IRREGULAR, placed)
        if placed.recorded_at.at > judged.at:
            self._find(AnomalyKind.RECORDED_AFTER_DUE, placed)
        return True

    def _as_if_resumed(self, placed: Placed, judged: Instant) -> Instant:
        """The judged due, during a pause what it would be if the pause ended now (rule D3)."""
        if self._pause_began_at is None:
            return judged
        return self._moved(judged, self._part_from or self._pause_began_at, placed.at, self.mode)

    def _news(self, due_at: Instant, placed: Placed) -> CarriedDue | None:
        """The due that is stated, carried; None where it says what stands already: then only what is shown is the newer (rule D3)."""
        told = self.carrying.stated(due_at, placed)
        carried = self.dues.stated_carried
        if carried is not None and carried.at == told.carried.at:
            self.dues = replace(self.dues, stated=due_at)
            return None
        return told

    def _set_anew(self, placed: Placed, told: CarriedDue) -> None:
        due = told.carried
        self._first = self._first or due
        self.dues = Dues(stated=told.stated, stated_carried=due, recomputed=due, judged=due, setter=placed)
        if self._pause_began_at is not None:
            self._part_from = placed.at

    def _move(self, at: Instant, *, placed: Placed | None, due_at: Instant | None, mode: PauseMode) -> None:
        told = None if due_at is None or placed is None else self._news(due_at, placed)
        dues, began_at = self.dues, self._pause_began_at
        if dues.judged is None or dues.recomputed is None or began_at is None:
            if told is not None and placed is not None:
                self._set_anew(placed, told)
            return
        if began_at.at > dues.judged.at:
            if told is not None and placed is not None:
                self._find(AnomalyKind.DEADLINE_MOVED_AFTER_DUE, placed)
            return
        since = self._part_from or began_at
        moved = self._moved(dues.judged, since, at, mode)
        judged = moved if told is None or told.carried.at <= moved.at else told.carried
        if told is not None and placed is not None and placed.recorded_at.at > moved.at:
            self._find(AnomalyKind.RECORDED_AFTER_DUE, placed)
        self.dues = Dues(
            stated=dues.stated if told is None else told.stated,
            stated_carried=dues.stated_carried if told is None else told.carried,
            recomputed=self._moved(dues.recomputed, since, at, mode),
            judged=judged,
            setter=placed if placed is not None and (judged is not dues.judged or told is not None) else dues.setter,
        )
        self._restarted |= mode is PauseMode.RESTART and moved is not dues.judged

    def _moved(self, due: Instant, since: Instant, until: Instant, mode: PauseMode) -> Instant:
        """`due` moved by the pause [since, until) (rule D2), never to an earlier instant; itself where it does not move."""
        calendar = self.carrying.calendar
        match mode:
            case PauseMode.SUSPEND:
                minutes = calendar.working_minutes(since.at, until.at)
                if minutes <= 0:
                    return due
                target = calendar.due(ceil_minute(due.at), minutes)
            case PauseMode.RESTART:
                target = calendar.due(floor_minute(until.at), self._restart_minutes())
            case PauseMode.SHIFT:
                days = self._days_between(since, until)
                if days <= 0:
                    return due
                target = self._shifted(due, days)
        moved = self.carrying.computed(instant_in_zone(target))
        return moved if moved.at > due.at else due

    def _restart_minutes(self) -> int:
        if self._first is None or self.began_at is None:
            return 0
        return max(0, self.carrying.calendar.working_minutes(self.began_at.at, ceil_minute(self._first.at)))

    def _days_between(self, since: Instant, until: Instant) -> int:
        """The difference of the two local dates."""
        zone = self.carrying.calendar.zone
        return (until.at.astimezone(zone).date() - since.at.astimezone(zone).date()).days

    def _shifted(self, due: Instant, days: int) -> datetime:
        """`due` on a later local date at the same time; where a day off is left as stated, on to the next working day."""
        calendar = self.carrying.calendar
        local = ceil_minute(due.at).astimezone(calendar.zone)
        day = local.date() + timedelta(days=days)
        if calendar.due_on_day_off is DueOnDayOff.AS_STATED:
            day = calendar.next_working_day(day)
        return datetime.combine(day, local.timetz().replace(tzinfo=None), tzinfo=calendar.zone)

    def _find(self, kind: AnomalyKind, placed: Placed) -> None:
        self.findings.append(Finding(kind=kind, events=(placed,)))


def _is_blank(apology: SignedDocument | None) -> bool:
    return apology is None or (apology.document_number is None and apology.signed_at is None)
