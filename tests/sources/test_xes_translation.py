"""Rules X1 and X4: what a log with completions only says, and no more."""

import json
from datetime import datetime
from io import BytesIO

import pytest
from tests.sources.xes_logs import event, kinds, said, trace, translated, translated_one

from tiendo_contracts.events.case_events import accept_text
from tiendo_sources.file_remarks import FileRemark, RemarkKind
from tiendo_sources.xes.cases import read_cases
from tiendo_sources.xes.mapping import default_mapping, parse_mapping

DUTCH = parse_mapping("""
source = "/xes/test"
[time]
zone = "Europe/Amsterdam"
[case]
start = "start"
due = "due"
end = "end"
responsible = "responsible"
[responsible_unit]
attribute = "department"
default = { id = "General", name = "General" }
parent = { id = "town" }
""")[0]

TWO_COMPLETIONS = (
    event("2011-10-11T14:00:00+02:00", "R1", "check"),
    event("2011-10-12T09:00:00+02:00", "R2", "decide"),
)


def test_every_event_says_that_its_resource_worked_until_then() -> None:
    case = translated_one(*TWO_COMPLETIONS, mapping=DUTCH, start="2011-10-11T08:00:00+02:00")
    received, first, second = case.events
    assert kinds(case) == ["received", "worked", "worked"]
    assert received["time"] == "2011-10-11T08:00:00+02:00"
    assert "holder" not in received["data"]
    assert first["time"] == "2011-10-11T14:00:00+02:00"
    assert first["data"] == {"holder": {"id": "R1", "name": "R1"}, "step": {"id": "check", "name": "check"}}
    assert second["data"] == {"holder": {"id": "R2", "name": "R2"}, "step": {"id": "decide", "name": "decide"}}


def test_the_source_is_the_one_that_the_mapping_names() -> None:
    case = translated_one(*TWO_COMPLETIONS, mapping=DUTCH)
    assert {each["source"] for each in case.events} == {"/xes/test"}


def test_the_responsible_officer_is_shown_as_actor_and_never_holds() -> None:
    case = translated_one(*TWO_COMPLETIONS, mapping=DUTCH, responsible="Boss")
    assert case.events[0]["data"]["actor"]["id"] == "Boss"
    assert "Boss" not in [holder for _, _, holder in said(case)]


def test_due_and_end_come_from_the_named_attributes() -> None:
    case = translated_one(
        *TWO_COMPLETIONS, mapping=DUTCH, due="2011-12-01T01:06:40+01:00", end="2011-10-20T10:00:00+02:00"
    )
    assert case.events[0]["data"]["due_at"] == "2011-12-01T01:06:40+01:00"
    assert kinds(case)[-1] == "completed"
    assert case.events[-1]["time"] == "2011-10-20T10:00:00+02:00"


def test_without_an_end_a_case_stays_open() -> None:
    assert "completed" not in kinds(translated_one(*TWO_COMPLETIONS, mapping=DUTCH))


def test_a_named_activity_ends_the_case_where_no_attribute_does() -> None:
    mapping = parse_mapping('source = "/x"\n[case]\nend_activities = ["decide"]')[0]
    ended = translated_one(*TWO_COMPLETIONS, mapping=mapping).events[-1]
    assert (ended["type"], ended["time"]) == ("vn.tiendo.case.completed.v1", "2011-10-12T09:00:00+02:00")
    assert ended["data"]["actor"]["id"] == "R2"


def test_events_are_taken_in_order_of_time_and_state_their_place_in_the_trace() -> None:
    case = translated_one(*reversed(TWO_COMPLETIONS), mapping=DUTCH, end="2011-10-20T10:00:00+02:00")
    assert [holder for _, _, holder in said(case)] == [None, "R1", "R2", None]
    assert [each["sequence"] for each in case.events] == ["0", "2", "1", "100001"]


