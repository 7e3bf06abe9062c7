"""What a decision does to the class of a case, on basis occurred (rules E2, E3)."""

from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from tiendo_domain.calendar import ceil_minute
from tiendo_domain.explanations import LateEntryEffect, LateSyncEffect
from tiendo_domain.timeline.classes import Classified, last_party
from tiendo_domain.timeline.measured import Measured
from tiendo_domain.timeline.policies.policy import by_party
from tiendo_domain.timeline.shares import most_first
from tiendo_domain.timeline.walk import Walk
from tiendo_domain.timeline_types import CaseClass, LateEntryShare, Party

_CHANGED = frozenset({CaseClass.ACTUAL, CaseClass.UNPROVEN, CaseClass.LATE_ENTRY})


class Reclassified(Struct, frozen=True, kw_only=True):
    """The class after decisions, and who bears how much of the late entry; `in_time`: nothing of the lateness is left."""

    case_class: CaseClass | None
    accepted: bool | None
    late_entries: tuple[LateEntryShare, ...]
    in_time: bool = False
    too_late: bool = False

    @property
    def late_entry_minutes(self) -> int:
        """The working minutes by which the finish was entered late."""
        return sum(one.minutes for one in self.late_entries)


def by_rule(classified: Classified) -> Reclassified:
    """The class as the rules alone have it."""
    bearer, minutes = classified.late_entry_party, classified.late_entry_minutes
    return Reclassified(
        case_class=classified.case_class,
        accepted=classified.accepted,
        late_entries=() if bearer is None or minutes == 0 else (LateEntryShare(party=bearer, minutes=minutes),),
    )


def reclassified(
    effect: LateEntryEffect | LateSyncEffect, classified: Classified, walked: Walk, measured: Measured
) -> Reclassified:
    """The class after the effect; as by rule where it has none, `too_late` where that is for its evidence."""
    unchanged = by_rule(classified)
    if classified.case_class not in _CHANGED:
        return unchanged
    if not _in_time(effect, classified.case_class, walked):
        return replace(unchanged, too_late=True)
    match effect:
        case LateEntryEffect():
            entries = _entered_late(walked, measured)
            return Reclassified(case_class=CaseClass.LATE_ENTRY, accepted=True, late_entries=entries, in_time=True)
        case LateSyncEffect():
            return Reclassified(case_class=CaseClass.LATE_SYNC, accepted=None, late_entries=(), in_time=True)
        case _:
            assert_never(effect)


def _in_time(effect: LateEntryEffect | LateSyncEffect, case_class: CaseClass | None, walked: Walk) -> bool:
    judged = walked.dues.judged
    if judged is None:
        return False
    match effect:
        case LateEntryEffect(evidence=evidence, finished_at=finished_at):
            stated = case_class is not CaseClass.ACTUAL if finished_at is None else finished_at.at <= judged.at
            return stated and evidence.is_signed_by(judged, walked.subject.calendar.zone)
        case LateSyncEffect(recorded_at_source=recorded_at):
            return recorded_at.at <= judged.at
        case _:
            assert_never(effect)


def _entered_late(walked: Walk, measured: Measured) -> tuple[LateEntryShare, ...]:
    """The lateness by rule to those who held in its minutes, and what passed from the finish to its record to who held at the finish."""
    parties: dict[str, Party] = {hold.stretch.key: hold.stretch.holder.party for hold in measured.holds}
    minutes = by_party((hold, hold.late_minutes) for hold in measured.holds)
    last = last_party(measured)
    minutes[last.key] = minutes.get(last.key, 0) + _unrecorded_minutes(walked)
    found = [LateEntryShare(party=parties[key], minutes=number) for key, number in minutes.items() if number > 0]
    return tuple(sorted(found, key=most_first))


def _unrecorded_minutes(walked: Walk) -> int:
    """The working minutes from the finish, not before the judged due, until it was recorded."""
    finish, judged = walked.finish, walked.dues.judged
    if finish is None or judged is None:
        return 0
    since = max(finish.at.at, ceil_minute(judged.at))
    return max(0, walked.subject.calendar.working_minutes(since, finish.recorded_at.at))
