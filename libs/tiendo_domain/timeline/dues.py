"""The three due instants as a case goes on: stated, recomputed, judged (rules D1, D2, D3, D5)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from tiendo_domain.calendar import DueOnDayOff, ceil_minute, floor_minute
from tiendo_domain.facts import DeadlineExtended, DeadlineRestated, SignedDocument
from tiendo_domain.instants import Instant, instant_in_zone
from tiendo_domain.rules import PauseMode
from tiendo_domain.timeline.carrying import CarriedDue, Carrying
from tiendo_domain.timeline.due_steps import Begun, DueStep, PauseBegun, PauseDueStated, PauseEnded, Restated
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
    """The dues of one case, moved step by step; `findings` collects what does not fit, `pauses` the times [from, to) in which the clock stood.

    `at` gives the instant of an event that counts on the basis asked for. `began_at` is the reception, or where that is missing the beginning
    of the holds: the minutes of a restart count from it.
    """

    carrying: Carrying
    mode: PauseMode
    began_at: Instant | None
    as_of: datetime
    at: Callable[[Placed], Instant]
    dues: Dues = Dues()
    findings: list[Finding] = field(default_factory=list)
    pauses: list[tuple[Instant, Instant]] = field(default_factory=list)
    _first: Instant | None = None
    _extended: bool = False
    _pause_began_at: Instant | None = None
    # Where a pause moves a due that was set inside it, only the part from here on does.
    _part_from: Instant | None = None
    _restarted: bool = False

    def take(self, step: DueStep) -> bool:
        """Whether the step ends a pause of mode restart that has moved the judged due."""
        match step:
            case PauseBegun():
                self._pause_began_at = self._pause_began_at or self.at(step.by)
            case PauseEnded():
                return self._end_pause(step)
            case Begun():
                self._begin(step)
            case PauseDueStated():
                at = self.at(step.by)
                self._move(at, placed=step.by, due_at=step.due_at, mode=self.mode)
                self._part_from = at
            case Restated():
                self._restate(step.by, step.fact)
            case _:
                assert_never(step)
        return False

    def _begin(self, step: Begun) -> None:
        """The due that the reception states, else reception + norm."""
        if step.due_at is not None:
            told = self.carrying.stated(step.due_at, step.by)
            self._first = told.carried
            self.dues = Dues(
                stated=step.due_at,
                stated_carried=told.carried,
                recomputed=told.carried,
                judged=told.carried,
                setter=step.by,
            )
        elif step.norm_minutes is not None:
            received_at = floor_minute(self.at(step.by).at)
            due = self.carrying.computed(instant_in_zone(self.carrying.calendar.due(received_at, step.norm_minutes)))
            self._first = due
            self.dues = Dues(recomputed=due, judged=due, setter=step.by)

    def _end_pause(self, step: PauseEnded) -> bool:
        until = instant_in_zone(self.as_of) if step.by is None else self.at(step.by)
        self._move(until, placed=step.by, due_at=step.due_at, mode=step.mode or self.mode)
        if self._pause_began_at is not None:
            self.pauses.append((self._pause_began_at, until))
        restarted = self._restarted
        self._pause_began_at, self._part_from, self._restarted = None, None, False
        return restarted

    def _restate(self, placed: Placed, fact: DeadlineRestated | DeadlineExtended) -> None:
        """Effective or only kept, with what is irregular about it."""
        told = self._news(fact.due_at, placed)
        if told is None:
            return
        judged = self.dues.judged
        if judged is None or self._is_effective(placed, fact, told, judged):
            self._set_anew(placed, told)
            self._extended |= isinstance(fact, DeadlineExtended)

    def _is_effective(
        self, placed: Placed, fact: DeadlineRestated | DeadlineExtended, told: CarriedDue, judged: Instant
    ) -> bool:
        said_at = self._pause_began_at or self.at(placed)
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
        return self._moved(judged, self._part_from or self._pause_began_at, self.at(placed), self.mode)

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
            self._part_from = self.at(placed)

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
