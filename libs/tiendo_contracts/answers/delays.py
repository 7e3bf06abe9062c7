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
    minutes: Minutes = Field(description="the party's share of the lateness")
    late_entry_minutes: Minutes = Field(description="recorded late only; not part of `minutes`")
    case_class: CaseClass | None = Field(alias="class")
    rule: str = Field(description="the policy with its rule numbers; `C` for late-entry minutes alone")
    event_ids: list[str]


class DelayPage(Marked):
    """A page of delays, by case and by share, most minutes first."""

    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText
    items: list[Delay]
    next: str | None
