"""The three due instants of a case (rules D1 to D3)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.domain.reference.counting import MinuteCalendar, cut, rounded_up
from tests.domain.reference.parties import text
from tests.domain.reference.reading import Event, instant

IRREGULAR_WITHIN = timedelta(hours=24)
Report = Callable[[str, Event], None]


@dataclass
class Pause:
    """An open pause, overlapping ones taken as one: when it began, and from when on it still moves the due."""

    began: datetime
    counts_from: datetime
    mode: str


@dataclass
class Dues:
    """What is due, as told event by event; instants are uncut."""

    calendar: MinuteCalendar
    mode: str
    report: Report = field(init=False)
    stated: datetime | None = None
    judged: datetime | None = None
    recomputed: datetime | None = None
    first_minutes: int | None = None
    began: datetime | None = None
    set_by: Event | None = None
    pause: Pause | None = None
    extended: bool = False
    restarted_at: list[datetime] = field(default_factory=list)

    def begin(self, event: Event, due: datetime | None, norm: int | None) -> None:
        """The reception: the due that it states, else the norm from there."""
        self.began = event.at
        if due is not None:
            self._first(event, due)
        elif event.kind == "received" and norm is not None:
            self.judged = self.recomputed = self.calendar.instant(self.calendar.due(cut(event.at), norm))
            self.first_minutes = norm
            self.set_by = event

    def _first(self, event: Event, due: datetime) -> None:
        assert self.began is not None
        self.stated = self.judged = self.recomputed = due
        self.first_minutes = self.calendar.count(cut(self.began), rounded_up(due))
        self.set_by = event

    def pause_begins(self, at: datetime, mode: str | None = None) -> None:
        """The clock stands from `at` on."""
        self.pause = Pause(at, at, mode or self.mode)

    def pause_ends(self, at: datetime, event: Event | None, due: datetime | None, *, last: bool = True) -> None:
        """The clock goes on at `at`, or (not `last`) one of several overlapping pauses ends with a due."""
        pause = self.pause
        assert pause is not None
        if last:
            self.pause = None
        stated = due if event is not None and due != self.stated else None
        if self.judged is None:
            if stated is not None and event is not None:
                self._first(event, stated)
        elif pause.began > self.judged:
            if stated is not None and event is not None:
                self.report("deadline-moved-after-due", event)
        elif last or stated is not None:
            self._move_all(pause, at, event)
            if stated is not None and event is not None:
                self._end_with_due(event, stated)

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

    def _end_with_due(self, event: Event, stated: datetime) -> None:
        assert self.judged is not None
        if event.recorded > self.judged:
            self.report("recorded-after-due", event)
        self.stated = stated
        self.judged, self.set_by = max(self.judged, stated), event

    def _moved(self, due: datetime, pause: Pause, end: datetime) -> datetime:
        """The due as the pause moves it until `end`, never to an earlier instant (rule D2)."""
        calendar = self.calendar
        if pause.mode == "suspend":
            minutes = calendar.count(cut(pause.counts_from), cut(end))
            return calendar.instant(calendar.due(rounded_up(due), minutes)) if minutes else due
        if pause.mode == "restart":
            assert self.first_minutes is not None
            return max(due, calendar.instant(calendar.due(cut(end), self.first_minutes)))
        return self._shifted(due, pause.counts_from, end)

    def _shifted(self, due: datetime, start: datetime, end: datetime) -> datetime:
        zone = self.calendar.zone
        days = end.astimezone(zone).date() - start.astimezone(zone).date()
        if not days:
            return due
        shifted = self.calendar.instant(rounded_up(due)) + days
        while not self.calendar.is_working_day(shifted.date()):
            shifted += timedelta(days=1)
        return max(due, shifted)

    def moved_by(self, event: Event) -> None:
        """An extension, a restatement, or what counts as one (rule D3)."""
        due = instant(event.data["due_at"])
        if due == self.stated:
            return
        if self.judged is None:
            self._first(event, due)
            self._set_inside_pause(event)
            self.extended = event.kind == "deadline-extended"
            return
        at = self.pause.began if self.pause else event.at
        extension = event.kind == "deadline-extended"
        if at > self.judged:
            self.report("deadline-moved-after-due", event)
        elif extension and self.extended:
            self.report("second-extension", event)
        elif self._is_effective(event, due):
            if extension:
                self._check_extension(event, at)
            if event.recorded > self.judged:
                self.report("recorded-after-due", event)
            self.stated = self.judged = self.recomputed = due
            self.set_by = event
            self._set_inside_pause(event)

    def _set_inside_pause(self, event: Event) -> None:
        if self.pause:
            self.pause.counts_from = event.at

    def _is_effective(self, event: Event, due: datetime) -> bool:
        assert self.judged is not None
        if text(event.data.get("reason")) is not None:
            return True
        self.report("deadline-moved-without-reason", event)
        return due > self.judged

    def _check_extension(self, event: Event, at: datetime) -> None:
        assert self.judged is not None
        self.extended = True
        if at > self.judged - IRREGULAR_WITHIN or not has_apology(event.data):
            self.report("extension-irregular", event)


def has_apology(data: dict[str, Any]) -> bool:
    """Whether an apology is given that says anything."""
    apology = data.get("apology") or {}
    return text(apology.get("document_number")) is not None or apology.get("signed_at") is not None
