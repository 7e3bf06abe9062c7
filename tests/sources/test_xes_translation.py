"""Rule X: what a log with completions only says, and no more."""

import json
from datetime import datetime
from io import BytesIO

import pytest

from tiendo_contracts.case_events import accept_text
from tiendo_sources.xes.mapping import Mapping, default_mapping, parse_mapping
from tiendo_sources.xes.reader import read_traces
from tiendo_sources.xes.translation import Translation, XesTranslator

DUTCH = parse_mapping("""
source = "/inferred/xes/test"
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


def string(key: str, value: str) -> str:
    return f'<string key="{key}" value="{value}"/>'


def event(at: str, resource: str | None = None, activity: str | None = None, **more: str) -> str:
    named = {"org:resource": resource, "concept:name": activity} | {
        key.replace("_", ":"): value for key, value in more.items()
    }
    attributes = "".join(string(key, value) for key, value in named.items() if value)
    return f'<event><date key="time:timestamp" value="{at}"/>{attributes}</event>'


def trace(*events: str, name: str = "case-1", **attributes: str) -> str:
    return f"<trace>{string('concept:name', name)}{''.join(string(k, v) for k, v in attributes.items())}{''.join(events)}</trace>"


def translated(*traces: str, mapping: Mapping = DUTCH) -> list[Translation]:
    translator = XesTranslator(mapping)
    document = f"<log>{''.join(traces)}</log>".encode()
    return [translator.translate(each) for each in read_traces(BytesIO(document))]


def kinds(translation: Translation) -> list[str]:
    return [each["type"].split(".")[-2] for each in translation.events]


TWO_COMPLETIONS = (
    event("2011-10-11T14:00:00+02:00", "R1", "check"),
    event("2011-10-12T09:00:00+02:00", "R2", "decide"),
)


def test_the_time_before_an_event_is_held_by_its_resource() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS, start="2011-10-11T08:00:00+02:00"))
    received, first, _ = case.events
    assert received["time"] == "2011-10-11T08:00:00+02:00"
    assert received["data"]["holder"]["id"] == "R1"
    assert received["data"]["step"]["id"] == "check"
    assert first["time"] == "2011-10-11T14:00:00+02:00"
    assert first["data"]["holder"]["id"] == "R2"
    assert first["data"]["actor"]["id"] == "R1"


def test_after_the_last_event_the_holder_is_unknown() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS))
    assert kinds(case) == ["received", "forwarded", "forwarded"]
    assert "holder" not in case.events[-1]["data"]


def test_the_source_says_that_holders_are_inferred() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS))
    assert {each["source"] for each in case.events} == {"/inferred/xes/test"}


def test_the_responsible_officer_is_shown_as_actor_and_never_holds() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS, responsible="Boss"))
    assert case.events[0]["data"]["actor"]["id"] == "Boss"
    assert all(each["data"].get("holder", {}).get("id") != "Boss" for each in case.events)


def test_due_and_end_come_from_the_named_attributes() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS, due="2011-12-01T01:06:40+01:00", end="2011-10-20T10:00:00+02:00"))
    assert case.events[0]["data"]["due_at"] == "2011-12-01T01:06:40+01:00"
    assert kinds(case)[-1] == "completed"
    assert case.events[-1]["time"] == "2011-10-20T10:00:00+02:00"


def test_without_an_end_a_case_stays_open() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS))
    assert "completed" not in kinds(case)


def test_a_named_activity_ends_the_case_where_no_attribute_does() -> None:
    mapping = parse_mapping('source = "/inferred/x"\n[case]\nend_activities = ["decide"]')[0]
    (case,) = translated(trace(*TWO_COMPLETIONS), mapping=mapping)
    assert (kinds(case)[-1], case.events[-1]["time"]) == ("completed", "2011-10-12T09:00:00+02:00")


def test_events_are_taken_in_order_of_time_whatever_their_order_in_the_file() -> None:
    (case,) = translated(trace(*reversed(TWO_COMPLETIONS)))
    assert [each["data"].get("holder", {}).get("id") for each in case.events] == ["R1", "R2", None]
    assert [each["sequence"] for each in case.events] == ["1", "2", "3"]


def test_a_start_after_the_first_event_does_not_move_the_reception_behind_it() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS, start="2011-11-01T08:00:00+01:00"))
    assert case.events[0]["time"] == "2011-10-11T14:00:00+02:00"


def test_an_event_without_resource_is_its_groups_and_without_either_nobodys() -> None:
    (case,) = translated(
        trace(event("2011-10-11T14:00:00+02:00", org_group="G1"), event("2011-10-12T14:00:00+02:00", "UNKNOWN"))
    )
    assert case.events[0]["data"]["holder"] == {"unit": {"id": "G1", "name": "G1"}}
    assert "holder" not in case.events[1]["data"]


def test_only_completions_count_where_the_trace_has_any() -> None:
    def lifecycle(transition: str, hour: int) -> str:
        return event(f"2011-10-11T{hour:02}:00:00+02:00", f"R-{transition}", lifecycle_transition=transition)

    (case,) = translated(trace(lifecycle("START", 9), lifecycle("COMPLETE", 10), lifecycle("suspend", 11)))
    assert [each["data"].get("holder", {}).get("id") for each in case.events] == ["R-COMPLETE", None]


def test_all_events_count_where_no_transition_is_a_completion() -> None:
    queued = event("2011-10-11T09:00:00+02:00", "R1", lifecycle_transition="In Progress")
    (case,) = translated(trace(queued))
    assert kinds(case) == ["received", "forwarded"]


def test_instants_without_offset_are_read_in_the_zone_of_the_mapping() -> None:
    summer, winter = event("2011-10-11T14:00:00", "R1"), event("2011-11-11T14:00:00", "R2")
    (case,) = translated(trace(summer, winter))
    assert [each["time"][-6:] for each in case.events[1:]] == ["+02:00", "+01:00"]


def test_instants_without_offset_are_never_guessed_where_no_zone_is_said() -> None:
    (case,) = translated(trace(event("2011-10-11T14:00:00", "R1")), mapping=default_mapping())
    assert case.events == ()
    assert case.unreadable[0].where == "trace 1, event 1, time:timestamp"


def test_an_instant_that_cannot_be_read_is_left_out_and_told() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS, event("yesterday", "R3"), due="soon", end="UNKNOWN"))
    assert [(each.where, each.text) for each in case.unreadable] == [
        ("trace 1, event 3, time:timestamp", "yesterday"),
        ("trace 1, due", "soon"),
    ]
    assert len(case.events) == 3


def test_the_default_mapping_takes_over_what_the_standard_extensions_say_and_nothing_else() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS, due="2011-12-01T01:06:40+01:00"), mapping=default_mapping())
    received = case.events[0]
    assert received["source"] == "/inferred/xes"
    assert received["data"] == {
        "holder": {"id": "R1", "name": "R1"},
        "step": {"id": "check", "name": "check"},
    }


def test_an_empty_trace_says_nothing_and_is_no_fault() -> None:
    (case,) = translated("<trace/>")
    assert (case.case_id, case.events, case.unreadable) == ("trace-1", (), ())


def test_an_event_without_an_instant_is_left_out_and_told() -> None:
    (case,) = translated(trace("<event/>", *TWO_COMPLETIONS))
    assert [(each.where, each.text) for each in case.unreadable] == [("trace 1, event 1, time:timestamp", None)]


def test_two_traces_of_one_name_are_two_cases() -> None:
    cases = translated(trace(*TWO_COMPLETIONS), trace(*TWO_COMPLETIONS))
    assert [case.case_id for case in cases] == ["case-1", "case-1~2"]


def test_a_prefix_keeps_the_cases_of_two_logs_apart() -> None:
    mapping = parse_mapping('source = "/inferred/x"\n[case]\nprefix = "bpi12/"')[0]
    (case,) = translated(trace(*TWO_COMPLETIONS, name="173688"), mapping=mapping)
    assert case.case_id == "bpi12/173688"


@pytest.mark.parametrize("name", ["x" * 51, "x" * 5_000, "..", "tab&#9;bed", "", "  "])
def test_every_name_becomes_an_acceptable_case_id(name: str) -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS, name=name))
    assert accept_text(json.dumps(case.events[0])).case_id == case.case_id


def test_names_of_any_length_are_taken_over() -> None:
    (case,) = translated(trace(event("2011-10-11T14:00:00+02:00", "r" * 9_000, "a" * 300)))
    assert all(accept_text(json.dumps(each)) for each in case.events)
    assert len(case.events[0]["data"]["holder"]["id"]) == 200


def test_the_same_trace_gives_the_same_events() -> None:
    once, again = translated(trace(*TWO_COMPLETIONS)), translated(trace(*TWO_COMPLETIONS))
    assert once == again


def test_a_case_whose_unit_is_not_named_is_its_parents() -> None:
    mapping = parse_mapping('source = "/inferred/x"\n[responsible_unit]\nparent = { id = "town", name = "Town" }')[0]
    (case,) = translated(trace(*TWO_COMPLETIONS), mapping=mapping)
    assert case.events[0]["data"]["unit"] == {"id": "town", "name": "Town"}


def test_a_unit_from_an_attribute_stands_below_the_parent() -> None:
    (case,) = translated(trace(*TWO_COMPLETIONS, department="Permits"))
    assert case.events[0]["data"]["unit"] == {"id": "Permits", "name": "Permits", "parent": "town"}


def test_every_instant_is_kept_to_the_millisecond() -> None:
    (case,) = translated(trace(event("2011-10-11T13:42:41.570+02:00", "R1")))
    assert datetime.fromisoformat(case.events[0]["time"]) == datetime.fromisoformat("2011-10-11T13:42:41.570+02:00")
