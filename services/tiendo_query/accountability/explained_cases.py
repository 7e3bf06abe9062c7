"""Explanations over all cases, each with the case that it is about: what `GET /v1/explanations` and `tiendo explanations list` give out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_domain.accountability import Author, ExplainedCase
from tiendo_domain.rules import UnitLines
from tiendo_domain.timeline import standing_events, unit_parents
from tiendo_domain.timeline_types import Explanation
from tiendo_query.cases.single_cases import SeenCase
from tiendo_query.desk.folded_cases import seen_cases
from tiendo_query.names.known_officers import known_officer, officer_key
from tiendo_query.names.known_units import known_subtree
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.periods import asked_period
from tiendo_read_models.queries.explanations import AskedExplanations, FiledPlace, filed_explanations
from tiendo_runtime.authentication import Caller
from tiendo_runtime.authentication.authors import author_of

CURSOR_KINDS: Final = (str, str, int)
_ROWS_AT_ONCE_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationQuestion:
    """Which explanations are asked for; `unit` those of its people and of the units below it, by who explains."""

    state: str | None = None
    unit: str | None = None
    officer: str | None = None

    @property
    def question(self) -> dict[str, object]:
        """What a cursor is bound to."""
        return {"state": self.state, "unit": self.unit, "officer": self.officer}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedExplanation:
    """An explanation, and the case as the caller sees it."""

    explanation: Explanation
    seen: SeenCase

    @property
    def case(self) -> ExplainedCase:
        """The case, for asking who may decide."""
        return ExplainedCase(timeline=self.seen.timeline, parents=unit_parents(standing_events(self.seen.events)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOfExplanations:
    """One page, the oldest first."""

    items: Sequence[ListedExplanation]
    next: str | None


async def explanation_page(
    side: QuerySide, snapshot: Snapshot, asked: ExplanationQuestion, *, limit: int, cursor: str | None
) -> PageOfExplanations:
    """The page; raises the refusals of an unknown unit or officer, and of a cursor that belongs to another question.

    The state is that of the case folded now: who bears something in an open case, and so may not decide, changes as time goes on.
    """
    place = None if cursor is None else cursors.read(cursor, asked.question, kinds=CURSOR_KINDS)
    after = None if place is None else _place(place)
    filter_ = await _filter(side, snapshot, asked)
    now, found = side.now(), list[tuple[FiledPlace, ListedExplanation]]()
    size = min(limit + 1, _ROWS_AT_ONCE_MAX)
    while len(found) <= limit:
        rows = await filed_explanations(
            snapshot.reader.connection, snapshot.reader.build, filter_, after=after, limit=size
        )
        found += await _listed(side, snapshot, rows, asked.state, now)
        if len(rows) < size:
            break
        after = _row_place(rows[-1])
    following = None
    if len(found) > limit:
        (filed_at, case_id, ordinal), _ = found[limit - 1]
        at = filed_at.astimezone(UTC).isoformat()
        following = cursors.written(Cursor(after=(at, case_id, ordinal), as_of=now.isoformat()), asked.question)
    return PageOfExplanations(items=[listed for _, listed in found[:limit]], next=following)


def author_in(snapshot: Snapshot, caller: Caller, now: datetime) -> Author:
    """The caller as who decides, by the rules of the snapshot."""
    lines = UnitLines(rules=snapshot.rules, on=now.astimezone(snapshot.zone).date())
    return author_of(caller, lines)


async def _filter(side: QuerySide, snapshot: Snapshot, asked: ExplanationQuestion) -> AskedExplanations:
    units, key = None, None
    if asked.unit is not None:
        period = asked_period(None, None, as_of=None, now=side.now(), zone=snapshot.zone).period
        units = sorted((await known_subtree(snapshot, asked.unit, period)).at_the_end())
    if asked.officer is not None:
        key = officer_key(asked.officer, snapshot.rules)
        await known_officer(snapshot, key, field="officer")
    return AskedExplanations(state=asked.state, units=units, party_key=key)


async def _listed(
    side: QuerySide, snapshot: Snapshot, rows: Sequence[Mapping[str, Any]], state: str | None, now: datetime
) -> list[tuple[FiledPlace, ListedExplanation]]:
    case_ids = list(dict.fromkeys(row["case_id"] for row in rows))
    told = {
        (seen.timeline.case_id, one.source, one.id): ListedExplanation(explanation=one, seen=seen)
        for seen in await seen_cases(side, snapshot, case_ids, now)
        for one in seen.timeline.explanations
    }
    listed = ((_row_place(row), told.get((row["case_id"], row["source"], row["id"]))) for row in rows)
    return [
        (place, one)
        for place, one in listed
        if one is not None and (state is None or one.explanation.state.value == state)
    ]


def _row_place(row: Mapping[str, Any]) -> FiledPlace:
    return row["filed_at"], row["case_id"], row["ordinal"]


def _place(cursor: Cursor) -> FiledPlace:
    at, case_id, ordinal = cursor.after
    try:
        return parse_instant(str(at)), str(case_id), int(ordinal)
    except ValueError:
        raise Refusal(ProblemKind.CURSOR_INVALID, field="cursor") from None
