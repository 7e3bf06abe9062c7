"""The page of one officer about themselves: what they hold now, and what a month says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tiendo_contracts.answers.officers import OfficerPublication
from tiendo_domain.monthly_list.workflow import ListState
from tiendo_domain.months import Month
from tiendo_query.desk.folded_cases import seen_cases
from tiendo_query.desk.own_queue import OwnQueue, own_queue
from tiendo_query.desk.said_of_one import SaidOfOne, said_of_one
from tiendo_query.figures.ranking import OfficerDelay, officer_delay, officer_sums
from tiendo_query.names.known_officers import officer_key
from tiendo_query.publications.officer_lists import lists_naming
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.latest_days import last_day
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_read_models.queries.officers import OfficerNames, OfficerSums
from tiendo_read_models.queries.periods import Period

SAID_MAX: Final = 20
MONTHS_MAX: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMonth:
    """What a month says of the officer: the totals, and one page of the cases in which they bear something or did by rule."""

    month: Month
    period: AskedPeriod
    sums: OfficerSums
    said: Sequence[SaidOfOne]
    said_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWork:
    """The page."""

    officer_id: str
    names: OfficerNames
    queue: OwnQueue
    month: OwnMonth
    publications: Sequence[OfficerPublication]
    simulated: bool

    @property
    def open_lists(self) -> Sequence[OfficerPublication]:
        """The lists that name the officer, and can still be explained before they are approved."""
        return [one for one in self.publications if one.state is ListState.OPEN]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMonth:
    """One month of an officer's record; `on_time` is the share of the cases held that were not late, None where none was held."""

    month: Month
    sums: OfficerSums

    @property
    def on_time(self) -> float | None:
        """Of the cases, the share that was not late after decisions."""
        return None if self.sums.cases == 0 else 1 - self.sums.late_cases / self.sums.cases


async def own_work(
    side: QuerySide,
    snapshot: Snapshot,
    officer_id: str,
    *,
    month: Month | None,
    now: datetime,
    queue_page: int = 1,
    said_page: int = 1,
) -> OwnWork:
    """The page of the officer about the month; without one, that of a list in its window, else of the last day on which anything happened."""
    key = officer_key(officer_id, snapshot.rules)
    publications = await lists_naming(snapshot, key)
    in_window = [Month.read(one.period) for one in publications if one.state is ListState.OPEN]
    shown = month or max(in_window, default=None) or Month.of(await last_day(snapshot, now=now, officer_key=key))
    period = asked_period(shown.start, shown.end, as_of=None, now=now, zone=snapshot.zone)
    delay = await officer_delay(snapshot, officer_id, period.period)
    late = late_cases(delay)
    start = (said_page - 1) * SAID_MAX
    seen = await seen_cases(side, snapshot, late[start : start + SAID_MAX], period.period.as_of)
    return OwnWork(
        officer_id=officer_id,
        names=delay.names,
        queue=await own_queue(side, snapshot, key, now, page=queue_page),
        month=OwnMonth(
            month=shown,
            period=period,
            sums=delay.sums,
            said=[said_of_one(one.timeline, key, snapshot.rules) for one in seen],
            said_total=len(late),
        ),
        publications=publications,
        simulated=delay.simulated,
    )


def late_cases(delay: OfficerDelay) -> list[str]:
    """The ids of the cases in which the officer bears something or did by rule, most minutes by rule first."""
    borne = [one for one in delay.cases if any(_borne(one))]
    return [str(one["case_id"]) for one in sorted(borne, key=lambda one: (-_borne(one)[0], str(one["case_id"])))]


def _borne(case: Mapping[str, Any]) -> tuple[int, ...]:
    by_rule = case["attributed_by_rule_minutes"] + case["late_entry_by_rule_minutes"]
    return int(by_rule), int(case["attributed_minutes"]), int(case["late_entry_minutes"])


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """Twelve months of an officer, the latest first, and how the latest names them."""

    names: OfficerNames
    months: Sequence[RecordedMonth]
    simulated: bool


async def own_record(snapshot: Snapshot, officer_id: str, last: Month, *, now: datetime) -> OwnRecord:
    """The twelve months up to `last`, each with the totals that the interface gives of it."""

    def period_of(month: Month) -> Period:
        return asked_period(month.start, month.end, as_of=None, now=now, zone=snapshot.zone).period

    latest = await officer_delay(snapshot, officer_id, period_of(last))
    months, month = [RecordedMonth(month=last, sums=latest.sums)], last
    while len(months) < MONTHS_MAX:
        month = month.before
        months.append(RecordedMonth(month=month, sums=await officer_sums(snapshot, latest.key, period_of(month))))
    simulated = latest.simulated or any(one.sums.simulated > 0 for one in months)
    return OwnRecord(names=latest.names, months=months, simulated=simulated)
