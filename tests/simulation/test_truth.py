"""The ground truth's own counting, on cases that can be counted by hand. August 2022: the 15th is a Monday."""

from datetime import date

import pytest

from tiendo_simulation.catalogue import PauseMode, Step
from tiendo_simulation.conduct import Conduct, Ending, Extension, Pause, TrueStretch
from tiendo_simulation.minute_calendar import minute_of, office_calendar
from tiendo_simulation.organisation import Kind, Party
from tiendo_simulation.quotas import Fate
from tiendo_simulation.truth import Truth, true_case

OFFICE = office_calendar()
AS_OF = minute_of(date(2022, 8, 26))
ANH, BINH, CUONG = (Party(Kind.OFFICER, name, name, "", "") for name in ("ANH", "BINH", "CUONG"))
QUEUE, OTHER_QUEUE = (Party(Kind.UNIT, name, name, "", "") for name in ("P1", "P2"))
APPLICANT = Party(Kind.APPLICANT, None, None, "", "")


def at(day: int, hour: int, minute: int = 0) -> int:
    return minute_of(date(2022, 8, day), hour * 60 + minute)


def step(name: str, allotted: int | None) -> Step:
    return Step(id=name, allotted=allotted, text="")


def stretch(party: Party, name: str, allotted: int | None, start: int, end: int, *, era: int = 0) -> TrueStretch:
    return TrueStretch(party=party, step=step(name, allotted), start=start, end=end, paused=False, era=era)


def waiting(start: int, end: int) -> TrueStretch:
    return TrueStretch(party=APPLICANT, step=None, start=start, end=end, paused=True, era=0)


def truth_of(
    due: int, *stretches: TrueStretch, pauses: tuple[Pause, ...] = (), extensions: tuple[Extension, ...] = ()
) -> Truth:
    end = stretches[-1].end
    conduct = Conduct(
        received=stretches[0].start,
        due=due,
        stretches=stretches,
        pauses=pauses,
        extensions=extensions,
        ending=Ending(minute=end, second=30, recorded=end * 60 + 40),
    )
    return true_case(conduct, Fate.ACTUAL, OFFICE, AS_OF)


def pause(start: int, end: int, mode: PauseMode = PauseMode.SUSPEND, due: int | None = None) -> Pause:
    return Pause(start=start, second=0, end=end, mode=mode, stated_due=due)


def test_lateness_is_shared_in_proportion_to_overruns_and_the_rest_is_the_organisations() -> None:
    # Overruns 60 and 30, lateness 60: 40 and 20 whole. With 61: 40 and 20 rounded down, 1 for the organisation.
    for late, organisation in ((60, 0), (61, 1)):
        truth = truth_of(
            at(15, 11, 30) - late,
            stretch(ANH, "a", 60, at(15, 7), at(15, 9)),
            stretch(BINH, "b", 120, at(15, 9), at(15, 11, 30)),
        )
        shares = {(Kind.OFFICER, "ANH"): 40, (Kind.OFFICER, "BINH"): 20}
        assert truth.lateness == late
        assert truth.shares == shares | ({(Kind.ORGANISATION, None): organisation} if organisation else {})


def test_nobody_bears_more_than_the_own_overrun() -> None:
    truth = truth_of(at(15, 8), stretch(ANH, "a", 260, at(15, 7), at(15, 11, 30)))
    assert truth.shares == {(Kind.OFFICER, "ANH"): 10, (Kind.ORGANISATION, None): 200}


def test_a_queue_has_what_the_officers_of_the_step_leave_it() -> None:
    truth = truth_of(
        at(15, 10),
        stretch(QUEUE, "a", 120, at(15, 7), at(15, 8)),
        stretch(ANH, "a", 120, at(15, 8), at(15, 11, 30)),
    )
    # The officer overran by 90 and left the queue nothing of the allotment: its 60 minutes are overrun.
    assert truth.shares == {(Kind.OFFICER, "ANH"): 54, (Kind.UNIT, "P1"): 36}


def test_of_several_queues_in_a_step_each_has_the_full_allotment() -> None:
    truth = truth_of(
        at(15, 10),
        stretch(QUEUE, "a", 60, at(15, 7), at(15, 8)),
        stretch(OTHER_QUEUE, "a", 60, at(15, 8), at(15, 8, 30)),
        stretch(ANH, "a", 60, at(15, 8, 30), at(15, 11, 30)),
    )
    assert truth.shares == {(Kind.OFFICER, "ANH"): 90}


def test_without_an_allotment_each_minute_after_the_due_is_its_holders() -> None:
    truth = truth_of(
        at(15, 8),
        stretch(ANH, "a", 30, at(15, 7), at(15, 9)),
        stretch(BINH, "b", None, at(15, 9), at(15, 11, 30)),
    )
    assert truth.policy == "after-due/1"
    assert truth.shares == {(Kind.OFFICER, "ANH"): 60, (Kind.OFFICER, "BINH"): 150}