def test_of_events_of_one_instant_the_order_of_the_file_decides() -> None:
    case = translated_one(event("09:00", "R2"), event("09:00", "R1"), event("09:00", "R3"))
    assert said(case) == [
        ("received", "09:00", None),
        ("worked", "09:00", "R2"),
        ("worked", "09:00", "R1"),
        ("worked", "09:00", "R3"),
    ]
    assert [int(each["sequence"]) for each in case.events] == [0, 1, 2, 3]


def test_an_end_at_the_instant_of_an_event_comes_after_it() -> None:
    case = translated_one(event("09:00", "R1"), mapping=DUTCH, end="2011-10-11T09:00:00+02:00")
    assert int(case.events[-1]["sequence"]) > int(case.events[-2]["sequence"])


def test_a_start_after_the_first_event_does_not_move_the_reception_behind_it() -> None:
    case = translated_one(*TWO_COMPLETIONS, mapping=DUTCH, start="2011-11-01T08:00:00+01:00")
    assert case.events[0]["time"] == "2011-10-11T14:00:00+02:00"


def test_an_event_without_resource_is_its_groups_and_without_either_nobodys() -> None:
    case = translated_one(event("09:00", org_group="G1"), event("10:00", "UNKNOWN"))
    assert case.events[1]["data"]["holder"] == {"unit": {"id": "G1", "name": "G1"}}
    assert "holder" not in case.events[2]["data"]


def test_a_resource_of_nothing_visible_names_nobody() -> None:
    assert "holder" not in translated_one(event("09:00", "\u200b \u00a0")).events[1]["data"]


@pytest.mark.parametrize("transition", ["complete", "COMPLETE", "schedule", "In Progress", None])
def test_every_transition_counts_in_a_log_that_tells_no_starts(transition: str | None) -> None:
    more = {} if transition is None else {"lifecycle_transition": transition}
    case = translated_one(event("09:00", "R1", **more), event("10:00", "R2", lifecycle_transition="complete"))
    assert said(case)[1:] == [("worked", "09:00", "R1"), ("worked", "10:00", "R2")]


def test_a_mapping_may_say_which_transitions_count() -> None:
    mapping = parse_mapping('source = "/x"\n[event]\ntransitions = ["Complete"]')[0]
    events = [
        event("09:00", "R1", lifecycle_transition="schedule"),
        event("10:00", "R2", lifecycle_transition="COMPLETE"),
    ]
    case = translated_one(*events, mapping=mapping)
    assert said(case)[1:] == [("worked", "10:00", "R2")]
    assert [(each.kind, each.example) for each in case.remarks] == [(RemarkKind.EVENT_NOT_COUNTED, "trace 1, event 1")]


def test_instants_without_offset_are_read_in_the_zone_of_the_mapping() -> None:
    summer, winter = event("2011-10-11T14:00:00", "R1"), event("2011-11-11T14:00:00", "R2")
    case = translated_one(summer, winter, mapping=DUTCH)
    assert [each["time"][-6:] for each in case.events[1:]] == ["+02:00", "+01:00"]


def test_the_default_mapping_takes_over_what_the_standard_extensions_say_and_nothing_else() -> None:
    case = translated_one(*TWO_COMPLETIONS, due="2011-12-01T01:06:40+01:00")
    assert (case.events[0]["source"], case.events[0]["data"]) == ("/xes", {})
    assert case.events[1]["data"]["holder"] == {"id": "R1", "name": "R1"}


def test_an_empty_trace_says_nothing_and_is_no_fault() -> None:
    (case,) = translated("<trace/>")
    assert (case.case_id, case.events, case.unreadable) == ("trace-1", (), ())


def test_a_trace_without_a_name_is_told_with_the_name_that_it_gets() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS, name=""))
    assert case.case_id == "trace-1"
    assert [(each.kind, each.example) for each in case.remarks] == [
        (RemarkKind.CASE_WITHOUT_NAME, "trace 1, now trace-1")
    ]


