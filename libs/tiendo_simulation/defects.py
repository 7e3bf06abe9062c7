"""What goes wrong between the office and the log: in a stated share of the cases the acts are told badly.

A defect alters what is told, never what happened. None removes a completion, moves when it was recorded, or turns a case from overdue to in time
or back; so the planned figures stand. `DISTURBS` says of each kind what it may do to the answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from random import Random

from tiendo_simulation.conduct import Act, Story, event_id
from tiendo_simulation.json_text import text
from tiendo_simulation.minute_calendar import instant_text
from tiendo_simulation.organisation import Kind, Party
from tiendo_simulation.quotas import RESOLVED, Fate

DEFECT_SHARE = 0.04

_HANDOVERS = frozenset({"assigned", "forwarded", "claimed", "sent-back", "recalled"})
_FUTURE_SECONDS = 20 * 60
SHIFT_MINUTES_MAX = 45
# The overruns of two parties alter by the shift at most; in proportion that may move a share by three times as much.
SHIFT_SHARE_MAX = 3 * SHIFT_MINUTES_MAX + 1
_TRIES = 3


class Disturbance(StrEnum):
    """What a defect may do to the answer; lateness, class and the sum of the shares always stand.

    `renames`: the minutes of one party are another's, all else is equal. `moves`: minutes move between parties.
    `moves-bounded`: by no more than `SHIFT_SHARE_MAX`. `moves-due`: the judged due is later, and the case in time anyway.
    """

    NOTHING = "nothing"
    RENAMES = "renames"
    MOVES = "moves"
    MOVES_BOUNDED = "moves-bounded"
    MOVES_DUE = "moves-due"


class Defect(StrEnum):
    """Kinds of defects."""

    PLACEHOLDER = "placeholder-holder"
    UNNAMED = "unnamed-holder"
    WITHOUT_ID = "holder-without-id"
    MISSING_STEP = "missing-step"
    MISSING_HANDOVER = "missing-handover"
    MISSING_RECEPTION = "missing-reception"
    WRONG_INSTANT = "wrong-instant"
    TWO_HOLDERS = "two-holders"
    DUE_MOVED_AFTER = "deadline-tampered-after-due"
    DUE_MOVED_SILENTLY = "deadline-moved-without-reason"
    FINISH_MOVED_BACK = "finish-moved-back"
    ANNULLED = "wrong-event-annulled"
    WITHOUT_TARGET = "correction-without-target"
    ANSWER_UNASKED = "answer-without-request"
    AFTER_THE_END = "handover-after-the-end"
    FUTURE = "clock-ahead"


DISTURBS: Mapping[Defect, Disturbance] = {
    **dict.fromkeys(Defect, Disturbance.NOTHING),
    Defect.PLACEHOLDER: Disturbance.RENAMES,
    Defect.UNNAMED: Disturbance.RENAMES,
    Defect.WITHOUT_ID: Disturbance.RENAMES,
    Defect.MISSING_STEP: Disturbance.MOVES,
    Defect.MISSING_HANDOVER: Disturbance.MOVES,
    Defect.MISSING_RECEPTION: Disturbance.MOVES,
    Defect.WRONG_INSTANT: Disturbance.MOVES_BOUNDED,
    Defect.DUE_MOVED_SILENTLY: Disturbance.MOVES_DUE,
}


def with_defect(story: Story, rng: Random) -> Story:
    """The story, in `DEFECT_SHARE` of the cases that were received with one defect of a kind that it can have."""
    if story.conduct is None or rng.random() >= DEFECT_SHARE:
        return story
    late = story.fate is Fate.ACTUAL and rng.random() < 0.5  # what only late cases have is rare enough
    for kind in rng.sample(_OF_LATE if late else _KINDS, len(_OF_LATE) if late else _TRIES):
        told = told_badly(story, kind, rng)
        if told is not None:
            return told
    return story


def told_badly(story: Story, kind: Defect, rng: Random) -> Story | None:
    """The story with a defect of the given kind; None where it cannot have one, or not without moving the planned figures."""
    acts = _DEFECTS[kind](story, list(story.acts), rng)
    return None if acts is None else replace(story, acts=tuple(acts), defects=(kind.value,))


def _handovers(acts: list[Act], *, step: bool = True) -> list[int]:
    """The places of the handovers that name a holder, and a step if wanted."""
    return [index for index, act in enumerate(acts) if act.kind in _HANDOVERS and act.holder and (act.step or not step)]


def _named_once(story: Story, acts: list[Act], rng: Random) -> tuple[int, Party] | None:
    """A handover that alone names its officer, with that officer."""
    officers = {
        stretch.party.text: stretch.party
        for stretch in (story.conduct.stretches if story.conduct else ())
        if stretch.party.kind is Kind.OFFICER
    }
    named = [act.holder for act in acts]
    places = [
        index for index in _handovers(acts) if named.count(acts[index].holder) == 1 and acts[index].holder in officers
    ]
    if not places:
        return None
    index = rng.choice(places)
    return index, officers[acts[index].holder]


def _renamed(holder: Callable[[Party], str]) -> "_Maker":
    def make(story: Story, acts: list[Act], rng: Random) -> list[Act] | None:
        found = _named_once(story, acts, rng)
        if found is None:
            return None
        index, officer = found
        acts[index] = replace(acts[index], holder=holder(officer))
        return acts

    return make


def _missing_step(_story: Story, acts: list[Act], rng: Random) -> list[Act] | None:
    places = [index for index in _handovers(acts) if acts[index].kind != "claimed"]
    if not places:
        return None
    index = rng.choice(places)
    acts[index] = replace(acts[index], step="")
    return acts


def _missing_handover(_story: Story, acts: list[Act], rng: Random) -> list[Act] | None:
    places = _handovers(acts, step=False)
    if not places:
        return None
    del acts[rng.choice(places)]
    return acts


def _missing_reception(story: Story, acts: list[Act], _rng: Random) -> list[Act] | None:
    """The reception is lost; the application and a stated due remain. Only of cases in time, without pauses."""
    conduct = story.conduct
    if conduct is None or story.fate is not Fate.ON_TIME or conduct.pauses or conduct.extensions:
        return None
    if [act.kind for act in acts[:2]] != ["submitted", "received"] or acts[2].kind not in _HANDOVERS:
        return None
    second = _between(acts[2], acts[3])
    if second is None or not acts[2].step:
        return None
    more = f',"due_at":"{instant_text(conduct.due)}","reason":{text("Nhập lại ngày hẹn trả")}'
    stated = replace(acts[2], kind="deadline-restated", second=second, holder="", step="", more=more)
    return [acts[0], acts[2], stated, *acts[3:]]


def _wrong_instant(_story: Story, acts: list[Act], rng: Random) -> list[Act] | None:
    places = [index for index in _handovers(acts) if index + 1 < len(acts)]
    if not places:
        return None
    index = rng.choice(places)
    minute = acts[index].minute + rng.randint(-SHIFT_MINUTES_MAX, SHIFT_MINUTES_MAX)
    if not acts[index - 1].minute < minute < acts[index + 1].minute:
        return None
    acts[index] = replace(acts[index], minute=minute, recorded=None)
    return acts


def _two_holders(story: Story, acts: list[Act], rng: Random) -> list[Act] | None:
    """Two entries of one instant hand the case to different officers; the one recorded later is the true one."""
    if story.numbered:
        return None
    places = [
        index
        for index in _handovers(acts)
        if (recorded := acts[index].recorded) is not None and recorded > acts[index].minute * 60 + acts[index].second
    ]
    colleagues = [officer.text for room in story.office.rooms for officer in room.officers]
    if not places:
        return None
    index = rng.choice(places)
    recorded = acts[index].recorded or 0
    true, other = acts[index], rng.choice(colleagues)
    # Who picks a case up acts for themselves.
    wrong = replace(true, holder=other, actor=other if true.actor == true.holder else true.actor, recorded=recorded - 1)
    return None if other == true.holder else [*acts[:index], wrong, *acts[index:]]


def _last_completion(acts: list[Act]) -> int | None:
    return max((index for index, act in enumerate(acts) if act.kind == "completed"), default=None)


def _between(before: Act, after: Act) -> int | None:
    """The second after `before`, in its minute, if `after` is later still."""
    second = before.second + 1
    return second if second < 60 and (before.minute, second) < (after.minute, after.second) else None


def _due_moved_after(story: Story, acts: list[Act], rng: Random) -> list[Act] | None:
    """Somebody moves the due behind the finish once it has passed."""
    end = _last_completion(acts)
    if story.fate is not Fate.ACTUAL or end is None:
        return None
    finish, before = acts[end], acts[end - 1]
    if finish.second == 0 or (before.minute, before.second) >= (finish.minute, finish.second - 1):
        return None
    reason = f',"reason":{text("Điều chỉnh")}' if rng.random() < 0.5 else ""
    more = f',"due_at":"{instant_text(finish.minute + 480)}"{reason}'
    tampered = replace(finish, kind="deadline-restated", second=finish.second - 1, recorded=None, more=more)
    return [*acts[:end], tampered, *acts[end:]]


def _due_moved_silently(story: Story, acts: list[Act], _rng: Random) -> list[Act] | None:
    """A later due without a word of reason, in a case that ends in time anyway."""
    conduct = story.conduct
    if conduct is None or story.fate is not Fate.ON_TIME or conduct.pauses or conduct.extensions or len(acts) < 4:
        return None
    place = next(index for index, act in enumerate(acts) if act.kind == "received") + 1
    second = _between(acts[place - 1], acts[place])
    if second is None:
        return None
    more = f',"due_at":"{instant_text(conduct.due + 2 * 1440)}"'
    moved = replace(acts[place - 1], kind="deadline-restated", second=second, holder="", step="", more=more)
    return [*acts[:place], moved, *acts[place:]]


def _finish_moved_back(story: Story, acts: list[Act], _rng: Random) -> list[Act] | None:
    """A second completion with an earlier instant, recorded an hour after the true one."""
    end = _last_completion(acts)
    if story.fate is not Fate.ACTUAL or end is None or story.conduct is None:
        return None
    recorded, begun = acts[end].recorded, acts[end - 1]
    if recorded is None or begun.minute + 1 >= acts[end].minute:
        return None
    earlier = replace(acts[end], minute=acts[end].minute - 1, recorded=recorded + 3_600, more="")
    return [*acts[: end + 1], earlier, *acts[end + 1 :]]


def _annulled(story: Story, acts: list[Act], rng: Random) -> list[Act] | None:
    """A handover to the wrong officer, annulled later."""
    places = [index for index in _handovers(acts) if index + 1 < len(acts)]
    if not places:
        return None
    index = rng.choice(places)
    second = _between(acts[index], acts[index + 1])
    if second is None:
        return None
    wrong = replace(acts[index], second=second, holder=rng.choice(story.office.leaders).text, kind="forwarded")
    annuls = f'{{"source":"{story.office.source}","id":"{event_id(story.case_id, index + 1)}"}}'
    last = acts[-1]
    corrected = replace(
        last,
        kind="corrected",
        second=min(last.second + 1, 59),
        holder="",
        step="",
        more=f',"annuls":{annuls},"reason":{text("Chuyển nhầm người")}',
    )
    return [*acts[: index + 1], wrong, *acts[index + 1 :], corrected]


def _without_target(story: Story, acts: list[Act], _rng: Random) -> list[Act]:
    """Something is annulled that nobody ever sent."""
    last = acts[-1]
    annuls = f'{{"source":"{story.office.source}","id":"{event_id(story.case_id, 90)}"}}'
    more = f',"annuls":{annuls},"reason":{text("Nhập sai")}'
    wrong = replace(last, kind="corrected", second=min(last.second + 1, 59), holder="", step="", more=more)
    return [*acts, wrong]


def _answer_unasked(story: Story, acts: list[Act], _rng: Random) -> list[Act] | None:
    """An answer comes that nobody asked for."""
    place = next(index for index, act in enumerate(acts) if act.kind == "received") + 1
    second = _between(acts[place - 1], acts[place]) if place < len(acts) else None
    if second is None:
        return None
    actor = f'{{"unit":{story.office.text}}}'
    answer = replace(
        acts[place - 1], kind="consultation-answered", second=second, actor=actor, holder="", step="", more=""
    )
    return [*acts[:place], answer, *acts[place:]]


def _after_the_end(story: Story, acts: list[Act], rng: Random) -> list[Act] | None:
    """Somebody goes on clicking after the end."""
    if story.fate not in RESOLVED:
        return None
    last = acts[-1]
    holder = rng.choice(story.office.leaders).text
    late = replace(last, kind="forwarded", second=min(last.second + 1, 59), holder=holder, step="", more="")
    return [*acts, late]


def _future(_story: Story, acts: list[Act], rng: Random) -> list[Act] | None:
    """A workstation's clock is ahead of the server's."""
    places = _handovers(acts, step=False)
    if not places:
        return None
    index = rng.choice(places)
    instant = acts[index].minute * 60 + acts[index].second
    acts[index] = replace(acts[index], recorded=instant - _FUTURE_SECONDS)
    return acts


_Maker = Callable[[Story, list[Act], Random], list[Act] | None]
_DEFECTS: dict[Defect, _Maker] = {
    Defect.PLACEHOLDER: _renamed(lambda officer: f'{{"name":"Chuyên viên","unit":{officer.unit_text}}}'),
    Defect.UNNAMED: _renamed(lambda _: ""),
    Defect.WITHOUT_ID: _renamed(lambda officer: f'{{"name":{text(officer.name or "")},"unit":{officer.unit_text}}}'),
    Defect.MISSING_STEP: _missing_step,
    Defect.MISSING_HANDOVER: _missing_handover,
    Defect.MISSING_RECEPTION: _missing_reception,
    Defect.WRONG_INSTANT: _wrong_instant,
    Defect.TWO_HOLDERS: _two_holders,
    Defect.DUE_MOVED_AFTER: _due_moved_after,
    Defect.DUE_MOVED_SILENTLY: _due_moved_silently,
    Defect.FINISH_MOVED_BACK: _finish_moved_back,
    Defect.ANNULLED: _annulled,
    Defect.WITHOUT_TARGET: _without_target,
    Defect.ANSWER_UNASKED: _answer_unasked,
    Defect.AFTER_THE_END: _after_the_end,
    Defect.FUTURE: _future,
}
_KINDS = tuple(_DEFECTS)
_OF_LATE = (Defect.DUE_MOVED_AFTER, Defect.FINISH_MOVED_BACK)
