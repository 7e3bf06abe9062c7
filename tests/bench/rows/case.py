"""A case of the list."""

from tests.bench.reading import escaped, reading_row

ROW = reading_row(
    "case",
    "a case",
    lambda province, number: f"/v1/cases/{escaped(province.case_ids[number % len(province.case_ids)])}",
    p99=30,
)
