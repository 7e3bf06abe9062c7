"""Officers' figures and holds as answers."""

from collections.abc import Mapping
from typing import Any

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.officers import (
    OfficerCase,
    OfficerFigures,
    OfficerHold,
    OfficerName,
    OfficerPage,
    OfficerTimeline,
    OfficerTotals,
)
from tiendo_query.answering.parties import holder_of, named_from
from tiendo_query.periods import AskedPeriod
from tiendo_query.ranking import OfficerDelay, RankedOfficer, Ranking
from tiendo_read_models.queries.officers import OfficerNames, OfficerSums


def officer_name(key: str, names: OfficerNames) -> OfficerName:
    """The officer as named by the latest hold."""
    return OfficerName(
        key=key,
        id=names.id,
        name=names.name,
        position=names.position,
        unit=named_from(names.unit_id, names.unit_name),
    )


def officer_totals(sums: OfficerSums) -> OfficerTotals:
    """The totals."""
    return OfficerTotals.model_validate(_totals(sums))


def officer_page(found: Ranking, officers: list[RankedOfficer], following: str | None) -> OfficerPage:
    """A page of the ranking."""
    return OfficerPage.model_validate(
        {
            "simulated": found.simulated,
            "notice": notice_of(simulated=found.simulated),
            "from": found.period.from_text,
            "to": found.period.to_text,
            "as_of": found.period.as_of_text,
            "items": [
                OfficerFigures.model_validate(
                    {"officer": officer_name(officer.key, officer.names), **_totals(officer.sums)}
                )
                for officer in officers
            ],
            "next": following,
        }
    )


def officer_timeline(found: OfficerDelay, seen: AskedPeriod) -> OfficerTimeline:
    """One officer's delay over a period."""
    return OfficerTimeline.model_validate(
        {
            "simulated": found.simulated,
            "notice": notice_of(simulated=found.simulated),
            "officer": officer_name(found.key, found.names),
            "from": seen.from_text,
            "to": seen.to_text,
            "as_of": seen.as_of_text,
            "totals": officer_totals(found.sums),
            "cases": [officer_case(one) for one in found.cases],
            "holds": [officer_hold(hold) for hold in found.holds],
        }
    )


def officer_hold(record: Mapping[str, Any]) -> OfficerHold:
    """A hold of the officer."""
    minutes = ("working", "allotted", "overrun", "lateness_in", "lateness_out")
    return OfficerHold.model_validate(
        {
            "case_id": record["case_id"],
            "party": holder_of(record, "party"),
            "step": named_from(record["step_id"], record["step_name"]),
            "started_at": record["started_text"],
            "ended_at": record["ended_text"],
            **{f"{name}_minutes": record[f"{name}_minutes"] for name in minutes},
            "paused": record["paused"],
            "inferred": record["inferred"],
            "event_ids": list(record["event_ids"]),
        }
    )


def officer_case(record: Mapping[str, Any]) -> OfficerCase:
    """What one case adds to the officer's totals."""
    return OfficerCase.model_validate(
        {
            "case_id": record["case_id"],
            "state": record["state"],
            "class": record["case_class"],
            "overrun_minutes": int(record["overrun_minutes"]),
            "attributed_minutes": int(record["attributed_minutes"]),
            "late_entry_minutes": int(record["late_entry_minutes"]),
            "rule": record["rule"],
            "event_ids": list(record["event_ids"] or ()),
        }
    )


def _totals(sums: OfficerSums) -> dict[str, int]:
    return {
        "cases": sums.cases,
        "late_cases": sums.late_cases,
        "overrun_minutes": sums.overrun_minutes,
        "attributed_minutes": sums.attributed_minutes,
        "late_entry_minutes": sums.late_entry_minutes,
    }
