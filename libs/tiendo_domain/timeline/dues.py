"""The three due instants as a case goes on: stated, recomputed, judged (rules D1, D2, D3)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tiendo_domain.calendar import WorkingCalendar, ceil_minute, floor_minute
from tiendo_domain.facts import SignedDocument
from tiendo_domain.instants import Instant, instant_in_zone
from tiendo_domain.rules import PauseMode
from tiendo_domain.timeline.placed import Finding, Placed
from tiendo_domain.timeline_types import AnomalyKind

NOTICE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """`stated` as last effectively told, `recomputed` by the rules, `judged` against which lateness is measured; `setter` set or moved that last."""

    stated: Instant | None = None
    recomputed: Instant | None = None
    judged: Instant | None = None
    setter: Placed | None = None


@dataclass(slots=True, kw_only=True)
class DueTrack:
    """The dues of one case, moved event by event; `findings` collects what does not fit.

    `began_at` is the reception, or where that is missing the beginning of the holds: the minutes of a restart count from it.
    """

    calendar: WorkingCalendar
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
        due = due_at
        if due is None and norm_minutes is not None:
            due = instant_in_zone(self.calendar.due(floor_minute(placed.at.at), norm_minutes))
        if due is not None:
            self._first = due
            self.dues = Dues(stated=due_at, recomputed=due, judged=due, setter=placed)

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

    def restate(
        self,
        placed: Placed,
        due_at: Instant,
        reason: str | None,
        *,
        extension: bool = False,
        apology: SignedDocument | None = None,
    ) -> None:
        """An extension or restatement (rule D3): effective or only kept, with what is irregular about it."""
        dues = self.dues
        if _same(due_at, dues.stated):
            return
        if dues.judged is None:
            self._set_anew(placed, due_at)
            self._extended |= extension
            return
        said_at = self._pause_began_at or placed.at
        if said_at.at > dues.judged.at:
            self._find(AnomalyKind.DEADLINE_MOVED_AFTER_DUE, placed)
            return
        if extension and self._extended:
            self._find(AnomalyKind.SECOND_EXTENSION, placed)
            return
        if reason is None:
            self._find(AnomalyKind.DEADLINE_MOVED_WITHOUT_REASON, placed)
            if due_at.at <= dues.judged.at:
                return
        if extension and (dues.judged.at - said_at.at < NOTICE or _is_blank(apology)):
            self._find(AnomalyKind.EXTENSION_IRREGULAR, placed)
        if placed.recorded_at.at > dues.judged.at:
            self._find(AnomalyKind.RECORDED_AFTER_DUE, placed)
        self._set_anew(placed, due_at)
        self._extended |= extension

    def _set_anew(self, placed: Placed, due_at: Instant) -> None:
        self._first = self._first or due_at
        self.dues = Dues(stated=due_at, recomputed=due_at, judged=due_at, setter=placed)
        if self._pause_began_at is not None:
            self._part_from = placed.at

    def _move(self, at: Instant, *, placed: Placed | None, due_at: Instant | None, mode: PauseMode) -> None:
        dues, began_at = self.dues, self._pause_began_at
        told = None if _same(due_at, dues.stated) else due_at
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
        judged = moved if told is None or told.at <= moved.at else told
        if told is not None and placed is not None and placed.recorded_at.at > moved.at:
            self._find(AnomalyKind.RECORDED_AFTER_DUE, placed)
        self.dues = Dues(
            stated=told or dues.stated,
            recomputed=self._moved(dues.recomputed, since, at, mode),
            judged=judged,
            setter=placed if placed is not None and (judged is not dues.judged or told is not None) else dues.setter,
        )
        self._restarted |= mode is PauseMode.RESTART and moved is not dues.judged

    def _moved(self, due: Instant, since: Instant, until: Instant, mode: PauseMode) -> Instant:
        """`due` moved by the pause [since, until) (rule D2), never to an earlier instant; itself where it does not move."""
        match mode:
            case PauseMode.SUSPEND:
                minutes = self.calendar.working_minutes(since.at, until.at)
                if minutes <= 0:
                    return due
                target = self.calendar.due(ceil_minute(due.at), minutes)
            case PauseMode.RESTART:
                target = self.calendar.due(floor_minute(until.at), self._restart_minutes())
            case PauseMode.SHIFT:
                target = self._shifted(due, since, until)
        return instant_in_zone(target) if target > due.at else due

    def _restart_minutes(self) -> int:
        if self._first is None or self.began_at is None:
            return 0
        return max(0, self.calendar.working_minutes(self.began_at.at, ceil_minute(self._first.at)))

    def _shifted(self, due: Instant, since: Instant, until: Instant) -> datetime:
        zone = self.calendar.zone
        days = (until.at.astimezone(zone).date() - since.at.astimezone(zone).date()).days
        if days <= 0:
            return due.at
        local = ceil_minute(due.at).astimezone(zone)
        day = self.calendar.next_working_day(local.date() + timedelta(days=days))
        return datetime.combine(day, local.timetz().replace(tzinfo=None), tzinfo=zone)

    def _find(self, kind: AnomalyKind, placed: Placed) -> None:
        self.findings.append(Finding(kind=kind, events=(placed,)))


def _same(due_at: Instant | None, stated: Instant | None) -> bool:
    """Whether a due states just what stands already."""
    return due_at is not None and stated is not None and due_at.at == stated.at


def _is_blank(apology: SignedDocument | None) -> bool:
    return apology is None or (apology.document_number is None and apology.signed_at is None)
