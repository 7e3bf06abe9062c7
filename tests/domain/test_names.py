"""How answers name events (rule A5): by their id, and with the source where two sources of a case share one."""

from tests.domain.cases import ANH, BINH, SOURCE, completed, corrected, forwarded, given, received, step

OTHER = "/kontum/other"
LATE = (received("08-15 08:00", ANH, due_at="08-15 09:00", id="x"), completed("08-15 11:00", id="y"))


def test_an_event_is_named_by_its_id() -> None:
    (share,) = given(*LATE).asked()["attributions"]
    assert share["event_ids"] == ["x", "y"]


def test_an_id_that_two_sources_share_is_told_with_the_source() -> None:
    answer = given(
        received("08-15 08:00", ANH, due_at="08-15 09:00", id="x"),
        forwarded("08-15 10:00", BINH, id="x", source=OTHER),
        completed("08-15 11:00", id="y"),
    ).asked()
    shares = {share["party"]["id"]: share["event_ids"] for share in answer["attributions"]}
    assert shares == {"A": [f"{SOURCE}#x", f"{OTHER}#x"], "B": [f"{SOURCE}#x", f"{OTHER}#x", "y"]}


def test_an_id_is_shared_also_with_an_event_that_is_annulled() -> None:
    answer = given(
        *LATE,
        forwarded("08-15 10:00", BINH, id="y", source=OTHER),
        corrected("08-15 12:00", "y", annulled_source=OTHER),
    ).asked()
    (share,) = answer["attributions"]
    assert share["event_ids"] == ["x", f"{SOURCE}#y"]


def test_events_are_named_by_the_order_of_the_case_each_once() -> None:
    answer = given(
        forwarded("08-15 09:00", BINH, id="a", step=step("s2", 0)),
        received("08-15 08:00", ANH, due_at="08-15 08:30", id="b", step=step("s1", 0)),
        forwarded("08-15 10:00", ANH, id="c", step=step("s1", 0)),
        completed("08-15 11:00", id="d"),
    ).asked()
    shares = {share["party"]["id"]: share["event_ids"] for share in answer["attributions"]}
    assert shares["A"] == ["b", "a", "c", "d"]
