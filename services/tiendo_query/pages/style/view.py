"""Made-up values for the page with all components."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_query.pages.charts import Chart
from tiendo_query.pages.paging import Paged, paged
from tiendo_query.pages.style.made_up_charts import made_up_charts

_UNITS: Final = (("Đơn vị A", 300), ("Đơn vị B", 100), ("Đơn vị C", 40))


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleView:
    """A value of each kind."""

    cases: int
    late: int
    late_before: int
    ratio: float
    by_rule_minutes: int
    minutes: int
    rows: Sequence[tuple[str, int]]
    page: Paged[int]
    charts: Sequence[Chart]


def style_view() -> StyleView:
    """The values; those of the units add up to the minutes."""
    return StyleView(
        cases=1_234,
        late=41,
        late_before=53,
        ratio=0.882,
        by_rule_minutes=540,
        minutes=sum(minutes for _, minutes in _UNITS),
        rows=_UNITS,
        page=paged(range(9), 2, 3),
        charts=made_up_charts(),
    )
