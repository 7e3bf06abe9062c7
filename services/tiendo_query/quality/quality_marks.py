"""The word on quality that stands beside a figure, and the address that says more."""

from urllib.parse import urlencode

from tiendo_contracts.answers.quality import QualityMark
from tiendo_domain.quality import verdict_on
from tiendo_query.questions.periods import AskedPeriod


def quality_mark(minutes: int, doubtful_minutes: int, href: str) -> QualityMark:
    """The mark of figures over so many minutes of attribution, of which `doubtful_minutes` rest on doubtful facts."""
    return QualityMark(
        verdict=verdict_on(minutes, doubtful_minutes),
        attributed_minutes=minutes,
        doubtful_minutes=doubtful_minutes,
        doubtful_share=None if minutes == 0 else doubtful_minutes / minutes,
        href=href,
    )


def quality_path(period: AskedPeriod, unit: str | None = None) -> str:
    """The address of the quality of the period's figures, of everything or of the unit's subtree."""
    return f"/v1/quality?{urlencode(period_query(period) | ({} if unit is None else {'unit': unit}))}"


def period_query(period: AskedPeriod) -> dict[str, str]:
    """The parameters that ask for the very period again."""
    asked = {} if period.from_text is None else {"from": period.from_text}
    # One without an end includes the moment that is looked at, which no end does.
    if period.period.end <= period.period.as_of or period.to_text != period.as_of_text:
        asked["to"] = period.to_text
    # What nobody stated is stated for none: else decisions later than the period would be left out (rule E1).
    if period.stated_as_of is not None or period.period.as_of < period.period.end:
        asked["as_of"] = period.stated_as_of or period.as_of_text
    return asked
