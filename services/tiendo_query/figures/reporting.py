"""The report over a period: what `GET /v1/report`, `tiendo report` and the pages show."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.reports import FieldFigures, Report, UnitFigures
from tiendo_domain.instants import Instant
from tiendo_domain.timeline.policies import DEFAULT_POLICY
from tiendo_domain.timeline_types import Basis, Policy
from tiendo_query.figures.counting import Progress, Tally, Thing, figures, tally_for, tally_of, tally_question
from tiendo_query.names.known_units import is_inside, known_subtree, spans_of
from tiendo_query.quality.quality_marks import quality_path
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_query.sums.counted_views import CountedView
from tiendo_query.sums.kept_sums import kept_sum


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedReport:
    """What a report is asked about. `start` and `end` are local dates, both inclusive; None: from the first event on, up to `as_of`.

    `unit` restricts it to what this unit and those below it are responsible for.
    The policy decides how lateness is shared, and so none of a report's figures; it is named in the answer.
    """

    start: date | None = None
    end: date | None = None
    as_of: Instant | None = None
    known_at: Instant | None = None
    basis: Basis = Basis.OCCURRED
    policy: Policy = DEFAULT_POLICY
    unit: str | None = None

    @property
    def of_another_view(self) -> bool:
        """Whether every case is folded for it, because the read models show another view."""
        return self.known_at is not None or self.basis is not Basis.OCCURRED


async def report(
    side: QuerySide,
    snapshot: Snapshot,
    asked: AskedReport,
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> Report:
    """The figures over the period, by field and by unit (subtree figures), from the read models or, for another view, from all events.

    All events are worked through by `processes`: further ones, where there is enough for more than one.
    With `known_at` the units' names and their tree, too, are those that were known then.
    """
    if asked.known_at is not None:
        known = await snapshot.histories.rules(snapshot.reader.position, known_at=asked.known_at.at)
        snapshot = replace(snapshot, rules=known)
    now = side.now()
    end = asked.end or (now if asked.as_of is None else asked.as_of.at).astimezone(snapshot.zone).date()

    def period_at(now: datetime) -> AskedPeriod:
        return asked_period(asked.start, end, as_of=asked.as_of, now=now, zone=snapshot.zone)

    period = period_at(now)
    spans = spans_of(snapshot, period.period)
    units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, period.period)
    question = tally_question((asked.start, end, asked.as_of), period_at, spans, units)
    if not asked.of_another_view:
        found = await tally_of(snapshot, (await kept_sum(side, snapshot, question, now=now)).total, period.period)
    else:
        counted = CountedView(
            build=snapshot.reader.build,
            period=period.period,
            position=snapshot.reader.position,
            known_at=None if asked.known_at is None else asked.known_at.at,
            basis=asked.basis,
            spans=spans,
            units=units,
        )
        found = await tally_for(side, snapshot, counted, processes=processes, progress=progress)
    answer = _report(snapshot, asked, end, period, found)
    below = None if units is None else frozenset(units.ever)
    seen = [unit for unit in answer.units if is_inside(snapshot, unit.id) and (below is None or unit.id in below)]
    return answer.model_copy(update={"units": seen})


def _report(snapshot: Snapshot, asked: AskedReport, end: date, period: AskedPeriod, found: Tally) -> Report:
    return Report.model_validate(
        {
            **figures(found.total, quality_path(period, asked.unit)),
            "cases_left_out": found.leaves_out(asked.unit),
            "simulated": found.simulated,
            "notice": notice_of(simulated=found.simulated),
            "from": asked.start,
            "to": end,
            "as_of": period.as_of_text,
            "known_at": None if asked.known_at is None else asked.known_at.text,
            "basis": asked.basis.value,
            "policy": asked.policy.value,
            "unit": asked.unit,
            "position": snapshot.reader.position,
            "fields": [
                _field(found, sector, quality_path(period, asked.unit)) for sector in sorted(found.by_field, key=_order)
            ],
            "units": [unit_figures(found, unit, period) for unit in sorted(found.by_unit, key=_order)],
        }
    )


def unit_figures(found: Tally, unit: Thing, period: AskedPeriod) -> UnitFigures:
    """The figures of a unit's subtree."""
    node = found.node(unit)
    return UnitFigures.model_validate(
        {
            "id": unit[0],
            "name": node.name,
            "level": node.level,
            "parent": node.parent,
            "cases_left_out": unit[0] is not None and found.leaves_out(unit[0]),
            **figures(found.by_unit[unit], quality_path(period, unit[0])),
        }
    )


def _field(found: Tally, sector: Thing, quality_href: str) -> FieldFigures:
    name = sector[1] or found.field_names.get(sector)
    return FieldFigures.model_validate({"id": sector[0], "name": name, **figures(found.by_field[sector], quality_href)})


def _order(thing: Thing) -> tuple[bool, str, str]:
    """By id; what has none behind, by name."""
    return (thing[0] is None, thing[0] or "", thing[1] or "")
