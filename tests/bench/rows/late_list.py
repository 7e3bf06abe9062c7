"""A unit's list of late cases."""

from tests.bench.reading import escaped, reading_row

ROW = reading_row(
    "late-list",
    "a unit's list of late cases",
    lambda province, _: f"/v1/cases?unit={escaped(province.unit_id)}&class=actual",
    p99=50,
)
