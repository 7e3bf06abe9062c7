"""Codes that name one case (rule N4): decided from the facts known, whatever their order."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.facts import Assigned, CaseFact, Corrected, EventKey, Joined, Person, Received
from tiendo_domain.instants import Instant
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline, joined_cases

BEGAN = datetime(2022, 8, 15, 1, tzinfo=UTC)
CODES = "ABCDE"


def told(number: int, code: str, fact: CaseFact, *, source: str = "/s") -> CaseEvent:
    at = BEGAN + timedelta(minutes=number)
    return CaseEvent(
        source=source,
        id=f"e-{number}",
        case_id=code,
        occurred_at=Instant(at, at.isoformat()),
        recorded_at=None,
        sequence=None,
        fact=fact,
        position=number,
        ingested_at=at,
    )


def joined(number: int, code: str, alias: str) -> CaseEvent:
    return told(number, code, Joined(alias=alias))


def annulled(number: int, code: str, target: CaseEvent) -> CaseEvent:
    return told(number, code, Corrected(annuls=EventKey(source=target.source, id=target.id)))


def cases(*events: CaseEvent) -> list[tuple[str, tuple[str, ...]]]:
    return [(case.case_id, case.aliases) for case in joined_cases(events)]


def test_codes_joined_by_chains_are_one_case() -> None:
    chain = [joined(1, "C", "B"), joined(2, "A", "B"), joined(3, "D", "C"), told(4, "E", Received())]
    assert cases(*chain) == [("A", ("B", "C", "D")), ("E", ())]


def test_the_case_id_is_the_first_code_that_has_a_reception_else_the_first_of_all() -> None:
    both = joined(1, "B", "A")
    assert cases(both) == [("A", ("B",))]
    assert cases(both, told(2, "B", Received())) == [("B", ("A",))]
    assert cases(both, told(2, "B", Received()), told(3, "A", Received())) == [("A", ("B",))]


def test_a_reception_that_is_annulled_names_no_case() -> None:
    received = told(2, "B", Received())
    assert cases(joined(1, "B", "A"), received, annulled(3, "A", received)) == [("A", ("B",))]


def test_an_annulled_joined_joins_nothing_and_is_no_correction_without_target() -> None:
    both = joined(1, "B", "A")
    events = [told(0, "A", Received()), both, told(2, "B", Received()), annulled(3, "A", both)]
    assert cases(*events) == [("A", ()), ("B", ())]
    for code in "AB":
        timeline = case_timeline(events, RuleBook(), as_of=BEGAN + timedelta(days=1), code=code)
        assert (timeline.case_id, timeline.aliases) == (code, ())
        assert "correction-without-target" not in [anomaly.kind for anomaly in timeline.anomalies]


def test_a_correction_of_a_third_code_annuls_no_joined() -> None:
    both = joined(1, "B", "A")
    assert cases(both, annulled(2, "C", both)) == [("A", ("B",)), ("C", ())]


def test_a_correction_of_a_third_code_saves_no_joined_from_its_annulment() -> None:
    both = joined(1, "B", "A")
    not_both = annulled(2, "B", both)
    third = joined(3, "C", "A")
    events = [both, not_both, third, annulled(4, "C", third), annulled(5, "C", not_both)]
    assert cases(*events) == cases(*events[:2], *events[4:]) == [("B", ()), ("C", ())]


def test_a_code_of_which_nothing_but_an_annulled_joined_tells_names_no_case() -> None:
    both = joined(1, "B", "A")
    assert cases(both, annulled(2, "B", both)) == [("B", ())]


def test_a_joined_is_no_event_of_the_walk() -> None:
    holder = Person(id="X")
    course = [told(0, "A", Received(holder=holder)), told(9, "B", Assigned(holder=Person(id="Y")))]
    as_of = BEGAN + timedelta(days=1)
    one_code = case_timeline([told(0, "A", course[0].fact), told(9, "A", course[1].fact)], RuleBook(), as_of=as_of)
    for at in (1, 5, 3 * 24 * 60):
        two_codes = case_timeline([*course, joined(at, "B", "A")], RuleBook(), as_of=as_of)
        assert (two_codes.case_id, two_codes.aliases) == ("A", ("B",))
        assert two_codes.holds == one_code.holds
        assert two_codes.anomalies == one_code.anomalies
        assert two_codes.event_count == 3


def test_before_a_joined_was_known_its_codes_are_cases_of_their_own() -> None:
    events = [told(0, "A", Received()), told(1, "B", Received()), joined(5, "B", "A")]
    before, after = BEGAN + timedelta(minutes=2), BEGAN + timedelta(minutes=6)
    seen = [case_timeline(events, RuleBook(), as_of=after, known_at=known_at, code="B") for known_at in (before, after)]
    assert [(timeline.case_id, timeline.aliases) for timeline in seen] == [("B", ()), ("A", ("B",))]


def test_which_of_several_cases_is_meant_has_to_be_said() -> None:
    with pytest.raises(ValueError, match="2 cases"):
        case_timeline([told(0, "A", Received()), told(1, "B", Received())], RuleBook(), as_of=BEGAN)


PLANS = st.lists(
    st.one_of(
        st.tuples(st.just("joined"), st.sampled_from(CODES), st.sampled_from(CODES)),
        st.tuples(st.just("received"), st.sampled_from(CODES), st.just("")),
        st.tuples(st.just("corrected"), st.sampled_from(CODES), st.integers(0, 11).map(str)),
    ),
    min_size=1,
    max_size=12,
)


def events_of(plan: Sequence[tuple[str, str, str]]) -> list[CaseEvent]:
    made = []
    for number, (kind, code, said) in enumerate(plan):
        fact: CaseFact = Received()
        if kind == "joined":
            fact = Joined(alias=said)
        elif kind == "corrected":
            fact = Corrected(annuls=EventKey(source="/s", id=f"e-{said}"))
        made.append(told(number, code, fact))
    return made


def brute_force(events: Sequence[CaseEvent]) -> list[tuple[str, tuple[str, ...]]]:
    """The same by trying: which corrections count by going round until nothing changes, which codes are joined by closing over all pairs."""
    by_id = {event.id: event for event in events}

    def counting(by: set[str]) -> list[CaseEvent]:
        corrections = [event for event in events if isinstance(event.fact, Corrected) and event.case_id in by]
        counts: dict[str, bool] = {}
        for _ in corrections:
            for event in corrections:
                against = [other for other in corrections if other.fact.annuls.id == event.id]  # type: ignore[union-attr]
                if any(counts.get(other.id) is True for other in against):
                    counts[event.id] = False
                elif all(counts.get(other.id) is False for other in against):
                    counts[event.id] = True
        return [event for event in corrections if counts.get(event.id)]

    def is_annulled(target: CaseEvent, by: set[str]) -> bool:
        return any(by_id.get(one.fact.annuls.id) is target for one in counting(by))  # type: ignore[union-attr]

    linked = {
        frozenset((event.case_id, event.fact.alias))
        for event in events
        if isinstance(event.fact, Joined) and not is_annulled(event, {event.case_id, event.fact.alias})
    }
    codes = {event.case_id for event in events}.union(*linked)
    together = {code: {code} for code in codes}
    for _ in codes:
        for one, other in itertools.product(codes, codes):
            if any(frozenset((a, b)) in linked for a in together[one] for b in together[other]):
                together[one] = together[other] = together[one] | together[other]
    components = {frozenset(component) for component in together.values()}
    return sorted(named for component in components if (named := naming(component, events)) is not None)


def naming(component: frozenset[str], events: Sequence[CaseEvent]) -> tuple[str, tuple[str, ...]] | None:
    own = [event for event in events if event.case_id in component]
    received = [
        event.case_id
        for event in own
        if isinstance(event.fact, Received) and not is_annulled_within(event, own, component)
    ]
    case_id = min(received or component)
    return (case_id, tuple(sorted(component - {case_id}))) if own else None


def is_annulled_within(target: CaseEvent, own: Sequence[CaseEvent], component: frozenset[str]) -> bool:
    """Whether a correction of the case that no counting correction of the same case annuls names the event."""
    corrections = [event for event in own if isinstance(event.fact, Corrected) and event.case_id in component]

    def counting(event: CaseEvent, seen: frozenset[str]) -> bool | None:
        if event.id in seen:
            return None
        against = [
            counting(other, seen | {event.id})
            for other in corrections
            if isinstance(other.fact, Corrected) and other.fact.annuls.id == event.id
        ]
        if any(one is True for one in against):
            return False
        return None if any(one is None for one in against) else True

    return any(
        isinstance(event.fact, Corrected) and event.fact.annuls.id == target.id and counting(event, frozenset()) is True
        for event in corrections
    )


@given(plan=PLANS, chance=st.randoms(use_true_random=False))
def test_no_order_of_arrival_decides_which_codes_are_one_case(
    plan: Sequence[tuple[str, str, str]], chance: Random
) -> None:
    events = events_of(plan)
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert cases(*shuffled) == cases(*events) == brute_force(events)
