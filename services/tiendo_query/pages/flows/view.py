"""What the page of the flow shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.answers.breakdowns import FlowHandover, FlowPlace
from tiendo_contracts.problem_kinds import Words
from tiendo_query.answering.breakdowns import handover_answers, name_of_place, place_answers
from tiendo_query.breakdowns.unit_flows import UnitFlow
from tiendo_query.pages.charts import Chart
from tiendo_query.pages.charts.links import PlaceLink, place_links
from tiendo_query.pages.figure_charts import case_links
from tiendo_query.pages.looking import Looking
from tiendo_query.pages.showing import Said
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


def flow_view(flow: UnitFlow, looking: Looking, start: date, end: date) -> FlowView:
    """The page: the edges with most inherited lateness first, the places with most added lateness first."""
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
        for one in found[:EDGES_SHOWN]
    ]
    return FlowView(
        start=start,
        end=end,
        unit_name=None if flow.unit is None else name_of_place(flow, flow.unit) or flow.unit,
        picture=_picture(edges[:EDGES_DRAWN]),
        edges=edges,
        edge_count=len(flow.handed),
        stays=[
            FlowStay(name=_name(flow, one.place), unit=_unit(one.place), found=one)
            for one in place_answers(flow)[:PLACES_SHOWN]
        ],
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
