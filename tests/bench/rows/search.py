"""Search by a part of a case's code."""

from tests.bench.reading import escaped, reading_row

ROW = reading_row(
    "search",
    "search by text",
    lambda province, number: f"/v1/cases?text={escaped(province.case_ids[number % len(province.case_ids)][-8:])}",
    p99=30,
)
