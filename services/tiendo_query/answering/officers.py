"""Officers' figures and holds as answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.officers import (
    OfficerCase,
    OfficerFigures,
    OfficerHold,
    OfficerName,
    OfficerPage,
    OfficerPublication,
    OfficerTimeline,
    OfficerTotals,
    SeveralNames,
)
from tiendo_query.answering.named_answers import named_from
from tiendo_query.figures.officer_pages import OfficerEntries
from tiendo_query.figures.ranking import OfficerDelay, RankedOfficer, Ranking
from tiendo_query.quality.quality_marks import quality_mark, quality_path
from tiendo_query.questions.periods import AskedPeriod
from tiendo_read_models.queries.officers import OfficerNames, OfficerSums
from tiendo_read_models.tables import HOLD


def officer_name(key: str, names: OfficerNames) -> OfficerName:
    """The officer as named by the latest hold."""
    return OfficerName(
        key=key,
        id=names.id,
        name=names.name,
        position=names.position,
        unit=named_from(names.unit_id, names.unit_name),
    )


def officer_totals(sums: OfficerSums, period: AskedPeriod) -> OfficerTotals:
    """The totals."""
    quality = quality_mark(sums.attributed_minutes, sums.doubtful_minutes, quality_path(period))
    members = {name: getattr(sums, name) for name in OfficerTotals.model_fields if name != "quality"}
    return OfficerTotals.model_validate({**members, "quality": quality})


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
                OfficerFigures(
                    officer=officer_name(officer.key, officer.names),
                    **officer_totals(officer.sums, found.period).model_dump(),
                )
                for officer in officers
            ],
            "several_names": several_names(
                {
                    name: found.several_names.get(name, ())
                    for name in (one.names.id for one in officers)
                    if name is not None
                }
            ),
            "next": following,
        }
    )


def officer_timeline(
    found: OfficerDelay,
    seen: AskedPeriod,
    page: OfficerEntries,
    publications: Sequence[OfficerPublication],
    following: str | None,
) -> OfficerTimeline:
    """One officer's delay over a period: the totals of all, the entries of the page."""
    return OfficerTimeline.model_validate(
        {
            "simulated": found.simulated,
            "notice": notice_of(simulated=found.simulated),
            "officer": officer_name(found.key, found.names),
            "several_names": several_names(found.several_names),
            "from": seen.from_text,
            "to": seen.to_text,
            "as_of": seen.as_of_text,
            "totals": officer_totals(found.sums, seen),
            "cases": [officer_case(one) for one in page.cases],
            "holds": [officer_hold(hold) for hold in page.holds],
            "publications": publications,
            "next": following,
        }
    )


def several_names(names: Mapping[str, Sequence[str]]) -> list[SeveralNames]:
    """The ids that bear several names, by id."""
    return [
        SeveralNames(officer_id=officer_id, names=list(found)) for officer_id, found in sorted(names.items()) if found
    ]


def officer_hold(record: Mapping[str, Any]) -> OfficerHold:
    """A hold of the officer."""
    return OfficerHold.model_validate(HOLD.read(record, OfficerHold.model_fields))


def officer_case(record: Mapping[str, Any]) -> OfficerCase:
    """What one case adds to the officer's totals."""
    return OfficerCase.model_validate(
        {
            "case_id": record["case_id"],
            "state": record["state"],
            "case_class": record["case_class"],
            "overrun_minutes": int(record["overrun_minutes"]),
            "attributed_minutes": int(record["attributed_minutes"]),
            "attributed_by_rule_minutes": int(record["attributed_by_rule_minutes"]),
            "late_entry_minutes": int(record["late_entry_minutes"]),
            "late_entry_by_rule_minutes": int(record["late_entry_by_rule_minutes"]),
            "rule": record["rule"],
            "event_ids": list(record["event_ids"] or ()),
        }
    )
