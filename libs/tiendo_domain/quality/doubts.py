"""Which minutes of attribution rest on doubtful facts.

A hold is doubtful if an event that begins or ends it shows an anomaly, or bears a doubtful mark, or if it was inferred who held, or if it lasts impossibly
long. Of a share those minutes are doubtful that stand to it as the minutes of its doubtful holds to those of all holds that it rests on; all of them
if the due against which lateness is measured was set by an event that shows one of the anomalies of a due.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from tiendo_domain.quality.irregularities import doubtful_kinds
from tiendo_domain.quality.kinds import QualityKind
from tiendo_domain.quality.thresholds import THRESHOLDS, Thresholds
from tiendo_domain.timeline_types import AnomalyKind, Attribution, CaseTimeline, Hold, PartyKind

_OF_THE_DUE: Final = frozenset(
    {
        AnomalyKind.DEADLINE_MOVED_WITHOUT_REASON,
        AnomalyKind.EXTENSION_IRREGULAR,
        AnomalyKind.RECORDED_AFTER_DUE,
        AnomalyKind.DUE_BEFORE_RECEIVED,
    }
)
"""Anomalies of an event whose due holds nevertheless: what is measured against it is as doubtful as the due."""


class ShareDoubts(Struct, frozen=True, kw_only=True):
    """Of one share the minutes that rest on doubtful facts, and by kind those that rest on each; one minute may rest on several."""

    minutes: int
    by_kind: Mapping[QualityKind, int]


NO_DOUBTS: Final = ShareDoubts(minutes=0, by_kind={})


def doubts_of(timeline: CaseTimeline, thresholds: Thresholds = THRESHOLDS) -> tuple[ShareDoubts, ...]:
    """The doubts about each share of the case, in the order of its attributions; rounded up, so that no doubt is lost."""
    if not timeline.attributions:
        return ()
    holds = [hold for hold in timeline.holds if hold.takes_part]
    kinds = [_kinds(hold, timeline, thresholds) for hold in holds]
    due = _kinds_of_the_due(timeline)
    if not due and not any(kinds):
        return (NO_DOUBTS,) * len(timeline.attributions)
    return tuple(_doubts(share, holds, kinds, due) for share in timeline.attributions)


def _kinds(hold: Hold, timeline: CaseTimeline, thresholds: Thresholds) -> frozenset[QualityKind]:
    shown = [one.kind for one in timeline.anomalies if not _are_apart(one.event_ids, hold.event_ids)]
    return frozenset([*shown, *doubtful_kinds(hold, thresholds)])


def _kinds_of_the_due(timeline: CaseTimeline) -> dict[AnomalyKind, set[str]]:
    """Anomaly of a due -> the events that show it."""
    found: dict[AnomalyKind, set[str]] = {}
    for anomaly in timeline.anomalies:
        if anomaly.kind in _OF_THE_DUE:
            found.setdefault(anomaly.kind, set()).update(anomaly.event_ids)
    return found


def _are_apart(one: Sequence[str], other: Sequence[str]) -> bool:
    return not any(event_id in other for event_id in one)


def _doubts(
    share: Attribution,
    holds: Sequence[Hold],
    kinds: Sequence[frozenset[QualityKind]],
    due: Mapping[AnomalyKind, set[str]],
) -> ShareDoubts:
    of_due = {kind for kind, events in due.items() if not _are_apart(share.event_ids, tuple(events))}
    weighed = list(_weighed(share, holds, kinds))
    whole = sum(weight for weight, _ in weighed)
    by_kind: dict[QualityKind, int] = {}
    for kind in sorted({kind for _, of_hold in weighed for kind in of_hold} | of_due):
        weight = whole if kind in of_due else sum(weight for weight, of_hold in weighed if kind in of_hold)
        minutes = share.minutes if kind in of_due else _part(share.minutes, weight, whole)
        if minutes:
            by_kind[kind] = minutes
    if of_due:
        return ShareDoubts(minutes=share.minutes, by_kind=by_kind)
    doubtful = sum(weight for weight, of_hold in weighed if of_hold)
    return ShareDoubts(minutes=_part(share.minutes, doubtful, whole), by_kind=by_kind)


def _weighed(
    share: Attribution, holds: Sequence[Hold], kinds: Sequence[frozenset[QualityKind]]
) -> Iterator[tuple[int, frozenset[QualityKind]]]:
    """Of the holds that the share rests on the minutes that count, with what is doubtful about them: the party's overruns, the organisation's working time."""
    for hold, of_hold in zip(holds, kinds, strict=True):
        if share.party.kind is PartyKind.ORGANISATION:
            yield hold.working_minutes, of_hold
        elif hold.party.key == share.party.key:
            yield hold.overrun_minutes or 0, of_hold


def _part(minutes: int, weight: int, whole: int) -> int:
    """`minutes` × `weight` / `whole`, rounded up; 0 where there is no whole."""
    return 0 if whole == 0 else -(-minutes * weight // whole)
