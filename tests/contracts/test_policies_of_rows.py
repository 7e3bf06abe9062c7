"""Policies are compared by what they say: PostgreSQL writes conditions in a form of its own."""

import pytest

from tiendo_contracts.database.policies_of_rows import RowPolicy

STATED = "unit_id IN (SELECT unnest(nullif(current_setting('tiendo.inside', TRUE), '')::text[]))"
SAME = (
    "(unit_id IN ( SELECT unnest((NULLIF(current_setting('tiendo.inside'::text, true), ''::text))::text[]) AS unnest))"
)


def policy(using: str, **more: object) -> RowPolicy:
    return RowPolicy(**{"table": "t", "name": "sight", "roles": frozenset({"a"}), "using": using, **more})  # type: ignore[arg-type]


def test_a_condition_as_postgresql_writes_it_says_the_same() -> None:
    assert policy(STATED).meaning == policy(SAME).meaning


@pytest.mark.parametrize(
    "other",
    [
        "true",
        f"{SAME} OR true",
        SAME.replace("IN", "NOT IN"),
        SAME.replace("tiendo.inside", "Tiendo.inside"),
        SAME.replace("unit_id", "other.unit_id"),
        SAME.replace("unit_id", "unnest"),
    ],
)
def test_another_condition_does_not(other: str) -> None:
    assert policy(STATED).meaning != policy(other).meaning


@pytest.mark.parametrize(
    "more", [{"roles": frozenset({"a", "b"})}, {"command": "ALL"}, {"permissive": False}, {"check": "true"}]
)
def test_nor_does_the_same_condition_for_others(more: dict[str, object]) -> None:
    assert policy(STATED).meaning != policy(STATED, **more).meaning
