"""What commands print: nothing that a terminal would obey, nothing dropped however narrow it is."""

import ast
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from tiendo_cli.tables.printed_tables import Amount, Listing, Span, Styled, TableColumn
from tiendo_cli.terminal import visible
from tiendo_contracts.problems.problem_kinds import Language

PROGRAM = Path(__file__).parents[2] / "services/tiendo_cli"
VIETNAMESE = Language.VIETNAMESE


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left_in_a_text(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    kept = [character for character in text if character in shown]
    assert [c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}] == [
        c for c in kept if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("[red]An[/red] [/nope] :smile:", "[red]An[/red] [/nope] :smile:"),
        ("\x1b[31mA", "<U+001B>[31mA"),
        ("\x9b31mA\x7f", "<U+009B>31mA<U+007F>"),
        ("A\u202egnohn", "A<U+202E>gnohn"),
        ("A\u2066B\u2069", "A<U+2066>B<U+2069>"),
        ("A\nB\tC\rD", "A<U+000A>B<U+0009>C<U+000D>D"),
        ("A\u2028B\u200bC", "A<U+2028>B<U+200B>C"),
        ("\ud800", "<U+D800>"),
        ("A\u00a0B 漢字", "A\u00a0B 漢字"),
    ],
)
def test_invisible_characters_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def drawn(listing: Listing, width: int) -> str:
    console = Console(width=width, markup=False, highlight=False, emoji=False, force_terminal=False)
    with console.capture() as captured:
        console.print(listing)
    return captured.get()


NAMES = st.text(min_size=1, max_size=120).filter(
    lambda text: bool(text.split()) and visible(text) == visible(text).strip()
)


@given(
    width=st.integers(min_value=20, max_value=200),
    rows=st.lists(st.tuples(NAMES, NAMES, st.integers(min_value=-(10**6), max_value=10**9)), min_size=1, max_size=4),
)
def test_a_table_drops_nothing_at_any_width(width: int, rows: list[tuple[str, str, int]]) -> None:
    listing = Listing(
        title="Bảng",
        columns=(TableColumn("Mã", whole=True), TableColumn("Họ và tên"), TableColumn("Phút", right=True)),
        rows=[
            (f"HS-{n}", name, Amount(minutes=minutes, language=VIETNAMESE)) for n, (name, _, minutes) in enumerate(rows)
        ]
        + [("HS-9", Styled(other, "red"), Span("08:00", "09:00")) for _, other, _ in rows],
    )
    shown = drawn(listing, width)
    assert max(Text(line).cell_len for line in shown.splitlines()) <= width
    assert "…" not in shown or any("…" in name for row in rows for name in row[:2])
    left = sorted(re.sub(r"\s", "", shown))
    for name, other, minutes in rows:
        for cell in (name, other, f"{abs(minutes):,}".replace(",", ".")):
            for character in re.sub(r"\s", "", visible(cell)):
                assert character in left


@pytest.mark.parametrize("width", [60, 80])
def test_where_columns_do_not_fit_a_row_becomes_a_block_with_whole_names(width: int) -> None:
    long_name = "Công Tằng Tôn Nữ Thị Bảo Quyên " * 3
    headings = ("Mã", "Họ và tên", "Chức vụ", "Đơn vị", "Từ", "Đến", "Phút")
    row = ("H34.DGLEI-220311-6d93001200", long_name, "Chuyên viên", "Chi nhánh", "08:32 11/03/2022", "10:02 11/03/2022")
    listing = Listing(
        columns=[TableColumn(heading, whole=heading in {"Mã", "Từ", "Đến"}) for heading in headings],
        rows=[(*row, Amount(minutes=4744, language=VIETNAMESE))],
    )
    shown = " ".join(drawn(listing, width).split())
    assert f"Họ và tên: {long_name.strip()}" in shown
    assert "Phút: 4.744 phút (9 ngày 7 giờ 4 phút)" in shown
    assert all(value in shown for value in row[2:])


def test_every_word_for_the_terminal_goes_through_one_place() -> None:
    for path in sorted(PROGRAM.rglob("*.py")):
        if path.name == "terminal.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in {"print", "typer.echo", "typer.secho", "console.print"}, (
                    f"{path.name}:{node.lineno}"
                )
                assert not called.startswith(("sys.stdout.write", "sys.stderr.write")), f"{path.name}:{node.lineno}"
