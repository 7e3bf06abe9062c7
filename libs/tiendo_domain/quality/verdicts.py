"""What comes of the doubtful minutes: whether figures can be published."""

from enum import StrEnum

from tiendo_domain.quality.thresholds import THRESHOLDS, Thresholds


class QualityVerdict(StrEnum):
    """How far a figure can be trusted."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    UNUSABLE = "unusable"


def verdict_on(minutes: int, doubtful_minutes: int, thresholds: Thresholds = THRESHOLDS) -> QualityVerdict:
    """The verdict on figures over so many minutes of attribution, of which `doubtful_minutes` rest on doubtful facts; good where there are none."""
    if doubtful_minutes > thresholds.unusable_share * minutes:
        return QualityVerdict.UNUSABLE
    return QualityVerdict.DOUBTFUL if doubtful_minutes > thresholds.doubtful_share * minutes else QualityVerdict.GOOD
