"""What each party of a case bears, before and after decisions, gathered from its timeline: one row a party (section E)."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from tiendo_domain.timeline_types import Attribution, CaseTimeline, LateEntryShare, Party


class Burden(Struct, frozen=True, kw_only=True):
    """What one party bears, in whole working minutes: of the lateness, and of a late entry, each after decisions and by rule.

    `rule` and `event_ids` are those of the share; of late-entry minutes alone C or E2, and of what decisions alone brought E4. Those of the share
    by rule are the same, or stand in `…_by_rule`. `late_entry_received_minutes` are, of what decisions moved here, those of the late entry.
    """

    party: Party
    minutes: int = 0
    by_rule_minutes: int = 0
    late_entry_minutes: int = 0
    late_entry_by_rule_minutes: int = 0
    received_by_decision_minutes: int = 0
    late_entry_received_minutes: int = 0
    rule: str
    event_ids: tuple[str, ...] = ()
    rule_by_rule: str | None = None
    event_ids_by_rule: tuple[str, ...] | None = None


def burdens(timeline: CaseTimeline) -> list[Burden]:
    """The parties that bear anything after decisions or by rule: the shares as the timeline orders them, then what late entries add."""
    by_rule = {row.party.key: row for row in timeline.attributions_by_rule}
    shares = {row.party.key: row for row in timeline.attributions}
    entries = {entry.party.key: entry for entry in timeline.late_entries}
    bearer = timeline.late_entry_party
    minutes = timeline.late_entry_by_rule_minutes
    entered_by_rule = {} if bearer is None or not minutes else {bearer.key: minutes}
    emptied = {row.party.key: row for row in timeline.emptied}
    keys = dict.fromkeys([*shares, *by_rule, *entries, *entered_by_rule])
    parties = _parties([*timeline.attributions_by_rule, *timeline.attributions, *timeline.late_entries])
    if bearer is not None:
        parties.setdefault(bearer.key, bearer)
    return [
        _burden(
            parties[key],
            shares.get(key) or emptied.get(key),
            by_rule.get(key),
            entries.get(key),
            late_entry_by_rule=entered_by_rule.get(key, 0),
            late_entry_rule="C" if timeline.class_by_rule is timeline.case_class else "E2",
        )
        for key in keys
    ]


def _parties(rows: Iterable[Attribution | LateEntryShare]) -> dict[str, Party]:
    return {row.party.key: row.party for row in rows}


def _burden(
    party: Party,
    share: Attribution | None,
    by_rule: Attribution | None,
    entry: LateEntryShare | None,
    *,
    late_entry_by_rule: int,
    late_entry_rule: str,
) -> Burden:
    shown = share or by_rule  # of a share that a decision emptied, what is left is a row of no minutes
    received: Sequence[Attribution | LateEntryShare] = [row for row in (share, entry) if row is not None]
    entered = "E4" if entry is not None and entry.received_by_decision_minutes == entry.minutes else late_entry_rule
    return Burden(
        party=party,
        minutes=0 if share is None else share.minutes,
        by_rule_minutes=0 if by_rule is None else by_rule.minutes,
        late_entry_minutes=0 if entry is None else entry.minutes,
        late_entry_by_rule_minutes=late_entry_by_rule,
        received_by_decision_minutes=sum(row.received_by_decision_minutes for row in received),
        late_entry_received_minutes=0 if entry is None else entry.received_by_decision_minutes,
        rule=entered if shown is None else shown.rule,
        event_ids=() if shown is None else shown.event_ids,
        rule_by_rule=None if by_rule is None or by_rule == shown else by_rule.rule,
        event_ids_by_rule=None if by_rule is None or by_rule == shown else by_rule.event_ids,
    )
