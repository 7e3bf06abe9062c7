"""The first page of a month's delays."""

from tests.bench.reading import always, reading_row

ROW = reading_row(
    "delays", "delays of a month, 500 rows", always("/v1/delays?from=2022-07-01&to=2022-07-31&limit=500"), p99=100
)
