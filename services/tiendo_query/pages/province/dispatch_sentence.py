"""The sentence of the province's dispatch, made of the figures of a period, to be copied into a new one."""

from collections.abc import Sequence
from datetime import date

from tiendo_contracts.answers.reports import Report, UnitFigures
from tiendo_contracts.explanation import number_in_words, percent_in_words
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_query.pages.showing import day, until_when


def dispatch_sentence(report: Report, start: date, end: date, as_of: str) -> Words:
    """What was resolved and how much of it overdue, the agency with most of it, what is open and overdue, and the definition's name."""
    worst = most_overdue(report.units)
    return Words(vi=_vietnamese(report, worst, start, end, as_of), en=_english(report, worst, start, end, as_of))


def most_overdue(units: Sequence[UnitFigures]) -> UnitFigures | None:
    """Of the agencies, the units right below the one highest, the one with most cases resolved overdue; None where none has any."""
    ids = {unit.id for unit in units}
    tops = [unit for unit in units if unit.parent is None or unit.parent not in ids]
    agencies = [unit for unit in units if unit.parent == tops[0].id] if len(tops) == 1 else tops
    late = [unit for unit in agencies if unit.resolved_overdue and unit.id is not None]
    return max(late, key=lambda unit: (unit.resolved_overdue, unit.id or ""), default=None)


def _vietnamese(report: Report, worst: UnitFigures | None, start: date, end: date, as_of: str) -> str:
    language = Language.VIETNAMESE
    said = (
        f"Từ ngày {day(start)} đến ngày {day(end)}, đã giải quyết quá hạn {_of(report.resolved_overdue, report.resolved, language)} hồ sơ, "
        f"tỷ lệ {_share(report.resolved_overdue, report.resolved, language)} (overdue-ratio/1)"
    )
    if worst is not None:
        said += (
            f"; riêng {worst.name or worst.id} có {number_in_words(worst.resolved_overdue, language)} hồ sơ quá hạn, "
            f"chiếm {_share(worst.resolved_overdue, report.resolved_overdue, language)}"
        )
    late = number_in_words(report.open_overdue, language)
    return f"{said}; {late} hồ sơ đang giải quyết nhưng đã quá hạn tính đến {until_when(as_of, language)}."


def _english(report: Report, worst: UnitFigures | None, start: date, end: date, as_of: str) -> str:
    language = Language.ENGLISH
    said = (
        f"From {day(start)} to {day(end)}, {_of(report.resolved_overdue, report.resolved, language)} cases were resolved overdue, "
        f"{_share(report.resolved_overdue, report.resolved, language)} (overdue-ratio/1)"
    )
    if worst is not None:
        said += (
            f"; {worst.name or worst.id} alone has {number_in_words(worst.resolved_overdue, language)} of them, "
            f"{_share(worst.resolved_overdue, report.resolved_overdue, language)}"
        )
    late = number_in_words(report.open_overdue, language)
    return f"{said}; {late} are open and overdue as of {until_when(as_of, language)}."


def _of(part: int, whole: int, language: Language) -> str:
    return f"{number_in_words(part, language)}/{number_in_words(whole, language)}"


def _share(part: int, whole: int, language: Language) -> str:
    return "–" if not whole else percent_in_words(part / whole, language)
