"""Officers: the ranking, and one officer's delay over a period."""

from pydantic import Field

from tiendo_contracts.answers.common import Answer, Count, InstantText, Marked, Minutes, PartyKey, ShownName
from tiendo_contracts.answers.quality import QualityMark
from tiendo_contracts.answers.timelines import HoldAnswer
from tiendo_domain.monthly_list.listing import WithheldFor
from tiendo_domain.monthly_list.workflow import ListState


class OfficerName(Answer):
    """An officer as named by the latest hold; without an id told apart by name and unit (rule H3)."""

    key: PartyKey
    id: str | None = Field(examples=["CC-0001"], description="null where cases name the officer without one")
    name: str | None = Field(examples=["Nguyễn Thị Ánh"])
    position: str | None
    unit: ShownName


class OfficerTotals(Answer):
    """Totals over cases finished in the period (by the finish as recorded) or still open at its end (as at its end)."""

    cases: Count = Field(description="cases that the officer held")
    late_cases: Count = Field(
        description="cases with a share or late-entry minutes of the officer above 0, after decisions (rules D4, E1)"
    )
    late_cases_by_rule: Count = Field(description="the same without any decision")
    overrun_minutes: Minutes = Field(description="beyond the allotments, whether or not the case became late")
    attributed_minutes: Minutes = Field(description="the officer's shares of lateness, after decisions")
    attributed_by_rule_minutes: Minutes = Field(description="the same without any decision")
    late_entry_minutes: Minutes = Field(
        description="recorded late only, after decisions; never part of attributed_minutes"
    )
    late_entry_by_rule_minutes: Minutes = Field(description="the same without any decision")
    quality: QualityMark = Field(description="over the attributed minutes")


class OfficerFigures(OfficerTotals):
    """One line of the ranking."""

    officer: OfficerName


class SeveralNames(Answer):
    """An anomaly of the directory: events know one officer's id under several names, so the figures may be of several people."""

    officer_id: str
    names: list[str] = Field(description="each as sent, sorted; names that rule H3 compares as equal stand once")


class OfficerPage(Marked):
    """A page of the ranking, most attributed minutes first."""

    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText
    items: list[OfficerFigures]
    several_names: list[SeveralNames] = Field(description="those of the page's officers whose id bears several names")
    next: str | None


class OfficerHold(HoldAnswer):
    """A hold of the officer that overlaps the period."""

    case_id: str


class OfficerCase(Answer):
    """What one case adds to the totals."""

    case_id: str
    state: str
    case_class: str | None = Field(alias="class")
    overrun_minutes: Minutes
    attributed_minutes: Minutes
    attributed_by_rule_minutes: Minutes = Field(description="the officer's share without any decision")
    late_entry_minutes: Minutes
    late_entry_by_rule_minutes: Minutes = Field(
        description="the officer's minutes of a late entry without any decision"
    )
    rule: str | None
    event_ids: list[str] = Field(description="the events that the share rests on")


class OfficerPublication(Answer):
    """What a list says of an officer."""

    id: str
    number: str | None
    version: int
    state: ListState
    unit: str
    period: str
    window_ends_at: InstantText | None
    decided_until: InstantText | None
    part: str = Field(examples=["officers", "open_overdue", "officers_without_late_case"])
    withheld: WithheldFor | None
    figures: dict[str, int] = Field(description="the figures of the officer's row")


class OfficerTimeline(Marked):
    """One officer's delay over a period, with the cases behind each figure: the totals of all pages, holds and cases page by page."""

    officer: OfficerName
    several_names: list[SeveralNames] = Field(description="one entry where the id bears several names, else none")
    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText
    totals: OfficerTotals
    cases: list[OfficerCase] = Field(description="the cases that the totals count, by case id")
    holds: list[OfficerHold] = Field(description="the holds that overlap the period, in order of time")
    publications: list[OfficerPublication] = Field(
        description="the lists that name the officer, by their newest version, as far as the caller sees them"
    )
    next: str | None
