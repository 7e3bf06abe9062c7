"""One case told from its reception on: a planned course becomes the acts that source systems see, and the stretches that are true."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from tiendo_simulation import catalogue
from tiendo_simulation.catalogue import PauseMode, Procedure, Step
from tiendo_simulation.chain import Link, chain, spread
from tiendo_simulation.conduct import Act, Conduct, Ending, Extension, Journal, Pause, Story
from tiendo_simulation.json_text import text
from tiendo_simulation.minute_calendar import MinuteCalendar, day_code, instant_text
from tiendo_simulation.organisation import Kind, Office, Party, Province
from tiendo_simulation.planned_course import FORGOTTEN, Anchor, CoursePlanner, PlannedCourse, PlannedPause
from tiendo_simulation.quotas import OPEN, Fate

APPLICANT = Party(Kind.APPLICANT, None, None, "", "")
SUSPENSION = Party(Kind.SUSPENSION, None, None, "", "")
_PAUSED_BY = {"supplement-requested": APPLICANT, "payment-requested": APPLICANT}
_REASONS = {
    "supplement-requested": "Hồ sơ thiếu thành phần theo quy định",
    "payment-requested": "Chờ thực hiện nghĩa vụ tài chính",
    "suspended": "Tạm dừng để xác minh",
}
_CHANNELS = ("counter", "counter", "counter", "online", "online", "post")
_CONSULTATION_FROM = 480
LAG_MAX = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What case is to be told."""

    case_number: str
    office: Office
    fate: Fate
    anchor: Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What all cases share; nothing is told of what comes after the minute `as_of`."""

    province: Province
    planner: CoursePlanner
    office_hours: MinuteCalendar
    as_of: int

    def asked(self, procedure: Procedure, office: Office) -> Party | None:
        """The unit that the procedure has the office consult."""
        return None if procedure.consults is None else self.province.asked(procedure.consults, office)


def case_id(order: Order, minute: int) -> str:
    """The code of a case, with the day on which it came in."""
    return f"{order.office.id}-{day_code(minute)}-{order.case_number}"


def subject(office: Office, procedure: Procedure, channel: str) -> str:
    """What `submitted` and `received` say of the case, each member with its comma before it."""
    return f',"procedure":{procedure.text},"field":{procedure.field_text},"channel":"{channel}","unit":{office.text}'


Turn = tuple[tuple[int, int], Callable[[], None]]


class CaseTelling:
    """Tells one case from its reception on; `_stood` are the working minutes for which its clock stood so far."""

    def __init__(
        self, around: Surroundings, order: Order, procedure: Procedure, course: PlannedCourse, rng: Random
    ) -> None:
        self._around, self._order, self._procedure, self._course, self._rng = around, order, procedure, course, rng
        self._calendar = around.planner.calendar(procedure)
        forgetful = rng.random() < 0.05 and order.fate not in FORGOTTEN  # systems without recordedat
        self._journal = Journal(lag=None if forgetful else rng.randrange(LAG_MAX))
        self._links = chain(order.office, procedure, rng)
        self._stood = 0
        self._holder: tuple[Party, Step] = (self._links[0].party, self._links[0].step)
        self._pauses: list[Pause] = []
        self._extensions: list[Extension] = []
        self._numbered = rng.random() < 0.5

    def story(self) -> Story:
        """The whole story."""
        course, order = self._course, self._order
        if order.fate in OPEN:
            self._links = self._links[: self._rng.randint(1, len(self._links))]
        received = self._minute(0)
        self._receive(received)
        starts = spread(self._links, course.own, course.lateness, self._rng)
        for _, take in sorted(self._turns(starts), key=lambda turn: turn[0]):
            take()
        ending = self._end()
        conduct = Conduct(
            received=received,
            due=course.due,
            stretches=tuple(self._journal.stretches),
            pauses=tuple(self._pauses),
            extensions=tuple(self._extensions),
            ending=ending,
        )
        return Story(
            case_id=case_id(order, received),
            office=order.office,
            procedure=self._procedure,
            fate=order.fate,
            conduct=conduct,
            acts=tuple(self._journal.acts),
            numbered=self._numbered,
        )

    def _turns(self, starts: list[int]) -> Iterator[Turn]:
        """What happens, keyed by own minute and by order within it."""
        course = self._course
        for own, link in zip(starts[1:], self._links[1:], strict=True):
            yield (own, 1), partial(self._hand_over, own, link)
        for pause in course.pauses:
            yield (pause.at, 3), partial(self._pause, pause)
        if course.extension is not None:
            yield (course.extension[0], 2), partial(self._extend, *course.extension)
        asked = self._around.asked(self._procedure, self._order.office)
        if asked is not None and self._rng.random() < 0.5:
            yield from self._consultation(starts, asked)

    def _consultation(self, starts: list[int], asked: Party) -> Iterator[Turn]:
        """A consultation within the longest turn of an examiner, where no pause falls into it."""
        ends = [*starts[1:], self._course.own]
        turns = [
            (end - start, start)
            for link, start, end in zip(self._links, starts, ends, strict=True)
            if link.step.id == catalogue.EXAMINE and link.party.kind is Kind.OFFICER
        ]
        length, start = max(turns, default=(0, 0))
        first = start + length // 5
        last = first + 1 + int(length * 0.6 * self._rng.random())
        taken = [pause.at for pause in self._course.pauses]
        if length >= _CONSULTATION_FROM and not any(first <= at <= last for at in taken):
            yield (first, 4), partial(self._consult, first, asked)
            yield (last, 0), partial(self._answer, last, asked)

    def _minute(self, own: int) -> int:
        """The minute at which `own` minutes have run; for calendar days the next one in office hours."""
        minute = self._calendar.instant(self._course.start + own + self._stood)
        if not self._procedure.calendar_days:
            return minute
        minute = self._around.office_hours.instant(self._around.office_hours.coordinate(minute))
        last = self._course.finish
        return min(minute, self._around.as_of - 1 if last is None else last)

    def _second(self) -> int:
        return 1 + self._rng.randrange(40)

    def _receive(self, minute: int) -> None:
        rng, journal, office = self._rng, self._journal, self._order.office
        channel = rng.choice(_CHANNELS)
        link = self._links[0]
        if channel == "online":
            sent = minute - 1 - rng.randrange(300)
            journal.act("submitted", sent, self._second(), more=subject(office, self._procedure, channel))
        told = self._course.pauses or self._course.extension or self._course.open_pause or rng.random() > 0.03
        due = f',"due_at":"{instant_text(self._course.due)}"' if told else ""
        more = subject(office, self._procedure, channel) + due
        act = journal.act(
            "received",
            minute,
            self._second(),
            actor=link.party.text,
            holder=link.party.text,
            step=link.step.text,
            more=more,
        )
        journal.hold(act.minute, link.party, link.step)

    def _hand_over(self, own: int, link: Link) -> None:
        minute = self._minute(own)
        step = link.step.text if link.states_step else ""
        act = self._journal.act(link.opens, minute, self._second(), actor=link.actor, holder=link.party.text, step=step)
        self._holder = (link.party, link.step)
        self._journal.hold(act.minute, *self._holder)

    def _pause(self, pause: PlannedPause) -> None:
        opened = self._stand(pause.at, pause.opens)
        end = self._pause_end(pause)
        mode = PauseMode.SUSPEND if pause.opens == "completed" else self._procedure.mode
        if mode is PauseMode.RESTART and not pause.after_due:
            self._journal.close(end)
            self._journal.era += 1
        due = self._due_after(pause, end)
        self._pauses.append(Pause(start=opened.minute, second=opened.second, end=end, mode=mode, stated_due=due))
        self._journal.act(
            pause.closes,
            end,
            self._second(),
            actor=self._clerk().text,
            holder=self._holder[0].text,
            step=self._holder[1].text if self._rng.random() < 0.5 else "",
            more="" if due is None else f',"due_at":"{instant_text(due)}"',
        )
        self._journal.hold(end, *self._holder)

    def _stand(self, own: int, opens: str) -> Act:
        """The act from which on the clock stands."""
        reason = "" if opens == "completed" else f',"reason":{text(_REASONS[opens])}'
        opened = self._journal.act(opens, self._minute(own), self._second(), actor=self._clicker(), more=reason)
        self._journal.hold(opened.minute, _PAUSED_BY.get(opens, SUSPENSION), None, paused=True)
        return opened

    def _pause_end(self, pause: PlannedPause) -> int:
        """The minute at which the pause ends: in office hours, or in the evening or on the days off before them."""
        self._stood += pause.length
        end = self._minute(pause.at)
        if pause.off_hours:
            closed = self._calendar.reached(self._calendar.coordinate(end))
            return end - int((end - closed) * 0.7 * self._rng.random())
        return end

    def _due_after(self, pause: PlannedPause, end: int) -> int | None:
        """The due told at the end of the pause, None where none is told."""
        if not pause.tells_due or pause.after_due:
            return None
        if self._course.shifted_due is not None:
            return self._course.shifted_due
        norm = self._procedure.norm
        if pause.opens != "completed" and self._procedure.mode is PauseMode.RESTART:
            return self._calendar.reached(self._calendar.coordinate(end) + norm)
        extension = self._course.extension
        added = extension[1] if extension is not None and extension[0] <= pause.at else 0
        return self._calendar.reached(self._course.start + norm + added + self._stood)

    def _consult(self, own: int, asked: Party) -> None:
        step = self._procedure.steps[catalogue.CONSULT]
        act = self._journal.act(
            "consultation-requested",
            self._minute(own),
            self._second(),
            actor=self._holder[0].text,
            step=step.text,
            more=f',"unit":{asked.unit_text}',
        )
        self._journal.hold(act.minute, asked, step)

    def _answer(self, own: int, asked: Party) -> None:
        act = self._journal.act("consultation-answered", self._minute(own), self._second(), actor=asked.text)
        self._journal.hold(act.minute, *self._holder)

    def _extend(self, own: int, added: int) -> None:
        minute = self._minute(own)
        due = self._calendar.reached(self._course.start + self._procedure.norm + added + self._stood)
        number = f"{self._rng.randrange(1, 900)}/TB-XL"
        more = (
            f',"due_at":"{instant_text(due)}","reason":{text("Hồ sơ phức tạp, cần thêm thời gian thẩm định")}'
            f',"apology":{{"document_number":"{number}","signed_at":"{instant_text(minute)}"}}'
        )
        leader = self._rng.choice(self._order.office.leaders)
        act = self._journal.act("deadline-extended", minute, self._second(), actor=leader.text, more=more)
        self._extensions.append(Extension(minute=act.minute, second=act.second, due=due))

    def _clerk(self) -> Party:
        return self._rng.choice(self._order.office.counter.officers)

    def _clicker(self) -> str:
        party = self._holder[0]
        return party.text if party.kind is Kind.OFFICER else self._clerk().text

    def _end(self) -> Ending | None:
        """Ends the case as its fate says; nothing is told of what lies after the reporting instant."""
        course, journal = self._course, self._journal
        if course.finish is None:
            self._stay_open()
            return None
        second = self._second()
        if self._order.fate is Fate.WITHDRAWN:
            reason = f',"reason":{text("Người nộp rút hồ sơ")}'
            act = journal.act("withdrawn", course.finish, second, actor=self._clicker(), more=reason)
        else:
            act = self._complete(course.finish, second)
        journal.close(act.minute)
        recorded = act.minute * 60 + act.second if act.recorded is None else act.recorded
        if self._order.fate is not Fate.WITHDRAWN:
            self._deliver(act, recorded)
        return Ending(minute=act.minute, second=act.second, recorded=recorded)

    def _stay_open(self) -> None:
        as_of, course = self._around.as_of, self._course
        if course.open_pause:
            opened = self._stand(course.own, "supplement-requested")
            mode = self._procedure.mode
            self._pauses.append(Pause(start=opened.minute, second=opened.second, end=as_of, mode=mode, stated_due=None))
        self._journal.close(as_of)

    def _complete(self, minute: int, second: int) -> Act:
        forgotten = self._course.recorded
        recorded = None if forgotten is None else forgotten * 60 + 1 + self._rng.randrange(50)
        more = self._evidence(minute)
        return self._journal.act("completed", minute, second, actor=self._clicker(), more=more, recorded=recorded)

    def _evidence(self, minute: int) -> str:
        """Proof of the finish: always for a late entry that can be proved, sometimes without need, for an unproven one at best a number."""
        number = f"{self._rng.randrange(1, 9_000)}/KQ-{self._order.office.id}"
        draw = self._rng.random()
        if self._order.fate is Fate.UNPROVEN:
            return f',"evidence":{{"document_number":"{number}"}}' if draw < 0.2 else ""
        if self._order.fate is not Fate.LATE_ENTRY and draw > 0.2:
            return ""
        return f',"evidence":{{"document_number":"{number}","signed_at":"{instant_text(minute, 59)}"}}'

    def _deliver(self, completed: Act, recorded: int) -> None:
        hours = self._around.office_hours
        wait = 1 + int(self._rng.expovariate(1 / 400))
        minute = hours.instant(hours.coordinate(completed.minute) + wait)
        told = max(minute * 60 + 59, recorded) if self._course.recorded is not None else None
        if self._rng.random() > 0.85 or max(minute + 2, (told or 0) // 60 + 1) >= self._around.as_of:
            return
        self._journal.act("result-delivered", minute, self._second(), actor=self._clerk().text, recorded=told)
