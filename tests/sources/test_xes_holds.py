"""Section X from the file to the holds: what logs of other tools describe is what the timeline shows."""

import json
from datetime import datetime

from tests.sources.xes_logs import event, step, trace, translated

from tiendo_contracts.events.decoding import case_event
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline_types import CaseTimeline, Hold, PartyKind
from tiendo_sources.xes.mapping import parse_mapping
from tiendo_sources.xes.translation import Translation

AT_NIGHT = datetime.fromisoformat("2011-10-11T20:00:00+02:00")
ENDED = parse_mapping('source = "/x"\n[case]\nstart = "start"\nend = "end"')[0]


def timeline(case: Translation) -> CaseTimeline:
    events = [
        case_event(json.dumps(each), position=number, ingested_at=AT_NIGHT)
        for number, each in enumerate(case.events, start=1)
    ]
    return case_timeline(events, RuleBook(), as_of=AT_NIGHT)


def shown(hold: Hold) -> str:
    """The holder, from when to when, `~` before one that is inferred."""
    party = hold.party
    name = party.id if party.kind in {PartyKind.OFFICER, PartyKind.UNIT} else party.kind.value
    ends = [
        instant.at.astimezone(AT_NIGHT.tzinfo).strftime("%H:%M")
        for instant in (hold.started_at, hold.ended_at)
        if instant
    ]
    return f"{'~' if hold.inferred else ''}{name} {'-'.join(ends)}"


def holds(*events: str, start: str | None = None, end: str | None = None) -> list[str]:
    """The holds of one trace, those of no length left out."""
    day = "2011-10-11T{}:00+02:00"
    more = {name: day.format(at) for name, at in (("start", start), ("end", end)) if at}
    (case,) = translated(trace(*events, **more), mapping=ENDED)
    found = (shown(hold) for hold in timeline(case).holds if not hold.ended_at or hold.ended_at.at > hold.started_at.at)
    return list(found)


def test_the_time_before_an_event_is_its_resources_and_after_the_last_nobodys() -> None:
    assert holds(event("09:00", "R1"), event("11:00", "R2"), start="08:00") == [
        "~R1 08:00-09:00",
        "~R2 09:00-11:00",
        "unknown 11:00",
    ]


def test_the_time_before_an_event_of_nobody_stays_unknown_and_is_not_the_next_ones() -> None:
    assert holds(event("09:00", "R1"), event("10:00"), event("11:00", "R2"), start="08:00", end="12:00") == [
        "~R1 08:00-09:00",
        "unknown 09:00-10:00",
        "~R2 10:00-11:00",
        "unknown 11:00-12:00",
    ]


def test_the_time_in_which_an_undated_event_may_lie_is_unknown() -> None:
    assert holds(
        event("09:00", "R1"), event(None, "R9"), event("11:00", "R2"), event("12:00", "R3"), start="08:00"
    ) == [
        "~R1 08:00-09:00",
        "unknown 09:00-11:00",
        "~R3 11:00-12:00",
        "unknown 12:00",
    ]


def test_who_started_before_an_undated_event_keeps_nothing_of_it() -> None:
    undated = (step("start", "09:00", "R1"), step("complete", None, "R1"), step("schedule", "10:00", "R0", "next"))
    assert holds(*undated, step("start", "11:00", "R2", "next"), step("complete", "12:00", "R2", "next")) == [
        "unknown 09:00-11:00",
        "R2 11:00-12:00",
        "unknown 12:00",
    ]


def test_a_billing_log_that_tells_completions_only() -> None:
    """As hospital billing: `complete` throughout, most events without a resource."""
    events = [
        step("complete", "09:00", "ResA", "NEW"),
        step("complete", "09:00", None, "CHANGE DIAGN"),
        step("complete", "10:00", "ResB", "FIN"),
        step("complete", "11:00", None, "RELEASE"),
        step("complete", "11:00", "ResC", "CODE OK"),
        step("complete", "12:00", "ResC", "BILLED"),
    ]
    assert holds(*events) == ["~ResB 09:00-10:00", "unknown 10:00-11:00", "~ResC 11:00-12:00", "unknown 12:00"]


