"""What the people of a unit, and the unit itself, bear in the cases finished in a period."""

from collections.abc import Mapping

from tiendo_query.breakdowns.period_sums import AskedTime, summed
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.grouped_sums import Sums
from tiendo_read_models.queries.borne_by_units import BORNE_NAMES, BorneFor, count_borne
from tiendo_read_models.queries.tree_spans import CountedUnits


async def borne_sums(side: QuerySide, snapshot: Snapshot, asked: AskedTime) -> Sums:
    """The sums of `count_borne` over the period, of all units."""
    return (await summed(side, snapshot, asked, "borne", count_borne)).total


def borne_by(sums: Sums, units: CountedUnits) -> Mapping[str, int]:
    """Of the sums those of parties of the units, by the names of `BORNE_NAMES`."""
    found = dict.fromkeys(BORNE_NAMES, 0)
    for key, numbers in sums.items():
        if isinstance(key, BorneFor) and units.holds(key.unit_id, key.span):
            for name, minutes in zip(BORNE_NAMES, numbers, strict=True):
                found[name] += minutes
    return found


def borne_by_itself(sums: Sums, unit_id: str) -> Mapping[str, int]:
    """The same of the one unit, without those below it."""
    found = dict.fromkeys(BORNE_NAMES, 0)
    for key, numbers in sums.items():
        if isinstance(key, BorneFor) and key.unit_id == unit_id:
            for name, minutes in zip(BORNE_NAMES, numbers, strict=True):
                found[name] += minutes
    return found
