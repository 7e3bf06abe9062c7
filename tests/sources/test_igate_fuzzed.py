"""Whatever a gateway answers: facts, or a reasoned refusal that keeps nothing of the applicant."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.profile import bounded
from tests.sources.igate_dossiers import CONFIGURATION as GATEWAY
from tests.sources.igate_dossiers import COUNTER, NIGHT, dossier, task

from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_sources.igate.dossier_changes import Compared, RefusedDossier, compared
from tiendo_sources.igate.search_answers import PageUnreadable, read_page

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
INSTANTS = (
    st.sampled_from(
        [
            "2022-08-15T09:00:00.000+0700",
            "2022-08-15T03:00:00Z",
            "2022-08-15 10:00:00",
            "",
            None,
            1660527900000,
            0,
            "0001-01-01T00:00:00",
        ]
    )
    | VALUES
)
FULL = dossier(
    "09:00",
    task(1, "08:00", "08:30", who="A", group=COUNTER),
    task(2, "08:30", "09:00", who="B", current=True),
    applyMethod={"id": 1, "name": "Trực tiếp"},
)


def _places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        found += _places(member, (*path, name))
    return found


PLACES = [place for place in _places(FULL) if place[0] != "applicant"]


@st.composite
def dossiers(draw: st.DrawFn) -> Any:
    """A dossier in which some members, anywhere in it, are something else."""
    made = json.loads(json.dumps(FULL))
    for place in draw(st.lists(st.sampled_from(PLACES), max_size=4)):
        owner = made
        for name in place[:-1]:
            owner = owner[name] if isinstance(owner, dict | list) and _has(owner, name) else None
        if isinstance(owner, dict | list) and _has(owner, place[-1]):
            owner[place[-1]] = draw(INSTANTS if "Date" in str(place[-1]) else VALUES)
    return made


def _has(owner: Any, name: Any) -> bool:
    return name in owner if isinstance(owner, dict) else isinstance(name, int) and name < len(owner)


@bounded(150)
@given(st.lists(dossiers() | VALUES, min_size=1, max_size=3))
def test_any_json_gives_facts_or_a_reasoned_refusal(entries: list[Any]) -> None:
    before: str | None = None
    for entry in entries:
        found = compared(entry, before, GATEWAY, NIGHT)
        if isinstance(found, Compared):
            before = found.seen.text
            assert all(event.source == GATEWAY.source for event in found.events)
            assert len({event.id for event in found.events}) == len(found.events)
        else:
            assert isinstance(found, RefusedDossier)
            assert b"0905123456" not in found.raw
            assert "N\\u1ed9p" not in found.raw.decode("ascii")
            assert problem_document(found.refusal, Language.VIETNAMESE, index=0)["detail"]


@bounded(100)
@given(st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_answer_is_a_page_or_said_to_be_none(answer: bytes) -> None:
    with suppress(PageUnreadable):
        assert isinstance(read_page(answer).entries, list)


def test_a_refusal_names_the_place_and_what_would_be_right() -> None:
    broken = dossier("09:00", task(1, "08:00"), task(2, "08:30") | {"createdDate": "yesterday"})
    found = compared(broken, None, GATEWAY, NIGHT)
    assert isinstance(found, RefusedDossier)
    problem = problem_document(found.refusal, Language.ENGLISH, index=0)
    assert problem["field"] == "task[1].createdDate"
    assert "2022-08-15T08:05:00.000+0700" in problem["detail"]
    kept = json.loads(found.raw)
    assert kept["task"][1]["createdDate"] == "yesterday"
    assert "applicant" not in kept


def test_lists_within_lists_however_deep_are_refused() -> None:
    deep = dossier("09:00") | {"task": json.loads("[" * 900 + "]" * 900)}
    found = compared(deep, None, GATEWAY, NIGHT)
    assert isinstance(found, RefusedDossier)
    assert found.refusal.field == "task"
    assert len(found.raw) < 1_000


@pytest.mark.parametrize("seconds", [1_660_550_700, -1])
def test_a_number_that_cannot_be_milliseconds_is_no_instant(seconds: int) -> None:
    found = compared(dossier("09:00", acceptedDate=seconds), None, GATEWAY, NIGHT)
    assert isinstance(found, RefusedDossier)
    assert found.refusal.field == "acceptedDate"
    assert isinstance(compared(dossier("09:00", acceptedDate=1_660_550_700_000), None, GATEWAY, NIGHT), Compared)


def test_a_dossier_without_a_code_is_refused_and_still_known_by_its_id() -> None:
    found = compared(dossier("09:00") | {"code": " ", "nationCode": None}, None, GATEWAY, NIGHT)
    assert isinstance(found, RefusedDossier)
    assert (found.key, found.refusal.field) == ("d-1", "code")


def test_the_national_code_stands_in_for_a_missing_code() -> None:
    found = compared(dossier("09:00") | {"code": None}, None, GATEWAY, NIGHT)
    assert isinstance(found, Compared)
    assert found.events[0].case_id == "G22.1-1"
