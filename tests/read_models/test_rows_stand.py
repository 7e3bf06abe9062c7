"""What a row says of its case at every later instant is what folding the case then says: only so may it be taken as it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from tests.domain.generated import cases
from tests.domain.product import facts, rule_book
from tests.domain.profile import bounded
from tests.domain.rules_for_tests import RULES

from tiendo_domain.overdue import is_open
from tiendo_domain.timeline import case_timeline
from tiendo_read_models.rows import CaseRows, case_rows, latest_event_at
from tiendo_read_models.tables import CASE

Plain = dict[str, Any]

LATER = st.sampled_from([0, 1, 20, 60, 61, 500, 1_440, 4_321, 14_400, 30_000]).map(
    lambda minutes: timedelta(minutes=minutes)
)
GROWING = frozenset(
    {"lateness_minutes", "lateness_by_rule_minutes", "system_lateness_minutes", "policy", "anomalies", "overdue"}
    | {"overdue_by_rule", "overdue_after", "needs_fold", "doubtful_minutes", "irregularities", "silent_from"}
)
"""What may change while a case is open: minutes, with them who shares them by which policy, and what `overdue_after` and `silent_from` decide."""


def entry(position: int, kind: str, at: str, recorded_at: str, **data: object) -> Plain:
    event = {"specversion": "1.0", "id": f"e{position}", "source": "/t/a", "type": f"vn.tiendo.case.{kind}.v1"}
    event |= {"subject": "H34-1", "time": at, "recordedat": recorded_at}
    return {"position": position, "ingested_at": datetime(2023, 1, 1, tzinfo=UTC), "event": {**event, "data": data}}


REOPENED_LAST_AS_RECORDED = [
    entry(1, "received", "2022-08-29T07:30:00+07:00", "2022-08-29T07:30:00+07:00", due_at="2022-08-29T08:00:00+07:00"),
    entry(2, "completed", "2022-08-29T08:00:00+07:00", "2022-08-29T08:00:00+07:00"),
    entry(3, "reopened", "2022-08-29T08:30:00+07:00", "2022-08-29T10:00:00+07:00"),
    entry(4, "completed", "2022-08-29T09:00:00+07:00", "2022-08-29T09:00:00+07:00"),
]


def columns(rows: CaseRows) -> Plain:
    return dict(zip(CASE.names, rows.case, strict=True))


@bounded(200)
@given(cases(length=7).filter(bool), LATER, st.sampled_from([0, 0, 30]))
@example(REOPENED_LAST_AS_RECORDED, timedelta(days=1), 0)
def test_a_row_that_stands_says_what_a_later_fold_says(log: list[Plain], later: timedelta, seconds: int) -> None:
    events, rules = facts(log), rule_book(RULES)
    latest = latest_event_at(events)
    as_of = latest.astimezone(UTC) + later + timedelta(seconds=seconds)
    timeline = case_timeline(events, rules, as_of=latest)
    stored, fresh = (case_rows(events, one) for one in (timeline, case_timeline(events, rules, as_of=as_of)))
    row, now = columns(stored), columns(fresh)
    if row["needs_fold"]:
        return
    if not is_open(timeline):
        assert now == row
        assert (fresh.holds, fresh.attributions) == (stored.holds, stored.attributions)
        return
    assert {name: now[name] for name in row.keys() - GROWING} == {name: row[name] for name in row.keys() - GROWING}
    assert (now["overdue"], now["overdue_by_rule"]) == (overdue_at(row, as_of),) * 2, (
        "no decision changes an open case's"
    )
    assert sorted(now["irregularities"]) == irregularities_at(row, as_of)
    assert [hold[:11] for hold in fresh.holds] == [hold[:11] for hold in stored.holds], "the same parties hold"


def overdue_at(row: Plain, as_of: datetime) -> bool | None:
    """As the queries tell it."""
    return row["overdue"] if row["overdue_after"] is None else bool(row["overdue_after"] < as_of)


def irregularities_at(row: Plain, as_of: datetime) -> list[str]:
    """As the queries tell it."""
    is_silent = row["silent_from"] is not None and row["silent_from"] <= as_of
    return sorted([*row["irregularities"], *(["silent-tail"] if is_silent else [])])


def test_a_case_that_is_open_only_as_recorded_is_folded_when_it_is_asked_for() -> None:
    events, rules = facts(REOPENED_LAST_AS_RECORDED), rule_book(RULES)
    latest = latest_event_at(events)
    first, second = (
        columns(case_rows(events, case_timeline(events, rules, as_of=at)))
        for at in (latest, latest + timedelta(hours=1))
    )
    assert first["finished_at"] is not None
    assert first["needs_fold"]
    assert first["system_lateness_minutes"] < second["system_lateness_minutes"]
