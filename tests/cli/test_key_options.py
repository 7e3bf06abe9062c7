"""What `tiendo keys create` binds a key to, without starting anything."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typer

from tiendo_cli.key_options import bounds_of, open_cases
from tiendo_cli.terms import term_of
from tiendo_runtime.authentication import Bounds, Scope

NOTHING: dict[str, Any] = {
    "sources": [],
    "cases": [],
    "any_source": False,
    "units": [],
    "all_units": False,
    "term": None,
    "history_until": None,
}


def bounds(*scopes: Scope, **asked: Any) -> Bounds:
    return bounds_of(scopes, **{**NOTHING, **asked})


def test_a_key_that_sends_is_bound_or_asked_for_as_unbound() -> None:
    assert bounds(Scope.INGEST, sources=["/kontum/", "/a"]).sources == ["/kontum", "/a"]
    assert bounds(Scope.INGEST, any_source=True) == Bounds()
    assert bounds(Scope.INGEST, any_source=True, cases=["H34-"]).cases == ["H34-"]
    at = datetime(2026, 12, 1, tzinfo=UTC)
    assert bounds(Scope.INGEST, any_source=True, history_until="2026-12-01T00:00:00Z").history_until == at


def test_other_keys_are_bound_to_no_source() -> None:
    for scope in set(Scope) - {Scope.INGEST}:
        assert bounds(scope, all_units=True) == bounds(scope, all_units=True, any_source=True) == Bounds()


@pytest.mark.parametrize("scope", [Scope.READ, Scope.EXPLAIN, Scope.DECIDE, Scope.PUBLISH])
def test_a_key_that_sees_cases_is_bound_to_units_or_asked_for_as_unbound(scope: Scope) -> None:
    assert bounds(scope, units=["H34.STNMT", "H34"]).units == ["H34.STNMT", "H34"]
    assert bounds(scope, all_units=True).units is None
    both = bounds(scope, Scope.INGEST, sources=["/a"], units=["H34"])
    assert (both.sources, both.units) == (["/a"], ["H34"])
    for asked in ({}, {"units": ["H34"], "all_units": True}, {"units": [""]}, {"units": ["x" * 201]}):
        with pytest.raises(typer.BadParameter, match=r"--all-units|id of a unit"):
            bounds(scope, **asked)


def test_a_key_that_sees_no_cases_is_bound_to_no_unit() -> None:
    assert bounds(Scope.ADMIN) == bounds(Scope.ADMIN, all_units=True) == Bounds()
    with pytest.raises(typer.BadParameter, match="binds what a key sees"):
        bounds(Scope.INGEST, any_source=True, units=["H34"])


@pytest.mark.parametrize(
    ("scope", "asked"),
    [
        (Scope.INGEST, {}),
        (Scope.INGEST, {"cases": ["H34-"]}),
        (Scope.INGEST, {"sources": ["/a"], "any_source": True}),
        (Scope.INGEST, {"sources": ["/a", ""]}),
        (Scope.INGEST, {"sources": ["/a//b"]}),
        (Scope.INGEST, {"any_source": True, "cases": [""]}),
        (Scope.INGEST, {"any_source": True, "cases": ["x" * 51]}),
        (Scope.INGEST, {"any_source": True, "history_until": "2026-12-01T00:00:00"}),
        (Scope.READ, {"sources": ["/a"], "all_units": True}),
        (Scope.EXPLAIN, {"cases": ["H34-"], "all_units": True}),
        (Scope.ADMIN, {"history_until": "2026-12-01T00:00:00Z"}),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(scope: Scope, asked: dict[str, Any]) -> None:
    with pytest.raises(typer.BadParameter):
        bounds(scope, **asked)


def test_prefixes_of_cases_that_end_in_a_letter_or_digit_are_told() -> None:
    assert open_cases(["H34-", "H34-1", "A", "đ", "H.", "1/"]) == ["H34-1", "A", "đ"]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("90d", timedelta(days=90)),
        ("1s", timedelta(seconds=1)),
        ("30m", timedelta(minutes=30)),
        ("36h", timedelta(hours=36)),
        ("36525d", timedelta(days=36_525)),
    ],
)
def test_a_term_is_a_number_and_a_unit(text: str, term: timedelta) -> None:
    assert term_of(text, "--expires") == term


@pytest.mark.parametrize(
    "text", ["", "d", "0d", "-1d", "1.5h", "90", "90 d", "90D", "1w", "٣d", "36526d", "999999999d", "1d1h"]
)
def test_anything_else_is_no_term(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        term_of(text, "--expires")
