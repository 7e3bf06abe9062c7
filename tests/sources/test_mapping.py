"""Mapping files: what they say is followed or refused by name."""

import tomllib
from datetime import time
from pathlib import Path

import pytest

from tiendo_contracts.rules_file import definitions_to_append, parse, parse_tables
from tiendo_domain.rules import RuleBook
from tiendo_sources.errors import MappingError
from tiendo_sources.tables.mapping import parse_table_mapping
from tiendo_sources.xes.mapping import default_mapping, parse_mapping

EXAMPLES = Path(__file__).parents[2] / "deploy/examples"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*-mapping.toml")), ids=lambda path: path.name)
def test_every_example_can_be_followed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name == "table-mapping.toml":
        assert parse_table_mapping(text).columns.case_id
        return
    mapping, rules = parse_mapping(text)
    assert mapping.source.startswith("/xes/")
    parse_tables(rules)


def test_the_example_of_a_rules_file_can_be_applied_and_changes_nothing_when_applied_again() -> None:
    tables = parse((EXAMPLES / "rules.toml").read_text(encoding="utf-8"))
    definitions = definitions_to_append(tables, RuleBook())
    assert definitions
    assert definitions_to_append(tables, RuleBook().with_definitions(definitions)) == ()


def test_the_calendar_of_a_mapping_holds_for_the_topmost_unit() -> None:
    _, rules = parse_mapping((EXAMPLES / "receipt-mapping.toml").read_text(encoding="utf-8"))
    assert [(entry["id"], entry["units"]) for entry in rules["calendar"]] == [("nl-office", ["gemeente"])]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("source = ", "whole file"),
        ('source = ""', "source"),
        ('source = " "', "source"),
        ('source = ".."', "source"),
        ('source = "a\\nb"', "source"),
        ('source = "/tiendo/rules"', "source"),
        ('source = "/x"\nsorce = "y"', "sorce"),
        ('source = "/x"\n[time]\nzone = "Mars/Olympus"', "time.zone"),
        ('source = "/x"\n[time]\nformat = "%d.%m"', "time.format"),
        ('source = "/x"\n[time]\ntime_of_day = "5 pm"', "time.time_of_day"),
        ('source = "/x"\n[time]\ntime_of_day = "17:00+07:00"', "time.time_of_day"),
        ('source = "/x"\n[case]\ndeu = "deadline"', "case.deu"),
        ('source = "/x"\n[time]\ncalendar = "c"', "time.calendar"),
        ("[case]\n", "source"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused_by_name(text: str, where: str) -> None:
    with pytest.raises(MappingError) as refused:
        parse_mapping(text)
    assert refused.value.where == where


def test_the_default_mapping_names_no_deadline_no_end_and_no_unit() -> None:
    mapping = default_mapping()
    assert (mapping.case.due, mapping.case.end, mapping.responsible_unit.default) == (None, None, None)


@pytest.mark.parametrize("written", ['"17:00"', "17:00:00"])
def test_a_time_of_day_may_be_text_or_a_time_of_toml(written: str) -> None:
    mapping, _ = parse_mapping(f'source = "/x"\n[time]\ntime_of_day = {written}')
    assert mapping.time.notation.time_of_day == time(17)


def test_rule_tables_stand_beside_the_mapping() -> None:
    _, rules = parse_mapping('source = "/x"\nplaceholders = ["batch"]\n[[unit]]\nid = "u"')
    assert rules == tomllib.loads('placeholders = ["batch"]\n[[unit]]\nid = "u"')
