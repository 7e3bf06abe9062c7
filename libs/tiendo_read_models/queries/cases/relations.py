"""Cases, holds and shares as at an instant, as SQL relations that all figures are counted from.

Every query begins with `WITH <relation.ctes>` and reads `seen` (cases, with `open`, `overdue_then`, `counts_as_overdue`, both also
`…_by_rule`, `irregularities_then`), `seen_holds`, `seen_shares`, `seen_explanations`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, cast

import orjson

from tiendo_domain.overdue import OPEN_STATES, OVERDUE_CLASSES
from tiendo_domain.timeline_types import AnomalyKind
from tiendo_read_models.builds import Build
from tiendo_read_models.members import Row
from tiendo_read_models.rows import CaseRows
from tiendo_read_models.tables import ATTRIBUTION, CASE, EXPLANATION, HOLD, PLACES_OF_A_CASE, PLACES_OF_A_PARTY

_OPEN_STATES = ", ".join(f"'{state.value}'" for state in sorted(OPEN_STATES))
OPEN = f"(c.finished_at IS NULL AND c.state IN ({_OPEN_STATES}))"
_OVERDUE_CLASSES = ", ".join(f"'{overdue.value}'" for overdue in OVERDUE_CLASSES)
OVERDUE_CLASS = f"c.class IN ({_OVERDUE_CLASSES})"
OVERDUE_CLASS_BY_RULE = f"c.class_by_rule IN ({_OVERDUE_CLASSES})"
# Rule D4, as at :as_of; null where it cannot be told.
OVERDUE_THEN = "CASE WHEN c.overdue_after IS NOT NULL THEN c.overdue_after < :as_of ELSE c.overdue END"
_OVERDUE_THEN_BY_RULE = "CASE WHEN c.overdue_after IS NOT NULL THEN c.overdue_after < :as_of ELSE c.overdue_by_rule END"


def _counts_as_overdue(of_class: str) -> str:
    """As `tiendo_domain.overdue.counts_as_overdue` decides; never null. No decision changes an open case's."""
    return f"(coalesce({of_class}, FALSE) OR ({OPEN} AND coalesce({OVERDUE_THEN}, FALSE)))"


# An open case falls silent as time goes on, without a word in its row (anomaly silent-tail).
_IRREGULARITIES_THEN = f"""CASE WHEN c.silent_from <= :as_of THEN c.irregularities || '{AnomalyKind.SILENT_TAIL}'::text
    ELSE c.irregularities END"""
_AT: Final = {name: index for index, name in enumerate(CASE.names)}
NOT_SHOWN: Final = frozenset(
    {"first_position", "unit_parents", "holder_names", "officer_ids", "told_codes", *PLACES_OF_A_CASE}
)
"""Members of cases that no figure and no answer rests on."""
_NOT_WRITTEN: Final = NOT_SHOWN.union(PLACES_OF_A_PARTY)
MAY_FALL_SILENT: Final = "(c.silent_from >= :moved_from AND c.silent_from <= :moved_to)"
"""The condition on `c` for cases whose irregularities change between two instants by time alone."""


class Exactness(StrEnum):
    """What a stored row must still say as at an instant, to be taken as it is."""

    COUNTS = "counts"
    """State, class, dues and whether the case is overdue; the minutes of an open case may have grown since."""
    MINUTES = "minutes"
    """Everything: the minutes of an open case grow, also of one that is open as recorded alone, so none is taken as it is."""


_EXACT: Mapping[Exactness, str] = {
    Exactness.COUNTS: "(c.last_event_at <= :as_of AND NOT c.needs_fold)",
    Exactness.MINUTES: f"(c.last_event_at <= :as_of AND NOT c.needs_fold AND NOT {OPEN})",
}


def exact(exactness: Exactness) -> str:
    """The condition on `c` (a row of cases) and `:as_of` under which the row stands as it is.

    An event later than `:as_of`, also one that explains or decides, or a due that moves with time needs a fold; a finished case never changes by
    time alone.
    """
    return _EXACT[exactness]


_INEXACT: Mapping[Exactness, str] = {
    Exactness.COUNTS: "(c.last_event_at > :as_of OR c.needs_fold)",
    Exactness.MINUTES: f"(c.last_event_at > :as_of OR c.needs_fold OR {OPEN})",
}


def inexact(exactness: Exactness) -> str:
    """The opposite of `exact`, as indexes find it."""
    return _INEXACT[exactness]


MAY_BE_LATE = f"NOT ({exact(Exactness.COUNTS)} AND NOT coalesce({OVERDUE_THEN}, FALSE))"
"""Of the cases whose rows do not stand, those that may be late at `:as_of`: an open one that is not overdue bears nothing and need not be folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A set of cases as at an instant: the text of common table expressions, and the values of their parameters."""

    ctes: str
    parameters: Mapping[str, object]


