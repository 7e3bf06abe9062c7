"""Figures of a period: the report, and the named indicators."""

from datetime import date

from pydantic import Field

from tiendo_contracts.answers.common import (
    Answer,
    Count,
    InstantText,
    Marked,
    Minutes,
    Position,
    Ratio,
)
from tiendo_contracts.answers.quality import QualityMark
from tiendo_domain.facts import Level
from tiendo_domain.timeline_types import Basis, Policy


class Figures(Answer):
    """Cases counted over a period (rule C, indicators): resolved in it by the finish as recorded, open as at its end."""

    resolved: Count = Field(description="completed in the period, by the finish as recorded")
    resolved_overdue: Count = Field(description="of these actual, late-entry or unproven, after decisions")
    resolved_overdue_by_rule: Count = Field(description="the same without any decision (rule E1)")
    actual: Count = Field(description="after decisions")
    actual_by_rule: Count
    late_entry: Count = Field(description="after decisions")
    late_entry_by_rule: Count
    unproven: Count = Field(description="after decisions")
    unproven_by_rule: Count
    pause_not_respected: Count = Field(description="of the resolved; not overdue, counted apart")
    late_sync: Count = Field(description="of the resolved, by decision alone (rule E3); not overdue, counted apart")
    on_time_ratio: Ratio | None = Field(
        description="1 - resolved_overdue / resolved (overdue-ratio/1); null without any"
    )
    on_time_by_rule_ratio: Ratio | None = Field(description="1 - resolved_overdue_by_rule / resolved")
    lateness_minutes: Minutes = Field(description="of the cases that ended in the period, after decisions")
    lateness_by_rule_minutes: Minutes = Field(description="the same without any decision")
    late_entry_of_cases_minutes: Minutes = Field(
        description="of the cases that ended in the period, after decisions, whoever bears them; in no lateness"
    )
    late_entry_of_cases_by_rule_minutes: Minutes = Field(description="the same without any decision")
    open: Count = Field(description="received and not finished, as at the end of the period")
    open_overdue: Count
    declined: Count = Field(description="in the period; no resolved case")
    withdrawn: Count = Field(description="in the period; no resolved case")
    recorded_later: Count = Field(
        description="finished by the end of the period but recorded after it: counted in the period of the record"
    )
    quality: QualityMark = Field(description="over the minutes of the cases that ended in the period")


class SeenFigures(Answer):
    """What is said of figures that are made of the cases that the caller sees."""

    cases_left_out: bool = Field(
        description="whether a re-organisation has put units that belonged here on days of the period where the caller does not see them: "
        "visibility goes by the tree of today, so their cases are missing from these figures"
    )


class FieldFigures(Figures):
    """The figures of one field (lĩnh vực)."""

    id: str | None
    name: str | None


class UnitFigures(Figures, SeenFigures):
    """The figures of a unit and all units below it."""

    id: str | None
    name: str | None
    level: Level | None
    parent: str | None


class Report(Figures, SeenFigures, Marked):
    """The figures of the province, by field and by unit. `from` and `to` are local dates, both inclusive."""

    from_: date | None = Field(alias="from", description="null: from the first event on")
    to: date
    as_of: InstantText = Field(description="open cases are shown as at this instant")
    known_at: InstantText | None
    basis: Basis
    policy: Policy
    unit: str | None = Field(description="the unit to whose subtree the figures are restricted; null: everything")
    position: Position = Field(description="the position in the log that the figures reflect")
    fields: list[FieldFigures]
    units: list[UnitFigures]


class BorneFigures(Answer):
    """What the people of units, and the units themselves, bear in the cases finished in the period, whoever is responsible for these."""

    attributed_minutes: Minutes = Field(description="of the lateness, after decisions")
    attributed_by_rule_minutes: Minutes = Field(description="the same without any decision (rule E1)")
    late_entry_minutes: Minutes = Field(description="recorded late only, after decisions; not part of the former")
    late_entry_by_rule_minutes: Minutes = Field(description="the same without any decision")
    received_by_decision_minutes: Minutes = Field(
        description="of these, moved to the units themselves by decisions (rule E4)"
    )


class OwnFigures(Figures, BorneFigures):
    """The figures of one unit without those below it."""


class UnitAnswer(UnitFigures, BorneFigures, Marked):
    """One unit: the figures of its subtree, and its own."""

    own: OwnFigures
    children: list[str] = Field(description="ids of the units directly below")
    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText


class UnitAbove(Answer):
    """A unit above those that a bound caller sees: its name, and no figures."""

    id: str
    name: str | None


class UnitPage(Marked):
    """A page of units with the figures of their subtrees."""

    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText
    items: list[UnitFigures]
    next: str | None


class IndicatorAnswer(Answer):
    """A named and versioned ratio with what it was made of; a change of meaning is a new version."""

    name: str = Field(examples=["overdue-ratio/1"])
    title: str
    definition: str
    numerator: int = Field(ge=0)
    denominator: int = Field(ge=0)
    value: Ratio | None = Field(description="null where the denominator is 0")
    numerator_by_rule: int = Field(ge=0, description="the numerator without any decision (rule E1)")
    value_by_rule: Ratio | None = Field(description="with `numerator_by_rule` over the same denominator")


class Received766(Answer):
    """Received: carried over from before the period, and new in it by channel."""

    total: Count
    carried_over: Count
    new: Count
    online: Count
    counter_or_post: Count
    channel_unknown: Count


class Resolved766(Answer):
    """Resolved in the period: before the day of the due, on it, overdue; without any due apart."""

    total: Count
    early: Count
    on_time: Count
    overdue: Count
    without_due: Count


class Open766(Answer):
    """Open at the end of the period."""

    total: Count
    in_time: Count
    overdue: Count
    without_due: Count


class Decision766Answer(Answer):
    """The counts of the table of Decision 766/QĐ-TTg: received = resolved + in process + paused + ended otherwise + recorded later."""

    name: str = Field(examples=["decision-766/1"])
    title: str
    definition: str
    received: Received766
    resolved: Resolved766 = Field(description="after decisions")
    resolved_by_rule: Resolved766 = Field(description="the same without any decision (rule E1)")
    in_process: Open766
    paused: Open766
    ended_otherwise: Count = Field(description="declined or withdrawn in the period")
    recorded_later: Count = Field(description="finished by the end of the period, recorded after it")


class IndicatorsAnswer(SeenFigures, Marked):
    """Every indicator over one period and one subtree of units."""

    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText
    unit: str | None = Field(description="the unit whose subtree was counted; null: everything")
    quality: QualityMark = Field(description="over the minutes of the cases that ended in the period")
    indicators: list[IndicatorAnswer]
    decision_766: Decision766Answer
