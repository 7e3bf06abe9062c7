"""What the page of the flow shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.answers.breakdowns import FlowHandover, FlowPlace
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.vietnamese_order import NameOrder, text_order
from tiendo_query.answering.breakdowns import handover_answers, name_of_place, place_answers
from tiendo_query.breakdowns.unit_flows import UnitFlow
from tiendo_query.pages.charts import Chart
from tiendo_query.pages.charts.links import PlaceLink, place_links
from tiendo_query.pages.figure_charts import case_links
from tiendo_query.pages.looking import Looking
from tiendo_query.pages.showing import Said
from tiendo_query.pages.sorted_columns import SortedColumns
from tiendo_query.pages.unit.view import PLACE_WORDS

EDGES_SHOWN: Final = 25
EDGES_DRAWN: Final = 14
PLACES_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEdge:
    """A handover, with the names of both places; a place that is no unit leads nowhere."""

    giver: Said
    receiver: Said
    giver_unit: str | None
    receiver_unit: str | None
    found: FlowHandover


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStay:
    """A place with what was added there."""

    name: Said
    unit: str | None
    found: FlowPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowView:
    """The flow seen from the unit, or from above all agencies."""

    start: date
    end: date
    unit_name: str | None
    picture: Chart
    edges: Sequence[FlowEdge]
    edge_count: int
    stays: Sequence[FlowStay]


EDGES_SORTED: Final[SortedColumns[FlowEdge]] = SortedColumns(
    keys={
        "giver": lambda row: _order(row.giver),
        "receiver": lambda row: _order(row.receiver),
        "cases": lambda row: row.found.cases,
        "handovers": lambda row: row.found.handovers,
        "late": lambda row: row.found.late_handovers,
        "minutes": lambda row: row.found.inherited_minutes,
    },
    falling=frozenset({"cases", "handovers", "late", "minutes"}),
    usual="-minutes",
)
STAYS_SORTED: Final[SortedColumns[FlowStay]] = SortedColumns(
    keys={
        "place": lambda row: _order(row.name),
        "cases": lambda row: row.found.cases,
        "holds": lambda row: row.found.holds,
        "added": lambda row: row.found.added_minutes,
        "won_back": lambda row: row.found.won_back_minutes,
    },
    falling=frozenset({"cases", "holds", "added", "won_back"}),
    usual="-added",
)


def _order(name: Said) -> NameOrder:
    return text_order(name.vi if isinstance(name, Words) else name)


def flow_view(
    flow: UnitFlow, looking: Looking, start: date, end: date, *, sort: str | None, sort_stays: str | None
) -> FlowView:
    """The page: unless sorted otherwise the edges with most inherited lateness first, the places with most added lateness first."""
    links = case_links(looking, flow.period, start, end)
    found = handover_answers(flow, links)
    edges = [
        FlowEdge(
            giver=_name(flow, one.giver),
            receiver=_name(flow, one.receiver),
            giver_unit=_unit(one.giver),
            receiver_unit=_unit(one.receiver),
            found=one,
        )
        for one in found
    ]
    return FlowView(
        start=start,
        end=end,
        unit_name=None if flow.unit is None else name_of_place(flow, flow.unit) or flow.unit,
        picture=_picture(edges[:EDGES_DRAWN]),
        edges=EDGES_SORTED.in_order(edges, sort)[:EDGES_SHOWN],
        edge_count=len(flow.handed),
        stays=STAYS_SORTED.in_order(
            (FlowStay(name=_name(flow, one.place), unit=_unit(one.place), found=one) for one in place_answers(flow)),
            sort_stays,
        )[:PLACES_SHOWN],
    )


def _name(flow: UnitFlow, place: str) -> Said:
    return PLACE_WORDS.get(place) or name_of_place(flow, place) or place


def _unit(place: str) -> str | None:
    return None if place in PLACE_WORDS else place


def _picture(edges: Sequence[FlowEdge]) -> Chart:
    return place_links(
        "flow",
        Words(vi="Chậm mang theo từ nơi này sang nơi khác", en="Lateness carried from place to place"),
        [
            PlaceLink(start=one.giver, end=one.receiver, weight=one.found.inherited_minutes, href=one.found.late_href)
            for one in edges
            if one.found.inherited_minutes
        ],
        heads=(
            Words(vi="Từ", en="From"),
            Words(vi="Đến", en="To"),
            Words(vi="Phút chậm mang theo", en="Inherited minutes"),
        ),
        note=Words(
            vi="Nét càng dày, số phút chậm mang theo càng nhiều; bên trái là nơi chuyển, bên phải là nơi nhận.",
            en="The thicker the line, the more minutes were inherited; givers stand left, receivers right.",
        ),
    )
