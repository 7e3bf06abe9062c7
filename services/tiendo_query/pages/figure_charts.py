"""Pictures that several pages show: what lateness is made of, and the course of a period."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from tiendo_contracts.answers.breakdowns import CauseOfLateness, CourseStretch, HourOfTheWeek
from tiendo_contracts.explanation import CAUSE_WORDS, number_in_words
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.lateness_causes import BORNE, LatenessCause
from tiendo_query.breakdowns.case_links import CaseLinks
from tiendo_query.figures.figure_lists import Figure
from tiendo_query.pages.cases.part_words import WEEKDAYS
from tiendo_query.pages.charts import Chart, Curve, WaterfallStep, curves, heat_map, waterfall
from tiendo_query.pages.charts.drawing import Shown
from tiendo_query.pages.looking import Looking
from tiendo_query.pages.showing import day
from tiendo_query.questions.periods import AskedPeriod

_SHORT: Final = {
    LatenessCause.OFFICER: Words(vi="công chức", en="officers"),
    LatenessCause.UNIT: Words(vi="chờ nhận", en="queues"),
    LatenessCause.UNKNOWN: Words(vi="không rõ ai", en="unknown"),
    LatenessCause.CONSULTED_UNIT: Words(vi="xin ý kiến", en="consulted"),
    LatenessCause.ORGANISATION: Words(vi="quy trình", en="plan"),
    LatenessCause.APPLICANT: Words(vi="người nộp", en="applicant"),
    LatenessCause.SUSPENSION: Words(vi="bất khả kháng", en="force majeure"),
    LatenessCause.LATE_ENTRY: Words(vi="quên thao tác", en="late entry"),
    LatenessCause.UNPROVEN: Words(vi="chưa minh chứng", en="unproven"),
    LatenessCause.LATE_SYNC: Words(vi="đồng bộ chậm", en="late sync"),
}
_MINUTES: Final = Words(vi="Phút làm việc", en="Working minutes")


def case_links(looking: Looking, period: AskedPeriod, start: date, end: date, unit: str | None = None) -> CaseLinks:
    """Links to the lists behind the figures of a page that is looked at so, over both days and all between."""
    return CaseLinks.of_pages(period, looking.but(from_=start, to=end, unit=None).members, unit)


def cause_chart(causes: Sequence[CauseOfLateness]) -> Chart:
    """What the clocks show as late, cause by cause; those without a minute are left out."""
    shown = [one for one in causes if one.minutes]
    steps = [WaterfallStep(words=_SHORT[one.cause], value=one.minutes, href=one.href) for one in shown]
    borne = sum(one.minutes for one in shown if one.cause in BORNE)
    chart = waterfall(
        "causes",
        Words(vi="Thời gian quá hạn do đâu", en="What the lateness is made of"),
        steps,
        heading=Words(vi="Nguyên nhân", en="Cause"),
        counted=_MINUTES,
        note=Words(
            vi=f"Quá hạn thực tế, sau quyết định: {number_in_words(borne, Language.VIETNAMESE)} phút; phần quên thao tác và đồng bộ chậm không cộng vào số ấy.",
            en=f"Lateness after decisions: {number_in_words(borne, Language.ENGLISH)} minutes; late entries and late synchronisation are no part of it.",
        ),
    )
    # Below the columns stand short words, in the table the whole ones.
    rows: list[list[Shown]] = [[CAUSE_WORDS[one.cause], one.minutes] for one in shown]
    return replace(chart, rows=[*rows, *chart.rows[len(rows) :]])


def course_chart(course: Sequence[CourseStretch]) -> Chart:
    """Cases received, resolved and overdue over time."""
    several_years = bool(course) and course[0].first.year != course[-1].last.year
    times = [_stretch_words(one, with_year=several_years) for one in course]
    found = [
        Curve(words=Words(vi="tiếp nhận", en="received"), values=[one.received for one in course]),
        Curve(words=Words(vi="giải quyết", en="resolved"), values=[one.resolved for one in course]),
        Curve(words=Words(vi="trong đó quá hạn", en="of these overdue"), values=[one.overdue for one in course]),
    ]
    title = Words(vi="Diễn biến trong kỳ", en="The course of the period")
    chart = curves("course", title, times, found, heading=Words(vi="Thời gian", en="Time"))
    return replace(chart, hrefs=[one.resolved_href for one in course])


def _stretch_words(one: CourseStretch, *, with_year: bool) -> str:
    first, last = (day(on) if with_year else day(on)[:5] for on in (one.first, one.last))
    return first if one.first == one.last else f"{first}–{last}"


def hours_chart(hours: Sequence[HourOfTheWeek], links: CaseLinks) -> Chart:
    """At which weekday and hour finishes were recorded."""
    by_place = {(one.weekday, one.hour): one.resolved for one in hours}
    first, last = min((one.hour for one in hours), default=7), max((one.hour for one in hours), default=17)
    shown = range(min(first, 7), max(last, 17) + 1)
    values = [[by_place.get((weekday + 1, hour), 0) for hour in shown] for weekday in range(len(WEEKDAYS))]
    chart = heat_map(
        "hours",
        Words(vi="Kết thúc được ghi nhận vào lúc nào trong tuần", en="When in the week finishes are recorded"),
        WEEKDAYS,
        [f"{hour}h" for hour in shown],
        values,
        heading=Words(vi="Ngày trong tuần", en="Weekday"),
        note=Words(
            vi="Ghi nhận dồn vào cuối ngày hoặc cuối tuần có thể là thao tác bù, không phải lúc việc đã xong.",
            en="Finishes that pile up at the end of a day or week may be entered late, not done then.",
        ),
    )
    hrefs = [
        links.listed(figure=Figure.RESOLVED, weekday=weekday + 1) if sum(line) else None
        for weekday, line in enumerate(values)
    ]
    return replace(chart, hrefs=hrefs)
