"""The walk in whole working minutes: how long each hold was and how late the case is (rules T2, D4)."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from tiendo_domain.calendar import ceil_minute
from tiendo_domain.timeline.stretches import Stretch
from tiendo_domain.timeline.walk import Walk


class MeasuredHold(Struct, frozen=True, kw_only=True):
    """A hold with its working minutes, and of these the minutes of the case's lateness that fall into it.

    `account`: the restarts before it, the party's key and the step's id, by which accounts are told apart (rule A1).
    """

    stretch: Stretch
    working_minutes: int
    late_minutes: int
    account: tuple[int, str, str | None]


class Measured(Struct, frozen=True, kw_only=True):
    """The holds of a case measured up to its finish, or to `as_of`.

    `overdue` and `lateness_minutes` are None where no due is known or nothing began; the minutes of lateness sum over the holds.
    """

    holds: Sequence[MeasuredHold]
    overdue: bool | None
    lateness_minutes: int | None


def measure(walked: Walk, as_of: datetime) -> Measured:
    """The walk measured; an open hold runs to `as_of`."""
    if walked.began is None:
        return Measured(holds=(), overdue=None, lateness_minutes=None)
    calendar = walked.subject.calendar
    judged = walked.dues.judged
    finished_at = as_of if walked.finish is None else walked.finish.at.at
    late_from = None if judged is None or finished_at <= judged.at else calendar.coordinate(ceil_minute(judged.at))
    holds = []
    for stretch in walked.stretches:
        start = calendar.coordinate(stretch.started_at.at)
        end = calendar.coordinate(as_of if stretch.ended_at is None else stretch.ended_at.at)
        late = 0 if late_from is None or stretch.paused else max(0, end - max(start, late_from))
        account = (stretch.round, stretch.key, stretch.step_id)
        holds.append(MeasuredHold(stretch=stretch, working_minutes=end - start, late_minutes=late, account=account))
    return Measured(
        holds=holds,
        overdue=None if judged is None else late_from is not None,
        lateness_minutes=None if judged is None else sum(hold.late_minutes for hold in holds),
    )
