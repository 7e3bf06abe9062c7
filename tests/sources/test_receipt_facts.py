"""The facts that are known of the receipt log, found independently of this project, come out of its events."""

import gzip
import json
from datetime import datetime
from pathlib import Path
from statistics import median

import pytest

from tiendo_contracts.events.decoding import case_event
from tiendo_contracts.rules_file import definitions_to_append, parse_tables
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import AnomalyKind, CaseTimeline, PartyKind, State
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.xes.cases import read_cases
from tiendo_sources.xes.mapping import parse_mapping
from tiendo_sources.xes.translation import Translation

EXAMPLE = Path(__file__).parents[2] / "deploy/examples/receipt-mapping.toml"
LAST_EVENT_AT = datetime.fromisoformat("2012-01-23T15:42:54.644+01:00")


@pytest.fixture(scope="module")
def timelines(shared_data: Path) -> list[CaseTimeline]:
    mapping, rules = parse_mapping(EXAMPLE.read_text(encoding="utf-8"))
    book = RuleBook()
    book = book.with_definitions(definitions_to_append(parse_tables(rules), book))
    with gzip.open(shared_data / "receipt.xes.gz") as stream:
        parts = [part[1] for part in read_cases(stream, mapping) if not isinstance(part, FileRemark)]
        cases = [case.events for case in parts if isinstance(case, Translation)]
    folded = []
    for case in cases:
        events = [case_event(json.dumps(e), position=n, ingested_at=LAST_EVENT_AT) for n, e in enumerate(case, start=1)]
        folded.append(case_timeline(events, book, as_of=LAST_EVENT_AT))
    return folded


def test_the_known_facts_of_the_receipt_log_come_out_of_its_events(timelines: list[CaseTimeline]) -> None:
    ended = [case for case in timelines if case.finished_at]
    late = [case for case in ended if case.overdue]
    never_ended = [case for case in timelines if not case.finished_at]
    assert len(timelines) == 1_434
    assert all(case.due_at for case in timelines)
    assert (len(ended), len(late)) == (1_329, 377)
    overrun_days = [(case.finished_at.at - case.due_at.at).total_seconds() / 86_400 for case in late]
    assert round(median(overrun_days), 1) == 13.6
    assert (len(never_ended), sum(bool(case.overdue) for case in never_ended)) == (105, 39)


def test_after_the_last_event_of_an_open_case_nobody_is_said_to_hold_it(timelines: list[CaseTimeline]) -> None:
    for case in timelines:
        if case.state is not State.COMPLETED:
            assert case.holds[-1].party.kind is PartyKind.UNKNOWN
            assert not case.holds[-1].ended_at


def test_every_hold_of_the_log_is_marked_inferred_or_unknown(timelines: list[CaseTimeline]) -> None:
    assert all(hold.inferred or hold.party.kind is PartyKind.UNKNOWN for case in timelines for hold in case.holds)


def test_after_a_silent_tail_the_lateness_is_nobodys(timelines: list[CaseTimeline]) -> None:
    tails = [
        case.holds[-1]
        for case in timelines
        if {AnomalyKind.SILENT_TAIL} == {each.kind for each in case.anomalies} - {AnomalyKind.UNKNOWN_HOLDER}
    ]
    assert len(tails) > 50
    assert all(hold.party.kind is PartyKind.UNKNOWN for hold in tails)


def test_shares_sum_to_the_lateness_of_each_case(timelines: list[CaseTimeline]) -> None:
    for case in timelines:
        assert sum(share.minutes for share in case.attributions) == (case.lateness_minutes or 0)


def test_dutch_office_hours_count(timelines: list[CaseTimeline]) -> None:
    assert {case.calendar_version.split("/")[0] for case in timelines} == {"nl-office"}