def stored(
    build: Build, as_of: datetime, exactness: Exactness, *, where: str = "TRUE", in_part: bool = True
) -> Relation:
    """The cases whose rows stand as at `as_of`; `where` narrows them further, by columns of `c`.

    `in_part`: also those that the reader sees in part; of these only the reader's own holds and shares are among `seen_holds` and `seen_shares`.
    """
    schema = build.schema_name
    source = build.all_cases if in_part else build.cases
    condition = f"c.first_event_at <= :as_of AND {exact(exactness)} AND ({where})"
    return Relation(
        ctes=_seen(f"{source} c", condition, materialized=False)
        + f""",
        seen_holds AS NOT MATERIALIZED (SELECT h.* FROM {schema}.holds h),
        seen_shares AS NOT MATERIALIZED (SELECT a.* FROM {schema}.attributions a),
        seen_explanations AS NOT MATERIALIZED (SELECT e.* FROM {schema}.explanations e)""",
        parameters={"as_of": as_of},
    )


@dataclass(frozen=True, slots=True)
class FoldedCase:
    """The rows of a case that was folded, as the JSON that a relation is made of: UTF-8, of all but the case the elements with commas between them."""

    case: bytes
    holds: bytes
    shares: bytes
    explanations: bytes
    is_borne: bool
    """Whether anybody answers for minutes of it: it has shares, or minutes of late entry."""
    moves_with_time: bool
    """Whether the row cannot say what it shows at another instant (`needs_fold`)."""
    latest_at: datetime
    """The latest `time` or `recordedat` of its events."""
    judged_due_at: datetime | None
    unit_id: str | None
    is_finished: bool
    """Whether a finish is recorded of it."""

    def says_the_same_throughout(self, begin: datetime, end: datetime) -> bool:
        """Whether all its figures are those that it was folded with, at whatever instant between the two, which are of one minute and the next.

        What is measured is measured in whole minutes (rule T2); besides, an event begins to count, or the judged due passes (rule D4).
        """
        return self.latest_at < begin and (self.judged_due_at is None or not begin <= self.judged_due_at <= end)


def folded_case(rows: CaseRows) -> FoldedCase:
    """The rows as a relation takes them."""
    return FoldedCase(
        case=_records(CASE.names, [rows.case]),
        holds=_records(HOLD.names, rows.holds),
        shares=_records(ATTRIBUTION.names, rows.attributions),
        explanations=_records(EXPLANATION.names, rows.explanations),
        is_borne=bool(rows.attributions),
        moves_with_time=bool(rows.case[_AT["needs_fold"]]),
        latest_at=cast("datetime", rows.case[_AT["last_event_at"]]),
        judged_due_at=cast("datetime | None", rows.case[_AT["judged_due_at"]]),
        unit_id=cast("str | None", rows.case[_AT["unit_id"]]),
        is_finished=rows.case[_AT["finish_recorded_at"]] is not None,
    )


def folded(build: Build, as_of: datetime, cases: Sequence[FoldedCase]) -> Relation:
    """The cases that were folded as at `as_of`."""
    schema = build.schema_name
    return Relation(
        ctes=_seen(f"json_populate_recordset(NULL::{schema}.cases, CAST(:folded_cases AS json)) c", "TRUE")
        + f""",
        seen_holds AS (SELECT * FROM json_populate_recordset(NULL::{schema}.holds, CAST(:folded_holds AS json))),
        seen_shares AS (SELECT * FROM json_populate_recordset(NULL::{schema}.attributions, CAST(:folded_shares AS json))),
        seen_explanations AS (
            SELECT * FROM json_populate_recordset(NULL::{schema}.explanations, CAST(:folded_explanations AS json)))""",
        parameters={
            "as_of": as_of,
            "folded_cases": _array(one.case for one in cases),
            "folded_holds": _array(one.holds for one in cases),
            "folded_shares": _array(one.shares for one in cases),
            "folded_explanations": _array(one.explanations for one in cases),
        },
    )


def _seen(source: str, condition: str, *, materialized: bool = True) -> str:
    return f"""seen AS {"MATERIALIZED" if materialized else "NOT MATERIALIZED"} (
            SELECT c.*, {OPEN} AS open, {OVERDUE_THEN} AS overdue_then, {_OVERDUE_THEN_BY_RULE} AS overdue_then_by_rule,
                {_counts_as_overdue(OVERDUE_CLASS)} AS counts_as_overdue,
                {_counts_as_overdue(OVERDUE_CLASS_BY_RULE)} AS counts_as_overdue_by_rule,
                {_IRREGULARITIES_THEN} AS irregularities_then
            FROM {source} WHERE {condition})"""


def _array(parts: Iterable[bytes]) -> str:
    return f"[{b','.join(filter(None, parts)).decode()}]"


def _records(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    shown = [(index, str(name)) for index, name in enumerate(columns) if name not in _NOT_WRITTEN]
    return b",".join(orjson.dumps({name: _plain(name, row[index]) for index, name in shown}) for row in rows)


def _plain(name: str, value: object) -> object:
    if isinstance(value, datetime):
        # In UTC: as text PostgreSQL reads no offset of 16 hours or more, such as an event may bear.
        return value.astimezone(UTC)
    if name in {"anomalies", "doubts"}:
        return orjson.Fragment(str(value))
    return value
