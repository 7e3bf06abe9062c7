"""Conditions that a list of cases is found by, and a figure counted by: which cases are irregular in some way, or of some group."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tiendo_domain.timeline_types import AnomalyKind, CaseClass
from tiendo_read_models.builds import Build
from tiendo_read_models.queries.periods import IN_PERIOD

MONTH: Final = f"CASE WHEN {IN_PERIOD} THEN to_char(c.finish_recorded_at AT TIME ZONE :zone, 'YYYY-MM') END"
"""The month of a case's finish as recorded, by `:zone`; null where it is not finished in the period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCondition:
    """A condition on `c`, a row of `seen`, with the values of its parameters: which cases something concerns."""

    where: str
    parameters: Mapping[str, object]

    @property
    def values(self) -> tuple[Hashable, ...]:
        """The values of the parameters, by which two conditions of one text are told apart."""
        return tuple(tuple(value) if isinstance(value, list) else value for value in self.parameters.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAsked:
    """Which group of cases; None asks nothing. `responsible` is the id of the one unit, without those below it."""

    source: str | None = None
    responsible: str | None = None
    month: str | None = None


def of_group(asked: GroupAsked, zone: str) -> list[CaseCondition]:
    """The cases of the group, finished in the period that is asked about or open at its end; `zone` decides what a month is."""
    conditions = []
    if asked.source is not None:
        conditions.append(CaseCondition(where="c.source = :source", parameters={"source": asked.source}))
    if asked.responsible is not None:
        conditions.append(
            CaseCondition(where="c.unit_id = :responsible", parameters={"responsible": asked.responsible})
        )
    if asked.month is not None:
        conditions.append(CaseCondition(where=f"{MONTH} = :month", parameters={"month": asked.month, "zone": zone}))
    return conditions


def irregular_in(kind: str) -> CaseCondition:
    """The cases that are irregular in a way that a case shows by itself."""
    return CaseCondition(where=":irregularity = ANY(c.irregularities_then)", parameters={"irregularity": kind})


_CANDIDATES: Final = f"""(c.class IN ('{CaseClass.ACTUAL}', '{CaseClass.UNPROVEN}')
    OR c.class = '{CaseClass.LATE_ENTRY}' AND c.accepted IS FALSE)"""


def late_entry_candidate(across: Sequence[CaseCondition]) -> CaseCondition:
    """The cases finished in the period that may be late entries, and are not decided to be any.

    They are unproven, have evidence that waits for a decision or lies before the finish, or one of the conditions `across` cases holds of them
    (bursts of clicking, silences of sources).
    """
    alone = (
        f"c.class <> '{CaseClass.ACTUAL}'",
        f"'{AnomalyKind.EVIDENCE_BEFORE_FINISH}' = ANY(c.irregularities_then)",
    )
    any_of = " OR ".join(f"({where})" for where in (*alone, *(one.where for one in across)))
    parameters = {name: value for one in across for name, value in one.parameters.items()}
    return CaseCondition(where=f"{IN_PERIOD} AND {_CANDIDATES} AND ({any_of})", parameters=parameters)


def of_clicking(officers: Sequence[str], began: Sequence[datetime], ended: Sequence[datetime]) -> CaseCondition:
    """The cases that one of the officers completed near the end of a day or month in [began, ended) beside it."""
    return CaseCondition(
        where=f"""{IN_PERIOD} AND EXISTS (
            SELECT FROM unnest(CAST(:officers AS text[]), CAST(:clicked_from AS timestamptz[]), CAST(:clicked_before AS timestamptz[]))
                AS b (officer, began_at, ended_at)
            WHERE c.closing_officer = b.officer AND c.completed_at >= b.began_at AND c.completed_at < b.ended_at)""",
        parameters={"officers": list(officers), "clicked_from": list(began), "clicked_before": list(ended)},
    )


SILENCES: Final = """unnest(CAST(:sources AS text[]), CAST(:silent_from AS timestamptz[]), CAST(:silent_before AS timestamptz[]))
    AS s (source, began_at, ended_at)"""
WHILE_SILENT: Final = (
    "c.source = s.source AND c.finished_at > s.began_at AND c.finished_at < coalesce(s.ended_at, :as_of)"
)


def of_silences(sources: Sequence[str], began: Sequence[datetime], ended: Sequence[datetime | None]) -> CaseCondition:
    """The cases of the sources that were finished in (began, ended) beside it; None: still silent at the instant that is looked at."""
    return CaseCondition(
        where=f"EXISTS (SELECT FROM {SILENCES} WHERE {WHILE_SILENT})",
        parameters={"sources": list(sources), "silent_from": list(began), "silent_before": list(ended)},
    )


def seen_whole(build: Build) -> CaseCondition:
    """The cases that the reader sees whole, which are those that figures count."""
    where = f"EXISTS (SELECT FROM {build.cases} w WHERE w.case_id = c.case_id)" if build.bound else "TRUE"
    return CaseCondition(where=where, parameters={})


def of_codes(codes: Sequence[str]) -> CaseCondition:
    """The cases that one of the codes names, also as another code of theirs (rule N4)."""
    return CaseCondition(
        where="(c.case_id = ANY(CAST(:codes AS text[])) OR c.aliases && CAST(:codes AS text[]))",
        parameters={"codes": list(codes)},
    )


def of_officers(ids: Sequence[str]) -> CaseCondition:
    """The cases that an officer of these ids held."""
    return CaseCondition(
        where="""EXISTS (SELECT FROM seen_holds h WHERE h.case_id = c.case_id AND h.party_kind = 'officer'
            AND h.party_id = ANY(CAST(:officer_ids AS text[])))""",
        parameters={"officer_ids": list(ids)},
    )


def of_officers_in_units(ids: Sequence[str], units: Sequence[str]) -> CaseCondition:
    """The cases that an officer of these ids held as one of the unit beside the id."""
    return CaseCondition(
        where="""EXISTS (SELECT FROM seen_holds h
            JOIN unnest(CAST(:officer_ids AS text[]), CAST(:officer_units AS text[])) AS o (id, unit)
                ON h.party_id = o.id AND coalesce(h.party_unit_id, h.party_unit_name) = o.unit
            WHERE h.case_id = c.case_id AND h.party_kind = 'officer')""",
        parameters={"officer_ids": list(ids), "officer_units": list(units)},
    )


def resting_on_doubts(kind: str | None, officer_key: str | None) -> CaseCondition:
    """The cases finished in the period of whose minutes some rest on doubtful facts.

    With a kind: on facts of this kind; with the key of an officer: of the minutes that this officer bears.
    """
    if kind is None and officer_key is None:
        return CaseCondition(where=f"{IN_PERIOD} AND c.doubtful_minutes > 0", parameters={})
    parameters: dict[str, object] = {}
    where = "a.case_id = c.case_id AND a.doubtful_minutes > 0"
    if kind is not None:
        where, parameters["doubt"] = f"{where} AND jsonb_exists(a.doubts, :doubt)", kind
    if officer_key is not None:
        where, parameters["bearer_key"] = f"{where} AND a.party_key = :bearer_key", officer_key
    return CaseCondition(
        where=f"{IN_PERIOD} AND EXISTS (SELECT FROM seen_shares a WHERE {where})", parameters=parameters
    )
