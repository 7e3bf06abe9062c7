"""What is irregular, and which minutes rest on it, against a count by brute force."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.cases import ANH, BINH, CHI, OFFICE, QUEUE, assigned, completed, moment, received, step, worked
from tests.domain.cases import given as told
from tests.domain.generated import cases
from tests.domain.product import facts, rule_book
from tests.domain.profile import bounded
from tests.domain.rules_for_tests import RULES

from tiendo_domain.quality import (
    THRESHOLDS,
    Burst,
    Clicks,
    NamedOfficer,
    QualityVerdict,
    bursts,
    closing_officer,
    doubts_of,
    irregularities_of,
    several_names,
    shared_names,
    silences_told,
    verdict_on,
)
from tiendo_domain.quality.clicking import is_closing
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import Attribution, CaseTimeline, Hold

Plain = dict[str, Any]
OF_A_DUE = {"deadline-moved-without-reason", "extension-irregular", "recorded-after-due", "due-before-received"}
ONE = {"receiving": step("a", 60), "deciding": step("b", 60)}


def timeline_as_of(log: Sequence[Plain], as_of: datetime) -> CaseTimeline:
    return case_timeline(facts(log), rule_book(RULES), as_of=as_of)


def doubtful_by_hand(timeline: CaseTimeline, share: Attribution) -> tuple[int, dict[str, int]]:
    """The doubtful minutes of a share, and by kind: each hold weighed for itself, in fractions."""
    of_due = {
        anomaly.kind.value
        for anomaly in timeline.anomalies
        if anomaly.kind.value in OF_A_DUE and set(anomaly.event_ids) & set(share.event_ids)
    }
    weights: list[tuple[int, set[str]]] = []
    for hold in timeline.holds:
        is_of_party = share.party.kind.value == "organisation" or hold.party.key == share.party.key
        if hold.takes_part and is_of_party:
            minutes = hold.working_minutes if share.party.kind.value == "organisation" else (hold.overrun_minutes or 0)
            weights.append((minutes, shown_at(hold, timeline)))
    whole = sum(weight for weight, _ in weights)

    def part(weight: int) -> int:
        return ceil(Fraction(share.minutes * weight, whole)) if whole else 0

    kinds = {kind for _, shown in weights for kind in shown}
    by_kind = {kind: part(sum(weight for weight, shown in weights if kind in shown)) for kind in kinds}
    by_kind |= dict.fromkeys(of_due, share.minutes)
    doubtful = share.minutes if of_due else part(sum(weight for weight, shown in weights if shown))
    return doubtful, {kind: minutes for kind, minutes in by_kind.items() if minutes}


def shown_at(hold: Hold, timeline: CaseTimeline) -> set[str]:
    """What the events of a hold, its marks and its beginning show."""
    kinds = {anomaly.kind.value for anomaly in timeline.anomalies if set(anomaly.event_ids) & set(hold.event_ids)}
    kinds |= {mark.value for mark in hold.marks} & {"sender-repair", "status-unmapped"}
    if hold.inferred and hold.party.kind.value == "officer":
        kinds.add("inferred-holder")
    return kinds


@bounded(150)
@given(cases(length=9).filter(bool), st.sampled_from([0, 480, 7_000]))
def test_the_doubtful_minutes_of_every_share_are_those_of_its_doubtful_holds(log: list[Plain], later: int) -> None:
    as_of = max(event.occurred_at.at for event in facts(log)).astimezone(UTC) + timedelta(minutes=later)
    timeline = timeline_as_of(log, as_of)
    found = doubts_of(timeline)
    assert len(found) == len(timeline.attributions)
    for share, doubts in zip(timeline.attributions, found, strict=True):
        expected = doubtful_by_hand(timeline, share)
        assert (doubts.minutes, {str(kind): minutes for kind, minutes in doubts.by_kind.items()}) == expected
        assert 0 <= doubts.minutes <= share.minutes
        assert all(minutes <= doubts.minutes for minutes in doubts.by_kind.values())
        assert doubts.minutes <= sum(doubts.by_kind.values())


def by_party(timeline: CaseTimeline) -> Mapping[str | None, tuple[int, int]]:
    """Party's id -> minutes, and of them the doubtful ones."""
    found = zip(timeline.attributions, doubts_of(timeline), strict=True)
    return {share.party.id: (share.minutes, doubts.minutes) for share, doubts in found}


def hand_made(*events: Plain) -> CaseTimeline:
    return timeline_as_of(told(*events).log, moment("12-31 17:00"))


