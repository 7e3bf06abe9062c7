"""What cells say, where they lie, and how much a table may hold."""

from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.papers.examples import COLUMNS

from tiendo_documents.cell_values import Percentage, Value, in_words, long_date_in_words, minutes_in_words
from tiendo_documents.document_tables import (
    ROWS_MAX,
    Cell,
    DocumentColumn,
    DocumentRow,
    DocumentTable,
    heading_rows,
    placed_rows,
)
from tiendo_documents.errors import TableUneven, TooLong


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1234567, "1.234.567"),
        (-1234, "-1.234"),
        (0, "0"),
        (Percentage(part=162168, whole=183854), "88,2 %"),
        (Percentage(part=1, whole=2000), "0,1 %"),
        (Percentage(part=1, whole=3, decimals=2), "33,33 %"),
        (Percentage(part=1, whole=3, decimals=0), "33 %"),
        (Percentage(part=1, whole=1), "100,0 %"),
        (Percentage(part=0, whole=0), "–"),
        (date(2022, 8, 5), "05/08/2022"),
        (datetime(2022, 8, 5, 7, 3), "05/08/2022 07:03"),  # noqa: DTZ001 - the local clock of the province
        (None, ""),
        ("a\tb\r\nc", "a b\nc"),
    ],
)
def test_values_are_written_the_vietnamese_way(value: Value, said: str) -> None:
    assert in_words(value) == said


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 3))
def test_a_percentage_is_never_off_by_more_than_half_of_its_last_digit(part: int, whole: int, decimals: int) -> None:
    said = Percentage(part=part, whole=whole, decimals=decimals).in_words()
    number = Fraction(said.removesuffix(" %").replace(".", "").replace(",", "."))
    assert abs(number - Fraction(100 * part, whole)) <= Fraction(1, 2 * 10**decimals)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(540, "1 ngày 1 giờ"), (59, "59 phút"), (0, "0 phút"), (2040, "4 ngày 2 giờ"), (-61, "-1 giờ 1 phút")],
)
def test_minutes_are_days_of_eight_hours(minutes: int, said: str) -> None:
    assert minutes_in_words(minutes) == said


def test_days_below_ten_and_the_first_two_months_have_a_zero() -> None:
    assert long_date_in_words(date(2022, 2, 5)) == "ngày 05 tháng 02 năm 2022"
    assert long_date_in_words(date(2022, 9, 15)) == "ngày 15 tháng 9 năm 2022"
    assert "……" in long_date_in_words(None)


def test_headings_of_groups_lie_above_those_of_their_columns() -> None:
    placed = [
        (cell.row, cell.column, cell.cell.columns, cell.cell.rows, cell.cell.value)
        for row in heading_rows(COLUMNS)
        for cell in row
    ]
    assert placed[:8] == [
        (0, 0, 1, 3, "STT"),
        (0, 1, 1, 3, "Họ và tên"),
        (0, 2, 3, 1, "Hồ sơ"),
        (0, 5, 1, 3, "Tỷ lệ"),
        (0, 6, 1, 3, "Ngày"),
        (1, 2, 1, 2, "Tổng số"),
        (1, 3, 2, 1, "Chậm"),
        (2, 3, 1, 1, "Theo quy tắc"),
    ]
    assert [cell.cell.value for cell in heading_rows(COLUMNS)[3]] == [f"({number})" for number in range(1, 8)]


TWO = (DocumentColumn(heading="a"), DocumentColumn(heading="b"))


@pytest.mark.parametrize(
    "rows",
    [
        [DocumentRow(cells=(1,))],
        [DocumentRow(cells=(1, 2, 3))],
        [DocumentRow(cells=(1, Cell(value=2, columns=2)))],
        [DocumentRow(cells=(Cell(value=1, rows=2), 2)), DocumentRow(cells=(1, 2))],
        [DocumentRow(cells=(Cell(value=1, rows=2), 2))],
        [DocumentRow(cells=(1, Cell(value=1, rows=2))), DocumentRow(cells=(Cell(value=1, columns=2),))],
    ],
)
def test_a_row_that_does_not_fill_its_columns_is_refused(rows: list[DocumentRow]) -> None:
    with pytest.raises(TableUneven):
        placed_rows(DocumentTable(columns=TWO, rows=rows))


def test_a_table_has_a_limit() -> None:
    with pytest.raises(TooLong):
        placed_rows(DocumentTable(columns=TWO, rows=[DocumentRow(cells=(1, 2))] * (ROWS_MAX + 1)))
