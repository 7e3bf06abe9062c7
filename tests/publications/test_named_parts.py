"""What the public sees of a monthly list whose officers stand in several parts."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tiendo_domain.monthly_list.frozen import Filed, FrozenCase, OfficerInCase
from tiendo_domain.monthly_list.public_view import public_view
from tiendo_domain.monthly_list.workflow import StepKind
from tiendo_event_store.monthly_lists.list_steps import MonthlyList, TakenStep
from tiendo_query.publications.list_contents import Approval, frozen_content, with_differences
from tiendo_query.publications.list_documents import public_document
from tiendo_query.publications.list_words import FIGURES
from tiendo_query.publications.public_lists import version_of

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
WINDOW: Final = datetime(2022, 9, 9, 10, tzinfo=UTC)
IN_TIME: Final = WINDOW - timedelta(days=1)
FIGURES_OF_NONE: Final = dict.fromkeys(FIGURES, 0)
HEADING: Final = {
    "unit_name": "Sở Thử",
    "superior_name": None,
    "unit_paths": {},
    "period": "2022-08",
    "version": 1,
    "simulated": False,
    "known_at": "2022-09-02T08:00:00+07:00",
    "as_of": "2022-09-01T00:00:00+07:00",
    "window_working_days": 5,
    "least_minutes": 60,
}


def officer(key: str, minutes: int, *, pending: bool = False) -> OfficerInCase:
    waits = (Filed(filed_at=IN_TIME, ingested_at=IN_TIME),) if pending else ()
    named = {"id": key, "name": f"Officer {key}", "position": None, "unit_id": "VP", "unit_name": "Văn phòng"}
    return OfficerInCase(key=key, held_at=IN_TIME, minutes=minutes, by_rule_minutes=minutes, pending=waits, **named)


def case(number: int, *officers: OfficerInCase, is_open: bool = False) -> FrozenCase:
    code = f"HS-{number}"
    return FrozenCase(
        case_id=code,
        codes=(code,),
        told_codes=(code,),
        last_position=1,
        event_count=2,
        open=is_open,
        counted=True,
        simulated=False,
        officers=officers,
    )


def content(*cases: FrozenCase) -> dict[str, Any]:
    approval = Approval(decided_until=WINDOW, window_ends_at=WINDOW)
    return dict(frozen_content(HEADING, cases, FIGURES_OF_NONE, zone=ZONE, approval=approval).content)


def corrected(before: dict[str, Any], cases: Sequence[FrozenCase]) -> dict[str, Any]:
    approval = Approval(decided_until=WINDOW, window_ends_at=WINDOW)
    new = frozen_content(HEADING, cases, FIGURES_OF_NONE, zone=ZONE, approval=approval)
    return dict(with_differences(new, before, published=True).content)


def test_who_waits_for_a_decision_is_named_in_no_part() -> None:
    held = [case(number, officer("C", 0)) for number in range(3, 13)]
    explained = case(13, officer("C", 90, pending=True), is_open=True)
    listed = content(
        case(1, officer("A", 90, pending=True)), case(2, officer("A", 500), is_open=True), *held, explained
    )
    assert listed["withheld"]["undecided"] == 2
    assert [row["withheld"] for row in listed["open_overdue"]] == ["undecided", "undecided"]
    assert "Officer" not in json.dumps(public_view(listed))


def test_a_correction_tells_nothing_of_a_part_that_names_the_officer_in_no_version() -> None:
    """Below the least minutes among finished cases, named for open ones: what changed among the finished ones stays untold."""
    named = case(2, officer("A", 500), is_open=True)
    before = content(case(1, officer("A", 30)), named)
    after = corrected(before, [case(1, officer("A", 45)), named])
    assert [row["member"] for row in after["differences"]] == ["attributed_minutes", "attributed_by_rule_minutes"]
    assert public_view(after)["differences"] == []


def test_a_correction_tells_of_the_part_that_named_the_officer_before() -> None:
    before = content(case(1, officer("A", 300)))
    after = corrected(before, [case(1, officer("A", 45))])
    told = {(row["name"], row["member"]): (row["was"], row["now"]) for row in public_view(after)["differences"]}
    assert told["Officer A", "attributed_minutes"] == (300, None)
    assert {now for _, now in told.values()} == {None}


bearing = st.integers(min_value=0, max_value=59)


@st.composite
def withheld_otherwise(draw: st.DrawFn) -> tuple[list[FrozenCase], list[FrozenCase]]:
    """Two worlds that differ only in what those bear who are withheld: three who wait for a decision, three below the least minutes."""
    named = [
        case(number, officer(f"N{number}", draw(st.integers(60, 900)))) for number in range(draw(st.integers(0, 2)))
    ]
    worlds = []
    for _ in range(2):
        waiting = [case(10 + n, officer(f"W{n}", draw(st.integers(60, 900)), pending=True)) for n in range(3)]
        worlds.append(named + waiting + [case(20 + n, officer(f"L{n}", 1 + draw(bearing) % 59)) for n in range(3)])
    return worlds[0], worlds[1]


@given(before=withheld_otherwise(), after=withheld_otherwise())
@settings(max_examples=20)
def test_whatever_those_bear_who_are_withheld_the_public_sees_the_same(
    before: tuple[list[FrozenCase], list[FrozenCase]], after: tuple[list[FrozenCase], list[FrozenCase]]
) -> None:
    """In no sum, no difference, and no version set against another: so nothing that is shown can be solved for their minutes."""
    one, other = (corrected(content(*before[world]), after[world]) for world in range(2))
    assert public_view(one) == public_view(other)
    one, other = (corrected(content(*before[world]), before[0][: len(before[0]) - 6]) for world in range(2))
    assert public_view(one) == public_view(other)


def test_a_paper_is_dated_by_the_local_day_on_which_it_was_signed() -> None:
    view = public_view(content(case(1, officer("A", 300))))
    signed = {"document": {"document_number": "15/TB-VP", "signed_at": "2022-09-11t23:00:00z"}}
    assert public_document(view, "CK-T-2022-08/1", signed).head.dated_on == date(2022, 9, 12)


def test_a_list_is_published_and_withdrawn_on_days_of_the_local_clock() -> None:
    late_in_the_evening = datetime(2022, 9, 11, 23, tzinfo=UTC)
    steps = [step(kind, late_in_the_evening) for kind in (StepKind.PUBLISHED, StepKind.WITHDRAWN)]
    shown = version_of(MonthlyList(steps=tuple(steps)), 1, "Sở Thử", ZONE)
    assert shown.withdrawn_at is not None
    assert {shown.published_at.date(), shown.withdrawn_at.date()} == {date(2022, 9, 12)}


def step(kind: StepKind, at: datetime) -> TakenStep:
    return TakenStep(
        position=1,
        publication_id="x",
        unit_id="T",
        period="2022-08",
        version=1,
        kind=kind,
        ingested_at=at,
        digest=b"",
        text=json.dumps({"data": {"reason": "Sai kỳ"}}),
    )
