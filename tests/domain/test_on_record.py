"""The system's lateness, told from what basis occurred knows, is that of the case read on basis recorded."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.generated import asked_cases
from tests.domain.made_rules import rules
from tests.domain.product import answer, facts, rule_book
from tests.domain.profile import bounded

from tiendo_domain.timeline.on_basis import read_on_basis
from tiendo_domain.timeline.on_record import on_record, on_record_as
from tiendo_domain.timeline_types import Basis

Plain = dict[str, Any]

DELAYS_MINUTES = (0, 1, 90, 1_500)


@bounded(75)
@given(rules(), asked_cases())
def test_the_systems_lateness_is_the_lateness_on_basis_recorded(made: Plain, case: tuple[list[Plain], Plain]) -> None:
    log, question = case
    on_occurred, on_recorded = (answer(log, made, **{**question, "basis": basis}) for basis in Basis)
    assert on_occurred["system_lateness_minutes"] == on_recorded["lateness_minutes"]


@bounded(75)
@given(rules(), asked_cases(), st.sampled_from(DELAYS_MINUTES))
def test_events_recorded_in_their_order_need_no_second_reading(
    made: Plain, case: tuple[list[Plain], Plain], minutes: int
) -> None:
    log, question = case
    events, book, as_of = facts(_recorded_in_order(log, minutes)), rule_book(made, None), question["as_of"]
    occurred, recorded = (read_on_basis(events, book, as_of, basis) for basis in Basis)
    assert on_record(events, book, as_of, occurred) == on_record_as(recorded)


def _recorded_in_order(log: list[Plain], minutes: int) -> list[Plain]:
    """The log with its events at different instants, each recorded the same time after it happened."""
    entries = deepcopy(log)
    for place, entry in enumerate(entries):
        occurred_at = datetime.fromisoformat(entry["event"]["time"]) + timedelta(seconds=place)
        entry["event"]["time"] = occurred_at.isoformat()
        entry["event"]["recordedat"] = (occurred_at + timedelta(minutes=minutes)).isoformat()
    return entries
