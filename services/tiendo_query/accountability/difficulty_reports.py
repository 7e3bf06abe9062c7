"""The report of the difficulties of a unit and period, as a document: what `GET /v1/difficulties/report` and `tiendo difficulties` give out."""

from dataclasses import dataclass
from datetime import timedelta

from tiendo_documents.administrative import AdministrativeDocument
from tiendo_query.accountability.difficulties import AskedDifficulties, found_difficulties
from tiendo_query.accountability.difficulty_document import ReportHead, difficulty_document
from tiendo_query.names.known_units import tree_of
from tiendo_query.official_forms.case_forms import superior_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.units import UnitTree


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyReport:
    """The document, and whether it rests on simulated events."""

    document: AdministrativeDocument
    simulated: bool


async def difficulty_report(side: QuerySide, snapshot: Snapshot, asked: AskedDifficulties) -> DifficultyReport:
    """The report; raises the refusal of an unknown unit."""
    found = await found_difficulties(side, snapshot, asked, now=side.now())
    period = found.period.period
    tree = await tree_of(snapshot, period)
    first, last = (at.astimezone(snapshot.zone) for at in (period.start, min(period.end, period.as_of)))
    # A period ends where a day begins: its last day is the one before.
    end = (last - timedelta(microseconds=1)).date()
    unit = asked.unit or _highest(tree)
    head = ReportHead(
        agency=None if unit is None else _name(tree, unit),
        superior=None if unit is None else superior_of(snapshot.rules, unit, end),
        start=None if asked.start is None else first.date(),
        end=end,
    )
    return DifficultyReport(document=difficulty_document(found, head, tree), simulated=found.simulated)


def _highest(tree: UnitTree) -> str | None:
    """The unit that everything lies below, if there is one alone."""
    tops = [one.id for one in tree.nodes.values() if one.parent is None or one.parent not in tree.nodes]
    return tops[0] if len(tops) == 1 else None


def _name(tree: UnitTree, unit: str) -> str:
    node = tree.nodes.get(unit)
    return (None if node is None else node.name) or unit
