"""Whatever the case and the tree of units: nobody of elsewhere is named to an agency that does not answer for the case, and the minutes add up."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tiendo_contracts.messages import DelayAttributionsState, Version
from tiendo_domain.rules import RuleBook, UnitLines, UnitRule
from tiendo_read_models import tables
from tiendo_read_models.published import ChangedCase
from tiendo_relay.feeds.agencies_views import Subtrees, views_of

UNITS = ["A", "B", "A1", "A2", "B1", "C"]
UNIT = st.sampled_from(UNITS)
PARENTS = st.dictionaries(UNIT, UNIT, max_size=5)
NAMELESS = ("applicant", "suspension", "organisation")
COUNTS = (
    *("late_entry_minutes", "late_entry_by_rule_minutes", "event_count", "last_position"),
    *("lateness_minutes", "lateness_by_rule_minutes"),
)
MINUTES = ("minutes", "by_rule_minutes", "late_entry_minutes")
"""The minutes of a row that are told, each in a list of its own."""


@st.composite
def parties(draw: st.DrawFn, prefix: str) -> dict[str, Any]:
    """A party in the columns of a row; all that it is known by tells which it is."""
    kind = draw(st.sampled_from(["officer", "unit", "consulted-unit", "unknown", *NAMELESS]))
    known: tuple[str | None, ...] = (None, None, None, None, None)
    unit = draw(UNIT)
    if kind in {"unit", "consulted-unit"}:
        known = (unit, f"Tên {unit}", None, unit, f"Tên {unit}")
    elif kind not in NAMELESS:
        number = draw(st.integers(0, 9))
        of = draw(st.sampled_from([unit, None]))
        known = (f"CB-{unit}-{number}", f"Người {unit}-{number}", f"Chức {unit}-{number}", of, of and f"Tên {of}")
    names = ("id", "name", "position", "unit_id", "unit_name")
    key = f"key {kind} {known[0]}"
    return {
        f"{prefix}_key": key,
        f"{prefix}_kind": kind,
        **{f"{prefix}_{name}": value for name, value in zip(names, known, strict=True)},
    }


@st.composite
def changed_cases(draw: st.DrawFn) -> ChangedCase:
    """A case with shares and perhaps a late entry."""
    shares = [
        {
            **party,
            **{minutes: draw(st.integers(0, 900)) for minutes in MINUTES},
            "received_by_decision_minutes": 0,
            "late_entry_received_minutes": 0,
            "rule": "step-norm/1",
            "event_ids": [f"e-{party['party_id']}"],
            "rule_by_rule": None,
            "event_ids_by_rule": None,
        }
        for party in draw(st.lists(parties("party"), max_size=4, unique_by=lambda party: party["party_key"]))
    ]
    nobody = {f"late_entry_{name}": None for name in ("key", "kind", "id", "name", "position", "unit_id", "unit_name")}
    case: dict[str, Any] = {column.key: None for column in tables.cases.columns}
    case |= dict.fromkeys(COUNTS, 0) | draw(st.one_of(st.just(nobody), parties("late_entry")))
    case |= {
        "case_id": "HS-1",
        "aliases": [],
        "simulated": False,
        "provisional": False,
        "last_event_at": datetime(2022, 8, 1, tzinfo=UTC),
        "unit_id": draw(st.none() | UNIT),
        "unit_parents": draw(PARENTS),
        "lateness_minutes": sum(share["minutes"] for share in shares),
        "lateness_by_rule_minutes": sum(share["by_rule_minutes"] for share in shares),
        "late_entry_minutes": sum(share["late_entry_minutes"] for share in shares),
    }
    version = Version(build=1, position=1, revision=1)
    return ChangedCase(
        case_id="HS-1", shard=0, version=version, faulty=False, joined_to=None, case=case, holds=(), attributions=shares
    )


def line(unit: str | None, configured: dict[str, str], stated: dict[str, str]) -> set[str]:
    """A unit and all above it: what is configured goes before what the case says."""
    above: set[str] = set()
    while unit is not None and unit not in above:
        above.add(unit)
        unit = configured.get(unit, stated.get(unit))
    return above


@given(changed_cases(), PARENTS)
def test_nobody_of_elsewhere_is_named_and_the_minutes_add_up(changed: ChangedCase, configured: dict[str, str]) -> None:
    case = changed.case
    assert case is not None
    rules = RuleBook().with_definitions(UnitRule(id=unit, parent=parent) for unit, parent in configured.items())
    agencies = {"A", "B", "A1"}
    views = views_of(changed, Subtrees(units=frozenset(agencies), lines=UnitLines(rules=rules, on=date(2022, 8, 1))))
    parties_of_case = [_known(row, "party") for row in changed.attributions]
    if case["late_entry_kind"] is not None:
        parties_of_case.append(_known(case, "late_entry"))
    for agency in agencies:

        def inside(unit: str | None, of: str = agency) -> bool:
            return of in line(unit, configured, case["unit_parents"])

        concerned = inside(case["unit_id"]) or any(inside(unit) for unit, _ in parties_of_case)
        assert (agency in views) == concerned
        if not concerned:
            continue
        view = views[agency]
        told: list[list[Any]] = [view.attributions, view.attributions_by_rule, view.late_entries]
        sums = (view.lateness_minutes, view.lateness_by_rule_minutes, view.late_entry_minutes)
        assert tuple(sum(one.minutes for one in rows) for rows in told) == sums
        for rows, minutes in zip(told, MINUTES, strict=True):
            borne = Counter((row["party_kind"], row[minutes]) for row in changed.attributions if row[minutes])
            assert Counter((one.party.kind, one.minutes) for one in rows) == borne
        shown = [row for row in changed.attributions if any(row[minutes] for minutes in MINUTES)]
        named = [_known(row, "party") for row in shown]
        if case["late_entry_kind"] is not None:
            named.append(_known(case, "late_entry"))
        own = {name for unit, names in named if inside(unit) for name in names}
        others = {name for unit, names in parties_of_case if not inside(unit) for name in names} - own
        if inside(case["unit_id"]):
            assert all(name in view.model_dump_json() for _, names in named for name in names)
        else:
            others -= {case["unit_id"]}  # whose case it is is told
            assert all(f'"{name}"' not in view.model_dump_json() for name in others)
            assert all(f'"{name}"' in view.model_dump_json() for name in own)
            assert all(party.withheld for party in _parties(view) if party.id is None and party.kind not in NAMELESS)


def _known(row: Any, prefix: str) -> tuple[str | None, set[str]]:
    """The unit that a party is of or is, and what it is known by; ids of events hold the id of whom they are about."""
    identity, unit = row[f"{prefix}_id"], row[f"{prefix}_unit_id"]
    names = {row[f"{prefix}_{name}"] for name in ("id", "name", "position", "key")} if identity else set()
    names |= {f"e-{identity}"} if prefix == "party" and identity else set()
    return unit, names - {None}


def _parties(view: DelayAttributionsState) -> list[Any]:
    late_entry = [] if view.late_entry_party is None else [view.late_entry_party]
    borne: list[Any] = [*view.attributions, *view.attributions_by_rule, *view.late_entries]
    return [one.party for one in borne] + late_entry


def test_of_a_case_that_cannot_be_folded_nobody_may_see_anything() -> None:
    version = Version(build=1, position=1, revision=1)
    faulty = ChangedCase(
        case_id="HS-1", shard=0, version=version, faulty=True, joined_to=None, case=None, holds=(), attributions=()
    )
    assert (
        views_of(faulty, Subtrees(units=frozenset(UNITS), lines=UnitLines(rules=RuleBook(), on=date(2022, 8, 1)))) == {}
    )
