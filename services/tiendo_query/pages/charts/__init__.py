"""Pictures of figures as shapes: pure geometry, drawn as SVG by one macro (`components/chart.html`), each with the table of its figures behind it."""

from tiendo_query.pages.charts.columns import ChartColumn, columns, distribution
from tiendo_query.pages.charts.curves import Curve, curves
from tiendo_query.pages.charts.drawing import Chart
from tiendo_query.pages.charts.heat_maps import heat_map
from tiendo_query.pages.charts.lanes import LaneSpan, TimeLane, TimeMark, time_lanes
from tiendo_query.pages.charts.waterfalls import WaterfallStep, waterfall

__all__ = [
    "Chart",
    "ChartColumn",
    "Curve",
    "LaneSpan",
    "TimeLane",
    "TimeMark",
    "WaterfallStep",
    "columns",
    "curves",
    "distribution",
    "heat_map",
    "time_lanes",
    "waterfall",
]
