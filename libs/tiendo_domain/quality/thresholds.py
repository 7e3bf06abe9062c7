"""The one place of all thresholds: from when on something is irregular, and a figure doubtful."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The thresholds of one published version of the definitions; another number is another version, with another name.

    `doubtful_share`, `unusable_share`: of the minutes of attribution the share that rests on doubtful facts; above the one a figure is doubtful, above
    the other unusable. `burst_cases` completed by one officer within `burst_minutes` are a burst, where the day has at most `closing_minutes` of working
    time left or the month no further working day. `silence_minutes`: working minutes without any arrival of a source. `hold_minutes_max`: working
    minutes, a year of 250 days, that one hold of an officer cannot last; `case_seconds_min`: seconds that no case is completed in.
    """

    name: str
    doubtful_share: float
    unusable_share: float
    burst_cases: int
    burst_minutes: int
    closing_minutes: int
    silence_minutes: int
    hold_minutes_max: int
    case_seconds_min: int


THRESHOLDS: Final = Thresholds(
    name="quality/1",
    doubtful_share=0.05,
    unusable_share=0.25,
    burst_cases=10,
    burst_minutes=10,
    closing_minutes=30,
    silence_minutes=480,
    hold_minutes_max=120_000,
    case_seconds_min=60,
)
"""Those in force."""
