"""TOML that people write is parsed in bounded time and memory, whatever it is."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo_contracts.rules_file import RulesFileError, parse
from tiendo_contracts.texts.toml_text import NESTING_MAX, PARTS_MAX, SIZE_MAX, TomlInvalid, toml_tables, toml_text

DEEP = 5_000
"""Deep enough for the parser alone to take minutes, or to fail with an error that is none of TOML's."""

HOSTILE = {
    "a dotted key": ".".join(["a"] * DEEP) + " = 1",
    "a dotted key with blanks and quotes": " . ".join(['"a"', "'b'"] * DEEP) + " = 1",
    "a dotted table": f"[{'.'.join(['a'] * DEEP)}]",
    "a dotted table of many": f"[[{'.'.join(['a'] * DEEP)}]]",
    "a dotted key within an inline table": "x = {" + ".".join(["a"] * DEEP) + " = 1}",
    "nested arrays": "x = " + "[" * DEEP + "]" * DEEP,
    "nested arrays over lines": "x = [\n" + "[\n" * DEEP + "]\n" * DEEP + "]",
    "nested inline tables": "x = " + "{a = " * DEEP + "1" + "}" * DEEP,
    "depth behind a text with marks": 'y = "]]]]\\"]]" # "\nx = ' + "[" * DEEP,
    "depth behind a text over lines": 'y = """ ""\\"" " ]]]\n]] """""\nx = ' + "[" * DEEP,
    "depth behind a raw text": "y = '''' ]]\\'''\nx = " + "[" * DEEP,
    "a number of many digits": "x = " + "1" * DEEP,
    "a text without end": 'x = """' + '\\"""' * DEEP,
    "quotes": "'" * DEEP,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_would_take_the_parser_too_long_is_refused_before_it(what: str) -> None:
    with pytest.raises(RulesFileError) as refused:
        parse(HOSTILE[what])
    assert str(refused.value)


def test_the_refusal_names_the_line() -> None:
    text = 'a = "x"\n\n' + ".".join(["b"] * (PARTS_MAX + 1)) + " = 1"
    with pytest.raises(TomlInvalid, match=f"^line 3: a key has at most {PARTS_MAX} dotted parts"):
        toml_tables(text)


def test_a_file_at_the_limits_is_read() -> None:
    parts = ".".join(["a"] * PARTS_MAX)
    nested = "[" * NESTING_MAX + "]" * NESTING_MAX
    text = f"{parts} = 1.5\nx = {nested}\ny = [1.5, {', '.join(['2.5'] * 50)}]\nz = 'a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s'"
    assert toml_tables(text) == tomllib.loads(text)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    with file.open("wb") as made:
        made.truncate(SIZE_MAX * 1000)
    with pytest.raises(TomlInvalid, match="larger than 4 MiB"):
        toml_text(file)


PIECES = ["a", "b", ".", "=", " ", "\n", '"', "'", '"""', "'''", "\\", "#", "[", "]", "{", "}", ",", "1", "1.5", "é"]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_what_is_not_deep_is_read_as_the_parser_reads_it(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(TomlInvalid):
            toml_tables(text)
    else:
        if max(text.count("."), text.count("[") + text.count("{")) < PARTS_MAX:
            assert toml_tables(text) == expected


def depth_of(value: object) -> int:
    match value:
        case dict():
            return 1 + max(map(depth_of, value.values()), default=0)
        case list():
            return 1 + max(map(depth_of, value), default=0)
        case _:
            return 0


@given(st.lists(st.sampled_from([*PIECES, "[" * NESTING_MAX, "]" * NESTING_MAX, "x = "]), max_size=40).map("".join))
def test_nothing_deeper_than_the_limits_is_let_through(text: str) -> None:
    try:
        tables = toml_tables(text)
    except TomlInvalid:
        return
    assert depth_of(tables) <= 2 * (NESTING_MAX + PARTS_MAX)


def test_of_very_many_faults_the_first_hundred_are_told() -> None:
    with pytest.raises(RulesFileError) as refused:
        parse("".join(f"[key{number}]\n" for number in range(1_000)))
    assert len(refused.value.problems) == 1_000
    lines = str(refused.value).splitlines()
    assert (len(lines), lines[-1]) == (101, "and 900 more")
