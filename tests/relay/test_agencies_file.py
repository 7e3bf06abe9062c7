"""The file that lists the agencies says whose unit each is, who reads for it, and keeps their consumer groups apart."""

from pathlib import Path

import pytest

from tiendo_contracts.messages.agencies import AgenciesInvalid, Agency, agencies_of
from tiendo_runtime.agencies import load_agencies
from tiendo_runtime.errors import SettingsInvalid

STNMT = {"unit": "H34.STNMT", "principals": ["User:stnmt"]}


def test_agencies_come_sorted_by_unit() -> None:
    found = agencies_of({"agency": [{"unit": "H34.Y", "principals": ["User:y", "User:z"], "groups": "y-"}, STNMT]})
    assert [agency.unit for agency in found] == ["H34.STNMT", "H34.Y"]
    assert found[1].group_prefix == "y-"
    assert found[0].topic().name == "tiendo.agency.H34.STNMT.delay-attributions.v1"


def test_without_agencies_the_list_is_empty() -> None:
    assert agencies_of({}) == ()
    assert load_agencies(None) == ()


def test_the_groups_of_one_agency_are_never_those_of_another() -> None:
    units = ["H34", "H34.S", "H34.STNMT", "H34/S", "Sở"]
    prefixes = [Agency(unit=unit, principals=("User:x",)).group_prefix for unit in units]
    for prefix in prefixes:
        assert [other for other in prefixes if other.startswith(prefix)] == [prefix]


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([{"unit": "A"}], r"number 1, principals"),
        ([{"unit": "", "principals": ["User:a"]}], r"number 1, unit"),
        ([{"unit": "A", "principals": []}], r"number 1, principals"),
        ([{"unit": "A", "principals": ["User:*"]}], r"number 1, principals.0"),
        ([{"unit": "A", "principals": ["a"]}], r"number 1, principals.0"),
        ([{"unit": "A", "principals": ["User:a"], "secret": 1}], r"number 1, secret"),
        ([STNMT, STNMT], r"same unit H34.STNMT"),
        ([{**STNMT, "groups": "a"}, {**STNMT, "unit": "B", "groups": "ab"}], r"begins the other's"),
        ([{"unit": "Ứ" * 80, "principals": ["User:a"]}], r"too long"),
        (["A"], r"number 1, the entry"),
    ],
    ids=str,
)
def test_a_list_that_cannot_be_used_is_refused_with_the_place(entries: list[object], told: str) -> None:
    with pytest.raises(AgenciesInvalid, match=told):
        agencies_of({"agency": entries})


@pytest.mark.parametrize("tables", [{"agencies": []}, {"agency": {"unit": "A"}}], ids=str)
def test_another_table_is_refused(tables: dict[str, object]) -> None:
    with pytest.raises(AgenciesInvalid, match=r"\[\[agency\]\]"):
        agencies_of(tables)


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    path = tmp_path / "agencies.toml"
    with pytest.raises(SettingsInvalid, match=r"TIENDO_KAFKA_AGENCIES: .*cannot be read"):
        load_agencies(path)
    path.write_text("[[agency]\n")
    with pytest.raises(SettingsInvalid, match=r"agencies\.toml"):
        load_agencies(path)
    path.write_text('[[agency]]\nunit = "H34.STNMT"\nprincipals = ["User:stnmt"]\n')
    assert [agency.unit for agency in load_agencies(path)] == ["H34.STNMT"]