def test_minutes_rest_on_a_doubtful_fact_only_where_the_party_has_it() -> None:
    timeline = hand_made(
        received("08-15 08:00", ANH, due_at="08-15 10:00", step=ONE["receiving"]),
        assigned("08-15 10:00", {"name": "Trần Văn Bình", "unit": OFFICE}, step=ONE["deciding"]),
        assigned("08-15 14:00", CHI, step=step("c", 60)),
        completed("08-15 16:00"),
    )
    minutes = {share.party.name: share.minutes for share in timeline.attributions}
    doubtful = dict(
        zip(
            [share.party.name for share in timeline.attributions],
            [one.minutes for one in doubts_of(timeline)],
            strict=True,
        )
    )
    assert "holder-without-id" in irregularities_of(timeline)
    # The event that names Bình without an id also ends what Ánh held.
    assert doubtful["Trần Văn Bình"] == minutes["Trần Văn Bình"]
    assert doubtful["Nguyễn Thị Ánh"] == minutes["Nguyễn Thị Ánh"]
    assert doubtful["Lê Thị Chi"] == 0 < minutes["Lê Thị Chi"]


def test_a_share_measured_against_a_doubtful_due_is_doubtful_as_a_whole() -> None:
    due = {"due_at": "08-15 11:00"}
    clean = hand_made(received("08-15 08:00", ANH, **due), completed("08-15 17:00"))
    before = hand_made(received("08-15 08:00", ANH, due_at="08-12 11:00"), completed("08-15 17:00"))
    assert by_party(clean) == {"A": (240, 0)}
    assert by_party(before) == {"A": (before.lateness_minutes, before.lateness_minutes)}


def test_what_was_inferred_of_a_holder_is_doubtful_and_what_was_stated_is_not() -> None:
    events = [received("08-15 08:00", QUEUE, due_at="08-15 09:00"), assigned("08-15 09:00", {})]
    inferred = hand_made(*events, worked("08-15 11:00", ANH), completed("08-15 11:00"))
    stated = hand_made(
        received("08-15 08:00", QUEUE, due_at="08-15 09:00"),
        worked("08-15 11:00", ANH, since="08-15 09:00"),
        completed("08-15 11:00"),
    )
    assert "inferred-holder" in irregularities_of(inferred)
    assert "inferred-holder" not in irregularities_of(stated)
    assert by_party(stated)["A"] == (120, 0)


@pytest.mark.parametrize(
    ("minutes", "doubtful", "verdict"),
    [(0, 0, "good"), (100, 5, "good"), (100, 6, "doubtful"), (100, 25, "doubtful"), (100, 26, "unusable")],
)
def test_the_verdict_follows_the_share_of_doubtful_minutes(minutes: int, doubtful: int, verdict: str) -> None:
    assert verdict_on(minutes, doubtful) is QualityVerdict(verdict)


MINUTES = st.integers(0, 40)
CLICKS = st.lists(st.tuples(st.sampled_from("ab"), MINUTES, st.integers(1, 6)), max_size=25)


@bounded(300)
@given(CLICKS)
def test_bursts_are_the_minutes_of_windows_with_enough_completions(clicked: list[tuple[str, int, int]]) -> None:
    found = bursts(Clicks(officer=officer, minute=minute, cases=cases) for officer, minute, cases in clicked)
    for officer in "ab":
        cases = [sum(number for who, at, number in clicked if (who, at) == (officer, minute)) for minute in range(41)]
        windows = [
            set(range(start, start + THRESHOLDS.burst_minutes))
            for start in range(-THRESHOLDS.burst_minutes, 41)
            if sum(cases[max(start, 0) : max(start + THRESHOLDS.burst_minutes, 0)]) >= THRESHOLDS.burst_cases
        ]
        inside = {minute for minute in range(41) if cases[minute] and any(minute in window for window in windows)}
        mine = [burst for burst in found if burst.officer == officer]
        covered = [
            {minute for minute in range(burst.first_minute, burst.last_minute + 1) if cases[minute]} for burst in mine
        ]
        assert set[int]().union(*covered) == inside
        assert sum(map(len, covered)) == len(inside), "no minute is of two bursts"
        assert [burst.cases for burst in mine] == [sum(cases[minute] for minute in of) for of in covered]
        assert all(burst.cases >= THRESHOLDS.burst_cases for burst in mine)


