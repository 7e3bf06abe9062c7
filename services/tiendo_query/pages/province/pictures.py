"""The pictures of the first page: the course of the period, the hours of the week, and what lateness is made of."""

from dataclasses import dataclass

from tiendo_contracts.problems.problem_kinds import Language
from tiendo_query.answering.breakdowns import cause_answers, hour_answers, stretch_answers
from tiendo_query.breakdowns.cause_sums import cause_sums, lateness_causes
from tiendo_query.breakdowns.daily_course import daily_course, day_sums, shown_days
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.pages.charts import Chart
from tiendo_query.pages.figure_charts import case_links, cause_chart, course_chart, hours_chart
from tiendo_query.pages.looking import Looking
from tiendo_query.query_side import QuerySide, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvincePictures:
    """The pictures, of all cases that the caller sees whole."""

    course: Chart
    hours: Chart
    causes: Chart


async def province_pictures(side: QuerySide, snapshot: Snapshot, looking: Looking, time: AskedTime) -> ProvincePictures:
    """The pictures of the period."""
    period = time.seen(snapshot, side.now())
    days = await day_sums(side, snapshot, time)
    first, last = shown_days(period.period, days, snapshot.zone)
    links = case_links(looking, period, first, last)
    course = daily_course(days, first, last)
    causes = lateness_causes(await cause_sums(side, snapshot, time))
    return ProvincePictures(
        course=course_chart(stretch_answers(course, links, period.period, snapshot.zone)),
        hours=hours_chart(hour_answers(course, links), links),
        causes=cause_chart(cause_answers(causes, links, Language.VIETNAMESE)),
    )
