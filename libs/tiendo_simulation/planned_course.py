"""The course of a case in working minutes: when it is received, how its due moves, when it ends.

Everything is planned on the axis of *own minutes*: working minutes from reception during which the clock runs. On it the due lies at the norm,
an extension moves it on, a pause moves nothing, and a restart puts it one norm after the pause. So the fate of a case is certain before the first act.
"""

from dataclasses import dataclass, replace
from random import Random

from tiendo_simulation.catalogue import WORKING_DAY, PauseMode, Procedure
from tiendo_simulation.minute_calendar import DAY, MinuteCalendar
from tiendo_simulation.organisation import Group, Office
from tiendo_simulation.quotas import OPEN, Fate

FINISHED_IN_TIME = frozenset({Fate.ON_TIME, Fate.LATE_ENTRY, Fate.UNPROVEN, Fate.WITHDRAWN})
FORGOTTEN = frozenset({Fate.LATE_ENTRY, Fate.UNPROVEN})

_LATENESS_MAX = 60 * WORKING_DAY
_FORGOTTEN_MAX = 15 * WORKING_DAY
_LATE_WITHOUT_MINUTES = 0.02
_EXTENDABLE_FROM = 3 * WORKING_DAY
# After Tết, and in the summer when officers are away.
_BUSY_SEASON = {2: 1.6, 3: 1.3, 6: 1.3, 7: 1.5, 8: 1.2}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPause:
    """A pause of `length` working minutes that begins at own minute `at`; `tells_due`: its end states the moved due."""

    at: int
    length: int
    opens: str
    closes: str
    tells_due: bool
    off_hours: bool
    after_due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCourse:
    """`start` is the coordinate of reception, `own` the own minutes to the end, `due` the first due.

    `finish` and `recorded` are minutes (None: open). `extension` is (own minute at which it is told, working minutes it adds).
    `open_pause`: an open case's clock has been standing for so many working minutes.
    """

    start: int
    own: int
    due: int
    finish: int | None
    recorded: int | None
    pauses: tuple[PlannedPause, ...] = ()
    extension: tuple[int, int] | None = None
    shifted_due: int | None = None
    lateness: int = 0
    open_pause: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where a course is fixed in time: the minute of its finish, of the late click, or the reporting instant; and the month's pressure."""

    minute: int
    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What course is wanted."""

    office: Office
    procedure: Procedure
    fate: Fate
    anchor: Anchor


class CoursePlanner:
    """Plans courses on one calendar, with all acts in office hours."""

    def __init__(self, office_hours: MinuteCalendar, every_minute: MinuteCalendar, window: tuple[int, int]) -> None:
        self._office = office_hours
        self._every = every_minute
        self._window = window

    def calendar(self, procedure: Procedure) -> MinuteCalendar:
        """The calendar by which the procedure's norm counts."""
        return self._every if procedure.calendar_days else self._office

    def course(self, wish: Wish, rng: Random) -> PlannedCourse:
        """A course with the fate wished for; the finish, or its late recording, or the reporting instant lies at the anchor."""
        if wish.procedure.calendar_days:
            return self._on_calendar_days(wish, rng)
        pauses = _pauses(wish.procedure, wish.fate, rng)
        if pauses and wish.procedure.mode is PauseMode.SHIFT:
            shifted = self._shifted(wish, pauses[0], rng)
            if shifted is not None:
                return shifted
            pauses = ()
        return self._straight(wish, pauses, rng)

    def _straight(self, wish: Wish, pauses: tuple[PlannedPause, ...], rng: Random) -> PlannedCourse:
        fate, norm = wish.fate, wish.procedure.norm
        extension: tuple[int, int] | None = None
        due = norm
        if pauses and wish.procedure.mode is PauseMode.RESTART:
            due = pauses[0].at + norm
        elif norm >= _EXTENDABLE_FROM and rng.random() < (0.12 if fate is Fate.ACTUAL else 0.04):
            extension = (int(norm * (0.2 + 0.4 * rng.random())), WORKING_DAY * rng.randint(2, 5))
            due += extension[1]
        lateness = _lateness(wish, rng)
        own = _own_minutes(due, lateness, _spare(norm, fate, rng), pauses)
        if extension is not None and own <= extension[0]:
            extension = (max(1, own // 2), extension[1])
        pauses = _with_late_pause(pauses, due, own, rng)
        end = self._office.coordinate(wish.anchor.minute)
        if fate in FORGOTTEN:
            end -= _forgotten(rng) + due - own
        standing = _open_pause(wish.procedure, fate, rng)
        start = end - own - sum(pause.length for pause in pauses) - standing
        return PlannedCourse(
            start=start,
            own=own,
            due=self._office.reached(start + norm),
            finish=None if fate in OPEN else self._office.instant(end),
            recorded=wish.anchor.minute if fate in FORGOTTEN else None,
            pauses=_telling(pauses, wish, own, rng),
            extension=extension,
            lateness=lateness,
            open_pause=standing,
        )

    def _shifted(self, wish: Wish, pause: PlannedPause, rng: Random) -> PlannedCourse | None:
        """A course with one pause that moves the due by calendar days; None where it would leave the period."""
        norm, calendar, late = wish.procedure.norm, self._office, wish.fate is Fate.ACTUAL
        start = calendar.coordinate(wish.anchor.minute) - norm - pause.length
        first = calendar.reached(start + norm)
        due = self._shifted_due(start, norm, first, pause)
        reached = calendar.coordinate(due)
        lateness = _lateness(wish, rng)
        earliest = start + pause.at + pause.length + 1
        finish = reached + lateness + 1 if late else max(earliest, reached - _spare(norm, wish.fate, rng))
        minute = calendar.instant(finish)
        if (finish >= reached and not late) or not self._window[0] <= minute < self._window[1]:
            return None
        tells = not late or rng.random() < 0.5  # half of the citizens are told
        return PlannedCourse(
            start=start,
            own=finish - start - pause.length,
            due=first,
            finish=minute,
            recorded=None,
            pauses=(replace(pause, tells_due=tells, off_hours=False),),
            shifted_due=due,
            lateness=lateness,
        )

    def _shifted_due(self, start: int, norm: int, first: int, pause: PlannedPause) -> int:
        """The later of the dues that the pause moves `first` to by calendar days and by working minutes, so that the fate hangs on neither."""
        calendar = self._office
        begin, end = calendar.instant(start + pause.at), calendar.instant(start + pause.at + pause.length)
        by_days = calendar.carried(first + (end // DAY - begin // DAY) * DAY)
        return max(by_days, calendar.reached(start + norm + pause.length))

    def _on_calendar_days(self, wish: Wish, rng: Random) -> PlannedCourse:
        """A course on all 24 hours whose acts lie in office hours; no pauses, no extension."""
        norm, office, fate, anchor = wish.procedure.norm, self._office, wish.fate, wish.anchor
        forgotten = 1 + int(rng.random() * 5 * DAY) if fate in FORGOTTEN else 0
        spare = int(norm * (0.1 + 0.6 * rng.random()))
        in_time = fate not in {Fate.ACTUAL, Fate.OPEN_OVERDUE}
        if fate in FORGOTTEN:
            start = office.instant(office.coordinate(anchor.minute - forgotten - norm) - 1)
        elif in_time:
            start = office.instant(office.coordinate(anchor.minute - norm + spare))
        else:
            late = 1 + int(rng.random() * 12 * DAY)
            start = office.instant(office.coordinate(anchor.minute - norm - late) - 1)
        if fate in FORGOTTEN or not in_time:
            # A due on a day off is carried on, perhaps past the anchor: then the case began earlier.
            while office.carried(start + norm) >= anchor.minute:
                start = office.instant(office.coordinate(start) - WORKING_DAY)
        due = start + norm
        finish: int | None = anchor.minute
        if fate in FORGOTTEN:
            finish = max(start + 1, office.instant(office.coordinate(due - spare // 2) - 1))
        elif fate in OPEN:
            finish = None
        return PlannedCourse(
            start=start,
            own=(anchor.minute if finish is None else finish) - start,
            due=due,
            finish=finish,
            recorded=anchor.minute if fate in FORGOTTEN else None,
            lateness=0 if in_time else anchor.minute - office.carried(due),
        )


def _own_minutes(due: int, lateness: int, spare: int, pauses: tuple[PlannedPause, ...]) -> int:
    """The own minutes to the end: past the last pause that begins before the due, and before the due where there are minutes to spare."""
    if not spare:
        return due + lateness
    own = max(due - spare, 1)
    if pauses and own <= pauses[-1].at:
        return min(pauses[-1].at + spare + 1, due - 1)
    return own


def _lateness(wish: Wish, rng: Random) -> int:
    """The own minutes past the due of a late case; 0 of others, and of some that end late the same evening."""
    fate = wish.fate
    if fate not in {Fate.ACTUAL, Fate.OPEN_OVERDUE}:
        return 0
    if fate is Fate.ACTUAL and rng.random() < _LATE_WITHOUT_MINUTES:
        return 0
    pressure = _BUSY_SEASON.get(wish.anchor.month, 1.0) * (1.8 if wish.office.group is Group.LAND else 1.0)
    return 1 + min(_LATENESS_MAX, int(rng.lognormvariate(6.3, 1.1) * pressure))


def _spare(norm: int, fate: Fate, rng: Random) -> int:
    """How many own minutes before the due a case ends; 0 where it does not end before."""
    if fate in FORGOTTEN:
        return 1 + int(norm * 0.3 * rng.random() ** 2)
    if fate in FINISHED_IN_TIME:
        return 1 + int(norm * 0.8 * rng.random() ** 2)
    if fate is Fate.OPEN_IN_TIME:
        return 1 + int((norm - 3) * rng.random())
    return 0


def _forgotten(rng: Random) -> int:
    return 1 + min(_FORGOTTEN_MAX, int(rng.lognormvariate(6.0, 1.0)))


def _open_pause(procedure: Procedure, fate: Fate, rng: Random) -> int:
    waits = fate in OPEN and procedure.mode is PauseMode.SUSPEND and rng.random() < 0.1
    return 1 + int(rng.expovariate(1 / 2_000)) if waits else 0


def _pauses(procedure: Procedure, fate: Fate, rng: Random) -> tuple[PlannedPause, ...]:
    """The pauses that begin before the due."""
    kinds = []
    if rng.random() < 0.12:  # the share of applications that lack a paper
        kinds.append(("supplement-requested", "supplement-received", 2_000))
    if procedure.asks_payment and rng.random() < 0.5:
        kinds.append(("payment-requested", "payment-received", 1_500))
    if rng.random() < 0.02:
        kinds.append(("suspended", "resumed", 2_500))
    if fate in {Fate.ON_TIME, Fate.ACTUAL} and procedure.mode is PauseMode.SUSPEND and rng.random() < 0.004:
        kinds.append(("completed", "reopened", 700))
    if procedure.mode is not PauseMode.SUSPEND:
        if fate not in {Fate.ON_TIME, Fate.ACTUAL}:
            return ()
        kinds = kinds[:1]
    places = sorted(rng.sample(range(1, max(int(procedure.norm * 0.7), len(kinds) + 1)), len(kinds)))
    return tuple(
        PlannedPause(
            at=at,
            length=1 + int(rng.expovariate(1 / typical)),
            opens=opens,
            closes=closes,
            tells_due=True,
            off_hours=rng.random() < 0.3,
        )
        for at, (opens, closes, typical) in zip(places, kinds, strict=True)
    )


def _with_late_pause(pauses: tuple[PlannedPause, ...], due: int, own: int, rng: Random) -> tuple[PlannedPause, ...]:
    """The pauses with sometimes one more that begins after the due: it moves nothing, and its minutes are not lateness."""
    if own - due < WORKING_DAY or rng.random() < 0.9:
        return pauses
    late = PlannedPause(
        at=due + 2 + int((own - due - 4) * rng.random()),
        length=1 + int(rng.expovariate(1 / 1_500)),
        opens="supplement-requested",
        closes="supplement-received",
        tells_due=False,
        off_hours=False,
        after_due=True,
    )
    return (*pauses, late)


def _telling(pauses: tuple[PlannedPause, ...], wish: Wish, own: int, rng: Random) -> tuple[PlannedPause, ...]:
    """The pauses with whether their ends tell the moved due: always where the case would else end between the two dues."""
    in_time = wish.fate in FINISHED_IN_TIME
    may_be_silent = not in_time or own + sum(pause.length for pause in pauses) < wish.procedure.norm
    return tuple(
        pause if pause.after_due else replace(pause, tells_due=not (may_be_silent and rng.random() < 0.6))
        for pause in pauses
    )
