"""Monthly lists of officers who were late, as they are drafted, published and corrected.

A frozen list says for ever what it said when it was frozen: members that lists did not have yet are absent from it, as its digest demands.
"""

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from tiendo_contracts.answers.common import Answer, Count, InstantText, Marked, Minutes, Position
from tiendo_contracts.answers.officers import OfficerName
from tiendo_domain.explanations import Difficulty
from tiendo_domain.monthly_list.listing import WithheldFor
from tiendo_domain.monthly_list.workflow import ListState, StepKind

Digest = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the canonical form (RFC 8785), hexadecimal")
]
CountSince = Annotated[int | None, Field(ge=0, description="number of cases; absent where lists did not count it yet")]


class ListFigures(Answer):
    """The unit's figures over the month, of cases for which it or a unit below it is responsible, as reports count them (rule C)."""

    absent_before: ClassVar[frozenset[str]] = frozenset(
        {"resolved_overdue_by_rule", "actual_by_rule", "late_entry_by_rule", "unproven_by_rule", "late_sync"}
    )

    resolved: Count
    resolved_overdue: Count = Field(description="after decisions, as its classes")
    resolved_overdue_by_rule: CountSince = Field(
        default=None,
        description="the same without any decision (rule E1); absent, as the others, where not counted yet",
    )
    actual: Count
    actual_by_rule: CountSince = None
    late_entry: Count
    late_entry_by_rule: CountSince = None
    unproven: Count
    unproven_by_rule: CountSince = None
    pause_not_respected: Count
    late_sync: CountSince = None
    open: Count
    open_overdue: Count
    declined: Count
    withdrawn: Count
    recorded_later: Count


class LateOfficerRow(Answer):
    """An officer who bears something in cases finished in the month, whichever unit is responsible for them."""

    officer: OfficerName
    cases: Count = Field(description="cases finished in the month that the officer held")
    late_cases: Count = Field(
        description="of these with minutes of the officer above 0, after decisions (rules D4, E1)"
    )
    late_cases_by_rule: Count = Field(description="the same without any decision")
    attributed_minutes: Minutes
    attributed_by_rule_minutes: Minutes
    moved_minutes: Minutes = Field(
        description="moved from the officer by decisions, of shares and of late entries (rule E4)"
    )
    late_entry_minutes: Minutes = Field(description="recorded late only; never part of attributed_minutes")
    late_entry_by_rule_minutes: Minutes
    reasons: list[Difficulty] = Field(description="of the officer's explanations that were not withdrawn (rule E6)")
    explanation_pending: bool = Field(
        description="an explanation waits for its decision; once approved: one that came before the window's end did"
    )
    withheld: WithheldFor | None = Field(description="why the officer is not named in public; null before the approval")


class OverdueOfficerRow(Answer):
    """An officer who holds, or bears something in, cases that were open and overdue at the month's end; added to nothing."""

    officer: OfficerName
    cases: Count
    held_cases: Count = Field(description="of these, that the officer held at the month's end")
    attributed_minutes: Minutes
    attributed_by_rule_minutes: Minutes
    moved_minutes: Minutes
    provisional: Literal[True]
    explanation_pending: bool
    withheld: WithheldFor | None


class PunctualOfficerRow(Answer):
    """An officer who held at least 10 cases finished in the month, none of them late for the officer after decisions."""

    absent_before: ClassVar[frozenset[str]] = frozenset({"withheld"})

    officer: OfficerName
    cases: Count
    withheld: WithheldFor | None = Field(
        default=None,
        description="`undecided` where an explanation of theirs waits, of an open case or under another id; else null, absent where not said yet",
    )


class WithheldCount(Answer):
    """How many officers are not named in public, and why."""

    count: int = Field(ge=0)
    undecided: int = Field(
        ge=0, description="an explanation came before the window's end and was not decided at the approval"
    )
    below_least_minutes: int = Field(ge=0)
    unnamed: int = Field(ge=0)


class ListDifference(Answer):
    """What a content says otherwise than the one before it."""

    officer: OfficerName | None = Field(description="null for figures of the unit")
    member: str = Field(examples=["attributed_minutes"])
    was: int | None
    now: int | None


class FactProof(Answer):
    """A fact of the list in the log, and the proof that it is there (RFC 9162, 2.1.3)."""

    position: Position
    ingested_at: InstantText
    salt: str = Field(description="hexadecimal; see /v1/events")
    event: dict[str, Any] = Field(description="the fact, a CloudEvent")
    leaf_index: int = Field(ge=0)
    size: int | None = Field(description="of the tree of the last checkpoint; null while that does not cover the fact")
    leaf_hash: str | None
    hashes: list[str]


class ListStep(Answer):
    """A step that was taken, by its fact."""

    kind: StepKind
    version: int
    position: Position
    at: InstantText
    digest: Digest
    said: dict[str, Any] = Field(description="what the fact says of it: who, by which document, why")


class PublicationSummary(Answer):
    """A list by its state."""

    id: str
    number: str | None = Field(examples=["CK-H34.STNMT-2022-08/1"], description="null before it is published")
    version: int
    state: ListState
    unit: str
    period: str = Field(examples=["2022-08"])
    known_at: InstantText
    decided_until: InstantText | None
    window_ends_at: InstantText | None
    digest: Digest


class PublicationPage(Answer):
    """A page of lists, in the order in which they were drafted."""

    items: list[PublicationSummary]
    next: str | None


class Publication(PublicationSummary, Marked):
    """One version of a list."""

    absent_before: ClassVar[frozenset[str]] = frozenset(
        {"superior_name", "unit_paths", "public_differences", "named_before"}
    )

    unit_name: str | None
    superior_name: str | None = Field(default=None, description="name of the unit above")
    unit_paths: dict[str, str] = Field(
        default_factory=dict,
        description="by id of a unit below this one the names that lead down to it: several may have one name",
    )
    versions: list[int]
    draft_digest: Digest | None = Field(description="of the draft that was approved")
    public_digest: Digest | None = Field(
        description="of what the public sees, as /cong-khai gives it as JSON under `list`"
    )
    digested: list[str] = Field(
        description="the members of this answer that make the object whose digest is `digest`; empty where names were removed"
    )
    known_position: Position
    as_of: InstantText = Field(description="the month's end, as at which open cases are shown")
    window_working_days: int
    window_ended_at: InstantText | None = Field(description="the window's end as the approval knew it")
    least_minutes: Minutes
    figures: ListFigures
    officers: list[LateOfficerRow]
    open_overdue: list[OverdueOfficerRow]
    officers_without_late_case: list[PunctualOfficerRow]
    withheld: WithheldCount
    differences: list[ListDifference]
    public_differences: list[ListDifference] | None = Field(
        default=None,
        description="of a correction, what the public is told of them; null where the officer was, or is, not named in that part",
    )
    named_before: list[Any] | None = Field(
        default=None, description="only in lists without `public_differences`: whom earlier versions named in public"
    )
    names_removed: bool = Field(description="the list was withdrawn: nobody is named any more")
    cases_digest: str = Field(description="SHA-256 of the frozen cases that the rows are summed up from")
    steps: list[ListStep]
    proofs: list[FactProof]


class ListFormat(StrEnum):
    """The forms in which a list is given out, by the suffix of its address."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"
