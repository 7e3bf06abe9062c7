"""How far figures can be trusted: beside every figure in a word, and at length under `/v1/quality`."""

from pydantic import Field

from tiendo_contracts.answers.common import Answer, Count, InstantText, Marked, Minutes, Named, Ratio
from tiendo_domain.quality import QualityKind, QualityVerdict


class QualityMark(Answer):
    """What stands beside a figure: whether it can be trusted, by the share of the minutes behind it that rest on doubtful facts (doubtful-minutes/1)."""

    verdict: QualityVerdict
    attributed_minutes: Minutes
    doubtful_minutes: Minutes = Field(description="of these, those that rest on doubtful facts")
    doubtful_share: Ratio | None = Field(description="null where nothing was attributed")
    href: str = Field(examples=["/v1/quality?from=2022-08-01&to=2022-08-31"], description="what is doubtful, and why")


class QualityReason(Answer):
    """What the verdict rests on: a kind, and the minutes that rest on it; one minute may rest on several kinds."""

    kind: QualityKind
    title: str
    minutes: Minutes
    share: Ratio = Field(description="of the attributed minutes")


class QualityCount(Answer):
    """How often something irregular occurs."""

    kind: QualityKind
    cases: Count
    minutes: Minutes = Field(description="minutes of attribution that rest on it; 0 where it makes none doubtful")
    examples: list[str] = Field(description="the first of its cases, by case id, at most 3")
    href: str | None = Field(description="all of its cases, page by page; null for those of a unit without an id")
    minutes_href: str | None = Field(description="the cases behind the minutes; null where there are none")


class QualityFigures(Answer):
    """The quality of a group of cases: those finished in the period (by the finish as recorded) or open at its end."""

    verdict: QualityVerdict
    reasons: list[QualityReason] = Field(description="most minutes first; empty where the verdict is good")
    cases: Count
    finished: Count
    attributed_minutes: Minutes = Field(description="in cases finished in the period: these stay as they are")
    doubtful_minutes: Minutes
    doubtful_share: Ratio | None
    href: str | None = Field(description="the cases behind the doubtful minutes; null where there are none")
    anomalies: list[QualityCount] = Field(description="most cases first")


class QualityOfSource(QualityFigures):
    """The quality of the cases that a source told of."""

    source: str


class QualityOfUnit(QualityFigures):
    """The quality of the cases that one unit is responsible for, without those of the units below it."""

    unit: Named | None


class QualityOfMonth(QualityFigures):
    """The quality of the cases that were finished in a month (by the finish as recorded, in the default calendar's zone)."""

    month: str | None = Field(examples=["2022-08"], description="null: open cases")


class QualityRow(QualityFigures):
    """The quality of the cases of one source, unit and month."""

    source: str
    unit: Named | None
    month: str | None = Field(description="null: open cases")


class QualityOfOfficer(Answer):
    """An officer of whose minutes some rest on doubtful facts."""

    key: str
    id: str | None
    name: str | None
    unit: Named | None
    verdict: QualityVerdict
    attributed_minutes: Minutes
    doubtful_minutes: Minutes
    doubtful_share: Ratio
    reasons: list[QualityReason]
    href: str | None = Field(description="the cases behind the doubtful minutes; null for officers without an id")


class ClickingBurst(Answer):
    """Cases that one officer completed one right after the other when the day or the month ended (burst-clicking/1)."""

    officer_key: str
    officer: Named | None
    began_at: InstantText = Field(description="the minute of the first completion")
    ended_at: InstantText = Field(description="the end of the minute of the last one")
    cases: Count
    href: str | None = Field(description="its cases; null for officers without an id")


class SourceSilence(Answer):
    """Working time in which nothing came from a source (sync-gap/1)."""

    source: str
    last_at: InstantText = Field(description="when the last event before it came in")
    next_at: InstantText | None = Field(description="when the next one came; null: none has come yet")
    working_minutes: Minutes
    cases: Count = Field(description="cases finished meanwhile, as was told later")
    href: str


class NamesOfOfficer(Answer):
    """One id that bears several names (several-names/1)."""

    officer_id: str
    names: list[str]


class IdsOfName(Answer):
    """One name that several ids bear in a unit (shared-name/1)."""

    unit: str = Field(description="the unit's id; its name where it has none")
    name: str
    officer_ids: list[str]


class QualityDefinition(Answer):
    """What a kind means, and by which numbers."""

    kind: QualityKind
    title: str
    definition: str


class QualityAnswer(QualityFigures, Marked):
    """The quality of the figures of a period."""

    name: str = Field(examples=["quality/1"], description="the version of the definitions and thresholds")
    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText
    unit: str | None = Field(description="the unit whose subtree was looked at; null: everything")
    definitions: list[QualityDefinition] = Field(description="of every kind, whether or not it occurs")
    sources: list[QualityOfSource]
    units: list[QualityOfUnit]
    months: list[QualityOfMonth]
    bursts: list[ClickingBurst]
    silences: list[SourceSilence]
    several_names: list[NamesOfOfficer]
    shared_names: list[IdsOfName]
    most_doubtful_officers: list[QualityOfOfficer] = Field(
        description="the 20 with most doubtful minutes; every officer's stand under `/v1/officers`"
    )
    items: list[QualityRow] = Field(description="by source, unit and month; page by page")
    next: str | None