def test_windows_that_share_no_completion_are_two_bursts() -> None:
    apart = [Clicks(officer="a", minute=minute, cases=10) for minute in (0, 10)]
    joined = [*apart, Clicks(officer="a", minute=5, cases=1)]
    assert [(burst.first_minute, burst.last_minute) for burst in bursts(apart)] == [(0, 0), (10, 10)]
    assert bursts(joined) == [Burst(officer="a", first_minute=0, last_minute=10, cases=21)]


@pytest.mark.parametrize(
    ("local", "closing"),
    [
        ("2022-08-15T16:29", False),
        ("2022-08-15T16:30", True),
        ("2022-08-15T20:00", True),
        ("2022-08-16T06:30", False),
        ("2022-08-20T10:00", True),  # a Saturday
        ("2022-08-31T08:00", True),  # the month's last working day
        ("2022-08-30T08:00", False),
        ("2022-07-29T08:00", True),  # a Friday: the 30th and 31st are days off
    ],
)
def test_the_end_of_a_day_or_month_is_told_by_the_working_time_that_is_left(local: str, *, closing: bool) -> None:
    calendar = rule_book(RULES).default_calendar
    at = datetime.fromisoformat(local).replace(tzinfo=calendar.zone)
    assert is_closing(at, calendar) is closing


def test_who_completed_is_who_held_last_and_nobody_where_a_unit_did() -> None:
    held = hand_made(received("08-15 08:00", ANH), assigned("08-15 09:00", BINH), completed("08-15 16:45"))
    queued = hand_made(received("08-15 08:00", ANH), assigned("08-15 09:00", QUEUE), completed("08-15 16:45"))
    noon = hand_made(received("08-15 08:00", ANH), completed("08-15 11:00"))
    until_then = hand_made(
        received("08-15 08:00", QUEUE), worked("08-15 16:40", ANH, since="08-15 08:30"), completed("08-15 16:45")
    )
    assert closing_officer(held) == next(hold.party.key for hold in held.holds if hold.party.id == "B")
    assert (closing_officer(queued), closing_officer(noon)) == (None, None)
    assert closing_officer(until_then) == until_then.holds[1].party.key


def test_a_silence_is_longer_than_a_working_day() -> None:
    calendar = rule_book(RULES).default_calendar

    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)

    now = at("2022-08-19T17:00")
    pauses = [
        (at("2022-08-12T16:59"), at("2022-08-15T07:01")),  # a weekend
        (at("2022-08-15T08:00"), at("2022-08-16T08:00")),  # 480 minutes
        (at("2022-08-16T08:00"), at("2022-08-17T08:01")),  # one more
        (at("2022-08-18T08:00"), None),
    ]
    found = list(silences_told(pauses, calendar, now))
    assert [(silence.last_at, silence.working_minutes) for silence in found] == [
        (pauses[2][0], 481),
        (pauses[3][0], 900),
    ]


def test_names_are_compared_as_rule_h3_compares_them() -> None:
    named = [
        NamedOfficer(id="A", name="Nguyễn Ánh", unit="U"),
        NamedOfficer(id="A", name=" Nguyễn  Ánh", unit="V"),
        NamedOfficer(id="B", name="Trần Bình", unit="U"),
        NamedOfficer(id="B", name="Trần Văn Bình", unit="U"),
        NamedOfficer(id="C", name="Trần\u200b Bình", unit="U"),
        NamedOfficer(id="D", name="Trần Bình", unit="V"),
        NamedOfficer(id="E", name="Lê Chi", unit=None),
        NamedOfficer(id="F", name="Lê Chi", unit=None),
    ]
    assert several_names(named, RuleBook()) == {"B": ("Trần Bình", "Trần Văn Bình")}
    assert shared_names(named) == {("U", "Trần Bình"): ("B", "C")}


def test_a_case_shows_what_is_irregular_in_it() -> None:
    quick = hand_made(received("08-15 08:00:00", ANH, step=ONE["receiving"]), completed("08-15 08:00:59"))
    nowhere = hand_made(received("08-15 08:00", {"id": "X", "name": "Lê Văn Xuân"}), completed("08-15 09:00"))
    unproven = hand_made(
        received("08-15 08:00", ANH, due_at="08-15 11:00", step=ONE["receiving"]),
        completed("08-15 10:00", recorded="08-16 10:00"),
    )
    assert "impossible-duration" in irregularities_of(quick)
    assert {"officer-without-unit", "step-without-allotment"} <= set(irregularities_of(nowhere))
    assert irregularities_of(unproven) == ("unproven",)
