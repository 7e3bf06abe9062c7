"""Rule X4: a made-up id is never one that the log uses itself, and stays the same."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from tests.sources.xes_logs import event, trace, translated

from tiendo_sources.xes.mapping import parse_mapping

EVENTS = (event("09:00", "R1"),)
NAMES = st.one_of(
    st.sampled_from(["", "A", "A~2", "A~3", "trace-1", "trace-2", "trace-3", "trace-2~2", "x" * 50, "x" * 51]),
    st.text("ab~2-", max_size=4),
    st.text("x", min_size=49, max_size=53),
)


def ids(*names: str, prefix: str = "") -> list[str]:
    mapping = parse_mapping(f'source = "/x"\n[case]\nprefix = "{prefix}"')[0]
    return [case.case_id for case in translated(*(trace(*EVENTS, name=name) for name in names), mapping=mapping)]


def test_the_id_of_a_repeated_name_is_none_that_a_later_trace_bears() -> None:
    assert ids("A", "A", "A~2") == ["A", "A~3", "A~2"]
    assert ids("A~2", "A", "A", "A") == ["A~2", "A", "A~3", "A~4"]


def test_the_id_of_a_trace_without_a_name_is_none_that_another_bears() -> None:
    assert ids("", "trace-1") == ["trace-1~2", "trace-1"]
    assert ids("trace-2", "", "trace-2~2", "trace-2") == ["trace-2", "trace-2~3", "trace-2~2", "trace-2~4"]


def test_a_shortened_name_is_none_that_another_bears() -> None:
    (short,) = ids("x" * 60)
    assert ids("x" * 60, short)[1] == short
    assert len(set(ids("x" * 60, short, "x" * 60, "x" * 61))) == 4


def test_names_apart_by_their_prefix_alone_do_not_meet() -> None:
    assert ids("A", "A", prefix="log~2/") == ["log~2/A", "log~2/A~2"]


def test_made_up_ids_stay_the_same_when_the_log_grows() -> None:
    log = ["A", "", "A", "B", "x" * 60]
    assert ids(*log, "C", "", "A", "x" * 60)[: len(log)] == ids(*log)


@given(names=st.lists(NAMES, min_size=1, max_size=12))
def test_no_two_traces_have_one_id_and_every_usable_name_keeps_its_own(names: list[str]) -> None:
    given_ids = ids(*names)
    assert max(Counter(given_ids).values()) == 1
    usable = {name for name in names if 0 < len(name) <= 50}
    assert usable <= set(given_ids)
    for name, case_id in zip(names, given_ids, strict=True):
        assert case_id == name or case_id not in names