def test_an_attribute_that_no_case_bears_is_told() -> None:
    log = BytesIO(f"<log>{trace(*TWO_COMPLETIONS, due='2011-12-01T01:06:40+01:00', end='')}</log>".encode())
    told = [each for each in read_cases(log, DUTCH) if isinstance(each, FileRemark)]
    assert [(each.kind, each.number, each.example) for each in told] == [
        (RemarkKind.ATTRIBUTE_NEVER_FOUND, 3, "“department”")
    ]


def test_two_traces_of_one_name_are_two_cases_and_that_is_told() -> None:
    cases = translated(trace(*TWO_COMPLETIONS), trace(*TWO_COMPLETIONS))
    assert [case.case_id for case in cases] == ["case-1", "case-1~2"]
    assert [remark.kind for case in cases for remark in case.remarks] == [RemarkKind.CASE_RENAMED]


def test_a_prefix_keeps_the_cases_of_two_logs_apart() -> None:
    mapping = parse_mapping('source = "/x"\n[case]\nprefix = "bpi12/"')[0]
    assert translated_one(*TWO_COMPLETIONS, mapping=mapping, name="173688").case_id == "bpi12/173688"


@pytest.mark.parametrize("name", ["x" * 51, "x" * 5_000, "..", "tab&#9;bed", "", "  ", "a\u202eb"])
def test_every_name_becomes_an_acceptable_case_id(name: str) -> None:
    case = translated_one(*TWO_COMPLETIONS, name=name)
    assert accept_text(json.dumps(case.events[0])).case_id == case.case_id
    assert case.case_id.isprintable()


def test_names_of_any_length_and_kind_are_taken_over() -> None:
    case = translated_one(event("09:00", "r" * 9_000, "a" * 300), event("10:00", "a&#9;b&#133;\u202ec", "."))
    assert all(accept_text(json.dumps(each)) for each in case.events)
    assert len(case.events[1]["data"]["holder"]["id"]) == 200
    assert case.events[2]["data"]["holder"]["name"] == "a b c"
    assert case.events[2]["data"]["holder"]["id"].startswith("a b c~")
    assert case.events[2]["data"]["step"]["id"] != "."


def test_the_same_log_gives_the_same_events_again() -> None:
    log = (trace(*TWO_COMPLETIONS), trace(*TWO_COMPLETIONS), trace(*TWO_COMPLETIONS, name=""))
    assert translated(*log, mapping=DUTCH) == translated(*log, mapping=DUTCH)


def test_a_trace_that_has_grown_at_its_end_says_the_same_and_more() -> None:
    ended = {"mapping": DUTCH, "end": "2011-10-20T10:00:00+02:00"}
    before = translated_one(*TWO_COMPLETIONS, **ended)  # type: ignore[arg-type] - a mapping beside attributes
    after = translated_one(*TWO_COMPLETIONS, event("2011-10-13T09:00:00+02:00", "R3"), **ended)  # type: ignore[arg-type]
    assert [each for each in after.events if each not in before.events] == [after.events[3]]
    assert all(each in after.events for each in before.events)


def test_a_case_whose_unit_is_not_named_is_its_parents() -> None:
    mapping = parse_mapping('source = "/x"\n[responsible_unit]\nparent = { id = "town", name = "Town" }')[0]
    case = translated_one(*TWO_COMPLETIONS, mapping=mapping)
    assert case.events[0]["data"]["unit"] == {"id": "town", "name": "Town"}


def test_a_unit_from_an_attribute_stands_below_the_parent() -> None:
    case = translated_one(*TWO_COMPLETIONS, mapping=DUTCH, department="Permits")
    assert case.events[0]["data"]["unit"] == {"id": "Permits", "name": "Permits", "parent": "town"}


def test_every_instant_is_kept_to_the_millisecond() -> None:
    case = translated_one(event("2011-10-11T13:42:41.570+02:00", "R1"), mapping=default_mapping())
    assert datetime.fromisoformat(case.events[0]["time"]) == datetime.fromisoformat("2011-10-11T13:42:41.570+02:00")
