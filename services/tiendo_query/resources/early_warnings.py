"""Warnings: open cases that are due soon or will be late at today's pace."""

from bisect import bisect_right
from datetime import UTC
from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field

from tiendo_contracts.answers.early_warnings import WarningsAnswer
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_query.answering.answers import LanguageParameter, QuerySideParameter, documented, mark, query_router
from tiendo_query.answering.early_warnings import warnings_answer
from tiendo_query.early_warning.early_warnings import AskedWarnings, warned_cases
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.parameters import HoursParameter, PageParameters, TextParameter

router: Final = query_router("warnings")
_CURSOR_KINDS: Final = (str, str)


class WarningParameters(PageParameters):
    """Which open cases; all conditions hold together."""

    unit: TextParameter = Field(default=None, description="id: responsible is this unit or one below it")
    officer: TextParameter = Field(default=None, description="id: this officer holds the case now")
    within: HoursParameter = Field(default=None, description="due within so many hours of the clock")


@router.get(
    "/warnings",
    summary="Open cases that are due soon or will be late at today's pace",
    responses=documented(404, 504),
    operation_id="list_warnings",
)
async def list_warnings(
    side: QuerySideParameter,
    language: LanguageParameter,
    response: Response,
    asked: Annotated[WarningParameters, Query()],
) -> WarningsAnswer:
    """Cases in time whose clock runs, that are due within 3 days, or later and expected to be late, each with the reasons.

    Expected from the steps' allotments and from cases that were known to be finished at the beginning of the hour; nothing later is looked at.
    """
    question = {"unit": asked.unit, "officer": asked.officer, "within": asked.within, "as_of": asked.as_of}
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, question, kinds=_CURSOR_KINDS)
    now = side.now() if cursor is None else parse_instant(cursor.as_of)
    at = now if asked.as_of is None else asked.as_of.at
    wanted = AskedWarnings(as_of=at, unit=asked.unit, officer=asked.officer, within_hours=asked.within)
    snapshot, found = await warned_cases(side, wanted, min_position=asked.min_position)
    after = ("", "") if cursor is None else (str(cursor.after[0]), str(cursor.after[1]))
    start = bisect_right(found, after, key=lambda one: one.place)
    shown = found[start : start + asked.limit]
    following = None
    if start + asked.limit < len(found):
        following = cursors.written(Cursor(after=shown[-1].place, as_of=now.astimezone(UTC).isoformat()), question)
    answer = warnings_answer(shown, language, as_of=at.astimezone(snapshot.zone), total=len(found), following=following)
    mark(response, snapshot, simulated=answer.simulated)
    return answer