def test_a_pause_suspends_the_due_and_is_nobodys_lateness() -> None:
    paused = (at(15, 9), at(16, 9))
    truth = truth_of(
        at(15, 16),
        stretch(ANH, "a", 60, at(15, 7), paused[0]),
        waiting(*paused),
        stretch(ANH, "a", 60, paused[1], at(16, 17)),
        pauses=(pause(*paused),),
    )
    assert (truth.judged_due, truth.lateness) == (at(16, 16), 60)
    assert truth.shares == {(Kind.OFFICER, "ANH"): 60}


def test_a_pause_after_the_due_moves_nothing_and_is_not_lateness() -> None:
    paused = (at(15, 10), at(15, 11))
    truth = truth_of(
        at(15, 9),
        stretch(ANH, "a", 0, at(15, 7), paused[0]),
        waiting(*paused),
        stretch(ANH, "a", 0, paused[1], at(15, 11, 30)),
        pauses=(pause(*paused),),
    )
    assert (truth.judged_due, truth.lateness) == (at(15, 9), 90)


def test_a_restart_gives_the_whole_norm_again_and_forgets_the_accounts() -> None:
    paused = (at(15, 9), at(16, 7))
    truth = truth_of(
        at(15, 10),
        stretch(ANH, "a", 30, at(15, 7), paused[0]),
        waiting(*paused),
        stretch(ANH, "a", 60, paused[1], at(16, 8), era=1),
        stretch(BINH, "b", 60, at(16, 8), at(16, 11), era=1),
        pauses=(pause(*paused, mode=PauseMode.RESTART),),
    )
    assert truth.judged_due == at(16, 10)
    assert truth.shares == {(Kind.OFFICER, "BINH"): 60}


@pytest.mark.parametrize(("end", "due"), [(16, at(18, 16)), (18, at(22, 17)), (15, at(17, 16))])
def test_a_shift_moves_the_due_by_local_dates_and_off_a_day_off(end: int, due: int) -> None:
    paused = (at(15, 9), at(end, 10))
    truth = truth_of(
        at(17, 16),
        stretch(ANH, "a", 60, at(15, 7), paused[0]),
        waiting(*paused),
        stretch(ANH, "a", 60, paused[1], at(23, 16)),
        pauses=(pause(*paused, mode=PauseMode.SHIFT),),
    )
    assert truth.judged_due == due


def test_a_due_told_at_the_end_of_a_pause_holds_if_it_is_the_later() -> None:
    paused = (at(15, 9), at(15, 10))
    for told, judged in ((at(15, 15), at(15, 16)), (at(16, 9), at(16, 9))):
        truth = truth_of(
            at(15, 15),
            stretch(ANH, "a", 60, at(15, 7), paused[0]),
            waiting(*paused),
            stretch(ANH, "a", 60, paused[1], at(17, 8)),
            pauses=(pause(*paused, due=told),),
        )
        assert truth.judged_due == judged


def test_only_the_first_extension_counts_and_none_after_the_due() -> None:
    held = stretch(ANH, "a", 60, at(15, 7), at(19, 8))
    first, second = (Extension(minute=at(15, hour), second=0, due=at(hour + 8, 16)) for hour in (8, 9))
    late = Extension(minute=at(18, 8), second=0, due=at(19, 16))
    assert truth_of(at(17, 16), held, extensions=(first, second)).judged_due == at(16, 16)
    assert truth_of(at(17, 16), held, extensions=(late,)).judged_due == at(17, 16)


def test_a_case_that_ends_in_the_evening_of_the_due_day_is_late_without_a_minute() -> None:
    truth = truth_of(at(15, 17), stretch(ANH, "a", 60, at(15, 7), at(15, 20)))
    assert (truth.overdue, truth.lateness, truth.shares) == (True, 0, {})


def test_a_late_click_is_counted_from_the_due_to_the_recording_for_the_last_holder() -> None:
    ending = Ending(minute=at(15, 10), second=0, recorded=at(16, 8) * 60)
    conduct = Conduct(
        received=at(15, 7),
        due=at(15, 16),
        stretches=(stretch(CUONG, "a", 60, at(15, 7), at(15, 10)),),
        pauses=(),
        extensions=(),
        ending=ending,
    )
    truth = true_case(conduct, Fate.LATE_ENTRY, OFFICE, AS_OF)
    assert (truth.overdue, truth.lateness, truth.late_entry) == (False, 0, 120)
    assert truth.late_entry_party == (Kind.OFFICER, "CUONG")
