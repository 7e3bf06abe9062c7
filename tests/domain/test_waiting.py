"""Why a case waited while an officer held it (docs/waiting.md): by hand, and against a count minute by minute."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.cases import moment
from tests.domain.profile import bounded

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.calendar.minutes import minute_of
from tiendo_domain.rules import RuleBook
from tiendo_domain.waiting import HeldStretch, WaitingCauses, summed, waiting_causes

CALENDAR = RuleBook().default_calendar
AS_OF = moment("08-19 17:00")


def held(start: str, end: str | None, *, step: str | None = "thẩm định", allotted: int | None = None) -> HeldStretch:
    return HeldStretch(
        started_at=moment(start), ended_at=None if end is None else moment(end), step=step, allotted_minutes=allotted
    )


def first(*holds: HeldStretch) -> WaitingCauses:
    return waiting_causes(holds, CALENDAR, AS_OF)[0]


def test_a_hold_by_itself_is_handling_from_its_beginning_to_its_end() -> None:
    assert first(held("08-15 08:00", "08-15 10:00")) == WaitingCauses(handling_minutes=120)


def test_while_a_case_that_came_before_is_finished_the_wait_is_contention() -> None:
    causes = first(held("08-15 08:00", "08-15 11:00"), held("08-15 07:00", "08-15 09:30"))

    assert causes == WaitingCauses(contention_minutes=90, contention_holds=1, handling_minutes=90)


def test_while_a_case_that_came_later_is_finished_the_wait_is_prioritisation() -> None:
    causes = first(held("08-15 08:00", "08-15 11:00"), held("08-15 08:30", "08-15 09:30"))

    # 08:00 to 08:30 neither was on hand but this one, and yet the other was finished first: nothing is known.
    assert causes == WaitingCauses(
        unknown_minutes=30, prioritisation_minutes=60, prioritisation_holds=1, handling_minutes=90
    )


def test_cases_that_came_in_the_same_minute_wait_for_each_other() -> None:
    causes = first(held("08-15 08:00", "08-15 11:00"), held("08-15 08:00", "08-15 09:00"))

    assert causes == WaitingCauses(contention_minutes=60, contention_holds=1, handling_minutes=120)


def test_a_case_finished_with_others_of_its_step_in_one_minute_waited_until_the_last_of_them_had_come() -> None:
    causes = waiting_causes([held("08-15 08:00", "08-15 11:00"), held("08-15 10:00", "08-15 11:00")], CALENDAR, AS_OF)

    assert causes == (
        WaitingCauses(batching_minutes=120, batching_holds=1, handling_minutes=60),
        WaitingCauses(handling_minutes=60),
    )


def test_cases_of_other_steps_or_of_none_make_no_batch() -> None:
    for step in ("ký duyệt", None):
        holds = (held("08-15 08:00", "08-15 11:00", step=step), held("08-15 10:00", "08-15 11:00"))
        assert first(*holds) == WaitingCauses(handling_minutes=180)
    nameless = [held(start, "08-15 11:00", step=None) for start in ("08-15 08:00", "08-15 10:00")]
    assert first(*nameless) == WaitingCauses(handling_minutes=180)


def test_what_was_finished_before_while_a_batch_gathered_is_contention() -> None:
    causes = first(
        held("08-15 08:00", "08-15 11:00"), held("08-15 10:00", "08-15 11:00"), held("08-15 07:00", "08-15 09:00")
    )

    assert causes == WaitingCauses(
        contention_minutes=60, contention_holds=1, batching_minutes=60, batching_holds=1, handling_minutes=60
    )


def test_another_case_excuses_no_more_than_its_step_was_allotted() -> None:
    causes = first(held("08-15 08:00", "08-15 11:00"), held("08-15 07:00", "08-15 10:00", allotted=30))

    assert causes == WaitingCauses(unknown_minutes=90, contention_minutes=30, contention_holds=1, handling_minutes=60)


def test_of_a_hold_longer_than_its_allotment_the_rest_is_waiting_for_nothing_known() -> None:
    assert first(held("08-15 08:00", "08-15 11:00", allotted=60)) == WaitingCauses(
        handling_minutes=60, unknown_minutes=120
    )


def test_an_open_hold_is_not_yet_handled() -> None:
    causes = first(held("08-19 08:00", None), held("08-19 07:30", "08-19 09:00"), held("08-19 07:00", None))

    assert causes == WaitingCauses(contention_minutes=60, contention_holds=1, unknown_minutes=2 * 60 + 30 + 3 * 60 + 30)


def test_an_end_that_is_no_act_of_the_officer_excuses_no_other_case() -> None:
    taken_away = HeldStretch(started_at=moment("08-15 07:00"), ended_at=moment("08-15 09:00"), acted=False)

    assert first(held("08-15 08:00", "08-15 11:00"), taken_away) == WaitingCauses(handling_minutes=180)
    assert first(taken_away, held("08-15 07:00", "08-15 08:00")) == WaitingCauses(
        contention_minutes=60, contention_holds=1, unknown_minutes=60
    )


def test_nights_and_week_ends_are_no_waiting() -> None:
    causes = first(held("08-19 16:00", "08-22 08:00"), held("08-19 15:00", "08-22 07:30"))

    assert causes == WaitingCauses(contention_minutes=90, contention_holds=1, handling_minutes=30)


def test_an_officer_without_holds_has_no_causes() -> None:
    assert waiting_causes([], CALENDAR, AS_OF) == ()


BEGIN = datetime(2022, 8, 18, 23, 50, tzinfo=UTC)
MINUTES = st.integers(0, 30).map(lambda number: BEGIN + timedelta(minutes=number))
EVENING = st.integers(0, 20).map(lambda number: datetime(2022, 8, 19, 9, 50, tzinfo=UTC) + timedelta(minutes=number))


@st.composite
def stretches(draw: st.DrawFn) -> HeldStretch:
    start, end = sorted((draw(MINUTES | EVENING), draw(MINUTES | EVENING)))
    return HeldStretch(
        started_at=start + timedelta(seconds=draw(st.sampled_from([0, 20]))),
        ended_at=None if draw(st.integers(0, 6)) == 0 else end + timedelta(seconds=draw(st.sampled_from([30, 50]))),
        step=draw(st.sampled_from(["a", "b", None])),
        allotted_minutes=draw(st.none() | st.integers(0, 12)),
        acted=draw(st.integers(0, 6)) > 0,
    )


@bounded(300)
@given(st.lists(stretches(), max_size=7))
def test_the_causes_are_those_of_a_count_minute_by_minute(holds: list[HeldStretch]) -> None:
    found = waiting_causes(holds, CALENDAR, AS_OF)

    assert found == tuple(counted(number, holds, CALENDAR) for number in range(len(holds)))
    for one, causes in zip(holds, found, strict=True):
        minutes = CALENDAR.working_minutes(one.started_at, one.ended_at or AS_OF)
        assert causes.handling_minutes + causes.waiting_minutes == minutes
        assert min(getattr(causes, name) for name in WaitingCauses.__struct_fields__) >= 0
    assert summed(found).waiting_minutes == sum(one.waiting_minutes for one in found)


def counted(number: int, holds: Sequence[HeldStretch], calendar: WorkingCalendar) -> WaitingCauses:
    """The causes of one hold by the words of docs/waiting.md, one working minute after the other."""
    counts = dict.fromkeys(WaitingCauses.__struct_fields__, 0)
    one = holds[number]
    start, end = calendar.coordinate(one.started_at), calendar.coordinate(one.ended_at or AS_OF)
    begun, ready, others = (
        _begun(number, holds, calendar),
        _ready(number, holds, calendar),
        list[tuple[int, int, bool]](),
    )
    for index, other in enumerate(holds):
        if index != number and _finishes(other, calendar) and other.ended_at is not None:
            at = calendar.coordinate(other.ended_at)
            earlier = at <= end if not _finishes(one, calendar) else _ended(other) < _ended(one)
            if earlier and at > start:
                before = minute_of(other.started_at) <= minute_of(one.started_at)
                others.append((_begun(index, holds, calendar), at, before))
                counts["contention_holds"] += before
                counts["prioritisation_holds"] += not before and at > ready
    if _finishes(one, calendar) and one.step is not None:
        counts["batching_holds"] = sum(
            _finishes(other, calendar)
            and (_ended(other), other.step) == (_ended(one), one.step)
            and minute_of(other.started_at) > minute_of(one.started_at)
            for other in holds
        )
    for minute in range(start, end):
        on = [before for begins, ends, before in others if begins <= minute < ends]
        if minute >= begun:
            cause = "handling_minutes"
        elif any(on):
            cause = "contention_minutes"
        elif minute < ready:
            cause = "batching_minutes"
        else:
            cause = "prioritisation_minutes" if on else "unknown_minutes"
        counts[cause] += 1
    return WaitingCauses(**counts)


def _finishes(one: HeldStretch, calendar: WorkingCalendar) -> bool:
    return one.acted and one.ended_at is not None and calendar.working_minutes(one.started_at, one.ended_at) > 0


def _ended(one: HeldStretch) -> int:
    return minute_of(one.ended_at or AS_OF)


def _ready(number: int, holds: Sequence[HeldStretch], calendar: WorkingCalendar) -> int:
    one = holds[number]
    together = [
        other.started_at
        for other in holds
        if _finishes(one, calendar)
        and _finishes(other, calendar)
        and one.step is not None
        and (_ended(other), other.step) == (_ended(one), one.step)
    ]
    return calendar.coordinate(max([one.started_at, *together]))


def _begun(number: int, holds: Sequence[HeldStretch], calendar: WorkingCalendar) -> int:
    one = holds[number]
    if not _finishes(one, calendar) or one.ended_at is None:
        return calendar.coordinate(one.ended_at or AS_OF)
    end = calendar.coordinate(one.ended_at)
    before = [
        calendar.coordinate(other.ended_at)
        for other in holds
        if _finishes(other, calendar) and other.ended_at is not None and _ended(other) < _ended(one)
    ]
    allotted = [] if one.allotted_minutes is None else [end - one.allotted_minutes]
    return max([_ready(number, holds, calendar), *before, *allotted])
