"""The three due instants of a case (rules D1 to D3)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.domain.reference.counting import MinuteCalendar, cut, rounded_up
from tests.domain.reference.dayoff import DaysOff
from tests.domain.reference.parties import text
from tests.domain.reference.reading import Event, instant

IRREGULAR_WITHIN = timedelta(hours=24)
Report = Callable[..., None]


class NoDues:
    """No due at all: for a walk that only follows who holds."""

    restarts = 0

    def begin(self, event: Event, began: datetime, due: datetime | None, norm: int | None) -> None:
        """Nothing."""

    def pause_begins(self, at: datetime, mode: str | None = None) -> None:
        """Nothing."""

    def pause_ends(
        self, at: datetime, event: Event | None, report: Report, *, last: bool = True, with_due: bool = True
    ) -> None:
        """Nothing."""

    def moved_by(self, event: Event, report: Report) -> None:
        """Nothing."""


@dataclass
class Pause:
    """An open pause, overlapping ones taken as one: when it began, and from when on it still moves the due."""

    began: datetime
    counts_from: datetime
    mode: str


@dataclass
class Dues:
    """What is due, as told event by event. Every due but `stated` is carried off a day off at once (rule D5); instants are uncut."""

    calendar: MinuteCalendar
    days_off: DaysOff
    mode: str
    stated: datetime | None = None
    stated_carried: datetime | None = None
    judged: datetime | None = None
    recomputed: datetime | None = None
    first_minutes: int | None = None
    began: datetime | None = None
    set_by: Event | None = None
    pause: Pause | None = None
    extended: bool = False
    restarted_at: list[datetime] = field(default_factory=list)

    @property
    def restarts(self) -> int:
        """How many pauses of mode restart have moved the judged due so far."""
        return len(self.restarted_at)

    def begin(self, event: Event, began: datetime, due: datetime | None, norm: int | None) -> None:
        """The reception: the due that it states, else the norm from there."""
        self.began = began
        if due is not None:
            self._first(event, due)
        elif event.kind == "received" and norm is not None:
            by_norm = self.calendar.instant(self.calendar.due(cut(began), norm))
            self.judged = self.recomputed = self.days_off.carried(by_norm)
            # Reading: what a restart gives anew is carried for a due from a norm as for one that was stated.
            self.first_minutes = self.calendar.count(cut(began), rounded_up(self.judged))
            self.set_by = event

    def _first(self, event: Event, due: datetime) -> None:
        assert self.began is not None
        self.stated = due
        self.judged = self.recomputed = self.stated_carried = self.days_off.carried(due, event.time)
        self.first_minutes = self.calendar.count(cut(self.began), rounded_up(self.judged))
        self.set_by = event

    def pause_begins(self, at: datetime, mode: str | None = None) -> None:
        """The clock stands from `at` on."""
        self.pause = Pause(at, at, mode or self.mode)

    def pause_ends(
        self, at: datetime, event: Event | None, report: Report, *, last: bool = True, with_due: bool = True
    ) -> None:
        """The clock goes on at `at`, or (not `last`) one of several overlapping pauses ends with a due."""
        pause = self.pause
        assert pause is not None
        if last:
            self.pause = None
        stating = self._stating(event) if with_due else None
        if self.judged is None:
            if stating is not None:
                self._first(stating, instant(stating.data["due_at"]))
        elif pause.began > self.judged:
            if stating is not None:
                report("deadline-moved-after-due", stating)
        elif last or stating is not None:
            self._move_all(pause, at, event)
            if stating is not None:
                self._end_with_due(stating, report)

    def _stating(self, event: Event | None) -> Event | None:
        """The event if it states a due that is another than `due_at`; an equal one is only shown."""
        if event is None or not event.data.get("due_at") or self._is_the_same(event):
            return None
        return event

    def _is_the_same(self, event: Event) -> bool:
        """Whether the due that the event states is `due_at` when both are carried; `due_at` shows it then (rule D3)."""
        due = instant(event.data["due_at"])
        if self.stated_carried is None or self.days_off.carried(due, event.time) != self.stated_carried:
            return False
        self.stated = due
        return True

    def _move_all(self, pause: Pause, at: datetime, event: Event | None) -> None:
        assert self.judged is not None
        assert self.recomputed is not None
        moved = self._moved(self.judged, pause, at)
        if moved > self.judged:
            self.set_by = event or self.set_by
            if pause.mode == "restart":
                self.restarted_at.append(at)
        self.judged, self.recomputed = moved, self._moved(self.recomputed, pause, at)
        pause.counts_from = at

    def _end_with_due(self, event: Event, report: Report) -> None:
        assert self.judged is not None
        if event.recorded > self.judged:
            report("recorded-after-due", event)
        self.stated = instant(event.data["due_at"])
        self.stated_carried = self.days_off.carried(self.stated, event.time)
        self.judged, self.set_by = max(self.judged, self.stated_carried), event

    def _moved(self, due: datetime, pause: Pause, end: datetime) -> datetime:
        """The due as the pause moves it until `end`, never to an earlier instant (rule D2)."""
        calendar = self.calendar
        if pause.mode == "suspend":
            minutes = calendar.count(cut(pause.counts_from), cut(end))
            if not minutes:
                return due
            return self.days_off.carried(calendar.instant(calendar.due(rounded_up(due), minutes)))
        if pause.mode == "restart":
            assert self.first_minutes is not None
            anew = calendar.instant(calendar.due(cut(end), self.first_minutes))
            return max(due, self.days_off.carried(anew))
        return self._shifted(due, pause.counts_from, end)

    def _shifted(self, due: datetime, start: datetime, end: datetime) -> datetime:
        """Reading: for procedures in calendar days the days off are those of the calendar of T6 also where dues stay as stated."""
        zone = self.calendar.zone
        days = end.astimezone(zone).date() - start.astimezone(zone).date()
        if not days:
            return due
        shifted = self.calendar.instant(rounded_up(due)) + days
        if self.days_off.carries():
            return max(due, self.days_off.carried(shifted))
        while self.days_off.is_off(shifted.date()):
            shifted += timedelta(days=1)
        return max(due, shifted)

    def moved_by(self, event: Event, report: Report) -> None:
        """An extension, a restatement, or what counts as one (rule D3)."""
        if self._is_the_same(event):
            return
        extension = event.kind == "deadline-extended"
        if self.judged is None:
            self._first(event, instant(event.data["due_at"]))
            self._set_inside_pause(event)
            self.extended = extension
            return
        at = self.pause.began if self.pause else event.at
        if at > self.judged:
            report("deadline-moved-after-due", event)
        elif extension and self.extended:
            report("second-extension", event)
        elif self._is_effective(event, report):
            if extension:
                self._check_extension(event, at, report)
            if event.recorded > self.judged:
                report("recorded-after-due", event)
            self._set(event)

    def _set(self, event: Event) -> None:
        self.stated = instant(event.data["due_at"])
        self.judged = self.recomputed = self.stated_carried = self.days_off.carried(self.stated, event.time)
        self.set_by = event
        self._set_inside_pause(event)

    def _set_inside_pause(self, event: Event) -> None:
        if self.pause:
            self.pause.counts_from = event.at

    def _is_effective(self, event: Event, report: Report) -> bool:
        """With a reason, or later than the judged due; an extension always only if later, in a pause than what the pause would give by now."""
        assert self.judged is not None
        due = self.days_off.carried(instant(event.data["due_at"]), event.time)
        has_reason = text(event.data.get("reason")) is not None
        if not has_reason:
            report("deadline-moved-without-reason", event)
        if event.kind == "deadline-extended":
            by_pause = self._moved(self.judged, self.pause, event.at) if self.pause else self.judged
            return due > by_pause
        return has_reason or due > self.judged

    def _check_extension(self, event: Event, at: datetime, report: Report) -> None:
        assert self.judged is not None
        self.extended = True
        if at > self.judged - IRREGULAR_WITHIN or not has_apology(event.data):
            report("extension-irregular", event)


def has_apology(data: dict[str, Any]) -> bool:
    """Whether an apology is given that says anything."""
    apology = data.get("apology") or {}
    return text(apology.get("document_number")) is not None or apology.get("signed_at") is not None
