"""What one case adds to a monthly list: who of the unit held it, and what each bears in it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from tiendo_domain.explanations import ExplanationFiled
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.parties import named_holder
from tiendo_domain.timeline_types import CaseTimeline, ExplanationState, Hold, PartyKind


class Filed(Struct, frozen=True, kw_only=True):
    """An explanation that waits for its decision: when it was filed by what it says, and when the log took it."""

    filed_at: datetime
    ingested_at: datetime

    def came_before(self, end: datetime) -> bool:
        """Whether it was filed, and known, before the window's end: no stated time opens a window again."""
        return max(self.filed_at, self.ingested_at) < end


class OfficerInCase(Struct, frozen=True, kw_only=True):
    """An officer as the case shows them at their last hold in it, which began at `held_at`; minutes are whole working minutes.

    `holding`: they hold the open case. `moved_minutes` is what decisions moved from them. `reasons`: codes of rule E6, sorted, of explanations that
    were not withdrawn; `pending` are those that wait for their decision.
    """

    key: str
    id: str | None
    name: str | None
    position: str | None
    unit_id: str | None
    unit_name: str | None
    held_at: datetime
    holding: bool = False
    minutes: int = 0
    by_rule_minutes: int = 0
    late_entry_minutes: int = 0
    late_entry_by_rule_minutes: int = 0
    moved_minutes: int = 0
    reasons: tuple[str, ...] = ()
    pending: tuple[Filed, ...] = ()

    @property
    def is_late(self) -> bool:
        """Whether the officer bears anything after decisions (rules D4, E1)."""
        return self.minutes > 0 or self.late_entry_minutes > 0

    @property
    def is_late_by_rule(self) -> bool:
        """Whether the officer bears anything by rule alone."""
        return self.by_rule_minutes > 0 or self.late_entry_by_rule_minutes > 0

    @property
    def answers(self) -> bool:
        """Whether the officer bears anything, before or after decisions."""
        return self.is_late or self.is_late_by_rule


class FrozenCase(Struct, frozen=True, kw_only=True):
    """A case of a list: finished in the month, or `open` and overdue at its end; `officers` are those of the unit, by key.

    `counted`: the unit is responsible for it, and it counted as overdue when the list was frozen.
    `told_codes` are the codes of which anything is told that concerns it.
    """

    case_id: str
    codes: tuple[str, ...]
    told_codes: tuple[str, ...]
    last_position: int
    event_count: int
    open: bool
    counted: bool
    simulated: bool
    officers: tuple[OfficerInCase, ...]


def officers_in(
    timeline: CaseTimeline, rules: RuleBook, ingested: Mapping[tuple[str, str], datetime]
) -> list[OfficerInCase]:
    """All officers who hold or bear something in the case; `ingested`: (source, id) of its events -> when the log took them."""
    last_holds = {hold.party.key: hold for hold in timeline.holds if hold.party.kind is PartyKind.OFFICER}
    minutes = {row.party.key: row.minutes for row in timeline.attributions}
    by_rule = {row.party.key: row.minutes for row in timeline.attributions_by_rule}
    entries = {row.party.key: row.minutes for row in timeline.late_entries}
    bearer = timeline.late_entry_party
    entered = {} if bearer is None else {bearer.key: timeline.late_entry_by_rule_minutes}
    explained = _explanations(timeline, rules, ingested)
    holder = timeline.holds[-1].party.key if timeline.holds and timeline.finished_at is None else None
    found = []
    for key, hold in last_holds.items():
        reasons, pending = explained.get(key, ((), ()))
        found.append(
            replace(
                _holder(hold),
                holding=key == holder,
                minutes=minutes.get(key, 0),
                by_rule_minutes=by_rule.get(key, 0),
                late_entry_minutes=entries.get(key, 0),
                late_entry_by_rule_minutes=entered.get(key, 0),
                moved_minutes=timeline.moved_minutes.get(key, 0),
                reasons=reasons,
                pending=pending,
            )
        )
    return found


def _holder(hold: Hold) -> OfficerInCase:
    party = hold.party
    unit = party.unit
    return OfficerInCase(
        key=party.key,
        id=party.id,
        name=party.name,
        position=party.position,
        unit_id=None if unit is None else unit.id,
        unit_name=None if unit is None else unit.name,
        held_at=hold.started_at.at,
    )


def _explanations(
    timeline: CaseTimeline, rules: RuleBook, ingested: Mapping[tuple[str, str], datetime]
) -> dict[str, tuple[tuple[str, ...], tuple[Filed, ...]]]:
    """Officer's key -> the reasons that were given for them, and the explanations that wait."""
    reasons: dict[str, set[str]] = {}
    pending: dict[str, list[Filed]] = {}
    for one in timeline.explanations:
        key = explained_officer(one.said, rules)
        if key is None or one.state is ExplanationState.WITHDRAWN:
            continue
        reasons.setdefault(key, set()).add(one.said.reason.value)
        if one.state is ExplanationState.PENDING:
            filed_at = one.filed_at.at
            known_at = ingested.get((one.source, one.id), filed_at)
            pending.setdefault(key, []).append(Filed(filed_at=filed_at, ingested_at=known_at))
    return {key: (tuple(sorted(codes)), tuple(pending.get(key, ()))) for key, codes in reasons.items()}


def explained_officer(said: ExplanationFiled, rules: RuleBook) -> str | None:
    """The key of the officer whose lateness is explained; None where it is a unit's."""
    return None if said.officer is None else named_holder(said.officer, rules).key


def after_decisions(case: FrozenCase, officers: Iterable[OfficerInCase]) -> FrozenCase:
    """The frozen case with what its officers bear now; who they are, and what unit they belonged to, stays as it was frozen."""
    now = {officer.key: officer for officer in officers}
    return replace(case, officers=tuple(_bearing(officer, now.get(officer.key)) for officer in case.officers))


def _bearing(frozen: OfficerInCase, now: OfficerInCase | None) -> OfficerInCase:
    if now is None:
        return frozen
    return replace(
        now,
        id=frozen.id,
        name=frozen.name,
        position=frozen.position,
        unit_id=frozen.unit_id,
        unit_name=frozen.unit_name,
        held_at=frozen.held_at,
    )
