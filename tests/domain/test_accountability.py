"""Who may explain and who may decide: on a case of which Ánh (counter) bears 30 minutes and Bình (office) 40."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.cases import COUNTER, OFFICE, SOURCE, Plain
from tests.domain.decided_cases import (
    FROM_BINH,
    HEAD,
    LATE,
    PROOF,
    TO_OFFICE,
    decided,
    entries_of,
    filed,
    move,
    shown,
    withdrawn_explanation,
)
from tests.domain.product import facts

from tiendo_domain.accountability import (
    Author,
    ExplainedCase,
    Objection,
    objection,
    objection_to_annulling,
    objection_to_deciding_on,
)
from tiendo_domain.explanations import EXPLANATION_FACTS, ExplanationDecided, ExplanationFact, ExplanationFiled
from tiendo_domain.facts import EventKey, Person
from tiendo_domain.rules import OfficerRule, RuleBook, UnitLines
from tiendo_domain.timeline.parties import named_holder
from tiendo_domain.visibility import Viewer

RULES = RuleBook().with_definitions(
    [OfficerRule(id="A-OLD", same_as="A"), OfficerRule(id="OTHER", name="Lê Thị Khác"), OfficerRule(id="TP")]
)
LINES = UnitLines(rules=RULES, on=date(2022, 12, 31))
PARENTS = {COUNTER["id"]: "TOWN", OFFICE["id"]: "LAND", "LAND": "PROVINCE"}
IN_TIME = {"kind": "late-entry", "evidence": PROOF, "finished_at": "2022-08-15T09:55:00+07:00"}
ABOUT_ANH, ABOUT_BINH = filed("08-20 08:00", "of-a"), filed("08-20 09:00", "of-b", officer={"id": "B"})
CASE = ExplainedCase(timeline=shown(*LATE, ABOUT_ANH, ABOUT_BINH).timeline, parents=PARENTS)


def key(*units: str) -> Author:
    return Author(rules=RULES, viewer=Viewer(lines=LINES, units=frozenset(units)) if units else None)


def person(*units: str, officer: str | None = None, name: str = HEAD["name"], sees_all: bool = False) -> Author:
    officer_key = None if officer is None else named_holder(Person(id=officer), RULES).key
    viewer = None if sees_all else Viewer(lines=LINES, units=frozenset(units), officer_key=officer_key)
    return Author(rules=RULES, viewer=viewer, person=Person(id=officer, name=name))


def said(entry: Plain) -> ExplanationFact:
    [event] = facts(entries_of(entry))
    assert isinstance(event.fact, EXPLANATION_FACTS)
    return event.fact


def asked(author: Author, entry: Plain, case: ExplainedCase | None = CASE) -> Objection | None:
    return objection(author, said(entry), case)


HEAD_OF_LAND, HEAD_OF_TOWN = person("LAND", officer="TP"), person("TOWN", officer="TP")
CLERK = person(officer=None, sees_all=True)
OF_ANH = person(officer="A", name="Nguyễn Thị Ánh")


@pytest.mark.parametrize("officer", ["A", "A-OLD"])
def test_an_officer_explains_under_each_of_their_ids_what_is_said_of_themselves(officer: str) -> None:
    anh = person(officer=officer)
    assert asked(anh, ABOUT_ANH) is None
    assert asked(anh, ABOUT_BINH) is Objection.NOT_THEIR_OWN
    assert asked(anh, filed("08-20 08:00", "x", officer=None, unit=COUNTER)) is Objection.NOT_THEIR_OWN
    assert asked(anh, filed("08-20 08:00", "x", officer={"name": "Nguyễn Thị Ánh"})) is Objection.NOT_THEIR_OWN
    assert asked(anh, withdrawn_explanation("08-21 08:00", "w", "of-a")) is None
    assert asked(anh, withdrawn_explanation("08-21 08:00", "w", "of-b")) is Objection.NOT_THEIR_OWN
    assert asked(anh, withdrawn_explanation("08-21 08:00", "w", "of-nobody")) is Objection.NOT_THEIR_OWN


def test_an_officer_explains_nothing_in_a_case_that_they_did_not_hold() -> None:
    stranger = person(officer="TP")
    assert asked(stranger, filed("08-20 08:00", "x", officer={"id": "TP"})) is Objection.NOT_OF_THEIR_UNITS
    assert asked(OF_ANH, ABOUT_ANH, None) is Objection.NOT_OF_THEIR_UNITS
    assert asked(person(officer=None), ABOUT_ANH) is Objection.NOT_THEIR_OWN


@pytest.mark.parametrize(
    ("author", "entry", "found"),
    [
        (HEAD_OF_LAND, decided("09-01 08:00", "d", move(5, source=FROM_BINH)), None),
        (HEAD_OF_LAND, decided("09-01 08:00", "d", move(5, source=FROM_BINH), of="of-b"), None),
        (HEAD_OF_LAND, decided("09-01 08:00", "d", of="of-b"), None),
        (HEAD_OF_LAND, decided("09-01 08:00", "d", move(5)), Objection.NOT_OF_THEIR_UNITS),
        (HEAD_OF_LAND, decided("09-01 08:00", "d", of="of-a"), Objection.NOT_OF_THEIR_UNITS),
        (HEAD_OF_LAND, decided("09-01 08:00", "d", move(5), of="of-b"), Objection.NOT_OF_THEIR_UNITS),
        (HEAD_OF_LAND, decided("09-01 08:00", "d", IN_TIME, of="of-b"), Objection.NOT_OF_THEIR_UNITS),
        (
            HEAD_OF_LAND,
            decided("09-01 08:00", "d", move(5, source=FROM_BINH), of="later"),
            Objection.NOT_OF_THEIR_UNITS,
        ),
        (HEAD_OF_TOWN, decided("09-01 08:00", "d", move(5, TO_OFFICE), of="of-a"), None),
        (HEAD_OF_TOWN, decided("09-01 08:00", "d", move(5, source=FROM_BINH)), Objection.NOT_OF_THEIR_UNITS),
        (person("LAND", "TOWN"), decided("09-01 08:00", "d", IN_TIME, of="of-b"), None),
        (person("ELSEWHERE"), decided("09-01 08:00", "d", move(5)), Objection.NOT_OF_THEIR_UNITS),
        (CLERK, decided("09-01 08:00", "d", IN_TIME, move(5), of="later"), None),
    ],
)
def test_a_head_decides_for_the_parties_of_units_below_and_the_office_for_all(
    author: Author, entry: Plain, found: Objection | None
) -> None:
    assert asked(author, entry) is found


def test_what_an_explanation_says_of_somebodys_unit_opens_nothing() -> None:
    pretended = filed("08-20 08:00", "pretended", officer={"id": "A", "unit": {"id": OFFICE["id"], "parent": "LAND"}})
    explained = said(pretended)
    assert isinstance(explained, ExplanationFiled)
    case = replace(CASE, filed_along={EventKey(source=SOURCE, id="pretended"): explained})
    assert asked(HEAD_OF_LAND, decided("09-01 08:00", "d", of="pretended"), case) is Objection.NOT_OF_THEIR_UNITS
    assert asked(HEAD_OF_TOWN, decided("09-01 08:00", "d", of="pretended"), case) is None


def test_nobody_who_bears_something_by_rule_decides_in_the_case() -> None:
    for bearer, name in (("A", "Nguyễn Thị Ánh"), ("A-OLD", "Nguyễn Thị Ánh"), ("B", "Trần Văn Bình")):
        for author in (
            person("LAND", "TOWN", officer=bearer, name=name),
            person(officer=bearer, name=name, sees_all=True),
        ):
            by = {"id": bearer, "name": name}
            assert asked(author, decided("09-01 08:00", "d", move(5), by=by)) is Objection.BEARS_SOMETHING
            assert (
                objection_to_annulling(author, said(decided("09-01 08:00", "d", move(5))), CASE)
                is Objection.BEARS_SOMETHING
            )
    # Nor does somebody of the name whose account has no id: none tells them from who bears it.
    namesake = person(sees_all=True, name="Trần  Văn Bình")
    by_name = {"name": "Trần Văn Bình"}
    assert asked(namesake, decided("09-01 08:00", "d", move(5), by=by_name)) is Objection.BEARS_SOMETHING
    assert (
        asked(
            person(officer="TP", name="Trần Văn Bình", sees_all=True), decided("09-01 08:00", "d", move(5), by=by_name)
        )
        is None
    )
    # A key says of itself who decided: that is taken, and has no effect.
    assert asked(key(), decided("09-01 08:00", "d", move(5), by={"id": "A", "name": "Nguyễn Thị Ánh"})) is None
    # Also when all of it has been moved away: by rule it stays theirs.
    moved = replace(CASE, timeline=shown(*LATE, decided("09-01 08:00", "d", move(30))).timeline)
    ours = person(officer="A", name="Nguyễn Thị Ánh", sees_all=True)
    assert asked(ours, decided("09-02 08:00", "e", move(5), by={"id": "A", "name": "Nguyễn Thị Ánh"}), moved) is (
        Objection.BEARS_SOMETHING
    )


@pytest.mark.parametrize(
    ("author", "by", "found"),
    [
        (HEAD_OF_LAND, {"id": "TP", "name": "Phạm  Văn Đức "}, None),
        (HEAD_OF_LAND, {"name": HEAD["name"]}, None),
        (HEAD_OF_LAND, {"id": "TP", "name": "Phạm Văn Đúc"}, Objection.ANOTHER_DECIDES),
        (HEAD_OF_LAND, {"id": "B", "name": HEAD["name"]}, Objection.ANOTHER_DECIDES),
        (CLERK, {"id": "VP-9", "name": HEAD["name"]}, None),
        (CLERK, {"id": "OTHER", "name": HEAD["name"]}, Objection.ANOTHER_DECIDES),
        (key("LAND"), {"id": "OTHER", "name": "Ai đó"}, None),
    ],
)
def test_a_person_decides_in_no_name_but_their_own(author: Author, by: Plain, found: Objection | None) -> None:
    decision = decided("09-01 08:00", "d", move(5, source=FROM_BINH), by=by)
    assert asked(author, decision) is found
    assert objection_to_annulling(author, said(decision), CASE) is None


def test_a_key_is_bound_to_units_as_reading_is() -> None:
    for entry in (ABOUT_ANH, decided("09-01 08:00", "d", move(5))):
        assert asked(key(), entry) is None
        assert asked(key(), entry, None) is None
        assert asked(key("TOWN"), entry) is None
        assert asked(key("TOWN"), entry, None) is Objection.NOT_OF_THEIR_UNITS
        assert asked(key("LAND"), entry) is Objection.NOT_OF_THEIR_UNITS
        # The case is the counter's: of its town it is seen whole, and everybody in it is spoken for.
        assert asked(key("TOWN"), ABOUT_BINH) is None


def test_who_may_decide_is_told_before_anything_is_decided() -> None:
    [of_anh, of_binh] = [one.said for one in CASE.timeline.explanations]
    assert objection_to_deciding_on(HEAD_OF_LAND, of_binh, CASE) is None
    assert objection_to_deciding_on(HEAD_OF_LAND, of_anh, CASE) is Objection.NOT_OF_THEIR_UNITS
    bearing = person("LAND", officer="B", name="Trần Văn Bình")
    assert objection_to_deciding_on(bearing, of_binh, CASE) is Objection.BEARS_SOMETHING


@given(
    units=st.frozensets(st.sampled_from(["LAND", "TOWN", "PROVINCE", "ELSEWHERE", COUNTER["id"], OFFICE["id"]])),
    officer=st.sampled_from([None, "A", "A-OLD", "B", "TP"]),
    effects=st.lists(st.sampled_from([move(5), move(5, source=FROM_BINH), IN_TIME]), max_size=3),
    of=st.sampled_from([None, "of-a", "of-b"]),
)
def test_whoever_may_decide_has_all_whom_it_concerns_below_and_bears_nothing(
    units: frozenset[str], officer: str | None, effects: list[Plain], of: str | None
) -> None:
    author = person(*units, officer=officer)
    decision = said(decided("09-01 08:00", "d", *effects, of=of, by={"name": HEAD["name"]}))
    assert isinstance(decision, ExplanationDecided)
    if objection(author, decision, CASE) is not None:
        return
    assert officer not in {"A", "A-OLD", "B"}
    concerned = {"of-a": {"A"}, "of-b": {"B"}, None: set[str]()}[of]
    for effect in effects:
        concerned |= {"A", "B"} if effect["kind"] == "late-entry" else {effect["from"]["id"]}
    # The case itself is the counter's: what is decided on nobody concerns whoever has the case.
    below = {"A": {"TOWN", COUNTER["id"]}, "B": {"LAND", "PROVINCE", OFFICE["id"]}}
    assert all(units & below[party] for party in concerned or {"A"})