def test_a_loan_log_of_work_items_and_states() -> None:
    """As the applications of 2012: SCHEDULE, START, COMPLETE of work items, states with COMPLETE alone, automatic steps by nobody."""
    events = [
        step("COMPLETE", "08:00", "112", "A_SUBMITTED"),
        step("COMPLETE", "08:01", "112", "A_PREACCEPTED"),
        step("SCHEDULE", "08:01", "112", "W_Completeren aanvraag"),
        step("START", "09:00", "10862", "W_Completeren aanvraag"),
        step("SCHEDULE", "10:00", "10862", "W_Nabellen offertes"),
        step("COMPLETE", "10:00", None, "W_Completeren aanvraag"),
        step("START", "11:00", "10913", "W_Nabellen offertes"),
        step("COMPLETE", "11:00", "10913", "W_Nabellen offertes"),
        step("START", "12:00", None, "W_Nabellen offertes"),
        step("COMPLETE", "13:00", None, "W_Nabellen offertes"),
        step("START", "14:00", "11049", "W_Nabellen offertes"),
        step("COMPLETE", "15:00", "11049", "O_DECLINED"),
        step("COMPLETE", "16:00", "11049", "W_Nabellen offertes"),
    ]
    assert holds(*events) == [
        "unknown 08:00-09:00",
        "10862 09:00-10:00",
        "unknown 10:00-12:00",
        "unknown 12:00-13:00",
        "unknown 13:00-14:00",
        "11049 14:00-15:00",
        "unknown 15:00",
    ]


def test_a_loan_log_of_the_whole_life_of_work_items() -> None:
    """As the applications of 2017: schedule, start, suspend, resume, withdraw, ate_abort, complete, and items that overlap."""
    handle, complete, call, validate = (
        "W_Handle leads",
        "W_Complete application",
        "W_Call after offers",
        "W_Validate application",
    )
    events = [
        step("complete", "07:00", "User_1", "A_Create Application"),
        step("schedule", "07:00", "User_1", handle),
        step("withdraw", "07:10", "User_1", handle),
        step("schedule", "07:10", "User_1", complete),
        step("start", "08:00", "User_17", complete),
        step("suspend", "09:00", "User_17", complete),
        step("resume", "10:00", "User_52", complete),
        step("schedule", "11:00", "User_52", call),
        step("complete", "11:00", "User_52", complete),
        step("start", "11:00", "User_52", call),
        step("suspend", "12:00", "User_52", call),
        step("complete", "13:00", "User_99", "A_Complete"),
        step("schedule", "14:00", "User_99", validate),
        step("start", "14:00", "User_99", validate),
        step("ate_abort", "15:00", "User_99", call),
        step("suspend", "16:00", "User_99", validate),
        step("ate_abort", "17:00", "User_99", validate),
    ]
    assert holds(*events) == [
        "unknown 07:00-08:00",
        "User_17 08:00-09:00",
        "suspension 09:00-10:00",
        "User_52 10:00-11:00",
        "User_52 11:00-12:00",
        "suspension 12:00-14:00",
        "User_99 14:00-16:00",
        "suspension 16:00-17:00",
        "unknown 17:00",
    ]


def test_a_repair_log_of_starts_and_completions_with_a_state_in_between() -> None:
    """As the repairs of a tutorial: start and complete of each activity, one that only completes while another goes on (rule X2 to its letter)."""
    events = [
        step("complete", "08:00", "System", "Register"),
        step("start", "08:30", "Tester3", "Analyze Defect"),
        step("complete", "09:00", "Tester3", "Analyze Defect"),
        step("start", "09:00", "SolverC1", "Repair (Complex)"),
        step("complete", "10:00", "SolverC1", "Repair (Complex)"),
        step("start", "10:30", "Tester3", "Test Repair"),
        step("complete", "11:00", "System", "Inform User"),
        step("complete", "12:00", "Tester3", "Test Repair"),
        step("complete", "12:30", "System", "Archive Repair"),
    ]
    assert holds(*events, end="12:30") == [
        "unknown 08:00-08:30",
        "Tester3 08:30-09:00",
        "SolverC1 09:00-10:00",
        "unknown 10:00-10:30",
        "Tester3 10:30-11:00",
        "unknown 11:00-12:30",
    ]


def test_among_equal_instants_the_order_of_the_file_decides_who_holds() -> None:
    day = [step("start", "09:00", "R1"), step("start", "09:00", "R2"), step("complete", "10:00", "R2")]
    assert holds(*day) == ["R2 09:00-10:00", "unknown 10:00"]
    assert holds(day[1], day[0], day[2]) == ["R1 09:00-10:00", "unknown 10:00"]
    ended = [step("start", "09:00", "R1"), step("complete", "09:00", "R1")]
    assert holds(*ended) == ["unknown 09:00"]
    assert holds(*reversed(ended)) == ["R1 09:00"]
