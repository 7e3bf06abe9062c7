"""Addresses of the lists of cases behind figures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tiendo_query.figures.figure_lists import Figure
from tiendo_query.quality.quality_marks import period_query
from tiendo_query.questions.periods import AskedPeriod, shown
from tiendo_read_models.queries.periods import Period

API_CASES = "/v1/cases"
PAGE_CASES = "/cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLinks:
    """Lists of the cases of a period, of everything or of the unit's subtree, at the address `cases`."""

    cases: str
    period: Mapping[str, object]
    as_of: str
    unit: str | None = None
    procedure: str | None = None

    @classmethod
    def of_program(cls, period: AskedPeriod, unit: str | None = None) -> "CaseLinks":
        """Links into the interface for programs."""
        return cls(cases=API_CASES, period=period_query(period), as_of=period.as_of_text, unit=unit)

    @classmethod
    def of_pages(cls, period: AskedPeriod, days: Mapping[str, object], unit: str | None = None) -> "CaseLinks":
        """Links to pages, which are asked for the period by its `days`."""
        return cls(cases=PAGE_CASES, period=days, as_of=period.as_of_text, unit=unit)

    def of_unit(self, unit: str | None) -> "CaseLinks":
        """The lists of the cases among them that the unit, or one below it, is responsible for."""
        return replace(self, unit=unit)

    def in_procedure(self, procedure_id: str | None) -> "CaseLinks":
        """The lists of the cases of the procedure among them."""
        return replace(self, procedure=procedure_id)

    def listed(self, *, figure: Figure | None = None, **asked: object) -> str:
        """The list of the cases of the period that are asked for; what is None is not asked."""
        return self.asking({"figure": figure, **asked})

    def asking(self, asked: Mapping[str, object]) -> str:
        """The same, where what is asked has been put together elsewhere."""
        return self._path({**self.period, **asked})

    def received(self, first: date, last: date, period: Period, zone: ZoneInfo) -> str:
        """The list of the cases received on the local days of `zone`, both inclusive, as far as these lie in the period."""
        begin_at = max(datetime.combine(first, time(), zone), period.start)
        end_at = min(datetime.combine(last + timedelta(days=1), time(), zone), period.end)
        begin = first if begin_at.astimezone(zone).time() == time() else shown(begin_at, zone)
        end = last if end_at.astimezone(zone).time() == time() else shown(end_at, zone)
        return self._path({"received_from": begin, "received_to": end, "as_of": self.as_of})

    def _path(self, asked: Mapping[str, object]) -> str:
        query = {**asked, "unit": self.unit, "procedure": self.procedure or asked.get("procedure")}
        told = {name: _text(value) for name, value in query.items() if value is not None}
        return f"{self.cases}?{urlencode(told)}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
