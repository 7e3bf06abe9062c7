"""The list of cases as a file: exactly what the page shows, on all its pages."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_contracts.explanation import number_in_words
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_contracts.quality_words import VERDICT_WORDS
from tiendo_domain.quality import THRESHOLDS, verdict_on
from tiendo_query.answering.answers import query_side_of
from tiendo_query.cases.case_pages import AskedCases, sums_over
from tiendo_query.names.known_units import tree_of
from tiendo_query.pages.bar import LISTS_ANSWER, ChoiceBar
from tiendo_query.pages.cases.columns import ExportedCase, cases_table, exported_cases
from tiendo_query.pages.cases.filter_words import words_of_filters
from tiendo_query.pages.cases.parameters import CasesParameters
from tiendo_query.pages.code.route import has_figures
from tiendo_query.pages.framing import seen_period
from tiendo_query.pages.looking_words import words_of_looking
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod
from tiendo_query.tables.table_answers import table_answer
from tiendo_query.tables.table_files import TableForm
from tiendo_read_models.queries.cases.listed_cases import CaseSums
from tiendo_runtime.web import SignInNeeded, language_of_page

router: Final = page_router()
DEFINITIONS: Final = Words(
    vi="Quá hạn theo quy tắc C (overdue-ratio/1); phút làm việc, một ngày làm việc là 8 giờ",
    en="Overdue by rule C (overdue-ratio/1); working minutes, a working day has 8 hours",
)


@router.get("/cases.csv")
async def cases_csv(request: Request, session: AnyVisitor, asked: Annotated[CasesParameters, Query()]) -> Response:
    """The list for programs: codes and instants, all pages."""
    return await _file(request, session, asked, TableForm.CSV, Language.ENGLISH)


@router.get("/cases.xlsx")
async def cases_xlsx(request: Request, session: AnyVisitor, asked: Annotated[CasesParameters, Query()]) -> Response:
    """The list for people, with what it shows, its definitions and the verdict on its quality at the head."""
    return await _file(request, session, asked, TableForm.XLSX, language_of_page(request))


async def _file(
    request: Request, session: AnyVisitor, asked: CasesParameters, form: TableForm, language: Language
) -> Response:
    if not has_figures(request, session) or (asked.officer is not None and session is None):
        raise SignInNeeded
    side = query_side_of(request, sight_of(session))
    names = session is not None
    question = asked.question(people=names)
    now = side.now()

    def period(snapshot: Snapshot) -> AskedPeriod:
        return seen_period(snapshot, asked, question.from_, question.to, now)

    def rows(snapshot: Snapshot) -> AsyncIterator[ExportedCase]:
        return exported_cases(side, snapshot, question, now)

    async def head(snapshot: Snapshot) -> Sequence[Words]:
        return await _head(side, snapshot, asked, question, now)

    return await table_answer(
        cases_table(names=names),
        form,
        side,
        rows,
        period=period,
        language=language,
        min_position=0,
        head=head if form is TableForm.XLSX else None,
    )


async def _head(
    side: QuerySide, snapshot: Snapshot, asked: CasesParameters, question: AskedCases, now: datetime
) -> Sequence[Words]:
    """What the list shows, how many cases and minutes its rows come to, and how far they can be trusted."""
    period = seen_period(snapshot, asked, question.from_, question.to, now)
    path = (await tree_of(snapshot, period.period)).path(asked.unit)
    sums = await sums_over(side, snapshot, question, now)
    bar = ChoiceBar(answers=LISTS_ANSWER, start=asked.from_, end=asked.to, unit_path=path)
    shown = [*words_of_looking(bar, asked.looking, period.as_of_text), *words_of_filters(asked, question, None)]
    return [joined(shown), DEFINITIONS, words_of_sums(sums), quality_of(sums)]


def joined(parts: Sequence[Words]) -> Words:
    """All of them in one line."""
    return Words(vi=" · ".join(one.vi for one in parts), en=" · ".join(one.en for one in parts))


def words_of_sums(sums: CaseSums) -> Words:
    """What a list comes to."""
    late = (sums.lateness_by_rule_minutes, sums.lateness_minutes)
    entry = (sums.late_entry_by_rule_minutes, sums.late_entry_minutes)

    def spoken(language: Language) -> tuple[str, ...]:
        return tuple(number_in_words(value, language) for value in (sums.cases, *late, *entry))

    vi, en = spoken(Language.VIETNAMESE), spoken(Language.ENGLISH)
    return Words(
        vi=f"{vi[0]} hồ sơ; phút quá hạn: theo quy tắc {vi[1]}, sau quyết định {vi[2]}; "
        f"phút quên thao tác: theo quy tắc {vi[3]}, sau quyết định {vi[4]}",
        en=f"{en[0]} cases; minutes overdue: by rule {en[1]}, after decisions {en[2]}; "
        f"minutes of late entry: by rule {en[3]}, after decisions {en[4]}",
    )


def quality_of(sums: CaseSums) -> Words:
    """The verdict on the minutes of the list's finished cases, and the name of what it goes by."""
    verdict = VERDICT_WORDS[verdict_on(sums.finished_lateness_minutes, sums.doubtful_minutes)]
    return Words(
        vi=f"Chất lượng số liệu: {verdict.vi} ({THRESHOLDS.name})",
        en=f"Quality of the figures: {verdict.en} ({THRESHOLDS.name})",
    )
