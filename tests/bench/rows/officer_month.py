"""One officer's month."""

from tests.bench.reading import escaped, reading_row

ROW = reading_row(
    "officer-month",
    "officer's month",
    lambda province, _: f"/v1/officers/{escaped(province.officer_id)}/timeline?from=2022-07-01&to=2022-07-31",
    p99=50,
)
