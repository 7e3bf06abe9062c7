"""The extraction that the province asked for: case by case, who caused which minutes."""

from pydantic import Field

from tiendo_contracts.answers.common import (
    Answer,
    InstantText,
    Marked,
    Minutes,
    Named,
    PartyKey,
)
from tiendo_domain.quality import QualityVerdict
from tiendo_domain.timeline_types import CaseClass, PartyKind, State


class Delay(Answer):
    """One case and one party that answers for minutes of its lateness, or for a late entry."""

    case_id: str
    aliases: list[str] = Field(description="the case's other codes (rule N4)")
    simulated: bool
    procedure: Named | None
    field: Named | None
    responsible_unit: Named | None
    received_at: InstantText | None
    due_at: InstantText | None
    judged_due_at: InstantText | None
    ended_at: InstantText | None = Field(description="the finish; null while the case is open")
    state: State
    lateness_minutes: Minutes | None
    party_key: PartyKey
    party_kind: PartyKind
    officer_id: str | None = Field(description="null where no officer answers, or one without an id")
    full_name: str | None
    position: str | None
    unit: Named | None = Field(description="of the officer, or the unit that answers itself")
    step: str | None = Field(description="the steps in which the party held the case, in order")
    held_from: InstantText | None = Field(description="the party's first hold of the case began")
    held_to: InstantText | None = Field(description="the party's last hold ended; null while it holds the case")
    minutes: Minutes = Field(description="the party's share of the lateness, after decisions")
    by_rule_minutes: Minutes = Field(description="the same without any decision (rule E1)")
    late_entry_minutes: Minutes = Field(description="recorded late only, after decisions; not part of `minutes`")
    late_entry_by_rule_minutes: Minutes = Field(description="the same without any decision")
    received_by_decision_minutes: Minutes = Field(description="of both, what decisions moved here (rule E4)")
    case_class: CaseClass | None = Field(alias="class")
    rule: str = Field(
        description="the policy with its rule numbers, E4 where a decision changed or made the share; `C` or `E2` for late-entry minutes alone"
    )
    event_ids: list[str]
    doubtful_minutes: Minutes = Field(description="of `minutes`, those that rest on doubtful facts (`/v1/quality`)")
    quality: QualityVerdict = Field(description="how far `minutes` can be trusted, by what of them is doubtful")


class DelayPage(Marked):
    """A page of delays, by case and by share, most minutes first; also of those from whom decisions took all minutes."""

    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText
    items: list[Delay]
    next: str | None
