"""What the page of an officer about themselves shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.answers.officers import OfficerPublication
from tiendo_contracts.explanation import CLASS_WORDS, PARTY_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_domain.monthly_list.workflow import ListState
from tiendo_domain.months import Month
from tiendo_domain.timeline_types import Party, PartyKind
from tiendo_query.desk.own_queue import QUEUE_MAX, Forgotten, QueuedCase
from tiendo_query.desk.own_work import SAID_MAX, OwnWork
from tiendo_query.desk.said_of_one import SaidOfOne
from tiendo_query.pages.explained import ToldDecision, ToldExplanation, told_decisions, told_explanations
from tiendo_query.pages.paging import Paged, page_of

_FORGOTTEN: Final[Mapping[Forgotten, Words]] = {
    Forgotten.DELIVERED: Words(
        vi="đã trả kết quả nhưng chưa bấm kết thúc xử lý",
        en="the result was delivered, but no completion was entered",
    ),
    Forgotten.SAID_TO_BE_FINISHED: Words(
        vi="anh/chị đã giải trình là xong, nhưng hồ sơ chưa được bấm kết thúc",
        en="you have explained that it was finished, but no completion was entered",
    ),
    Forgotten.SILENT: Words(
        vi="hơn 10 ngày làm việc không có diễn biến; nếu đã xong, hãy bấm kết thúc",
        en="nothing has happened for more than 10 working days; if it is finished, enter that",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenRow:
    """A case that looks finished although nobody has entered it, and why."""

    case_id: str
    procedure: str | None
    why: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRow:
    """What a late case says of the officer; `giver` is whom it came from, by position and unit alone."""

    said: SaidOfOne
    procedure: str | None
    case_class: Words | None
    giver: Words | str | None
    waited: Sequence[tuple[Words, int]]
    explanations: Sequence[ToldExplanation]
    moved_without: Sequence[ToldDecision]

    @property
    def case_id(self) -> str:
        """The code of the case."""
        return self.said.timeline.case_id

    @property
    def provisional(self) -> bool:
        """Whether the case is open, so that the figures may still grow."""
        return self.said.timeline.provisional

    @property
    def may_contest(self) -> bool:
        """Whether nothing that was explained waits for a decision."""
        return self.said.pending is None


_WEEKDAYS: Final = (
    Words(vi="thứ Hai", en="Monday"),
    Words(vi="thứ Ba", en="Tuesday"),
    Words(vi="thứ Tư", en="Wednesday"),
    Words(vi="thứ Năm", en="Thursday"),
    Words(vi="thứ Sáu", en="Friday"),
    Words(vi="thứ Bảy", en="Saturday"),
    Words(vi="Chủ nhật", en="Sunday"),
)
_STATES: Final[Mapping[ListState, Words]] = {
    ListState.DRAFT: Words(vi="dự thảo", en="draft"),
    ListState.OPEN: Words(vi="đang nhận giải trình", en="open to explanations"),
    ListState.APPROVED: Words(vi="đã duyệt", en="approved"),
    ListState.PUBLISHED: Words(vi="đã công khai", en="published"),
    ListState.WITHDRAWN: Words(vi="đã thu hồi", en="withdrawn"),
}
_PARTS: Final[Mapping[str, Words]] = {
    "open_overdue": Words(
        vi="phần tạm tính: hồ sơ đang giải quyết đã quá hạn", en="provisional part: cases open and overdue"
    ),
    "officers_without_late_case": Words(vi="không có hồ sơ chậm", en="without a late case"),
}
"""The parts of a list beside that of who bears something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Until when what a list will say of the officer can be explained: the instant as text, and its weekday."""

    at: str
    weekday: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingList:
    """A list that names the officer, and what it says: None where it says no minutes."""

    listed: OfficerPublication
    state: Words
    part: Words | None
    month: str
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """The page; `sent`: something was just said, and this page knows it."""

    work: OwnWork
    month: Month
    start: date
    end: date
    queue: Paged[QueuedCase]
    forgotten: Sequence[ForgottenRow]
    said: Paged[SaidRow]
    sent: bool
    windows: Sequence[Window]
    lists: Sequence[NamingList]


def desk_view(work: OwnWork, *, queue_page: int, said_page: int, sent: bool) -> DeskView:
    """The view; raises the refusal of a page that is not there."""
    month = work.month
    return DeskView(
        work=work,
        month=month.month,
        start=month.month.start,
        end=month.month.end,
        queue=page_of(work.queue.cases, queue_page, work.queue.total, QUEUE_MAX),
        forgotten=[
            ForgottenRow(case_id=one.case_id, procedure=one.procedure, why=_FORGOTTEN[one.why])
            for one in work.queue.forgotten
        ],
        said=page_of([said_row(one) for one in month.said], said_page, month.said_total, SAID_MAX),
        sent=sent,
        windows=[_window(at) for at in dict.fromkeys(one.window_ends_at for one in work.open_lists) if at is not None],
        lists=[_naming(one) for one in reversed(work.publications)],
    )


def _window(ends_at: str) -> Window:
    return Window(at=ends_at, weekday=_WEEKDAYS[read_instant(ends_at).weekday()])


def _naming(one: OfficerPublication) -> NamingList:
    month = Month.read(one.period).in_words
    return NamingList(
        listed=one,
        state=_STATES[one.state],
        part=_PARTS.get(one.part),
        month=month,
        minutes=one.figures.get("attributed_minutes"),
    )


def said_row(said: SaidOfOne) -> SaidRow:
    """The row of one case."""
    timeline, inherited = said.timeline, said.inherited
    procedure = timeline.procedure
    return SaidRow(
        said=said,
        procedure=None if procedure is None else procedure.name or procedure.id,
        case_class=None if timeline.case_class is None else CLASS_WORDS[timeline.case_class],
        giver=None if inherited is None or inherited.giver is None else by_position(inherited.giver),
        waited=[(PARTY_WORDS[one.kind], one.minutes) for one in said.waited],
        explanations=told_explanations(said),
        moved_without=told_decisions(said.moved_without),
    )


def by_position(party: Party) -> Words | str:
    """A colleague by position and unit, never by name; others by what they are."""
    unit = None if party.unit is None else party.unit.name or party.unit.id
    match party.kind:
        case PartyKind.OFFICER:
            return ", ".join(part for part in (party.position, unit) if part) or PARTY_WORDS[party.kind]
        case PartyKind.UNIT | PartyKind.CONSULTED_UNIT:
            return unit or PARTY_WORDS[party.kind]
        case _:
            return PARTY_WORDS[party.kind]
