"""A case read on one basis: which events count, what they add up to, and that in minutes."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.counted import Counted, counted_events
from tiendo_domain.timeline.measured import Measured, measure
from tiendo_domain.timeline.walk import Walk, walk
from tiendo_domain.timeline_types import Basis


class OnBasis(Struct, frozen=True, kw_only=True):
    """A case read on one basis."""

    counted: Counted
    walked: Walk
    measured: Measured


def read_on_basis(
    known: Sequence[CaseEvent], rules: RuleBook, as_of: datetime, basis: Basis, explained_by: datetime | None = None
) -> OnBasis:
    """The known events of a case read on `basis`, up to `as_of`; what is explained and decided up to `explained_by` (None: all)."""
    counted = counted_events(known, rules, as_of=as_of, basis=basis, explained_by=explained_by)
    walked = walk(counted, rules, as_of=as_of)
    return OnBasis(counted=counted, walked=walked, measured=measure(walked, as_of))
