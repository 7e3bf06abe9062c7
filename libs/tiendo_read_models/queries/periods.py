"""The period of a question, and the instant at which its open cases are shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A case belongs to the period in which it was finished on basis recorded (rule C, indicators). `:as_of` is never after `:period_end`.
IN_PERIOD = """(c.finish_recorded_at >= :period_start AND c.finish_recorded_at < :period_end AND c.finish_recorded_at <= :as_of)"""
FINISHED_IN_PERIOD_OR_OPEN = f"(c.open OR {IN_PERIOD})"


@dataclass(frozen=True, slots=True)
class AsAt:
    """The instant at which cases are looked at; of what is explained and decided of them counts what is not later than `explained_by`.

    That is what somebody stated as `as_of`, never earlier than the instant itself; None: nobody did, and all counts, whatever its time (rule E1).
    """

    as_of: datetime
    explained_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The half-open period [start, end); `as_of`, at most `end`, is when its open cases are looked at; `explained_by` as `AsAt` has it."""

    start: datetime
    end: datetime
    as_of: datetime
    explained_by: datetime | None = None

    @property
    def as_at(self) -> AsAt:
        """As at when its cases are looked at."""
        return AsAt(self.as_of, self.explained_by)

    @property
    def parameters(self) -> dict[str, object]:
        """The values of the parameters that the conditions above name."""
        return {"period_start": self.start, "period_end": self.end, "as_of": self.as_of}

    @property
    def last_moment(self) -> datetime:
        """The instant as at which its open cases belong to units: `as_of`, and never the one that is past its end already (rule T3)."""
        return min(self.as_of, self.end - _SMALLEST)


_SMALLEST = timedelta(microseconds=1)
